"""Layers that have another name are the same layers, and equal copies are said once."""

from __future__ import annotations

import json

import pytest

import archcalc
from archcalc import api
from archcalc.renderers.difference import json as as_json
from archcalc.renderers.difference import markdown
from archcalc.renderers.difference import text as as_text
from archcalc.views.copies import folded
from archcalc.views.difference import Difference, difference

RESNET = api.load("resnet18").source.text


def found(old: str, new: str) -> Difference:
    return difference(*(archcalc.analyze(archcalc.loads(each)) for each in (old, new)))


def renamed(*pairs: tuple[str, str]) -> str:
    text = RESNET
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def net(*entries: str) -> str:
    return "name: n\ninput: 8x8x3\nlayers:\n" + "".join(f"  - {entry}\n" for entry in entries)


@pytest.mark.parametrize(
    ("pairs", "lines"),
    [
        ([("name: fc,", "name: classes,")], ["> fc -> classes"]),
        ([("name: layer2,", "name: stage2,")], ["> layer2 -> stage2"]),
        (
            [("name: layer2,", "name: stage2,"), ("name: layer3,", "name: layer2,")],
            None,
        ),
        (
            [("name: conv2,", "name: second,")],
            [f"> layer{n}.[0-1].sum.residual.conv2 -> layer{n}.[0-1].sum.residual.second"
             for n in (1, 2, 3, 4)],
        ),
        (
            [("name: layer2,", "name: stage2,"), ("name: conv2,", "name: second,")],
            ["> layer1.[0-1].sum.residual.conv2 -> layer1.[0-1].sum.residual.second",
             "> layer2 -> stage2",
             "> layer2.[0-1].sum.residual.conv2 -> stage2.[0-1].sum.residual.second",
             *(f"> layer{n}.[0-1].sum.residual.conv2 -> layer{n}.[0-1].sum.residual.second"
               for n in (3, 4))],
        ),
    ],
)  # fmt: skip
def test_other_names_alone(pairs: list[tuple[str, str]], lines: list[str] | None) -> None:
    change = found(RESNET, renamed(*pairs))
    assert not change.totals
    if lines is not None:
        said = [line for line in as_text(change).splitlines() if not line.startswith("output")]
        assert said == lines
        assert (change.added, change.removed, change.changed) == ((), (), ())


def test_each_way_of_showing_has_them() -> None:
    change = found(RESNET, renamed(("name: fc,", "name: classes,")))
    assert json.loads(as_json(change))["layers"] == {
        "added": [], "removed": [], "changed": [], "renamed": [{"old": "fc", "new": "classes"}],
    }  # fmt: skip
    assert "| `fc` | renamed: `classes` |" in markdown(change)


def test_a_renamed_block_that_is_deeper_keeps_its_copies() -> None:
    change = found(RESNET, renamed(("name: layer2, repeat: 2", "name: stage2, repeat: 4")))
    assert {layer.name.split(".")[1] for layer in change.added} == {"2", "3"}
    assert not change.removed
    assert change.renamed == (("layer2", "stage2"),)
    lines = as_text(change).splitlines()
    assert [line for line in lines if line.startswith("+")] == [
        "+ stage2.[2-3].sum.residual.conv1: conv 28x28x128, 147,456 params, 115,605,504 MACs",
        "+ stage2.[2-3].sum.residual.bn1: batchnorm 28x28x128, 256 params, 0 MACs",
        "+ stage2.[2-3].sum.residual.conv2: conv 28x28x128, 147,456 params, 115,605,504 MACs",
        "+ stage2.[2-3].sum.residual.bn2: batchnorm 28x28x128, 256 params, 0 MACs",
        "+ stage2.[2-3].sum: add 28x28x128, 0 params, 0 MACs",
    ]


def test_what_is_different_beside_the_name_is_said_of_the_new_name() -> None:
    old = net("{type: conv, name: a, filters: 4, kernel: 3}", "{type: relu, name: b}",
              "{type: linear, name: c, units: 10}")  # fmt: skip
    new = net("{type: conv, name: a, filters: 4, kernel: 3}", "{type: relu, name: b}",
              "{type: dropout, name: d}", "{type: linear, name: e, units: 10}")  # fmt: skip
    change = found(old, new)
    assert change.names == {"c": "e"}
    assert [layer.name for layer in change.added] == ["d"]
    facts = {path: [c.name for c in changes] for path, changes in change.changed}
    assert facts == {"e": ["inputs"]}


def test_other_values_are_another_layer() -> None:
    old = net("{type: conv, name: a, filters: 4, kernel: 3}", "{type: relu, name: r}")
    new = net("{type: conv, name: b, filters: 5, kernel: 3}", "{type: relu, name: r}")
    change = found(old, new)
    assert not change.names
    assert [layer.name for layer in (*change.removed, *change.added)] == ["a", "b"]


def test_a_layer_that_moves_into_a_group_is_the_same() -> None:
    old = net("{type: conv, name: a, filters: 4, kernel: 3}", "{type: relu, name: r}")
    inside = "[{type: conv, name: a, filters: 4, kernel: 3}, {type: relu, name: r}]"
    change = found(old, net(f"{{name: stem, layers: {inside}}}"))
    assert change.renamed == (("a", "stem.a"), ("r", "stem.r"))
    assert not change.changed


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ([("a.0", 1), ("a.1", 1), ("a.2", 2)], [("a.[0-1]", 1), ("a.2", 2)]),
        ([("a.0", 1), ("a.2", 1), ("a.3", 1), ("b", 1)], [("a.[0,2-3]", 1), ("b", 1)]),
        (
            [(f"a.{i}.b.{j}.c", 1) for i in range(3) for j in range(12)],
            [("a.[0-2].b.[0-11].c", 1)],
        ),
        (
            [("a.0.b.0", 1), ("a.0.b.1", 1), ("a.1.b.0", 1)],
            [("a.0.b.[0-1]", 1), ("a.1.b.0", 1)],
        ),
    ],
)  # fmt: skip
def test_equal_lines_of_copies_are_one(
    items: list[tuple[str, int]], lines: list[tuple[str, int]]
) -> None:
    assert folded(items) == lines
