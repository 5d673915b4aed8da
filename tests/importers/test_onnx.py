"""ONNX files to flat graphs: what each operator is in our language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from importers import onnx_bytes as written
from importers.onnx_graphs import CONV, graph, layer, refusal, rows

from archcalc import analyze
from archcalc.importers.graph import Operation, flat_network
from archcalc.importers.onnx import read
from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

FILES = Path(__file__).parent / "onnx_files"


# Parameters as torchvision's modules have them: with the older exporter 2 x 4,800 numbers of batch
# norms became 4,800 biases, and of the newer one biases of zeros are gone as well: those of batch
# norms, and in ViT a projection's 2,304 and the head's 1,000.
@pytest.mark.parametrize(
    ("name", "params", "macs"),
    [
        ("resnet18-older", 11_689_512 - 4_800, 1_814_073_344),
        ("resnet18-newer", 11_689_512 - 2 * 4_800, 1_814_073_344),
        ("mobilenet_v3_small-older", 2_542_856 - 6_056, 56_510_400),
        ("densenet121-older", None, 2_834_161_664),
        ("shufflenet_v2_x0_5-older", 1_366_792 - 3_976, 40_476_448),
        ("vit_b_16-newer", 15_688_936 - 2_304 - 1_000, None),
        ("vit_b_16-older", 15_688_936, None),
    ],
)
def test_files_of_exporters(name: str, params: int | None, macs: int | None) -> None:
    totals = analyze(flat_network(read(str(FILES / f"{name}.onnx"), name))).totals
    assert params in (None, totals.params)
    assert macs in (None, totals.macs)


def test_folded_batch_norms_are_noted() -> None:
    made = read(str(FILES / "resnet18-older.onnx"), "resnet18")
    assert made.notes == (
        "the exporter folded batch norms into 20 convolutions: their parameters are biases here",
    )


KERNEL = written.tensor("w", [8, 8, 3, 3])
CONVOLVED = written.node("Conv", ["z", "w"], ["y"], CONV)  # type: ignore[arg-type]


def conv(attributes: Mapping[str, object], filters: int = 16, channels: int = 8) -> Operation:
    node = written.node("Conv", ["x", "w", "b"], ["z"], dict(attributes))  # type: ignore[arg-type]
    weights = [written.tensor("w", [filters, channels, 3, 3]), written.tensor("b", [filters])]
    (operation,) = graph([node], weights).operations
    return operation


def test_convolutions() -> None:
    assert conv(CONV).layer == LAYERS["conv"](filters=16, kernel=3, padding=1)
    strided = conv({**CONV, "strides": [2, 2], "dilations": [2, 2]})
    wanted = LAYERS["conv"](filters=16, kernel=3, padding=1, stride=2, dilation=2)
    assert strided.layer == wanted
    depthwise = conv({**CONV, "group": 8}, filters=16, channels=1)
    assert depthwise.layer == LAYERS["depthwise_conv"](kernel=3, padding=1, multiplier=2)


def test_padding_of_one_side() -> None:
    layer = conv({"kernel_shape": [3, 3], "pads": [0, 0, 1, 1], "strides": [2, 2]}).layer
    wanted = {"filters": 16, "kernel": 3, "stride": 2, "padding": ((0, 1), (0, 1))}
    assert layer == LAYERS["conv"](**wanted)


def test_padding_by_name() -> None:
    upper = conv({"kernel_shape": [3, 3], "auto_pad": "SAME_UPPER", "strides": [2, 2]})
    lower = conv({"kernel_shape": [3, 3], "auto_pad": "SAME_LOWER", "strides": [2, 2]})
    keys = {"filters": 16, "kernel": 3, "stride": 2}
    assert upper.layer == LAYERS["conv"](**keys, padding=((0, 1), (0, 1)))
    assert lower.layer == LAYERS["conv"](**keys, padding=((1, 0), (1, 0)))


def test_a_last_window_must_start_within_the_input() -> None:
    attributes = {"kernel_shape": [2, 2], "strides": [3, 3], "ceil_mode": 1}
    node = written.node("MaxPool", ["x"], ["z"], attributes)  # type: ignore[arg-type]
    made = graph([node], shape=[1, 8, 6, 6])
    (shape,) = [node.shape for node in flat_network(made).nodes[1:]]
    assert shape is not None
    assert shape.output.spatial == (2, 2)


def test_a_product_and_a_sum_are_a_linear_layer() -> None:
    nodes = [
        written.node("GlobalAveragePool", ["x"], ["a"]),
        written.node("Flatten", ["a"], ["b"], {"axis": 1}),
        written.node("MatMul", ["b", "w"], ["c"]),
        written.node("Add", ["c", "bias"], ["z"]),
    ]
    weights = [written.tensor("w", [8, 100]), written.tensor("bias", [100])]
    assert rows(nodes, weights) == [layer("global_avgpool"), layer("linear", units=100)]


def test_sizes_that_are_computed() -> None:
    """What exporters write for x.view(x.size(0), -1)."""
    nodes = [
        written.node("Shape", ["x"], ["s"]),
        written.node("Gather", ["s", "zero"], ["n"], {"axis": 0}),
        written.node("Unsqueeze", ["n", "axes"], ["n1"]),
        written.node("Concat", ["n1", "rest"], ["to"], {"axis": 0}),
        written.node("Reshape", ["x", "to"], ["flat"]),
        written.node("Gemm", ["flat", "w", "b"], ["z"], {"transB": 1}),
    ]
    weights = [
        written.tensor("zero", [], [0]),
        written.tensor("axes", [1], [0]),
        written.tensor("rest", [1], [-1]),
        written.tensor("w", [10, 8 * 32 * 32]),
        written.tensor("b", [10]),
    ]
    assert rows(nodes, weights) == [layer("linear", units=10)]


def test_activations_are_those_of_the_row_before() -> None:
    nodes = [
        written.node("Conv", ["x", "w"], ["a"], CONV),  # type: ignore[arg-type]
        written.node("Sigmoid", ["a"], ["s"]),
        written.node("Mul", ["a", "s"], ["z"]),
    ]
    made = rows(nodes, [written.tensor("w", [8, 8, 3, 3])])
    wanted = LAYERS["conv"](filters=8, kernel=3, padding=1, bias=False)
    assert made == [(wanted, "silu")]


def test_equal_statistics_and_weights_are_one_tensor_in_the_file() -> None:
    inputs = ["x", "ones", "zeros", "zeros", "ones"]
    nodes = [
        written.node("BatchNormalization", inputs, ["a"]),
        written.node("BatchNormalization", ["a", *inputs[1:]], ["z"]),
    ]
    made = graph(nodes, [written.tensor("ones", [8]), written.tensor("zeros", [8])])
    assert analyze(flat_network(made)).totals.params == 2 * (8 + 8)


def test_a_kernel_that_is_used_twice_is_shared() -> None:
    nodes = [
        written.node("Conv", ["x", "w", "b"], ["a"], CONV),  # type: ignore[arg-type]
        written.node("Conv", ["a", "w", "b"], ["z"], CONV),  # type: ignore[arg-type]
    ]
    made = graph(nodes, [written.tensor("w", [8, 8, 3, 3]), written.tensor("b", [8])])
    assert [operation.shares for operation in made.operations] == [None, 1]
    assert analyze(flat_network(made)).totals.params == 8 * 8 * 9 + 8


def test_an_average_of_one_is_a_pooling_to_the_size_that_is_there() -> None:
    attributes = {"kernel_shape": [1, 1], "strides": [1, 1]}
    node = written.node("AveragePool", ["x"], ["z"], attributes)  # type: ignore[arg-type]
    assert rows([node]) == [layer("adaptive_avgpool", output=32)]


def sliced(name: str, start: int, stop: int) -> list[bytes]:
    """A slice of the height."""
    values = {"starts": start, "ends": stop, "axes": 2}
    named = [f"{name}/{key}" for key in values]
    constants = [
        written.node("Constant", [], [value], {"value": written.tensor("", [1], [number])})
        for value, number in zip(named, values.values(), strict=True)
    ]
    return [*constants, written.node("Slice", ["x", *named], [name])]


def test_rows_in_front_behind_the_others_are_rolled() -> None:
    halves = [*sliced("a", 3, 32), *sliced("b", 0, 3)]
    joined = written.node("Concat", ["a", "b"], ["z"], {"axis": 2})
    rolled = graph([*halves, joined, CONVOLVED], [KERNEL]).operations
    assert [repr(o.layer).partition("(")[0] for o in rolled] == ["Roll", "Conv"]
    for nodes in (
        [*halves, written.node("Concat", ["b", "a"], ["z"], {"axis": 2})],  # as it was
        [*sliced("a", 4, 32), *sliced("b", 0, 3), joined],
    ):
        types = [o.layer.type for o in graph([*nodes, CONVOLVED], [KERNEL]).operations]
        assert types == ["slice", "slice", "concat", "conv"]


def test_rows_of_a_table_are_read_before_anything_runs() -> None:
    nodes = [
        written.node("Gather", ["table", "places"], ["rows"], {"axis": 0}),
        written.node("Add", ["x", "rows"], ["z"]),
    ]
    weights = [written.tensor("table", [64, 32]), written.tensor("places", [32], [7] * 32)]
    types = [operation.layer.type for operation in graph(nodes, weights).operations]
    assert types == ["parameter", "gather", "reshape", "transpose", "flatten", "add"]
    assert "Gather of several rows" in refusal(
        [written.node("Gather", ["x", "places"], ["z"], {"axis": 2})], weights
    )


def test_comparisons_of_activations_have_no_layer() -> None:
    assert "equal has no layer type" in refusal([written.node("Equal", ["x", "x"], ["z"])])


def test_an_input_with_channels_last() -> None:
    nodes = [
        written.node("Transpose", ["x"], ["t"], {"perm": [0, 3, 1, 2]}),
        written.node("Conv", ["t", "w"], ["z"], CONV),  # type: ignore[arg-type]
    ]
    made = graph(nodes, [written.tensor("w", [4, 3, 3, 3])], [1, 24, 32, 3])
    assert made.input == Volume(3, (24, 32))
    assert [operation.layer.type for operation in made.operations] == ["conv"]


def test_an_open_size_is_stated() -> None:
    nodes = [written.node("Relu", ["x"], ["z"])]
    open_shape: list[int | str] = ["batch", 3, "height", "width"]
    assert refusal(nodes, None, open_shape) == (
        "x: a size of its input is open: state one with --input"
    )
    made = graph(nodes, None, open_shape, input=Volume(3, (64, 48)))
    assert made.input == Volume(3, (64, 48))


def test_a_size_that_is_fixed_stays() -> None:
    nodes = [written.node("Relu", ["x"], ["z"])]
    said = refusal(nodes, None, [1, 3, 32, 32], input=Volume(3, (64, 64)))
    assert said == "x: it is exported for an input of 32x32x3"
