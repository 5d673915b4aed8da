"""Words for verdicts on printed figures."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.published import Verdict
from archcalc.network.figures import Amount, Computed
from archcalc.network.volume import Volume
from archcalc.wording import decimal, exact

SHOWN = 4


def word(verdict: Verdict) -> str:
    """agrees; differs, with computed / printed for a count; or that nothing could be computed."""
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
    """The path that a figure speaks of, or the network, and the input if it has its own."""
    claim = verdict.claim
    size = f" at {claim.input}" if claim.input else ""
    return f"{claim.at or 'network'}{size}"


def count(verdicts: Sequence[Verdict]) -> str:
    agreeing = sum(verdict.agrees for verdict in verdicts)
    return f"{agreeing} of {len(verdicts)} printed figures agree"


def brief(verdicts: Sequence[Verdict]) -> str:
    """One line: how many figures agree, and the first few that do not."""
    others = [verdict for verdict in verdicts if not verdict.agrees]
    facts = [
        f"{where(v)} {v.claim.quantity} {printed(v)}: {word(v).removeprefix('differs, ')}"
        for v in others[:SHOWN]
    ]
    more = [f"{len(others) - SHOWN} more"] if len(others) > SHOWN else []
    return "; ".join([count(verdicts), *facts, *more])
