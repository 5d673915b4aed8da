"""What differs between two networks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nets import text
from process import run

from archcalc import api
from archcalc.api import written
from archcalc.renderers import DIFFERENCE_FORMATS
from archcalc.renderers.difference import json as as_json
from archcalc.renderers.difference import markdown
from archcalc.renderers.difference import text as as_text
from archcalc.views.difference import Difference, difference

OLD = [
    "{type: conv, name: a, filters: 8, kernel: 3}",
    "{type: relu, name: b}",
    "{type: linear, name: c, units: 10}",
]
NEW = [
    "{type: conv, name: a, filters: 8, kernel: [3, 5], bias: false}",
    "{type: maxpool, name: p, kernel: 2}",
    "{type: linear, name: c, units: 10}",
]


def found(old: list[str], new: list[str]) -> Difference:
    before, after = (api.analyze(api.loads(text(each, "9x9x3"))) for each in (old, new))
    return difference(before, after)


def test_layers_are_matched_by_their_names() -> None:
    change = found(OLD, NEW)
    assert [layer.name for layer in change.removed] == ["b"]
    assert [layer.name for layer in change.added] == ["p"]
    assert {layer.path for layer in change.changed} == {"a", "c"}
    (changes,) = (layer.changes for layer in change.changed if layer.path == "a")
    conv: dict[str, Any] = {name: (old, new) for name, old, new in changes}
    assert conv["kernel"] == ([3, 3], [3, 5])
    assert conv["weights"] == (3 * 3 * 3 * 8, 3 * 5 * 3 * 8)
    assert conv["biases"] == (8, 0)
    assert conv["receptive_field"] == ([3, 3], [3, 5])
    assert "stride" not in conv


def test_totals_that_differ_with_the_step() -> None:
    lines = as_text(found(OLD, NEW)).splitlines()
    old = 3 * 3 * 3 * 8 + 8 + (7 * 7 * 8 * 10 + 10)
    new = 3 * 5 * 3 * 8 + (3 * 2 * 8 * 10 + 10)
    (params,) = [line for line in lines if line.startswith("params")]
    assert params.startswith(f"params            {old:,} -> {new:,}  -{old - new:,} (-")


def test_equal_networks_have_no_difference() -> None:
    assert as_text(found(OLD, OLD)) == "no difference\n"
    assert "No difference." in markdown(found(OLD, OLD))
    layers = json.loads(as_json(found(OLD, OLD)))["layers"]
    assert layers == {"added": [], "removed": [], "changed": [], "renamed": []}


def test_differences_read_as_they_did(golden: Callable[[str, str], None]) -> None:
    for old, new in (("resnet50", "resnet50-torchvision"), ("vgg16", "vgg19")):
        change = difference(*(api.analyze(api.load(name)) for name in (old, new)))
        golden(f"diff-{new}.txt", as_text(change))
        golden(f"diff-{new}.md", markdown(change))
        golden(f"diff-{new}.json", as_json(change))


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_command(tmp_path: Path, form: str) -> None:
    for name, entries in (("old", OLD), ("new", NEW)):
        (tmp_path / f"{name}.yaml").write_text(text(entries, "9x9x3"), encoding="utf-8")
    done = run("diff", "old.yaml", "new.yaml", "--format", form, cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out == written(DIFFERENCE_FORMATS[form], found(OLD, NEW))


def test_one_side_from_standard_input() -> None:
    assert run("diff", "-", "vgg16", stdin=api.load("vgg16").source.text).out == "no difference\n"
    done = run("diff", "-", "-")
    assert done.status == 2
    assert "only one of OLD and NEW" in done.err
