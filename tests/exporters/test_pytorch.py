"""PyTorch source of networks: it runs, and read back it is the same network."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from process import run

from archcalc import Analysis, analyze, load, loads
from archcalc.api import builtin_names, exported
from archcalc.diagnostics import SpecError
from archcalc.exporters import EXPORTERS
from archcalc.exporters.pytorch import class_name
from archcalc.exporters.pytorch.helpers import HELPERS
from archcalc.exporters.pytorch.writers import WRITERS
from archcalc.importers.graph import flat_network
from archcalc.network.layers import LAYERS

Golden = Callable[[str, str], None]

STANDS_FOR_ROWS = {"separable_conv", "split", "squeeze_excite", "self_attention"}

# What is read back as another network of the same numbers, or not at all, and why.
NOT_READ_BACK = {"lenet5": "filters that pick maps, and distances to centres, are no modules"}


def source(analysis: Analysis) -> str:
    (file,) = exported(EXPORTERS["pytorch"], analysis.network, "net")
    return file.data.decode()


def test_every_layer_type_has_its_line() -> None:
    assert set(WRITERS) == set(LAYERS) - STANDS_FOR_ROWS


@pytest.mark.parametrize("name", ["resnet50", "googlenet", "unet", "mobilenet-v2"])
def test_golden_files(name: str, golden: Golden) -> None:
    golden(f"{name}.py.txt", source(analyze(load(name))))


def test_sources_pass_ruff(tmp_path: Path) -> None:
    ruff = pytest.importorskip("ruff").find_ruff_bin()
    for name in builtin_names():
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(source(analyze(load(name))))
    for command in (["check"], ["format", "--check"]):
        options = ["--isolated", "--no-cache", "--line-length", "100", str(tmp_path)]
        result = subprocess.run([ruff, *command, *options], capture_output=True, text=True)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("name", builtin_names())
def test_sources_are_python(name: str) -> None:
    text = source(analyze(load(name)))
    ast.parse(text)
    assert all(ord(sign) < 128 for sign in text)


def test_names_that_python_or_modules_have() -> None:
    text = """
name: 3D "net" \\
input: 8x8x3
layers:
  - {type: relu, name: forward}
  - {type: conv, name: class, filters: 4, kernel: 1}
  - {type: conv, name: a-b, filters: 4, kernel: 1}
  - {type: conv, name: a_b, filters: 4, kernel: 1}
  - {type: add, name: x, from: [a-b, a_b]}
"""
    written = source(analyze(loads(text)))
    tree = ast.parse(written)
    assert "class Network3DNet(nn.Module):" in written
    made = [
        node.targets[0].attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    ]
    assert made == ["class_", "a_b", "a_b2"]


def rows(analysis: Analysis) -> list[tuple[object, ...]]:
    return [(r.type, r.activation, r.output, r.params, r.macs) for r in analysis.layers]


@pytest.mark.torch
@pytest.mark.parametrize("name", sorted(set(builtin_names()) - NOT_READ_BACK.keys()))
def test_read_back(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from archcalc.importers import pytorch

    analysis = analyze(load(name))
    module = f"exported_{name.replace('-', '_')}"
    (tmp_path / f"{module}.py").write_text(source(analysis))
    monkeypatch.syspath_prepend(tmp_path)
    graph = pytorch.read(module, class_name(analysis.network.name), analysis.network.input)
    sys.modules.pop(module, None)
    again = analyze(flat_network(graph))
    assert again.totals.params == analysis.totals.params
    assert again.totals.macs == analysis.totals.macs
    assert rows(again) == rows(analysis)


@pytest.mark.torch
@pytest.mark.parametrize("type", sorted(set(WRITERS) - {"rotary"}))
def test_layer_types_run(type: str) -> None:
    torch = pytest.importorskip("torch")
    example = LAYERS[type].example
    entries = "".join(f"  - {entry}\n" for entry in example.entries)
    analysis = analyze(loads(f"name: one\ninput: {example.input}\nlayers:\n{entries}"))
    space: dict[str, object] = {}
    exec(source(analysis), space)
    module = space["One"]()  # type: ignore[operator]
    volume = analysis.network.input
    with torch.no_grad():
        made = module.eval()(torch.zeros(2, volume.channels, *volume.spatial))
    output = analysis.layers[-1].output
    assert tuple(made.shape) in ((2, output.channels, *output.spatial), (1, *made.shape[1:]))
    parameters = sum(p.numel() for p in module.parameters())
    assert parameters == analysis.totals.params


HEADS = "{type: attention, heads: 4, window: 4"


@pytest.mark.torch
@pytest.mark.parametrize(
    "entry",
    [
        "{type: layernorm, bias: false}",
        "{type: layernorm}",
        "{type: slice, start: 1, stop: 4, groups: 4}",
        f"{HEADS}, bias_table: true}}",
        "{type: l2pool, kernel: 3, stride: 2, padding: 1}",
        "{type: l2pool, kernel: 3, stride: 2, padding: [[0, 2], [1, 0]], ceil_mode: true}",
    ],
)
def test_options_of_layers(entry: str) -> None:
    torch = pytest.importorskip("torch")
    analysis = analyze(loads(f"name: one\ninput: 8x8x32\nlayers:\n  - {entry}\n"))
    space: dict[str, object] = {}
    exec(source(analysis), space)
    module = space["One"]()  # type: ignore[operator]
    x = torch.arange(2048.0).reshape(1, 32, 8, 8)
    with torch.no_grad():
        made = module.eval()(x)
    output = analysis.layers[-1].output
    assert tuple(made.shape) == (1, output.channels, *output.spatial)
    assert sum(p.numel() for p in module.parameters()) == analysis.totals.params
    if "slice" in entry:
        channels = [8 * part + place for part in range(4) for place in range(1, 4)]
        assert torch.equal(made, x[:, channels])


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


def test_inputs_are_arguments_of_forward() -> None:
    written = source(analyze(loads(TWO_INPUTS)))
    forwards = [
        [argument.arg for argument in node.args.args]
        for node in ast.walk(ast.parse(written))
        if isinstance(node, ast.FunctionDef) and node.name == "forward"
    ]
    assert ["self", "left", "right"] in forwards


@pytest.mark.torch
def test_networks_of_two_inputs_run() -> None:
    torch = pytest.importorskip("torch")
    analysis = analyze(loads(TWO_INPUTS))
    space: dict[str, object] = {}
    exec(source(analysis), space)
    module = space["Two"]()  # type: ignore[operator]
    head, tall = module.eval()(torch.zeros(2, 3, 16, 16), torch.zeros(2, 5, 8, 8))
    assert (tuple(head.shape), tuple(tall.shape)) == ((2, 4, 8, 8), (2, 8, 8, 8))
    assert sum(p.numel() for p in module.parameters()) == analysis.totals.params


REFUSED = f"""\
name: a
input: 8x8x32
blocks:
  spread:
    layers:
      - {HEADS}, grid: true}}
layers:
  - {{block: spread, repeat: 3}}
  - {HEADS}, bias_table: true, symmetric: true, grid: true}}
"""


def test_what_has_no_source_is_refused_at_once_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        source(analyze(loads(REFUSED)))
    found = [(d.span and d.span.start, d.copies, d.message) for d in refused.value.diagnostics]
    for_all = "is not exported to PyTorch"
    assert found == [
        ((6, 54), 3, f"attention with `grid: true` {for_all}"),
        ((9, 73), 1, f"attention with `symmetric: true` {for_all}"),
        ((9, 85), 1, f"attention with `grid: true` {for_all}"),
    ]
    (tmp_path / "net.yaml").write_text(REFUSED)
    result = run("export", "net.yaml", "--to", "pytorch", "-o", "net.py", cwd=tmp_path)
    assert (result.status, result.out) == (1, "")
    assert "net.yaml:6:54: error[wrong-value]: spread1.0.attention1: attention" in result.err
    assert "^" in result.err
    assert "3 mistakes" in result.err
    assert not (tmp_path / "net.py").exists()


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_helpers_are_python(name: str) -> None:
    (made,) = ast.parse(HELPERS[name]).body
    assert isinstance(made, ast.ClassDef | ast.FunctionDef)
    assert made.name == name


def test_the_command(tmp_path: Path) -> None:
    result = run("export", "lenet300", "--to", "pytorch", cwd=tmp_path)
    assert result.status == 0
    assert "self.fc1 = nn.Linear(784, 300)" in result.out
    result = run("export", "lenet300", "--to", "pytorch", "-o", "net.py", cwd=tmp_path)
    assert (result.status, result.err) == (0, "wrote net.py\n")
    assert list(tmp_path.iterdir()) == [tmp_path / "net.py"]
