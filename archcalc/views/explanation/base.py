"""Sections of an explanation, and how their products are written."""

from __future__ import annotations

from archcalc.network.counts import Sum
from archcalc.record import Record
from archcalc.wording import share


class Section(Record):
    """A heading and labelled lines."""

    title: str
    lines: list[tuple[str, str]]


def written(count: Sum) -> str:
    """``F x F x C x K = 11 x 11 x 3 x 96 = 34,848``; ``K = 96`` for a single factor."""
    if len(count) == len(count[0]) == 1:
        return f"{count.symbols} = {count.value:,}"
    return f"{count.symbols} = {count.numbers} = {count.value:,}"


def counted(label: str, count: Sum) -> list[tuple[str, str]]:
    """A count; where it is a sum of several products, each with its share of it first."""
    if len(count) == 1:
        return [(count[0].label or label, written(count))]
    lines = [
        (part.label, f"{written(Sum([part]))}, {share(part.value, count.value)}") for part in count
    ]
    total = " + ".join(f"{part.value:,}" for part in count)
    return [*lines, (label, f"{total} = {count.value:,}")]


def together(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Joins neighbouring lines that have the same text: ``height, width``."""
    joined: list[tuple[str, str]] = []
    for label, text in lines:
        if joined and joined[-1][1] == text:
            joined[-1] = (f"{joined[-1][0]}, {label}", text)
        else:
            joined.append((label, text))
    return joined
