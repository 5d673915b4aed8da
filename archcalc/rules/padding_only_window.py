"""A window that sees nothing but padding."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.window import Window
from archcalc.rules.base import Description, Finding, Rule, Suggestion, at_layer, windowed

SEARCHED = 1000


def check(analysis: Analysis) -> Iterator[Finding]:
    for layer, window in windowed(analysis, lambda window: first_blind(window) is not None):
        yield at_layer(layer, partial(_describe, window))


def first_blind(window: Window) -> int | None:
    """The first window position that reads no input; None where there is none.

    Without large gaps of dilation, only windows at the two ends can stand on padding alone.
    """
    narrow = max(window.before, window.after) < window.extent and not window.ceil_mode
    if narrow and window.dilation <= window.size:
        return None
    count = window.output
    ends = {*range(min(count, SEARCHED)), *range(max(0, count - SEARCHED), count)}
    return next((o for o in sorted(ends) if not _reads_input(window, o)), None)


def _reads_input(window: Window, output: int) -> bool:
    """Whether one of the positions start + D m with 0 <= m < F lies within the input."""
    start = output * window.stride - window.before
    first = max(0, -(start // window.dilation))
    last = min(window.kernel - 1, (window.size - 1 - start) // window.dilation)
    return first <= last


def _describe(window: Window) -> Description:
    output = first_blind(window)
    assert output is not None
    start = output * window.stride - window.before
    message = (
        f"window {output} reads positions {start} to {start + window.extent - 1} of an input that "
        f"has 0 to {window.size - 1}: padding only, so its output is the same for every input"
    )
    half = (window.extent - 1) // 2
    return message, (Suggestion(f"`padding: {half}`", (("padding", half),)),)


RULE = Rule(
    id="padding-only-window",
    severity=Severity.WARNING,
    summary="a window stands on padding alone",
    manual=(
        "With as much padding as the window is large, the windows at the border see zeros "
        "only. Their outputs carry no information and still cost as much as the others."
    ),
    passes="""\
name: border
input: 8x8x3
layers:
  - {type: conv, filters: 8, kernel: 3, padding: 2}
""",
    fails="""\
name: border
input: 8x8x3
layers:
  - {type: conv, filters: 8, kernel: 3, padding: 3}
#   ^
""",
    check=check,
)
