"""Layers that are passed over as equal have equal facts, whatever else of the networks differs."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.analysis.analysis import Analysis
from archcalc.views import difference as views

FROZEN = "name: x\ninput: 8x8x3\nlayers:\n  - {type: conv, filters: 4, kernel: 3, frozen: @}\n"


def shipped(name: str, **options: object) -> Analysis:
    return archcalc.analyze(archcalc.load(name), **options)  # type: ignore[arg-type]


def frozen(word: str) -> Analysis:
    return archcalc.analyze(archcalc.loads(FROZEN.replace("@", word)))


PAIRS = {
    "equal": lambda: (shipped("resnet18"), shipped("resnet18")),
    "blocks": lambda: (shipped("resnet18"), shipped("resnet34")),
    "input": lambda: (shipped("vgg16"), shipped("vgg16", input="256x224")),
    "batch": lambda: (shipped("lenet5"), shipped("lenet5", batch=3)),
    "bytes": lambda: (shipped("lenet5"), shipped("lenet5", dtype="float16")),
    "frozen": lambda: (frozen("true"), frozen("false")),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_changes_are_those_of_all_facts(pair: str) -> None:
    old, new = PAIRS[pair]()
    before = {layer.name: layer for layer in old.layers}
    expected = {
        layer.name: views.changes(views._facts(before[layer.name], old), views._facts(layer, new))
        for layer in new.layers
        if layer.name in before
    }
    found = views.difference(old, new)
    changed = {layer.path: layer.changes for layer in found.changed}
    assert changed == {path: facts for path, facts in expected.items() if facts}
    assert found.is_empty == (pair == "equal") or pair == "frozen"
