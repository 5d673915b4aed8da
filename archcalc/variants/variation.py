"""An architecture with some of its values changed, and ARCH@NAME=VALUE, which names one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archcalc.variants.space import Axis, Variant, axis, space, title, variants
from archcalc.wording import quoted

COMPARED_LIMIT = 100  # variants side by side


def split(target: str) -> tuple[str, Variant]:
    """``net.yaml@width=0.5@input=160`` as a target and the values that it sets.

    A file that has such a name is that file.

    Raises:
        ValueError: for what does not set a value.
    """
    if "@" not in target or os.path.exists(target):
        return target, {}
    name, *settings = target.split("@")
    values: dict[str, str] = {}
    for setting in settings:
        one = axis(setting)
        if len(one.values) > 1:
            raise ValueError(f"{quoted(target)} names one variant; several values stand in --vary")
        values[one.name] = one.values[0]
    return name, values


def titled(targets: Sequence[str], varied: Sequence[str]) -> list[tuple[str, Variant, str]]:
    """Every variant of every target: target, values, and what differs from the others.

    Raises:
        ValueError: for text that names no variants, for a name that is varied twice, and for more
            than `COMPARED_LIMIT` variants.
    """
    axes = space(varied)
    found = list(_variants(targets, axes))
    if len(found) > COMPARED_LIMIT:
        raise ValueError(
            f"there are {len(found):,} variants; {COMPARED_LIMIT} can be shown side by side "
            "(`archcalc sweep` writes all)"
        )
    return found


def _variants(targets: Sequence[str], axes: Sequence[Axis]) -> Iterator[tuple[str, Variant, str]]:
    several = len({split(target)[0] for target in targets}) > 1
    for target in targets:
        name, fixed = split(target)
        for values in variants(axes):
            twice = [key for key in values if key in fixed]
            if twice:
                raise ValueError(f"{quoted(target)} sets {twice[0]}, which --vary varies")
            both = {**fixed, **values}
            shown = name.replace("\\", "/").rsplit("/", 1)[-1]
            said = title(both)
            yield name, both, f"{shown} {said}" if said and several else said or shown


def options(values: Variant, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a calculation with a variant's values in the place of those given."""
    variables = {name: value for name, value in values.items() if name != "input"}
    own = given.get("variables")
    both = {**(own if isinstance(own, Mapping) else {}), **variables}
    found = {**given, "variables": both}
    return {**found, "input": values["input"]} if "input" in values else found
