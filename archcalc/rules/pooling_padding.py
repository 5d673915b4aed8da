"""Padding of a pooling that is more than half of its window."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.window import Window
from archcalc.rules.base import Description, Finding, Rule, Suggestion, at_layer, windowed


def check(analysis: Analysis) -> Iterator[Finding]:
    for layer, window in windowed(analysis, _too_much):
        if layer.layer.halves_padding:
            yield at_layer(layer, partial(_describe, window))


def _too_much(window: Window) -> bool:
    """One that is all before, and leaves every window an input, is added before the pooling."""
    if (window.before, window.after) == (window.extent - 1, 0):
        return False
    return 2 * max(window.before, window.after) > window.extent


def _describe(window: Window) -> Description:
    padding, half = max(window.before, window.after), window.extent // 2
    message = (
        f"padding {padding} is more than half of the window's {window.extent}, and PyTorch refuses "
        "it: a window could stand on padding alone"
    )
    kernel = 2 * padding
    return message, (
        Suggestion(f"`padding: {half}`", (("padding", half),)),
        Suggestion(f"`kernel: {kernel}`", (("kernel", kernel),)),
    )


RULE = Rule(
    id="pooling-padding",
    severity=Severity.WARNING,
    summary="padding of a pooling is more than half of its window",
    manual=(
        "A pooling window that is padded by more than half of its size can stand on padding "
        "alone, where there is nothing to take a mean or maximum of. PyTorch raises an error."
    ),
    passes="""\
name: padded
input: 8x8x3
layers:
  - {type: maxpool, kernel: 3, stride: 1, padding: 1}
""",
    fails="""\
name: padded
input: 8x8x3
layers:
  - {type: maxpool, kernel: 3, stride: 1, padding: 2}
#   ^
""",
    check=check,
)
