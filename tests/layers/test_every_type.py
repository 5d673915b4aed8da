"""What holds for every layer type, and which types there are."""

from __future__ import annotations

import copy
import pickle

import pytest
from nets import net

from archcalc.network.layers import LAYERS, Memory

IN_PLACE = {
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "gelu", "silu", "mish", "hardswish",
    "hardsigmoid", "sigmoid", "tanh", "softplus", "softmax",
}  # fmt: skip
VIEWS = {"identity", "dropout", "flatten", "reshape", "slice", "split", "transpose"}
OWN = {
    "embedding", "matmul", "attention", "self_attention", "rmsnorm", "l2norm", "grn", "rotary",
    "rearrange", "roll", "gather", "divide", "reduce_sum",
    "conv", "depthwise_conv", "separable_conv", "conv_transpose", "maxpool", "avgpool", "l2pool",
    "adaptive_avgpool", "adaptive_maxpool", "global_avgpool", "global_maxpool", "linear", "rbf",
    "batchnorm", "layernorm", "instancenorm", "groupnorm", "lrn", "scale", "maxout", "add",
    "subtract", "multiply", "concat", "pad", "crop", "upsample", "pixel_shuffle",
    "space_to_depth", "channel_shuffle", "blurpool", "unfold", "squeeze_excite", "lstm", "gru",
    "rnn",
}  # fmt: skip

STORED = {"parameter", "constant"}


def test_the_types_are_those_of_the_language() -> None:
    assert LAYERS.keys() == IN_PLACE | VIEWS | OWN | STORED


@pytest.mark.parametrize(
    ("memory", "types"),
    [
        (Memory.IN_PLACE, IN_PLACE),
        (Memory.VIEW, VIEWS),
        (Memory.OWN, OWN),
        (Memory.STORED, STORED),
    ],
)
def test_where_an_output_lives(memory: Memory, types: set[str]) -> None:
    assert {name for name, layer in LAYERS.items() if layer.memory is memory} == types


def test_the_depth_counts_layers_with_trained_products() -> None:
    deep = {name: layer.depth for name, layer in LAYERS.items() if layer.depth}
    assert deep == {
        "conv": 1,
        "depthwise_conv": 1,
        "separable_conv": 2,
        "conv_transpose": 1,
        "linear": 1,
        "self_attention": 2,
        "rbf": 1,
        "lstm": 1,
        "gru": 1,
        "rnn": 1,
        "squeeze_excite": 2,
    }


@pytest.mark.parametrize("type", LAYERS)
def test_the_example_of_a_type_can_be_analysed(type: str) -> None:
    example = LAYERS[type].example
    analysis = net(example.entries, example.input)
    assert analysis.layers[-1].output.elements > 0
    assert analysis.totals.macs == sum(layer.macs for layer in analysis.layers)


@pytest.mark.parametrize("type", LAYERS)
def test_flops_and_connections_follow_from_macs(type: str) -> None:
    """With MACs: twice them, one per bias use and what is beside; without: no connections."""
    example = LAYERS[type].example
    for layer in net(example.entries, example.input).layers:
        uses = layer.biases * layer.output.positions
        active = layer.output.elements if layer.activation else 0
        if layer.macs:
            beside = layer.costs.operations.value
            assert layer.flops == 2 * layer.macs + uses + beside + active
            assert layer.connections == layer.macs + uses
        else:
            assert layer.connections == 0


def test_layers_are_immutable_records() -> None:
    conv = LAYERS["conv"](filters=96, kernel=11, stride=4)
    assert conv == LAYERS["conv"](filters=96, kernel=11, stride=4)
    assert conv != LAYERS["conv"](filters=96, kernel=11)
    assert hash(conv) == hash(LAYERS["conv"](filters=96, kernel=11, stride=4, padding=0))
    with pytest.raises(AttributeError, match="immutable"):
        conv.filters = 3


@pytest.mark.parametrize("type", LAYERS)
def test_a_layer_can_be_copied_and_stored(type: str) -> None:
    example = LAYERS[type].example
    for row in net(example.entries, example.input).layers:
        assert pickle.loads(pickle.dumps(row.layer)) == row.layer
        assert copy.deepcopy(row.layer) == row.layer
