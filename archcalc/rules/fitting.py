"""The smallest changes that make a window fit: searched exhaustively, verified by counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archcalc.layers import Layer
from archcalc.tree import decimal
from archcalc.volume import Volume, Window

SEARCH_LIMIT = 10_000

Change = Callable[[Window, int], Window]


def fits(window: Window) -> bool:
    """Whether windows laid one after the other end exactly with the padded input, by counting."""
    last_start = window.size + window.after - window.extent
    starts = range(-window.before, last_start + 1, window.stride)
    return bool(starts) and starts[-1] == last_start


def suggestions(layer: Layer, volume: Volume, windows: tuple[Window, ...]) -> tuple[str, ...]:
    """A line per thing that can be changed: the value nearest to today's, or that there is none."""
    pooling = layer.family == "poolings"
    found = [_padding(windows, pooling)]
    found.append(_one(windows, "stride", lambda w: w.stride, _strides, _with_stride))
    kernels = _kernels_of_pooling if pooling else _kernels
    found.append(_one(windows, "kernel", lambda w: w.kernel, kernels, _with_kernel))
    found.append(_input(volume, windows))
    return tuple(found)


def nearest(window: Window, now: int, values: Iterable[int], change: Change) -> int | None:
    """The value closest to the one that stands there, the smaller of two, that makes it fit."""
    for value in sorted(values, key=lambda v: (abs(v - now), v)):
        if value != now and fits(change(window, value)):
            return value
    return None


def _with_stride(window: Window, value: int) -> Window:
    return window._replace(stride=value)


def _with_kernel(window: Window, value: int) -> Window:
    return window._replace(kernel=value)


def _with_padding(window: Window, value: int) -> Window:
    return window._replace(before=value, after=value)


def _with_end(window: Window, value: int) -> Window:
    return window._replace(after=value)


def _with_size(window: Window, value: int) -> Window:
    return window._replace(size=value)


def _strides(window: Window) -> range:
    """Strides that skip no input, up to the window's extent or today's stride."""
    return range(1, min(max(window.extent, window.stride), SEARCH_LIMIT) + 1)


def _kernels(window: Window) -> range:
    """Kernels up to a stride larger: without dilation, one of any S neighbours divides."""
    return range(1, min(window.kernel + window.stride, SEARCH_LIMIT) + 1)


def _kernels_of_pooling(window: Window) -> range:
    """As for convolutions, but at least twice the padding, as a pooling window must be."""
    smallest = 2 * max(window.before, window.after, 1) if window.before + window.after else 1
    return range(smallest, max(smallest, _kernels(window).stop))


def _paddings(window: Window, pooling: bool) -> range:
    """Padding smaller than the window, or up to half of a pooling's kernel."""
    most = window.kernel // 2 if pooling else window.extent - 1
    return range(min(most, SEARCH_LIMIT) + 1)


def _one(
    windows: tuple[Window, ...],
    name: str,
    now: Callable[[Window], int],
    values: Callable[[Window], range],
    change: Change,
) -> str:
    """The line for a number that every axis has, stride or kernel."""
    chosen = [now(w) if w.divides else nearest(w, now(w), values(w), change) for w in windows]
    if None in chosen:
        searched = next(values(w) for w, c in zip(windows, chosen, strict=True) if c is None)
        return f"no {name} {_range(searched)} makes it whole"
    known = [value for value in chosen if value is not None]
    sizes = [change(w, v).exact for w, v in zip(windows, known, strict=True)]
    return f"`{name}: {_values(known)}` gives {_sizes(sizes)}"


def _padding(windows: tuple[Window, ...], pooling: bool) -> str:
    """Symmetric padding, or where there is none, padding that differs by side."""
    pairs = []
    missing: range | None = None
    for window in windows:
        values = _paddings(window, pooling)
        pair = (window.before, window.after)
        if not window.divides:
            both = nearest(window, min(pair), values, _with_padding)
            end = nearest(window, window.after, values, _with_end) if both is None else None
            missing = values if both is None else missing
            pair = (
                (both, both)
                if both is not None
                else (window.before, end if end is not None else -1)
            )
        pairs.append(pair)
    none = f"no symmetric padding {_range(missing)} makes it whole" if missing is not None else ""
    if any(after < 0 for _, after in pairs):
        return none
    changed = [w._replace(before=a, after=b) for w, (a, b) in zip(windows, pairs, strict=True)]
    sizes = _sizes([w.exact for w in changed])
    if all(a == b for a, b in pairs):
        return f"`padding: {_values([a for a, _ in pairs])}` gives {sizes}"
    written = f"[{', '.join(f'[{a}, {b}]' for a, b in pairs)}]"
    found = f"`padding: {written}` gives {sizes}"
    return f"{none}; {found}" if none else found


def _input(volume: Volume, windows: tuple[Window, ...]) -> str:
    """Input sizes less than a stride away: one of any S neighbouring sizes fits."""
    sizes = [
        w.size
        if w.divides
        else nearest(w, w.size, range(max(1, w.size - w.stride), w.size + w.stride + 1), _with_size)
        for w in windows
    ]
    known = [size for size in sizes if size is not None]
    fitting = [_with_size(w, n).exact for w, n in zip(windows, known, strict=True)]
    return f"an input of {Volume(volume.channels, tuple(known))} gives {_sizes(fitting)}"


def _range(values: range) -> str:
    return f"from {values.start} to {values.stop - 1}" if len(values) > 1 else f"of {values.start}"


def _values(values: list[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(values)


def _sizes(sizes: Iterable[object]) -> str:
    return "x".join(decimal(size) for size in sizes)  # type: ignore[arg-type]
