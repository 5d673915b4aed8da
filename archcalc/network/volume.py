"""Volumes: channels and the sizes of spatial axes."""

from __future__ import annotations

from math import prod

from archcalc.record import Record

AXIS_NAMES = ((), ("length",), ("height", "width"), ("depth", "height", "width"))


class Volume(Record):
    """Channels and the sizes of zero to three spatial axes, without the batch."""

    channels: int
    spatial: tuple[int, ...] = ()

    @property
    def positions(self) -> int:
        """Spatial positions: H x W; 1 for a vector."""
        return prod(self.spatial)

    @property
    def elements(self) -> int:
        return self.channels * prod(self.spatial)

    @property
    def axis_names(self) -> tuple[str, ...]:
        return AXIS_NAMES[len(self.spatial)]

    def __str__(self) -> str:
        return "x".join(map(str, (*self.spatial, self.channels)))

    def described(self) -> str:
        """``227x227x3 (height x width x channels)``: what the order of the numbers is."""
        return f"{self} ({' x '.join((*self.axis_names, 'channels'))})"
