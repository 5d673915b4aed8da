"""The smallest changes that make a window fit: searched exhaustively, verified by counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from archcalc.network.layers.windowed import Windowed
from archcalc.network.volume import Volume
from archcalc.network.window import Window, by_axis
from archcalc.rules.base import RESAMPLES, Suggestion
from archcalc.wording import shown

SEARCH_LIMIT = 1_000

Change = Callable[[int], Window | None]
Ends = Callable[[int], bool]
Choices = Callable[[Window], range]


def fits(window: Window) -> bool:
    """Whether windows laid one after the other end exactly with the padded input, by counting."""
    last_start = window.size + window.after - window.extent
    starts = range(-window.before, last_start + 1, window.stride)
    return bool(starts) and starts[-1] == last_start


def suggestions(
    layer: Windowed, volume: Volume, windows: tuple[Window, ...], *, at_input: bool = False
) -> tuple[Suggestion, ...]:
    """A line per thing that can be changed: the value nearest to today's, or that there is none.

    Those that change the stride come last, since they change the size of all that follows.
    ``at_input`` tells that the layer reads the network's input, whose size can be changed.
    """
    return tuple(
        sorted(
            (
                _padding(layer, windows),
                _number(layer, volume, windows, "kernel", layer.kernels),
                _input(layer, volume, windows, at_input),
                _number(layer, volume, windows, "stride", layer.strides),
            ),
            key=lambda suggestion: suggestion.text.endswith(RESAMPLES),
        )
    )


def nearest(current: int, values: range, change: Change, ends: Ends) -> Window | None:
    """The fitting window of the value closest to the one that stands there, the smaller of two.

    ``ends`` tells by arithmetic for which values windows end with the padded input, so that only
    one is built and counted.
    """
    below = next(filter(ends, range(min(current, values.stop - 1), values.start - 1, -1)), None)
    stop = values.stop if below is None else min(values.stop, current + (current - below))
    above = next(filter(ends, range(max(current + 1, values.start), stop)), None)
    value = below if above is None else above
    window = None if value is None else change(value)
    return window if window and fits(window) else None


def _near(current: int, values: range) -> range:
    """The values as far as the search goes."""
    return range(
        max(values.start, current - SEARCH_LIMIT), min(values.stop, current + SEARCH_LIMIT + 1)
    )


def _number(
    layer: Windowed, volume: Volume, windows: tuple[Window, ...], name: str, choices: Choices
) -> Suggestion:
    """The line for a number that every axis has, stride or kernel."""
    fitting = _fitting(layer, windows, name, choices)
    chosen = [window for window in fitting if window is not None]
    if len(chosen) < len(windows):
        missing = fitting.index(None)
        along = "" if len(set(windows)) == 1 else f" along the {volume.axis_names[missing]}"
        searched = _range(_searched(windows[missing], name, choices))
        return Suggestion(f"no {name} {searched} makes it whole{along}", is_fact=True)
    follows = " (and with it the stride)" if name == "kernel" and layer.stride is None else ""
    value = _values([getattr(w, name) for w in chosen])
    text = f"`{name}: {shown(value)}`{follows} gives {sizes(chosen)}"
    if any(new.stride != old.stride for new, old in zip(chosen, windows, strict=True)):
        text += f" and {RESAMPLES}"
    return Suggestion(text, ((name, value),))


def _padding(layer: Windowed, windows: tuple[Window, ...]) -> Suggestion:
    """Symmetric padding, or where there is none, padding that differs by side."""
    missing: range | None = None

    def on_axis(window: Window) -> Window | None:
        nonlocal missing
        if window.divides:
            return window
        values = _near(0, layer.paddings(window))
        symmetric = _symmetric(window, values)
        if symmetric is None:
            missing = values
        return symmetric or _sided(window, values)

    chosen = [window for window in by_axis(on_axis, windows) if window is not None]
    value = _written(chosen)
    text, edits = f"`padding: {shown(value)}` gives {sizes(chosen)}", (("padding", value),)
    if missing is None:
        return Suggestion(text, edits)
    reach = "0" if len(missing) == 1 else f"0 to {missing.stop - 1}"
    none = f"padding {layer.padding_bound} ({reach}) makes it whole"
    if len(chosen) == len(windows):
        return Suggestion(f"no symmetric {none}; {text}", edits)
    return Suggestion(f"no {none}", is_fact=True)


def _symmetric(window: Window, values: range) -> Window | None:
    """The nearest padding that is the same before and after."""
    current = (window.before + window.after) // 2
    room = window.travel - window.before - window.after

    def ends(padding: int) -> bool:
        return room + 2 * padding >= 0 and (room + 2 * padding) % window.stride == 0

    return nearest(current, values, lambda p: window._replace(before=p, after=p), ends)


def _sided(window: Window, values: range) -> Window | None:
    """The nearest sum of padding, with the change at the end as far as it goes there."""

    most = values.stop - 1

    def split(total: int) -> Window:
        after = min(max(total - window.before, total - most, 0), most)
        return window._replace(before=total - after, after=after)

    padding = window.before + window.after

    def ends(total: int) -> bool:
        travel = window.travel - padding + total
        return travel >= 0 and travel % window.stride == 0

    return nearest(padding, range(2 * most + 1), split, ends)


def _written(windows: list[Window]) -> Any:
    if all(w.before == w.after for w in windows):
        return _values([w.before for w in windows])
    return [[w.before, w.after] for w in windows]


def _input(
    layer: Windowed, volume: Volume, windows: tuple[Window, ...], at_input: bool
) -> Suggestion:
    fitting = _fitting(layer, windows, "size", layer.input_sizes)
    chosen = [window for window in fitting if window is not None]
    if len(chosen) < len(windows):
        searched = _range(_searched(windows[fitting.index(None)], "size", layer.input_sizes))
        return Suggestion(f"no input size {searched} makes it whole", is_fact=True)
    named = Volume(volume.channels, tuple(window.size for window in chosen))
    text = f"an input of {named} gives {sizes(chosen)}"
    return Suggestion(text, input=named if at_input else None)


def _fitting(
    layer: Windowed, windows: tuple[Window, ...], name: str, choices: Choices
) -> tuple[Window | None, ...]:
    """Per axis the window of the nearest choice that fits; None where none does."""

    def on_axis(window: Window) -> Window | None:
        if window.divides:
            return window
        change, ends = partial(layer.changed, window, name), partial(layer.fits, window, name)
        return nearest(getattr(window, name), _searched(window, name, choices), change, ends)

    return by_axis(on_axis, windows)


def _searched(window: Window, name: str, choices: Choices) -> range:
    return _near(getattr(window, name), choices(window))


def _range(values: range) -> str:
    return f"from {values.start} to {values.stop - 1}" if len(values) > 1 else f"of {values.start}"


def _values(values: list[int]) -> int | list[int]:
    return values[0] if len(set(values)) == 1 else values


def sizes(windows: Iterable[Window]) -> str:
    return "x".join(str(window.output) for window in windows)
