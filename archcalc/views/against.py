"""A file held against the network that a source of code has, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Diagnostic, Enough, Findings, Severity, Span
from archcalc.network.layers import ACTIVATIONS
from archcalc.network.layers.base import Memory
from archcalc.network.network import Node
from archcalc.record import Record
from archcalc.rules import code_mismatch
from archcalc.views.alignment import pairs
from archcalc.views.difference import Change, changes
from archcalc.wording import counted

RULE = code_mismatch.RULE.id

IN_ANY_ORDER = ("add", "multiply")
NAMES = {"macs": "MACs"}
GEOMETRY = ("kernel", "stride", "padding", "dilation", "groups")


class CodeRow(Record):
    """A row that is compared: its layer, its activation, and the rows that it reads.

    ``place`` is its number on its side, and ``where`` what it is called there. Its activation is
    the row ``behind`` it where that has one of its own.
    """

    place: int
    layer: LayerAnalysis
    activation: str | None
    reads: tuple[int, ...]
    where: str
    behind: LayerAnalysis | None = None

    @property
    def key(self) -> Hashable:
        layer = self.layer
        counts = layer.params, layer.macs
        return layer.type, self.activation, layer.output, *counts

    @property
    def facts(self) -> dict[str, Any]:
        layer = self.layer
        geometry = {name: layer.geometry[name] for name in GEOMETRY if name in layer.geometry}
        return {
            "type": layer.type,
            "activation": self.activation,
            **geometry,
            "output": layer.output,
            "params": layer.params,
            "macs": layer.macs,
            "frozen": layer.node.frozen,
        }


class Differing(Record):
    """A row of the file, one of the source, or both with what differs.

    ``wiring`` has what each of both reads, where that differs. One that the file has not would
    stand ``behind`` one that it has.
    """

    mine: CodeRow | None
    theirs: CodeRow | None
    changes: tuple[Change, ...] = ()
    wiring: tuple[str, str] | None = None
    behind: CodeRow | None = None


class Agreement(Record):
    """How a file and a source compare: how many rows agree, and what differs.

    ``following`` rows differ in size alone, since what they read does.
    """

    source: str
    rows: int
    differing: tuple[Differing, ...]
    following: int = 0


class _Side:
    """The rows of one network that are compared, and the row behind each node."""

    def __init__(self, analysis: Analysis, where: Callable[[int], str]) -> None:
        nodes, first = analysis.nodes, analysis.network.first_layer
        readers = Counter(feed for layer in nodes[first:] for feed in layer.node.inputs)
        readers.update(index for _, index in analysis.network.outputs)
        self.inputs = list(analysis.inputs)
        self.row_of = {index: ~index for index in range(first)}  # inputs are below 0
        self.rows: list[CodeRow] = []
        for index, layer in enumerate(nodes[first:], first):
            reads = tuple(self.row_of[feed] for feed in layer.node.inputs)
            if _is_view(layer):
                self.row_of[index] = reads[0] if reads else -1
                continue
            before = self.rows[reads[0]] if len(reads) == 1 and reads[0] >= 0 else None
            if before and _is_behind(layer.node, nodes[layer.node.inputs[0]], before, readers):
                self.rows[before.place] = before._replace(activation=layer.type, behind=layer)
                self.row_of[index] = before.place
                continue
            self.row_of[index] = len(self.rows)
            if layer.type == "attention":  # query, key and value may be parts of one row
                reads = tuple(dict.fromkeys(reads))
            row = CodeRow(len(self.rows), layer, layer.activation, reads, where(index))
            self.rows.append(row)
        self.outputs = [self.row_of[index] for _, index in analysis.network.outputs]

    def named(self, places: Sequence[int]) -> str:
        return ", ".join(self.inputs[~at] if at < 0 else self.rows[at].where for at in places)


def _is_view(layer: LayerAnalysis) -> bool:
    node = layer.node
    assert node.layer is not None
    return node.layer.memory_on(len(node.inputs)) is Memory.VIEW


def _is_behind(
    node: Node, read: LayerAnalysis, before: CodeRow, readers: Mapping[int, int]
) -> bool:
    """Whether a row is an activation that alone reads one that has none."""
    layer = node.layer
    plain = layer is not None and layer.type in ACTIVATIONS and layer == type(layer)()
    own = before.layer.node == read.node and before.layer.layer.memory is Memory.OWN
    return plain and own and before.activation is None and readers[node.inputs[0]] == 1


def held_against(
    file: Analysis, code: Analysis, where: Callable[[int], str], source: str
) -> Agreement:
    """What differs. ``where`` says which module a row of the code is."""
    mine = _Side(file, lambda index: file.nodes[index].name)
    theirs = _Side(code, where)
    matched = dict(_matched(mine.rows, theirs.rows))
    differing, resized, following, agreeing = list[Differing](), set[int](), 0, 0
    for row in mine.rows:
        if row.place not in matched:
            differing.append(Differing(row, None))
            continue
        other = theirs.rows[matched[row.place]]
        found = changes(row.facts, other.facts)
        if row.behind and other.activation is None:
            extra = row._replace(layer=row.behind, activation=None)
            differing.append(Differing(extra, None))
            found = tuple(change for change in found if change.name != "activation")
            if not found:
                continue
        wiring = _wiring(mine, theirs, row, other, matched)
        if row.layer.output != other.layer.output:
            resized.add(row.place)
        is_size = {change.name for change in found} <= {"output", "macs"}
        if found and is_size and not wiring and resized & set(row.reads):
            following += 1
        elif found or wiring:
            differing.append(Differing(row, other, found, wiring))
        else:
            agreeing += 1
    differing += _missing(mine, theirs, matched)
    if not differing and [matched.get(at, at) for at in mine.outputs] != theirs.outputs:
        ends = mine.named(mine.outputs), theirs.named(theirs.outputs)
        differing.append(Differing(None, None, wiring=ends))
    return Agreement(source, agreeing, tuple(differing), following)


def _missing(mine: _Side, theirs: _Side, matched: Mapping[int, int]) -> Iterator[Differing]:
    """The rows of the source that the file has not, each behind the last before it that it has."""
    own = {other: mine.rows[at] for at, other in matched.items()}
    last: CodeRow | None = None
    for row in theirs.rows:
        last = own.get(row.place, last)
        if row.place not in own:
            yield Differing(None, row, behind=last)


def _matched(mine: Sequence[CodeRow], theirs: Sequence[CodeRow]) -> Iterator[tuple[int, int]]:
    """Which rows stand for each other: the longest common subsequence, equal rows that stand
    elsewhere, and in the gaps that are left those of one type and size, then of one type.
    """
    common = pairs([row.key for row in mine], [row.key for row in theirs])
    found, used = dict(common), {other for _, other in common}
    places: dict[Hashable, list[int]] = {}
    for row in theirs:
        if row.place not in used:
            places.setdefault(row.key, []).append(row.place)
    for row in mine:
        if row.place not in found and places.get(row.key):
            found[row.place] = places[row.key].pop(0)
    used.update(found.values())
    yield from found.items()
    left = right = 0
    for a, b in [*common, (len(mine), len(theirs))]:
        gap = [row for row in mine[left:a] if row.place not in found]
        others = [row for row in theirs[right:b] if row.place not in used]
        yield from _near(gap, others, NEAR)
        left, right = a + 1, b + 1


def _near(
    mine: Sequence[CodeRow],
    theirs: Sequence[CodeRow],
    keys: Sequence[Callable[[CodeRow], Hashable]],
) -> Iterator[tuple[int, int]]:
    """Pairs by the first key, and in the gaps between them by the others."""
    if not keys or not mine or not theirs:
        return
    key, *others = keys
    left = right = 0
    found = pairs([key(row) for row in mine], [key(row) for row in theirs])
    for a, b in [*found, (len(mine), len(theirs))]:
        yield from _near(mine[left:a], theirs[right:b], others)
        if a < len(mine):
            yield mine[a].place, theirs[b].place
        left, right = a + 1, b + 1


NEAR: tuple[Callable[[CodeRow], Hashable], ...] = (
    lambda row: (row.layer.type, row.activation, row.layer.params),
    lambda row: row.layer.type,
)


def _wiring(
    mine: _Side, theirs: _Side, row: CodeRow, other: CodeRow, matched: Mapping[int, int]
) -> tuple[str, str] | None:
    """What both read, where it differs; rows without a counterpart are told by themselves."""
    reads = [matched.get(at) if at >= 0 else -1 for at in row.reads]
    counterparts = set(matched.values()) | {-1}
    if None in reads or not set(other.reads) <= counterparts:
        return None
    wanted = list(other.reads)
    if row.layer.type in IN_ANY_ORDER:
        is_same = Counter(reads) == Counter(wanted)
    else:
        is_same = reads == wanted
    return None if is_same else (mine.named(row.reads), theirs.named(other.reads))


def diagnostics(agreement: Agreement) -> list[Diagnostic]:
    """What differs, as findings at the lines of the file; equal ones of copies are one."""
    found = Findings()
    with suppress(Enough):
        for number, differing in enumerate(agreement.differing):
            mine = differing.mine or differing.behind
            fact = _fact(differing, agreement.source)
            if not number and agreement.following:
                follow = counted(agreement.following, "row")
                fact += f"; {follow} behind it differ in size alone, since what they read does"
            layer = mine.layer if mine else None
            span = layer.span if layer and layer.span else Span(1, 1)
            name = layer.name if layer else None
            found.add(Diagnostic(RULE, Severity.ERROR, fact, span if mine else None, name))
    return found.sorted()


def _fact(differing: Differing, source: str) -> str:
    mine, theirs = differing.mine, differing.theirs
    if theirs is None and mine is not None:
        return f"{mine.layer.type} {mine.layer.output} is not in {source}"
    if mine is None and theirs is not None:
        shown = f"{theirs.layer.type} {theirs.layer.output}"
        place = f" behind {differing.behind.layer.name}" if differing.behind else ""
        return f"{source} has {theirs.where}, {shown}, and the file has not{place}"
    facts = [
        f"{NAMES.get(change.name, change.name)} {in_words(change.old)}, "
        f"there {in_words(change.new)}"
        for change in differing.changes
    ]
    if differing.wiring:
        facts.append(f"reads {differing.wiring[0]}, there {differing.wiring[1]}")
    if theirs is None:
        here, there = differing.wiring or ("", "")
        return f"the outputs are {here}, and in {source} {there}"
    return f"{'; '.join(facts)} ({theirs.where} of {source})"


def in_words(value: Any) -> str:
    """A compared fact in words."""
    if isinstance(value, list) and len({str(item) for item in value}) == 1:
        return in_words(value[0])
    if isinstance(value, list):
        return "x".join(map(in_words, value)) if not isinstance(value[0], list) else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,}" if isinstance(value, int) else str(value or "none")
