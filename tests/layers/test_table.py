"""The table of layer types has every type that the files beside it declare, and no other."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import archcalc.network.layers
from archcalc.network.layers import ACTIVATIONS, LAYERS, Layer


def test_every_type_that_a_file_declares_is_in_the_table() -> None:
    folder = Path(archcalc.network.layers.__file__).parent
    modules = [
        import_module(f"archcalc.network.layers.{path.stem}")
        for path in folder.glob("*.py")
        if path.stem != "__init__"
    ]
    declared = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Layer) and "type" in vars(value)
    }
    assert declared == set(LAYERS.values())
    assert all(LAYERS[name].type == name for name in LAYERS)


def test_activations_are_types_that_need_nothing_but_their_name() -> None:
    assert all(layer is LAYERS[name] for name, layer in ACTIVATIONS.items())
    assert not any(key.required for layer in ACTIVATIONS.values() for key in layer.keys().values())
    assert {"prelu", "maxout"}.isdisjoint(ACTIVATIONS)
