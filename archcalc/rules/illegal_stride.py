"""A stride that does not divide the way of the window: what is left unread, and what would fit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity
from archcalc.network.layers.windowed import Windowed
from archcalc.network.window import Window
from archcalc.rules import fitting
from archcalc.rules.base import Description, Finding, Rule, at_layer, windowed
from archcalc.wording import decimal, listed

LINES = {"height": "row", "width": "column", "depth": "slice", "length": "element"}


def check(analysis: Analysis) -> Iterator[Finding]:
    """A note where no input is missed: that is how most networks halve an even size."""
    for layer, _ in windowed(analysis, lambda window: not window.divides):
        misses_input = any(not (w.divides or w.loses_nothing) for w in layer.windows)
        severity = None if misses_input else Severity.NOTE
        yield at_layer(layer, partial(describe, layer), severity)


def describe(layer: LayerAnalysis) -> Description:
    windows, volume = layer.windows, layer.input_volumes[0]
    broken = [
        (window, axis)
        for window, axis in zip(windows, volume.axis_names, strict=True)
        if not window.divides
    ]
    facts = []
    for window, same in groupby(broken, key=lambda pair: pair[0]):
        axes = [axis for _, axis in same]
        facts.append(f"{listed(axes)}: {_fact(window, axes)}")
    assert isinstance(layer.layer, Windowed)
    at_input = layer.inputs == ("input",)
    hints = fitting.suggestions(layer.layer, volume, windows, at_input=at_input)
    return "; ".join(facts), hints


def _fact(window: Window, axes: list[str]) -> str:
    what = f"{window.written} = {decimal(window.exact)} is not whole"
    if window.ceil_mode and window.overhang:
        over = "padded input" if window.before + window.after else "input"
        by = "one " if window.overhang == 1 else ""
        return (
            f"{what}; ceil_mode makes it {window.output}, and the last window hangs over the "
            f"{over} by {by}{_lines(window.overhang, axes)}"
        )
    return f"{what}; the floor {window.output} is used, and {_unread(window, axes)}"


def _unread(window: Window, axes: list[str]) -> str:
    unread, real = window.unread, window.unread_input
    what = f"no window reaches the last {_lines(unread, axes)}"
    if real == 0:
        return f"{what}, which {'is' if unread == 1 and len(axes) == 1 else 'are'} padding only"
    if real == unread:
        return f"{what} of the input"
    return f"{what}, of which {real} {'is' if real == 1 else 'are'} input and the rest padding"


def _lines(count: int, axes: list[str]) -> str:
    """``row and column``, ``2 rows and columns``."""
    words = listed([LINES[axis] + ("s" if count > 1 else "") for axis in axes])
    return words if count == 1 else f"{count} {words}"


RULE = Rule(
    id="illegal-stride",
    severity=Severity.WARNING,
    summary="(N + P - D(F - 1) - 1) / S is not whole: the last rows are read by no window",
    manual=(
        "The floor is used, as frameworks do. The message says how many rows or columns after "
        "the last window no window reaches, and how many of those are input rather than "
        "padding; with ceil_mode, how far the last window hangs over. Where none of them is input, "
        "nothing is lost and the finding is a note, which fails no check and needs no `allow`: a "
        "kernel of 3 with stride 2 and padding 1 leaves the last row of padding of every even size "
        "unread, and a window that hangs over reads all there is. Tables mark such layers with "
        "`·`, the others with `!`. The suggestions are the "
        "smallest changes of padding, stride, kernel and input size after which the windows "
        "end with the input. They are searched among paddings smaller than the window (of a "
        "pooling: at most half its kernel), strides up to the window or today's stride, "
        "kernels up to a stride larger, and input sizes up to a stride away, and each is "
        "verified by counting windows. Those that change the stride, and with it the resolution "
        "of all that follows, come last."
    ),
    passes="""\
name: fits
input: 7x7x3
layers:
  - {type: conv, filters: 10, kernel: 3, stride: 2}
""",
    fails="""\
name: fits
input: 7x7x3
layers:
  - {type: conv, filters: 10, kernel: 3, stride: 3}
#   ^
""",
    check=check,
)
