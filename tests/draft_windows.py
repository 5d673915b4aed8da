"""Random keys of windows: kernel, stride, padding and dilation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from archcalc.network.volume import Volume

Draw = Callable[[st.SearchStrategy[Any]], Any]
Keys = dict[str, Any]


def per_axis(draw: Draw, volume: Volume, low: int, high: int) -> int | list[int]:
    each = st.integers(low, high)
    if draw(st.booleans()):
        number: int = draw(each)
        return number
    return [draw(each) for _ in volume.spatial]


def divisor(draw: Draw, number: int) -> int:
    found: int = draw(st.sampled_from([d for d in range(1, number + 1) if number % d == 0]))
    return found


def window(draw: Draw, volume: Volume, most: int = 3) -> Keys:
    """Kernel, stride, padding and dilation of a convolution."""
    found: Keys = {"kernel": per_axis(draw, volume, 1, most)}
    if draw(st.booleans()):
        found["stride"] = per_axis(draw, volume, 1, 3)
    if draw(st.booleans()):
        found["dilation"] = per_axis(draw, volume, 1, 2)
    number = st.integers(0, 2)
    form = draw(st.integers(0, 4))
    if form == 1:
        found["padding"] = per_axis(draw, volume, 0, 2)
    elif form == 2:
        found["padding"] = [[draw(number), draw(number)] for _ in volume.spatial]
    elif form == 3:
        found["padding"] = draw(st.sampled_from(["same", "valid", "causal"]))
    elif form == 4:
        found |= {"kernel": draw(st.sampled_from([1, 3])), "padding": "half"}
    return found


def conv(draw: Draw, volume: Volume) -> Keys:
    groups = divisor(draw, volume.channels) if draw(st.booleans()) else 1
    filters = groups * draw(st.integers(1, 4))
    found = {"filters": filters, **window(draw, volume), "bias": draw(st.booleans())}
    if (
        min(volume.channels, filters) > groups and draw(st.integers(0, 4)) == 0
    ):  # PyTorch takes no filter of 1
        found |= {"groups": groups, "standardized": True, "gain": draw(st.booleans())}
        return found
    if groups > 1:
        return {**found, "groups": groups}
    if draw(st.integers(0, 4)) == 0:
        maps = st.lists(st.integers(0, volume.channels - 1), min_size=1, max_size=3, unique=True)
        found["connection_table"] = [draw(maps) for _ in range(filters)]
    return found


def transposed(draw: Draw, volume: Volume) -> Keys:
    groups = divisor(draw, volume.channels)
    stride = draw(st.integers(1, 3))
    found: Keys = {
        "filters": groups * draw(st.integers(1, 3)), "kernel": per_axis(draw, volume, 1, 4),
        "stride": stride, "dilation": draw(st.integers(1, 2)), "groups": groups,
        "output_padding": draw(st.integers(0, stride - 1)), "bias": draw(st.booleans()),
    }  # fmt: skip
    form = draw(st.integers(0, 2))
    if form == 1:
        found["padding"] = per_axis(draw, volume, 0, 2)
    elif form == 2:
        number = st.integers(0, 2)
        found["padding"] = [[draw(number), draw(number)] for _ in volume.spatial]
    return found


def pooling(draw: Draw, volume: Volume) -> Keys:
    """With `ceil_mode` the padding is one that PyTorch takes: at most half the kernel, alike.

    On three axes its average pooling takes no window that is larger than the input.
    """
    if draw(st.booleans()):
        most = min(4, *volume.spatial) if len(volume.spatial) == 3 else 4
        kernel = draw(st.integers(1, most))
        found = {"kernel": kernel, "padding": draw(st.integers(0, kernel // 2))}
        if draw(st.booleans()):
            found["stride"] = draw(st.integers(1, 3))
        return {**found, "ceil_mode": draw(st.booleans())}
    found = window(draw, volume)
    found.pop("dilation", None)
    return found


def maxpool(draw: Draw, volume: Volume) -> Keys:
    return {**pooling(draw, volume), "dilation": draw(st.integers(1, 2))}


def blurred(draw: Draw, volume: Volume) -> Keys:
    """No more rows are mirrored than there are."""
    most = min(5, 2 * min(volume.spatial) - 1)
    return {"kernel": per_axis(draw, volume, 1, most), "stride": per_axis(draw, volume, 1, 3)}
