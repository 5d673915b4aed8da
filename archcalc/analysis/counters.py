"""What widely used counters report for a network, and why they differ.

Each counter is a row of rules by layer type, measured on AlexNet, VGG-16 and ResNet-50 of
torchvision and read in the counter's own source. A layer for which a counter has no rule here makes
that counter's total not known: nothing is guessed. Counts are of one sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.layers import ACTIVATIONS, LAYERS
from archcalc.network.volume import Volume
from archcalc.record import Record


class Applied(Record):
    """A layer type on certain inputs: a row of the table, or the activation after one."""

    type: str
    row: LayerAnalysis
    input: Volume
    output: Volume


Rule = Callable[[Applied], int | None]


class Counter(Record):
    """A counter, what it adds up in words, and its rules by layer type."""

    name: str
    why: str
    rules: Mapping[str, Rule]


class Count(Record):
    """What a counter reports: ``total`` is None where it is not known, for want of ``missing``."""

    counter: Counter
    total: int | None
    missing: tuple[str, ...]


def nothing(applied: Applied) -> int | None:
    return 0


def macs(applied: Applied) -> int | None:
    return applied.row.macs


def macs_and_biases(applied: Applied) -> int | None:
    return applied.row.connections


def twice_macs(applied: Applied) -> int | None:
    return 2 * applied.row.macs


def params_per_position(applied: Applied) -> int | None:
    return applied.row.params * applied.output.positions


def params(applied: Applied) -> int | None:
    return applied.row.params


def twice_elements(applied: Applied) -> int | None:
    return 2 * applied.output.elements


def twice_inputs(applied: Applied) -> int | None:
    return 2 * applied.input.elements


def _affine(each: int) -> Rule:
    """A number of operations per element of a normalisation with scale and shift."""

    def rule(applied: Applied) -> int | None:
        return each * applied.output.elements if applied.row.params else None

    return rule


def adaptive_inputs(applied: Applied) -> int | None:
    """The input elements; measured on two axes."""
    return applied.input.elements if len(applied.input.spatial) == 2 else None


def adaptive_window(applied: Applied) -> int | None:
    """(window + 1) per output, where the output divides the input: k^2 + 1 on two axes."""
    window = Fraction(applied.input.positions, applied.output.positions)
    divides = all(
        n % m == 0 for n, m in zip(applied.input.spatial, applied.output.spatial, strict=True)
    )
    return (int(window) + 1) * applied.output.elements if divides else None


CONVOLUTIONS = ("conv", "depthwise_conv")
AVERAGES = ("adaptive_avgpool", "global_avgpool")
MAXIMA = ("maxpool", "adaptive_maxpool", "global_maxpool")
FREE = ("dropout", "flatten", "reshape", "identity", "slice", "concat", "add")
# Types that no PyTorch module computes: no counter has a rule for them.
FOREIGN = ("rbf", "scale", "separable_conv")


def _table(*rows: tuple[tuple[str, ...], Rule]) -> Mapping[str, Rule]:
    return {name: rule for names, rule in rows for name in names}


def _others(*named: str) -> tuple[str, ...]:
    """Every layer type but those named: what a counter that lists its operations leaves at 0."""
    return tuple(name for name in LAYERS if name not in (*named, *FOREIGN))


_WEIGHTED = (*CONVOLUTIONS, "conv_transpose", "linear")
_NORMS = ("batchnorm", "layernorm", "instancenorm", "groupnorm")
_BY_ATEN = _others(*_WEIGHTED)

COUNTERS: tuple[Counter, ...] = (
    Counter(
        "torchinfo 1.8",
        "every parameter of a convolution, biases too, once per output position; parameters of "
        "any other layer once",
        _table(
            (_others(*_WEIGHTED, *_NORMS, "prelu"), nothing),
            ((*CONVOLUTIONS, "conv_transpose"), params_per_position),
            (("linear", *_NORMS, "prelu"), params),
        ),
    ),
    Counter(
        "fvcore",
        "MACs without biases; batch normalisation 2 per element; adaptive average pooling its "
        "input elements",
        _table(
            (_others(*_WEIGHTED, *_NORMS, *AVERAGES, "upsample"), nothing),
            (_WEIGHTED, macs),
            (("batchnorm",), _affine(2)),
            (AVERAGES, adaptive_inputs),
        ),
    ),
    Counter(
        "ptflops (pytorch)",
        "MACs and biases; batch normalisation 2 per element; ReLU its elements and pooling its "
        "input elements, each counted twice (by the module and by the function that it calls)",
        _table(
            (FREE, nothing),
            ((*CONVOLUTIONS, "linear"), macs_and_biases),
            (("batchnorm",), _affine(2)),
            (("relu",), twice_elements),
            ((*MAXIMA, *AVERAGES, "avgpool"), twice_inputs),
        ),
    ),
    Counter(
        "ptflops (aten)",
        "MACs and biases of convolutions and fully connected layers, nothing else",
        _table((_BY_ATEN, nothing), ((*CONVOLUTIONS, "linear"), macs_and_biases)),
    ),
    Counter(
        "thop",
        "MACs without biases; batch normalisation 4 per element; adaptive average pooling "
        "(window + 1) per output",
        _table(
            ((*FREE, *MAXIMA, "relu", "relu6", "leaky_relu"), nothing),
            ((*CONVOLUTIONS, "linear"), macs),
            (("batchnorm",), _affine(4)),
            (AVERAGES, adaptive_window),
        ),
    ),
    Counter(
        "calflops",
        "MACs of convolutions and fully connected layers, without biases",
        _table((_BY_ATEN, nothing), (_WEIGHTED, macs)),
    ),
    Counter(
        "FlopCounterMode",
        "2 x MACs of convolutions and fully connected layers (PyTorch's own)",
        _table((_BY_ATEN, nothing), (_WEIGHTED, twice_macs)),
    ),
)


def counts(analysis: Analysis) -> list[Count]:
    """What every counter reports for a network."""
    return [count(counter, analysis) for counter in COUNTERS]


def count(counter: Counter, analysis: Analysis) -> Count:
    """What one counter reports, or the layer types for which its rule is not known."""
    total, missing = 0, []
    for layer in analysis.layers:
        for applied in _applied(layer):
            rule = counter.rules.get(applied.type)
            counted = rule(applied) if rule else None
            if counted is None:
                missing.append(applied.type)
            else:
                total += counted
    return Count(counter, None if missing else total, tuple(dict.fromkeys(missing)))


def _applied(layer: LayerAnalysis) -> list[Applied]:
    own_type = layer.type if _is_common(layer) else f"{layer.type} of LeNet-5"
    own = Applied(own_type, layer, layer.input_volumes[0], layer.output)
    if layer.activation is None:
        return [own]
    return [own, Applied(ACTIVATIONS[layer.activation].type, layer, layer.output, layer.output)]


def _is_common(layer: LayerAnalysis) -> bool:
    """Whether frameworks have the layer: no trainable pooling, no table of connections."""
    trainable_pooling = layer.layer.family == "poolings" and layer.params > 0
    return not trainable_pooling and getattr(layer.layer, "connection_table", None) is None
