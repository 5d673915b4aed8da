"""Padding in numbers, from any of the ways to write it."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.network.layers.checks import wrong_axes
from archcalc.network.values import Padding
from archcalc.network.volume import Volume
from archcalc.network.window import same_padding


def paddings(
    padding: Padding,
    volume: Volume,
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> tuple[tuple[int, int], ...]:
    """Padding before and after, per axis.

    Raises:
        Fault: ``axis-count``; ``not-an-integer`` for ``half`` of an odd D(F - 1).
    """
    if padding == "same":
        return tuple(map(same_padding, volume.spatial, kernel, stride, dilation))
    if padding == "half":
        return half_padding(volume, kernel, dilation)
    if padding == "causal":
        return tuple((d * (f - 1), 0) for f, d in zip(kernel, dilation, strict=True))
    return pads(padding, volume, "padding")


def half_padding(
    volume: Volume, kernel: tuple[int, ...], dilation: tuple[int, ...]
) -> tuple[tuple[int, int], ...]:
    """D(F - 1) / 2 on both sides.

    Raises:
        Fault: ``not-an-integer`` where that is not whole.
    """
    for name, f, d in zip(volume.axis_names, kernel, dilation, strict=True):
        if d * (f - 1) % 2:
            formula = f"{d}({f} - 1)/2" if d > 1 else f"({f} - 1)/2"
            raise Fault(
                "not-an-integer",
                f"padding half is {formula} = {d * (f - 1) / 2} along the {name}, "
                "and an integer is needed",
                key="padding",
            )
    return tuple((d * (f - 1) // 2,) * 2 for f, d in zip(kernel, dilation, strict=True))


def pads(
    padding: int | tuple[int, ...] | tuple[tuple[int, int], ...], volume: Volume, name: str
) -> tuple[tuple[int, int], ...]:
    """Numbers before and after, per axis, from any of the ways to write them.

    Raises:
        Fault: ``axis-count`` where a list has not one entry per spatial axis.
    """
    if isinstance(padding, int):
        return ((padding, padding),) * len(volume.spatial)
    if len(padding) != len(volume.spatial):
        raise wrong_axes(name, len(padding), volume)
    return tuple((p, p) if isinstance(p, int) else p for p in padding)


def mirrored(name: str, size: int, padding: tuple[int, int], key: str | None = None) -> None:
    """Refuse more mirrored rows than there are beside the one at the edge, as PyTorch does.

    Raises:
        Fault: ``wrong-value``.
    """
    if max(padding) >= size:
        rows = f"{size - 1} {'row' if size == 2 else 'rows'}"
        fact = f"{name}: {max(padding)} rows are mirrored, and {size} have {rows} behind the edge"
        raise Fault("wrong-value", fact, key=key)
