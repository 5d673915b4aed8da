"""Runs the user's code: a callable that makes a module, or a module that is there."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

from archcalc.importers.graph import Refused, Unfit
from archcalc.importers.pytorch.traced import Traced
from archcalc.importers.pytorch.tracing import said, traced
from archcalc.network.volume import Volume
from archcalc.wording import nearest, quoted

USUAL = Volume(3, (224, 224))


def built(
    module: str, name: str, input: Volume | None, arguments: Mapping[str, Any]
) -> tuple[Traced, Volume]:
    """What PyTorch traced, and the input that it was traced for.

    Raises:
        Refused: where there is no such callable, or its module cannot be built or traced.
    """
    make = found(module, name)
    torch = _torch()
    if not callable(make):
        fact = f"it is {type(make).__name__}, and nothing that makes a torch.nn.Module"
        raise Refused([Unfit(fact, f"{module}:{name}")])
    errors: list[str] = []
    for device in ("meta", "cpu"):
        try:
            with torch.device(device), redirect_stdout(sys.stderr), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = make(**arguments) if not isinstance(make, torch.nn.Module) else make
        except (Exception, SystemExit) as error:
            errors.append(f"it cannot be built: {said(error)}")
            continue
        if not isinstance(network, torch.nn.Module):
            fact = f"it gives {type(network).__name__}, and no torch.nn.Module"
            raise Refused([Unfit(fact, f"{module}:{name}")])
        notes: tuple[str, ...] = ()
        volume = input or _own_input(network)
        if volume is None:
            volume = USUAL
            notes = (f"modules state no input: {USUAL} is taken (--input states another)",)
        try:
            result = traced(network, volume, device)
        except Refused as refused:
            errors.append(refused.reasons[0].fact)
            continue
        return result._replace(notes=notes), volume
    raise Refused([Unfit(errors[-1], f"{module}:{name}")])


def found(module: str, callable: str) -> Any:
    """What the name stands for; the current folder is on the path.

    Raises:
        Refused: where there is no such thing, or its module does not import.
    """
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with redirect_stdout(sys.stderr):
            place: Any = import_module(module)
    except (Exception, SystemExit) as error:
        raise Refused([Unfit(f"it does not import: {said(error)}", module)]) from None
    for part in callable.split("."):
        if not hasattr(place, part):
            hints = "".join(f"; {hint}" for hint in nearest(part, dir(place)))
            raise Refused([Unfit(f"it has no {quoted(part)}{hints}", module)])
        place = getattr(place, part)
    return place


def _torch() -> Any:
    try:
        return import_module("torch")
    except ImportError as error:
        fact = f"modules are read with PyTorch, which does not import: {said(error)}"
        raise Refused([Unfit(fact, "torch")]) from None


def _own_input(network: Any) -> Volume | None:
    """The input that a model of timm says it has."""
    config = getattr(network, "default_cfg", None) or getattr(network, "pretrained_cfg", None)
    size = config.get("input_size") if isinstance(config, Mapping) else None
    if not size:
        return None
    channels, *spatial = size
    return Volume(channels, tuple(spatial))
