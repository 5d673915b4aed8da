"""ONNX files of networks, as the onnx package checks them and infers their shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import Result, run

from archcalc import analyze, load, loads
from archcalc.api import builtin_names, exported
from archcalc.exporters import EXPORTERS
from archcalc.exporters.onnx.layers import EMITS
from archcalc.importers.graph import flat_network
from archcalc.importers.onnx import read
from archcalc.importers.onnx.reading import read_model
from archcalc.network.layers import LAYERS
from archcalc.network.network import Network

STANDS_FOR_ROWS = {"separable_conv", "split", "squeeze_excite", "self_attention"}


def network(name_or_text: str) -> Network:
    text = "\n" in name_or_text
    analysis = analyze(loads(name_or_text) if text else load(name_or_text))
    return analysis.network


def test_every_layer_type_has_its_operators() -> None:
    assert set(EMITS) == set(LAYERS) - STANDS_FOR_ROWS


def write(made: Network, path: Path) -> None:
    model, data = exported(EXPORTERS["onnx"], made, path.stem)
    path.write_bytes(model.data)
    with (path.parent / f"{path.name}{data.suffix}").open("wb") as stream:
        stream.truncate(data.zeros)


def checked(made: Network, path: Path) -> list[list[int]]:
    """The shapes of all that the nodes make, functions put in place, as onnx infers them."""
    onnx = pytest.importorskip("onnx")
    inliner = pytest.importorskip("onnx.inliner")
    write(made, path)
    onnx.checker.check_model(str(path), full_check=False)
    model = onnx.load(str(path), load_external_data=False)
    model = inliner.inline_local_functions(model)
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    values = [*inferred.graph.value_info, *inferred.graph.output]
    return [[d.dim_value for d in value.type.tensor_type.shape.dim] for value in values]


@pytest.mark.torch
@pytest.mark.parametrize("name", builtin_names())
def test_shipped_networks(name: str, tmp_path: Path) -> None:
    made = network(name)
    shapes = checked(made, tmp_path / "net.onnx")
    for node in made.nodes[1:]:
        assert node.shape is not None
        volume = node.shape.output
        assert [1, volume.channels, *volume.spatial] in shapes, node.path


# What no layer says when it is read back, and why.
NOT_READ_BACK = {"lenet5": "filters that pick maps gather them"}


@pytest.mark.parametrize("name", sorted(set(builtin_names()) - NOT_READ_BACK.keys()))
def test_read_back(name: str, tmp_path: Path) -> None:
    made = analyze(load(name))
    write(made.network, tmp_path / "net.onnx")
    again = analyze(flat_network(read(str(tmp_path / "net.onnx"), name)))
    assert again.totals.params == made.totals.params
    rows, wanted = (
        [(r.type, r.activation, r.output, r.params, r.macs) for r in one.layers]
        for one in (again, made)
    )
    assert rows == wanted


@pytest.mark.torch
@pytest.mark.parametrize("type", sorted(set(EMITS) - {"rotary"}))
def test_layer_types(type: str, tmp_path: Path) -> None:
    example = LAYERS[type].example
    entries = "".join(f"  - {entry}\n" for entry in example.entries)
    made = network(f"name: one\ninput: {example.input}\nlayers:\n{entries}")
    shapes = checked(made, tmp_path / "one.onnx")
    for node in made.nodes[1:]:
        assert node.shape is not None
        volume = node.shape.output
        assert [1, volume.channels, *volume.spatial] in shapes, node.path


def test_weights_take_the_room_of_parameters_and_buffers(tmp_path: Path) -> None:
    analysis = analyze(load("resnet50"))
    _, data = exported(EXPORTERS["onnx"], analysis.network, "net")
    assert data.zeros == 4 * (analysis.totals.params + analysis.totals.buffers)


def test_equal_blocks_are_one_function() -> None:
    text = """
name: net
input: 8x8x16
blocks:
  body:
    layers:
      - {type: conv, name: conv, filters: 16, kernel: 3, padding: 1}
      - {type: add, from: [input, conv]}
layers:
  - {block: body, repeat: REPEAT}
"""
    sizes = [
        len(exported(EXPORTERS["onnx"], network(text.replace("REPEAT", count)), "net")[0].data)
        for count in ("2", "3", "4")
    ]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] < 400


def test_shared_weights_are_stored_once() -> None:
    text = """
name: net
input: 8x8x16
layers:
  - {type: conv, name: first, filters: 16, kernel: 3, padding: 1}
  - {type: conv, name: second, filters: 16, kernel: 3, padding: 1, share: first}
"""
    _, data = exported(EXPORTERS["onnx"], network(text), "net")
    assert data.zeros == 4 * (16 * 16 * 9 + 16)


def test_the_same_bytes_again() -> None:
    first, second = (exported(EXPORTERS["onnx"], network("googlenet"), "net") for _ in range(2))
    assert first == second


def command(*arguments: str, folder: Path) -> Result:
    return run("export", *arguments, cwd=folder)


def test_the_command(tmp_path: Path) -> None:
    result = command("lenet300", "--to", "onnx", folder=tmp_path)
    assert (result.status, result.err) == (0, "wrote lenet300.onnx, lenet300.onnx.data\n")
    data = tmp_path / "lenet300.onnx.data"
    assert data.stat().st_size == 4 * (28 * 28 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10)
    assert not any(data.read_bytes())
    again = command("lenet300", "--to", "onnx", folder=tmp_path)
    assert again.status == 2
    assert "lenet300.onnx is there already; --force overwrites it" in again.err
    forced = command("lenet300", "--to", "onnx", "--force", "--no-data", folder=tmp_path)
    assert (forced.status, forced.err) == (0, "wrote lenet300.onnx\n")


def test_the_command_on_what_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text("name: net\ninput: 8x8x3\nlayers: [{type: convv}]\n")
    result = command("./net.yaml", "--to", "onnx", folder=tmp_path)
    assert result.status == 1
    assert [path.name for path in tmp_path.iterdir()] == ["net.yaml"]
    result = command("lenet1", "--to", "onnx", "-o", "net.pb", folder=tmp_path)
    assert result.status == 2
    assert "a file for onnx ends in .onnx" in result.err
    result = command("lenet1", "--to", "onnx", "-o", "none/net.onnx", folder=tmp_path)
    assert result.status == 2


@pytest.mark.torch
@pytest.mark.parametrize(
    "entry",
    [
        "attention, heads: 3, window: [4, 3], grid: true, bias_table: true, symmetric: true",
        "slice, start: 1, stop: 3, groups: 3",
        "layernorm, bias: false",
    ],
)
def test_keys_that_change_what_is_written(entry: str, tmp_path: Path) -> None:
    made = network(f"name: one\ninput: 8x6x12\nlayers:\n  - {{type: {entry}}}\n")
    volume = made.nodes[1].shape.output  # type: ignore[union-attr]
    assert [1, volume.channels, *volume.spatial] in checked(made, tmp_path / "one.onnx")


TWO_INPUTS = """
name: two
inputs: {left: 16x16x3, right: 8x8x5}
outputs: [head, tall]
blocks:
  tower:
    arguments: {filters: required, stride: 1}
    layers:
      - {type: conv, name: conv, filters: $filters, kernel: 3, stride: $stride, padding: 1}
      - {type: relu, name: act}
layers:
  - {block: tower, name: a, from: left, with: {filters: 8, stride: 2}}
  - {block: tower, name: tall, from: right, with: {filters: 8}}
  - {type: concat, name: both, from: [a, tall]}
  - {type: conv, name: head, filters: 4, kernel: 1}
"""


def test_inputs_and_outputs_have_their_names_and_sizes(tmp_path: Path) -> None:
    write(network(TWO_INPUTS), tmp_path / "two.onnx")
    model = read_model(memoryview((tmp_path / "two.onnx").read_bytes()))
    assert model.inputs == {"left": (1, 3, 16, 16), "right": (1, 5, 8, 8)}
    assert len(model.outputs) == 2


@pytest.mark.torch
def test_networks_of_two_inputs(tmp_path: Path) -> None:
    shapes = checked(network(TWO_INPUTS), tmp_path / "two.onnx")
    assert shapes[-2:] == [[1, 4, 8, 8], [1, 8, 8, 8]]
