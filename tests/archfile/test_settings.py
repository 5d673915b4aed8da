"""``PATH.key=VALUE``: what a file says with another value is what it gives with it set."""

from __future__ import annotations

import json
from typing import Any

import pytest
from process import run

import archcalc
from archcalc.api import builtin_names
from archcalc.diagnostics import Findings

FILE = """\
name: Net
input: 32x32x3
variables: {width: 4}
blocks:
  unit:
    arguments: {filters: required, stride: 1, adds: $(input.channels == filters and stride == 1)}
    layers:
      - {type: conv, name: conv, filters: $filters, kernel: 3, padding: 1, stride: $stride}
      - {type: add, name: sum, from: [conv, input], when: $adds}
layers:
  - {type: conv, name: stem, filters: 8, kernel: 3, padding: 1}
  - {block: unit, name: stage, repeat: 3, with: {filters: 16}, first: {stride: 2}}
  - {type: conv, name: deep, repeat: 4, filters: 16, kernel: 1}
  - name: pair
    repeat: 2
    layers:
      - {type: conv, name: a, filters: 16, kernel: 1}
      - {type: conv, name: b, filters: 16, kernel: 1}
  - {type: maxpool, name: pool, kernel: 2, stride: 2}
  - {type: dropout, name: drop, when: $(width > 4)}
  - {type: self_attention, name: attend, heads: 2}
"""
STEM = "name: stem, filters: 8, kernel: 3"
STAGE = "{filters: 16}, first: {stride: 2}"
DEEP = "repeat: 4, filters: 16"


def rows(text: str, **values: Any) -> list[dict[str, Any]]:
    """All that is said of the layers, but for the lines in which they are written."""
    layers = archcalc.analyze(archcalc.loads(text), variables=values).to_dict()["layers"]
    return [{key: value for key, value in layer.items() if key != "line"} for layer in layers]


@pytest.mark.parametrize(
    ("settings", "old", "new"),
    [
        ({"stem.filters": 12}, STEM, "name: stem, filters: 12, kernel: 3"),
        ({"stem.stride": "2"}, STEM, f"{STEM}, stride: 2"),
        ({"stem.kernel": "[3, 1]"}, STEM, f"{STEM[:-1]}[3, 1]"),
        ({"stem.kernel": (3, 1)}, STEM, f"{STEM[:-1]}[3, 1]"),
        ({"stem.activation": "relu"}, STEM, f"{STEM}, activation: relu"),
        ({"stem.filters": "$(2 * width)"}, "stem, filters: 8", "stem, filters: $(2 * width)"),
        ({"stem.repeat": 2}, STEM, f"{STEM}, repeat: 2"),
        ({"stage.repeat": 5}, "repeat: 3", "repeat: 5"),
        ({"stage.repeat": 0}, "repeat: 3", "repeat: 0"),
        ({"stage.filters": 24}, "{filters: 16}", "{filters: 24}"),
        ({"stage.*.filters": 24}, "{filters: 16}", "{filters: 24}"),
        ({"stage.stride": 2}, STAGE, "{filters: 16, stride: 2}"),
        ({"stage.0.stride": 1}, "first: {stride: 2}", "first: {stride: 1}"),
        ({"stage.2.filters": 20}, STAGE, f"{STAGE}, last: {{filters: 20}}"),
        ({"stage.*.conv.kernel": "$(width + 1)", "stage.*.conv.padding": "half"},
         "kernel: 3, padding: 1, stride: $stride", "kernel: 5, padding: half, stride: $stride"),
        ({"deep.filters": "$(16 + 8 * copy)"}, DEEP, "repeat: 4, filters: $(16 + 8 * copy)"),
        ({"pair.*.a.filters": 9}, "name: a, filters: 16", "name: a, filters: 9"),
        ({"pair.repeat": 5}, "repeat: 2", "repeat: 5"),
        ({"drop.rate": 0.25, "width": 5}, "name: drop,", "name: drop, rate: 0.25,"),
        ({"attend.heads": 4}, "heads: 2", "heads: 4"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_the_file_would_be(settings: dict[str, Any], old: str, new: str) -> None:
    assert old in FILE
    variables = {name: value for name, value in settings.items() if "." not in name}
    assert rows(FILE, **settings) == rows(FILE.replace(old, new), **variables)


def test_one_copy_alone() -> None:
    filters = [layer["output"]["channels"] for layer in rows(FILE, **{"deep.2.filters": 5})]
    names = [layer["name"] for layer in rows(FILE)]
    first = names.index("deep.0")
    assert filters[first : first + 4] == [16, 16, 5, 16]


def test_any_part_means_those_that_have_the_key() -> None:
    changed = rows(FILE, **{"*.kernel": 5, "*.padding": 2})
    kernels = {layer["name"]: layer.get("kernel") for layer in changed}
    assert (kernels["stem"], kernels["deep.1"], kernels["pool"]) == ([5, 5],) * 3
    assert (kernels["stage.0.conv"], kernels["pair.0.a"]) == ([3, 3], [1, 1])


@pytest.mark.parametrize("name", builtin_names())
def test_the_value_that_is_there_changes_nothing(name: str) -> None:
    architecture = archcalc.load(name)
    plain = archcalc.analyze(architecture)
    settings: dict[str, Any] = {}
    for layer in plain.layers:
        row = layer.node.layer
        if layer.type == "conv" and row is not None:
            settings[f"{layer.name}.filters"] = row.filters  # type: ignore[attr-defined]
    inside = {
        path: value for path, value in settings.items() if _is_entry(architecture, path, value)
    }
    same = archcalc.analyze(architecture, variables=inside)
    assert same.to_dict()["layers"] == plain.to_dict()["layers"]
    assert inside or not settings


def _is_entry(architecture: Any, path: str, value: int) -> bool:
    """A row of a layer with several, such as a gate's, is no entry."""
    try:
        archcalc.analyze(architecture, variables={path: value})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stm.filters=4", 'no layer, group or instance "stm"; did you mean `stem`?'),
        ("stage.conv.stride=2", "did you mean `stage.*.conv.stride`?"),
        ("stage.3.stride=2", 'there is no layer, group or instance "stage.3"'),
        ("drop.rate=0.5", '"drop" is left out by its `when`'),
        ("attend.qkv.units=3", '"attend.qkv" is no entry of the file, but a part of "attend"'),
        ("*.rank=3", "none of them that key"),
        ("stem..filters=4", "joined by single dots"),
        ("stem.filters=", "no value"),
        ("stem.filters=[4", "no value"),
        ("stem.filters=4\nkernel: 1", "no value"),
    ],
)
def test_a_path_that_names_nothing_is_wrong_usage(name: str, said: str) -> None:
    result = run("table", "-", "--set", name, stdin=FILE)
    assert (result.status, result.out) == (2, "")
    assert f"--set {name.partition('=')[0]}" in result.err
    assert said in result.err
    path, _, value = name.partition("=")
    with pytest.raises(ValueError, match=r"^"):
        archcalc.analyze(archcalc.loads(FILE), variables={path: value})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stem.stride=0", "11:5: error[size-below-one]: stem.stride=0: stride is 0"),
        ("stem.filters=x", "11:39: error[wrong-value]: stem.filters=x: filters takes"),
        ("stem.filtrs=4", 'error[unknown-key]: stem.filtrs=4: conv has no key "filtrs"'),
        ("stem.name=b", "error[unknown-key]: stem.name=b: name cannot be set"),
        ("stem.filters=$(widht)", 'error[undefined-variable]: "widht"'),
        ("stem.repeat=-1", "stem.repeat=-1: repeat is -1"),
        ("stage.width=3", '"unit" has no argument "width"; it has: filters, stride'),
        ("stage.1.repeat=3", '"stage.1" is one copy; set `stage.repeat`'),
        ("pair.filters=3", "only repeat"),
        ("stem.kernel=99", "error[window-too-large]: stem: height"),
    ],
)
def test_a_wrong_key_or_value_is_answered_as_the_file_would_be(name: str, said: str) -> None:
    result = run("table", "-", "--set", name, stdin=FILE)
    assert (result.status, result.out) == (1, "")
    assert said in result.err
    assert result.err.endswith("1 mistake\n")


def test_vgg16_with_a_stride_has_a_fourth_of_the_positions() -> None:
    vgg = archcalc.load("vgg16")
    convs = sum(layer.macs for layer in archcalc.analyze(vgg).layers if layer.type == "conv")
    dense = 3 * 3 * 512 * 4096 + 4096 * 4096 + 4096 * 1000  # 112 / 2**5 is 3, a row lost
    totals = archcalc.analyze(vgg, variables={"conv1_1.stride": 2}).totals
    assert totals.macs == convs // 4 + dense


@pytest.mark.parametrize(
    "command",
    [("table",), ("check",), ("explain", "stem"), ("memory",), ("sizes",), ("report",)],
)
def test_every_command_takes_it(command: tuple[str, ...], tmp_path: Any) -> None:
    name, *more = command
    (tmp_path / "net.yaml").write_text(FILE)
    args = (name, "net.yaml", *more, "--set", "stem.filtrs=9")
    result = run(*args, cwd=tmp_path)
    assert (result.status, "conv has no key" in result.out + result.err) == (1, True)
    if name != "report":
        result = run(*args[:-1], "stem.filters=9", cwd=tmp_path)
        assert result.status == 0, result.err


def test_variants_of_keys() -> None:
    net = archcalc.loads(FILE)
    found = list(archcalc.sweep(net, {"stage.repeat": "1..3", "stage.filters": [8, 16]}))
    for row in found:
        values = {name: row[name] for name in ("stage.repeat", "stage.filters")}
        totals = archcalc.analyze(net, variables=values).totals
        assert (row["params"], row["macs"]) == (totals.params, totals.macs)
    assert len(found) == 6


def test_a_path_that_only_some_variants_have() -> None:
    some = run("sweep", "-", "--vary", "deep.repeat=1..3", "--vary", "deep.1.filters=4", stdin=FILE)
    assert (some.status, len(some.out.splitlines())) == (0, 3)
    assert "1 does not fit: unknown-path, the first at deep.repeat=1 deep.1.filters=4" in some.err
    none = run("sweep", "-", "--vary", "stm.filters=4,8", "--workers", "2", stdin=FILE)
    assert (none.status, "did you mean `stem`?" in none.err) == (2, True)


def test_compared_side_by_side(tmp_path: Any) -> None:
    (tmp_path / "net.yaml").write_text(FILE)
    found = run("compare", "net.yaml@stem.filters=4", "net.yaml", "--format", "json", cwd=tmp_path)
    names = [network["name"] for network in json.loads(found.out)["networks"]]
    assert names == ["stem.filters=4", "net.yaml"]


def test_findings_are_of_the_network_with_the_value() -> None:
    text = "name: n\ninput: 8x8x3\nlayers: [{type: conv, name: c, filters: 2, kernel: 3}]\n"
    analysis = archcalc.analyze(archcalc.loads(text), variables={"c.stride": 4})
    assert [found.rule for found in archcalc.check(analysis)] == ["illegal-stride", "input-skipped"]
    again = analysis.network.rebuilt(Findings())
    assert [node.shape for node in again.nodes] == [node.shape for node in analysis.network.nodes]
