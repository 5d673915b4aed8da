"""Printed figures next to computed ones, in words."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.published import Verdict
from archcalc.network.figures import Computed
from archcalc.network.values import Amount
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.wording import decimal, exact, shown

SHOWN = 4


class Judged(Record):
    """A verdict in words; ``note`` is what the file says about a figure that differs."""

    where: str
    quantity: str
    printed: str
    computed: str
    verdict: str
    source: str
    note: str | None

    @property
    def cells(self) -> tuple[str, ...]:
        return self[:-1]


HEADINGS = (
    ("where", False), ("quantity", False), ("printed", True), ("computed", True),
    ("verdict", False), ("source", False),
)  # fmt: skip


def judged(verdicts: Sequence[Verdict]) -> list[Judged]:
    return [
        Judged(
            where(verdict),
            verdict.claim.quantity,
            printed(verdict),
            "" if verdict.computed is None else written(verdict.computed),
            word(verdict),
            verdict.claim.source,
            None if verdict.agrees else verdict.claim.note,
        )
        for verdict in verdicts
    ]


def word(verdict: Verdict) -> str:
    """Agrees, differs (for a count by which factor), or not computed."""
    if verdict.computed is None:
        return "not computed"
    if verdict.agrees:
        return "agrees"
    return "differs" if verdict.ratio is None else f"differs, {decimal(verdict.ratio)} x"


def printed(verdict: Verdict) -> str:
    """The figure as it was printed."""
    figure = verdict.claim.figure
    return figure.text if isinstance(figure, Amount) else written(figure)


def written(value: Computed) -> str:
    if isinstance(value, int):
        return exact(value)
    return str(value) if isinstance(value, Volume) else "x".join(map(str, value))


def where(verdict: Verdict) -> str:
    """What a figure is about: a path or the network, and the variant if the figure names one."""
    claim = verdict.claim
    size = f" at {claim.input}" if claim.input else ""
    values = ", ".join(f"{name}={shown(value)}" for name, value in claim.variables)
    return f"{claim.at or 'network'}{size}{f' with {values}' if values else ''}"


def count(verdicts: Sequence[Verdict]) -> str:
    agreeing = sum(verdict.agrees for verdict in verdicts)
    return f"{agreeing} of {len(verdicts)} printed figures agree"


def brief(verdicts: Sequence[Verdict]) -> str:
    """How many figures agree, and the first few that do not, on one line."""
    others = judged([verdict for verdict in verdicts if not verdict.agrees])
    facts = [
        f"{row.where} {row.quantity} {row.printed}: {row.verdict.removeprefix('differs, ')}"
        for row in others[:SHOWN]
    ]
    more = [f"{len(others) - SHOWN} more"] if len(others) > SHOWN else []
    return "; ".join([count(verdicts), *facts, *more])
