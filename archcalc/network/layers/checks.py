"""What layers check of their keys against the axes and channels that come in."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.network.layers.keys import Keyed
from archcalc.network.values import PerAxis
from archcalc.network.volume import Volume


def per_axis(value: PerAxis, volume: Volume, name: str) -> tuple[int, ...]:
    """One number per spatial axis of the input.

    Raises:
        Fault: ``axis-count`` where a list has another length.
    """
    rank = len(volume.spatial)
    if isinstance(value, int):
        return (value,) * rank
    if len(value) != rank:
        raise wrong_axes(name, len(value), volume)
    return value


def wrong_axes(name: str, count: int, volume: Volume) -> Fault:
    rank = len(volume.spatial)
    axes = f" ({', '.join(volume.axis_names)})" if rank else ""
    return Fault(
        "axis-count",
        f"{name} has {count} {'entry' if count == 1 else 'entries'}, and the layer's input has "
        f"{rank or 'no'} spatial {'axis' if rank == 1 else 'axes'}{axes}",
        key=name,
    )


def needs_axes(layer: Keyed, volume: Volume) -> None:
    """Refuse a vector where a layer works on spatial axes.

    Raises:
        Fault: ``axis-count``.
    """
    if not volume.spatial:
        raise Fault(
            "axis-count",
            f"{layer.type} works on spatial axes, and its input {volume} is a vector",
        )


def divided(count: int, by: int, what: str, name: str, rule: str = "indivisible-size") -> int:
    """count / by.

    Raises:
        Fault: of the rule, where that is not whole.
    """
    if count % by:
        raise Fault(
            rule, f"{count} {what} / {by} {name} = {count // by} remainder {count % by}", key=name
        )
    return count // by


def check_groups(groups: int, channels: int, filters: int) -> None:
    """Groups must divide the channels that come in and the filters.

    Raises:
        Fault: ``indivisible-groups``.
    """
    if channels % groups == filters % groups == 0:
        return
    facts = [
        f"{count} {what} / {groups} groups = {count // groups} remainder {count % groups}"
        for count, what in ((channels, "input channels"), (filters, "filters"))
        if count % groups
    ]
    raise Fault("indivisible-groups", "; ".join(facts), key="groups")
