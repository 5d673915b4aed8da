"""Figures of the file beside computed ones: published, expected, budgeted."""

from __future__ import annotations

from fractions import Fraction

from archcalc.analysis.analysis import Analysis
from archcalc.analysis.published import verdicts
from archcalc.network.figures import value_of
from archcalc.renderers.markup import code, escaped, table
from archcalc.rules.figures import Held, budgets, expectations, written
from archcalc.views import verdicts as words
from archcalc.wording import percent


def published(analysis: Analysis) -> list[str]:
    """Every printed figure with its verdict, and the note of those that differ."""
    found = verdicts(analysis)
    if not found:
        return []
    headings = [("where", False), ("quantity", False), ("printed", True), ("computed", True),
                ("verdict", False), ("source", False)]  # fmt: skip
    rows = []
    for each in found:
        computed = "" if each.computed is None else words.written(each.computed)
        note = f". {each.claim.note}" if each.claim.note and not each.agrees else ""
        rows.append(
            [
                escaped(words.where(each)),
                escaped(each.claim.quantity),
                escaped(words.printed(each)),
                computed,
                escaped(f"{words.word(each)}{note}"),
                escaped(each.claim.source),
            ]
        )
    lines = ["", "## Published figures", "", f"{words.count(found)}.", ""]
    return [*lines, *table(headings, rows)]


def held(analysis: Analysis) -> list[str]:
    """Expectations, and budgets with what is left of them; nothing where the file has none."""
    lines: list[str] = []
    expected, bounded = expectations(analysis), budgets(analysis)
    if expected:
        headings = [("of", False), ("quantity", False), ("expected", True), ("computed", True),
                    ("", False)]  # fmt: skip
        rows = [[*_of(each), "holds" if each.holds else "**differs**"] for each in expected]
        lines += ["", "## Expectations", "", *table(headings, rows)]
    if bounded:
        headings = [("of", False), ("quantity", False), ("budget", True), ("computed", True),
                    ("used", True), ("margin", True)]  # fmt: skip
        rows = [[*_of(each), *_margin(each)] for each in bounded]
        lines += ["", "## Budgets", "", *table(headings, rows)]
    return lines


def _of(each: Held) -> list[str]:
    return [
        code(each.path) if each.path else "network",
        escaped(each.figure.quantity),
        escaped(written(each.stated)),
        escaped(written(each.computed)),
    ]


def _margin(each: Held) -> tuple[str, str]:
    """The share of the budget that is used, and what is left of it or by how much it is over."""
    bound, computed = value_of(each.stated), each.computed
    assert isinstance(bound, int | Fraction)
    assert isinstance(computed, int)
    left = bound - computed
    used = Fraction(computed) / bound if bound else None
    share = percent(used.numerator, used.denominator) if used is not None else ""
    whole = f"{abs(left).__floor__():,}"
    return share, f"{whole} left" if left >= 0 else f"**{whole} over**"
