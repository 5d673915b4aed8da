"""The vocabulary of quantities: one name each for columns, JSON, expectations and budgets."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.record import Record


class Quantity(Record):
    """A quantity: its heading in tables, what it counts, and where it is known."""

    name: str
    heading: str
    doc: str
    of_layers: bool = True
    of_totals: bool = True
    in_bytes: bool = False
    is_count: bool = True


QUANTITIES: Mapping[str, Quantity] = {
    quantity.name: quantity
    for quantity in (
        Quantity("output", "output", "output volume: sizes x channels", is_count=False),
        Quantity("weights", "weights", "trainable weights without biases"),
        Quantity("biases", "biases", "trainable biases and shifts"),
        Quantity("params", "params", "trainable parameters: weights + biases"),
        Quantity("buffers", "buffers", "kept with the weights and not trained"),
        Quantity("param_bytes", "param bytes", "params x element size", in_bytes=True),
        Quantity("macs", "MACs", "multiply-adds of weights, of one sample"),
        Quantity("flops", "FLOPs", "floating-point operations, of one sample"),
        Quantity("connections", "connections", "MACs + one per use of a bias, of one sample"),
        Quantity("depth", "depth", "layers with MACs on the longest path"),
        Quantity(
            "activation_elements", "act. elements", "elements of the volumes kept, whole batch"
        ),
        Quantity(
            "activation_bytes", "act. bytes", "activation elements x element size", in_bytes=True
        ),
        Quantity(
            "peak_bytes",
            "peak bytes",
            "largest sum of volumes alive at once, whole batch",
            of_layers=False,
            in_bytes=True,
        ),
        Quantity(
            "receptive_field",
            "receptive field",
            "rows of the network's input that an output sees",
            of_totals=False,
            is_count=False,
        ),
    )
}
