"""The table of layer types names every type that the files beside it declare, and no other."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

import archcalc.network.layers
from archcalc.network.layers import ACTIVATIONS, FAMILIES, LAYERS, Layer

SHARED = {"__init__", "base", "window"}


def test_every_file_is_a_family() -> None:
    folder = Path(archcalc.network.layers.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - SHARED == set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_table_names_the_types_of_a_family(family: str) -> None:
    module = import_module(f"archcalc.network.layers.{family}")
    assert tuple(layer.type for layer in module.TYPES) == FAMILIES[family]
    declared = {
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Layer) and "type" in vars(value)
    }
    assert declared <= set(module.TYPES)


def test_looks_up_by_name() -> None:
    assert len(LAYERS) == 48
    assert all(LAYERS[name].type == name for name in LAYERS)
    assert set(ACTIVATIONS) == set(FAMILIES["activation"]) - {"prelu", "maxout"}
    assert "conv" in LAYERS
    assert "convolution" not in LAYERS
    with pytest.raises(KeyError):
        LAYERS["convolution"]
