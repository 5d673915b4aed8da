"""Which layers hold most of the cost, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import code, escaped, table
from archcalc.views import totals as summary
from archcalc.views.cost import MOST, Ends, Holders, all_holders, ends
from archcalc.views.outline import Stage, stages
from archcalc.wording import exact, share

SHOWN = 10


def section(analysis: Analysis) -> list[str]:
    held = all_holders(analysis)
    lines = ["", "## Where the cost is", ""]
    lines += [f"- {sentence}" for sentence in _sentences(analysis, held)]
    few = [holders for holders in held if 0 < len(holders.largest) <= SHOWN]
    if few:
        lines += ["", f"The layers that hold {MOST}%, largest first:", "", *_table(few)]
    staged = stages(analysis)
    if len(staged) > 1:
        lines += ["", "By stage:", "", *_by_stage(analysis, staged)]
    return lines


def _sentences(analysis: Analysis, held: Sequence[Holders]) -> Iterator[str]:
    """Computed facts; the sentence known from lectures appears only where it is true."""
    first_and_last = ends(analysis)
    yield from early_and_late(first_and_last) if first_and_last else ()
    for family in summary.shares(analysis):
        yield f"{escaped(family[0].upper() + family[1:])}."
    for holders in held:
        if holders.largest:
            (name, value), count = holders.largest[0], len(holders.largest)
            which = "1 row holds" if count == 1 else f"{count:,} rows hold"
            yield (
                f"{holders.quantity[0].upper()}{holders.quantity[1:]}: {which} {MOST}%, of "
                f"{holders.rows:,} that have any; the largest is {code(name)} with "
                f"{share(value, holders.total)}."
            )


def early_and_late(ends: Ends) -> Iterator[str]:
    """Says whether early convolutions hold most memory and late linear layers most parameters."""
    first = f"{ends.early} of {ends.convolutions}"
    memory, params = share(*ends.memory), share(*ends.params)
    if ends.memory.is_most and ends.params.is_most:
        yield (
            "Most memory is in the early convolutions, most parameters in the late fully connected "
            f"layers: {memory} of the activation memory in the first {first}, and {params} of the "
            f"parameters in {ends.late} at the end."
        )
    elif ends.memory.is_most:
        yield f"Most memory is in the early convolutions: {memory} in the first {first}."
    elif ends.params.is_most:
        yield (
            f"Most parameters are in the late fully connected layers: {params} in {ends.late} at "
            "the end."
        )


def _table(held: Sequence[Holders]) -> list[str]:
    headings = [("of the", False), ("share", True), ("amount", True), ("layer", False)]
    rows: list[tuple[str, str, str, str]] = []
    for holders in held:
        for index, (name, value) in enumerate(holders.largest):
            quantity = "" if index else holders.quantity
            rows.append((quantity, share(value, holders.total), exact(value), code(name)))
    return table(headings, rows)


def _by_stage(analysis: Analysis, staged: Sequence[Stage]) -> list[str]:
    totals = analysis.totals
    headings = [("stage", False), ("resolution", False), ("layers", True), ("params", True),
                ("MACs", True), ("activation memory", True)]  # fmt: skip
    rows = []
    for stage in staged:
        layers = stage.layers(analysis)
        rows.append(
            [
                escaped(stage.title),
                stage.resolution,
                exact(len(layers)),
                share(sum(layer.params for layer in layers), totals.params),
                share(sum(layer.macs for layer in layers), totals.macs),
                share(
                    sum(layer.activation_elements for layer in layers),
                    totals.activation_elements,
                ),
            ]
        )
    return table(headings, rows)
