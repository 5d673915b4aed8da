"""The axis of a volume that a key names: its channels, its positions, or a spatial axis."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.network.receptive_field import OWN_POSITION, Field
from archcalc.network.values import Choice
from archcalc.network.volume import Volume

CHANNELS, POSITIONS = "channels", "positions"
AXIS = Choice((CHANNELS, POSITIONS, "length", "height", "width", "depth"))


def place_of(axis: str, volume: Volume) -> int | None:
    """The place of a named axis among the spatial ones; None for the channels.

    Raises:
        Fault: ``axis-count`` where the volume has no such axis; ``positions`` are those of one.
    """
    names = volume.axis_names
    if axis == CHANNELS:
        return None
    if axis == POSITIONS and len(names) == 1:
        return 0
    if axis in names:
        return names.index(axis)
    known = f"its axes are {', '.join(names)}" if names else "it is a vector"
    wanted = "one axis of positions" if axis == POSITIONS else f"no {axis}"
    fact = f"the input {volume} has {'not ' if axis == POSITIONS else ''}{wanted}: {known}"
    raise Fault("axis-count", fact, key="axis")


def along(volume: Volume, place: int | None) -> int:
    """The size of an axis, or the channels."""
    return volume.channels if place is None else volume.spatial[place]


def with_size(volume: Volume, place: int | None, size: int) -> Volume:
    """A volume with another size along an axis, or with other channels."""
    if place is None:
        return Volume(size, volume.spatial)
    spatial = (*volume.spatial[:place], size, *volume.spatial[place + 1 :])
    return Volume(volume.channels, spatial)


def on_axis(field: Field, place: int, volume: Volume) -> tuple[Field, ...]:
    """A map per axis: the given one along an axis, along the others the own position."""
    return tuple([field if at == place else OWN_POSITION for at in range(len(volume.spatial))])
