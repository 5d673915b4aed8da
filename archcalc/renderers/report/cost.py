"""Where the cost is: the layers that hold most of it, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archcalc.analysis.analysis import Analysis
from archcalc.network.layers import Family
from archcalc.record import Record
from archcalc.renderers.markup import code, escaped, table
from archcalc.views import totals as summary
from archcalc.views.stages import stages
from archcalc.wording import exact, share

MOST = 80
SHOWN = 10


class Holders(Record):
    """The fewest rows that hold 80% of a quantity, largest first, of ``rows`` that have any."""

    what: str
    total: int
    rows: int
    largest: list[tuple[str, int]]


def section(analysis: Analysis) -> list[str]:
    found = [holders(*each) for each in _quantities(analysis)]
    lines = ["", "## Where the cost is", ""]
    lines += [f"- {sentence}" for sentence in sentences(analysis, found)]
    if any(each.largest for each in found):
        lines += ["", f"The layers that hold {MOST}%, largest first:", "", *_table(found)]
    staged = stages(analysis)
    if len(staged) > 1:
        lines += ["", "By stage:", "", *_by_stage(analysis)]
    return lines


def _quantities(analysis: Analysis) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    yield "parameters", [(layer.name, layer.params) for layer in analysis.layers]
    yield "MACs", [(layer.name, layer.macs) for layer in analysis.layers]
    volumes = [(layer.name, layer.activation_elements) for layer in analysis.layers]
    yield "activation memory", [("input", analysis.input.elements * analysis.batch), *volumes]


def holders(what: str, values: Sequence[tuple[str, int]]) -> Holders:
    total = sum(value for _, value in values)
    ordered = sorted((pair for pair in values if pair[1]), key=lambda pair: -pair[1])
    kept, held = [], 0
    for name, value in ordered:
        if 100 * held >= MOST * total:
            break
        kept.append((name, value))
        held += value
    return Holders(what, total, len(ordered), kept)


def sentences(analysis: Analysis, found: Sequence[Holders]) -> Iterator[str]:
    """Facts that are computed; the lecture's sentence stands where it is true and only there."""
    yield from early_and_late(analysis)
    for family in summary.shares(analysis):
        yield f"{escaped(family[0].upper() + family[1:])}."
    for each in found:
        if each.largest:
            (name, value), count = each.largest[0], len(each.largest)
            which = "1 row holds" if count == 1 else f"{count:,} rows hold"
            yield (
                f"{each.what[0].upper()}{each.what[1:]}: {which} {MOST}%, of {each.rows:,} that "
                f"have any; the largest is {code(name)} with {share(value, each.total)}."
            )


def early_and_late(analysis: Analysis) -> Iterator[str]:
    """Whether most memory is in the early convolutions, and most parameters in late linear layers.

    Early: the first half of the convolutions. Late: after the last convolution. Most: more than
    half of the total.
    """
    layers, totals = analysis.layers, analysis.totals
    convolutions = [i for i, x in enumerate(layers) if x.layer.family is Family.CONVOLUTION]
    if not convolutions:
        return
    early = convolutions[: len(convolutions) // 2]
    late = [x for x in layers[convolutions[-1] :] if x.layer.family is Family.FULLY_CONNECTED]
    memory = sum(layers[index].activation_elements for index in early)
    params = sum(layer.params for layer in late)
    first = 2 * memory > totals.activation_elements
    second = 2 * params > totals.params
    held = f"{len(early)} of {len(convolutions)}"
    kept, owned = share(memory, totals.activation_elements), share(params, totals.params)
    if first and second:
        yield (
            "Most memory is in the early convolutions, most parameters in the late fully connected "
            f"layers: {kept} of the activation memory in the first {held}, and {owned} of the "
            f"parameters in {len(late)} at the end."
        )
    elif first:
        yield f"Most memory is in the early convolutions: {kept} in the first {held}."
    elif second:
        yield (
            f"Most parameters are in the late fully connected layers: {owned} in {len(late)} at "
            "the end."
        )


def _table(found: Sequence[Holders]) -> list[str]:
    headings = [("of the", False), ("share", True), ("amount", True), ("layer", False)]
    rows: list[tuple[str, str, str, str]] = []
    for each in found:
        shown = [(code(name), value) for name, value in each.largest[:SHOWN]]
        rest = [value for _, value in each.largest[SHOWN:]]
        shown += [(f"and {len(rest):,} more", sum(rest))] if rest else []
        for place, (name, value) in enumerate(shown):
            what = "" if place else each.what
            rows.append((what, share(value, each.total), exact(value), name))
    return table(headings, rows)


def _by_stage(analysis: Analysis) -> list[str]:
    totals = analysis.totals
    headings = [("stage", False), ("resolution", False), ("layers", True), ("params", True),
                ("MACs", True), ("activation memory", True)]  # fmt: skip
    rows = []
    for stage in stages(analysis):
        layers = stage.layers(analysis)
        rows.append(
            [
                escaped(stage.title),
                stage.resolution,
                f"{len(layers):,}",
                share(sum(x.params for x in layers), totals.params),
                share(sum(x.macs for x in layers), totals.macs),
                share(sum(x.activation_elements for x in layers), totals.activation_elements),
            ]
        )
    return table(headings, rows)
