"""Figures in the file next to computed ones: published, expected and budgeted."""

from __future__ import annotations

from math import floor

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.published import verdicts
from archcalc.analysis.quantities import QUANTITIES
from archcalc.renderers.markup import code, escaped, table
from archcalc.rules.figures import Held, budgets, expectations, written
from archcalc.views.budgets import margin
from archcalc.views.verdicts import HEADINGS, count, judged
from archcalc.wording import exact, percent


def published(analysis: Analysis) -> list[str]:
    """Every printed figure with its verdict, and with its note if it differs."""
    judgements = verdicts(analysis)
    if not judgements:
        return []
    rows = []
    for row in judged(judgements):
        verdict = f"{row.verdict}. {row.note}" if row.note else row.verdict
        rows.append([escaped(cell) for cell in row._replace(verdict=verdict).cells])
    lines = ["", "## Published figures", "", f"{count(judgements)}.", ""]
    return [*lines, *table(HEADINGS, rows)]


def held(analysis: Analysis) -> list[str]:
    """Expectations, and budgets with what is left of them, if the file has any."""
    lines: list[str] = []
    expected, bounded = expectations(analysis), budgets(analysis)
    if expected:
        headings = [("of", False), ("quantity", False), ("expected", True), ("computed", True),
                    ("", False)]  # fmt: skip
        rows = [[*_figure(held), "holds" if held.holds else "**differs**"] for held in expected]
        lines += ["", "## Expectations", "", *table(headings, rows)]
    if bounded:
        headings = [("of", False), ("quantity", False), ("budget", True), ("computed", True),
                    ("used", True), ("margin", True)]  # fmt: skip
        rows = [[*_figure(held), *_margin(held)] for held in bounded]
        lines += ["", "## Budgets", "", *table(headings, rows)]
    return lines


def _figure(held: Held) -> list[str]:
    return [
        code(held.path) if held.path else "network",
        escaped(held.figure.quantity),
        escaped(written(held.stated)),
        escaped(written(held.computed)),
    ]


def _margin(held: Held) -> tuple[str, str]:
    """The share of the budget that is used, and how much is left or over."""
    found = margin(held)
    if found is None:
        return "", "**not known**"
    used, left = found
    share = "" if used is None else percent(used.numerator, used.denominator)
    amount = exact(floor(abs(left)))
    side = "short" if QUANTITIES[held.figure.quantity].is_floor else "over"
    return share, f"{amount} left" if left >= 0 else f"**{amount} {side}**"
