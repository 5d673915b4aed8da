"""A stride larger than the window: input between two windows is never read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.network.window import Window
from archcalc.rules.base import (
    RESAMPLES,
    Description,
    Finding,
    Rule,
    Suggestion,
    at_layer,
    windowed,
)


def check(analysis: Analysis) -> Iterator[Finding]:
    for layer, window in windowed(analysis, _skips):
        yield at_layer(layer, partial(_describe, window))


def _skips(window: Window) -> bool:
    return window.stride > window.extent and window.output > 1


def _describe(window: Window) -> Description:
    skipped = window.stride - window.extent
    message = (
        f"stride {window.stride} is larger than the window, which spans {window.extent}: "
        f"of every {window.stride} rows, {skipped} {'is' if skipped == 1 else 'are'} never read"
    )
    kernel = str(window.stride)
    return message, (
        Suggestion(f"`kernel: {kernel}`", (("kernel", window.stride),)),
        Suggestion(f"`stride: {window.extent}`, which {RESAMPLES}", (("stride", window.extent),)),
    )


RULE = Rule(
    id="input-skipped",
    severity=Severity.WARNING,
    summary="the stride is larger than the window: rows between windows are never read",
    manual=(
        "Where the stride is larger than what a window spans, some of the input reaches no "
        "output. A 1x1 convolution with stride 2 reads a quarter of its input. Residual "
        "networks do so in their projections; elsewhere it is mostly a slip."
    ),
    passes="""\
name: skipping
input: 9x9x3
layers:
  - {type: conv, filters: 8, kernel: 3, stride: 3}
""",
    fails="""\
name: skipping
input: 9x9x3
layers:
  - {type: conv, filters: 8, kernel: 3, stride: 6}
#   ^
""",
    check=check,
)
