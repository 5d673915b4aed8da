"""Runs the user's code: a callable that makes a module, or a module that is there."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from archcalc.importers.graph import Refused, Unfit
from archcalc.importers.pytorch.traced import Traced
from archcalc.importers.pytorch.tracing import traced
from archcalc.network.volume import Volume

USUAL = Volume(3, (224, 224))


def built(
    module: str, callable: str, input: Volume | None, arguments: Mapping[str, Any]
) -> tuple[Traced, Volume]:
    """What PyTorch traced, and the input that it was traced for.

    Raises:
        Refused: where it cannot be built or traced.
        ImportError, AttributeError: where there is no such callable.
    """
    import torch

    make = found(module, callable)
    errors: list[str] = []
    for device in ("meta", "cpu"):
        try:
            with torch.device(device), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = make(**arguments) if not isinstance(make, torch.nn.Module) else make
        except Exception as error:
            errors.append(f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")
            continue
        if not isinstance(network, torch.nn.Module):
            fact = f"it gives {type(network).__name__}, and no torch.nn.Module"
            raise Refused([Unfit(fact, f"{module}:{callable}")])
        notes: tuple[str, ...] = ()
        volume = input or _own_input(network)
        if volume is None:
            volume = USUAL
            notes = (f"modules state no input: {USUAL} is taken (--input states another)",)
        try:
            result = traced(network, volume, device)
        except Refused as refused:
            errors.append(str(refused))
            continue
        return result._replace(notes=notes), volume
    raise Refused([Unfit(errors[-1], f"{module}:{callable}")])


def found(module: str, callable: str) -> Any:
    """What the name stands for; the current folder is on the path.

    Raises:
        ImportError, AttributeError: where there is no such thing.
    """
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    place: Any = import_module(module)
    for part in callable.split("."):
        place = getattr(place, part)
    return place


def _own_input(network: Any) -> Volume | None:
    """The input that a model of timm says it has."""
    config = getattr(network, "default_cfg", None) or getattr(network, "pretrained_cfg", None)
    size = config.get("input_size") if isinstance(config, Mapping) else None
    if not size:
        return None
    channels, *spatial = size
    return Volume(channels, tuple(spatial))
