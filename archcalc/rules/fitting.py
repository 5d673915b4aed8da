"""The smallest changes that make a window fit: searched exhaustively, verified by counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from archcalc.network.layers.window import Windowed
from archcalc.network.volume import Volume
from archcalc.network.window import Window, by_axis, same_padding
from archcalc.rules.base import Suggestion

SEARCH_LIMIT = 1_000

Change = Callable[[int], Window | None]


def fits(window: Window) -> bool:
    """Whether windows laid one after the other end exactly with the padded input, by counting."""
    last_start = window.size + window.after - window.extent
    starts = range(-window.before, last_start + 1, window.stride)
    return bool(starts) and starts[-1] == last_start


def suggestions(
    layer: Windowed, volume: Volume, windows: tuple[Window, ...], *, at_input: bool = False
) -> tuple[Suggestion, ...]:
    """A line per thing that can be changed: the value nearest to today's, or that there is none.

    ``at_input`` tells that the layer reads the network's input, whose size can be changed.
    """
    return (
        _padding(layer, windows),
        _number(layer, volume, windows, "stride"),
        _number(layer, volume, windows, "kernel"),
        _input(layer, volume, windows, at_input),
    )


def _padded(layer: Windowed, window: Window) -> Window | None:
    """The window with the padding that ``same`` and ``half`` give it; None where that is none."""
    if layer.padding == "same":
        before, after = same_padding(window.size, window.kernel, window.stride, window.dilation)
        return window._replace(before=before, after=after)
    if layer.padding == "half":
        half, rest = divmod(window.extent - 1, 2)
        return None if rest else window._replace(before=half, after=half)
    return window


def with_stride(layer: Windowed, window: Window, value: int) -> Window | None:
    return _padded(layer, window._replace(stride=value))


def with_kernel(layer: Windowed, window: Window, value: int) -> Window | None:
    """Another kernel, and with it the stride where none is written."""
    stride = value if layer.stride is None else window.stride
    return _padded(layer, window._replace(kernel=value, stride=stride))


def with_size(layer: Windowed, window: Window, value: int) -> Window | None:
    return _padded(layer, window._replace(size=value))


def nearest(current: int, values: range, change: Change) -> Window | None:
    """The fitting window of the value closest to the one that stands there, the smaller of two."""
    for value in _outward(current, values):
        window = change(value)
        if window is not None and fits(window):
            return window
    return None


def _outward(current: int, values: range) -> Iterator[int]:
    closest = max(0, values.start - current, current - values.stop + 1)
    furthest = max(abs(values.start - current), abs(values.stop - 1 - current))
    for distance in range(closest, furthest + 1):
        for value in dict.fromkeys((current - distance, current + distance)):
            if value in values:
                yield value


def _near(current: int, lowest: int, highest: int) -> range:
    """The whole range, as far as the search goes."""
    return range(max(lowest, current - SEARCH_LIMIT), min(highest, current + SEARCH_LIMIT) + 1)


def _strides(layer: Windowed, window: Window) -> range:
    """Strides that skip no input, up to the window's extent or today's stride."""
    return _near(window.stride, 1, max(window.extent, window.stride))


def _kernels(layer: Windowed, window: Window) -> range:
    """Kernels up to a stride larger: without dilation, one of any S neighbours divides.

    Those of a pooling are at least twice its padding, and 2 where the stride is the kernel.
    """
    lowest = 1
    if layer.family == "poolings":
        follows = layer.padding in ("same", "half")
        padded = 0 if follows else 2 * max(window.before, window.after)
        lowest = max(padded, 1 if layer.stride else 2)
    return _near(window.kernel, lowest, max(lowest, window.kernel + window.stride))


NUMBERS: Mapping[
    str,
    tuple[
        Callable[[Windowed, Window], range],
        Callable[[Windowed, Window, int], Window | None],
    ],
] = {"stride": (_strides, with_stride), "kernel": (_kernels, with_kernel)}


def _number(layer: Windowed, volume: Volume, windows: tuple[Window, ...], name: str) -> Suggestion:
    """The line for a number that every axis has, stride or kernel."""
    values, change = NUMBERS[name]

    def found(window: Window) -> Window | None:
        if window.divides:
            return window
        return nearest(getattr(window, name), values(layer, window), partial(change, layer, window))

    fitting = by_axis(found, windows)
    chosen = [window for window in fitting if window is not None]
    if len(chosen) < len(windows):
        missing = fitting.index(None)
        along = "" if len(set(windows)) == 1 else f" along the {volume.axis_names[missing]}"
        searched = _range(values(layer, windows[missing]))
        return Suggestion(f"no {name} {searched} makes it whole{along}", is_fact=True)
    follows = " (and with it the stride)" if name == "kernel" and layer.stride is None else ""
    value = _values([getattr(w, name) for w in chosen])
    return Suggestion(f"`{name}: {value}`{follows} gives {sizes(chosen)}", ((name, value),))


def _padding(layer: Windowed, windows: tuple[Window, ...]) -> Suggestion:
    """Symmetric padding, or where there is none, padding that differs by side."""
    pooling = layer.family == "poolings"
    missing: range | None = None

    def found(window: Window) -> Window | None:
        nonlocal missing
        if window.divides:
            return window
        most = window.kernel // 2 if pooling else window.extent - 1
        values = range(min(most, SEARCH_LIMIT) + 1)
        fitting = _symmetric(window, values)
        if fitting is None:
            missing = values
            fitting = _sided(window, values)
        return fitting

    chosen = by_axis(found, windows)
    known = [window for window in chosen if window is not None]
    whole = len(known) == len(windows)
    value = _written(known)
    text, edits = f"`padding: {value}` gives {sizes(known)}", (("padding", value),)
    if missing is None:
        return Suggestion(text, edits)
    bound = "of at most half the kernel" if pooling else "smaller than the window"
    reach = "0" if len(missing) == 1 else f"0 to {missing.stop - 1}"
    none = f"padding {bound} ({reach}) makes it whole"
    if whole:
        return Suggestion(f"no symmetric {none}; {text}", edits)
    return Suggestion(f"no {none}", is_fact=True)


def _symmetric(window: Window, values: range) -> Window | None:
    """The nearest padding that is the same before and after."""
    current = (window.before + window.after) // 2
    return nearest(current, values, lambda p: window._replace(before=p, after=p))


def _sided(window: Window, values: range) -> Window | None:
    """The nearest sum of padding, with the change at the end as far as it goes there."""

    most = values.stop - 1

    def split(total: int) -> Window:
        after = min(max(total - window.before, total - most, 0), most)
        return window._replace(before=total - after, after=after)

    return nearest(window.before + window.after, range(2 * most + 1), split)


def _written(windows: list[Window]) -> str:
    if all(w.before == w.after for w in windows):
        return _values([w.before for w in windows])
    return f"[{', '.join(f'[{w.before}, {w.after}]' for w in windows)}]"


def _input(
    layer: Windowed, volume: Volume, windows: tuple[Window, ...], at_input: bool
) -> Suggestion:
    """Input sizes at most a stride away: one of any S neighbouring sizes fits."""

    def sizes_of(window: Window) -> range:
        return _near(window.size, max(1, window.size - window.stride), window.size + window.stride)

    def found(window: Window) -> Window | None:
        if window.divides:
            return window
        return nearest(window.size, sizes_of(window), partial(with_size, layer, window))

    fitting = by_axis(found, windows)
    chosen = [window for window in fitting if window is not None]
    if len(chosen) < len(windows):
        values = sizes_of(windows[fitting.index(None)])
        return Suggestion(f"no input size {_range(values)} makes it whole", is_fact=True)
    named = Volume(volume.channels, tuple(window.size for window in chosen))
    text = f"an input of {named} gives {sizes(chosen)}"
    return Suggestion(text, input=str(named) if at_input else None)


def _range(values: range) -> str:
    return f"from {values.start} to {values.stop - 1}" if len(values) > 1 else f"of {values.start}"


def _values(values: list[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(values)


def sizes(windows: Iterable[Window]) -> str:
    return "x".join(str(window.output) for window in windows)
