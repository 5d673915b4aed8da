"""The lines of a class: what its constructor makes, and what its forward pass computes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archcalc.exporters.pytorch.arguments import UnlikeCalls
from archcalc.exporters.pytorch.body import Body
from archcalc.exporters.pytorch.channels import ACTIVATIONS
from archcalc.exporters.pytorch.pieces import SourceRow
from archcalc.exporters.pytorch.texts import WIDTH, identifier

LONGEST = WIDTH - 12
LONGEST_LIST = 2 * WIDTH - 24
PASSING = ("x", "y", "z")
MERGES = ("add", "subtract", "multiply", "concat")
WRAPS = frozenset(["batchnorm", "layernorm", "groupnorm", "instancenorm", "rmsnorm", *ACTIVATIONS])


class ForwardStep:
    """An assignment, where a condition holds."""

    def __init__(self, target: str, source: str, reads: list[str], row: SourceRow | None) -> None:
        self.target = target
        self.source = source
        self.reads = reads
        self.row = row
        self.condition = ""


class ForwardMethod:
    """The forward pass of a body, line by line. ``tests`` are conditions that it needs, by name.

    Raises:
        UnlikeCalls: where a value stands under different names in different instances.
    """

    def __init__(self, body: Body, rows: Sequence[SourceRow]) -> None:
        self.body = body
        self.rows = rows
        self.count = len(body.units)
        self.steps: list[ForwardStep] = []
        self.tests: dict[str, str] = {}
        self.reads = self._named_inputs()
        self.holds: list[dict[str, int]] = [
            {name: unit.roles[role] for role, name in self.reads.items()} for unit in body.units
        ]
        self.order: list[str] = list(self.reads.values())
        self.last = self._last_reads()
        self._run()
        self.results = self._results()

    def _named_inputs(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for role in self.body.roles:
            names[role] = "x" if role == "x" else identifier(role, names.values(), "input")
        return names

    def _last_reads(self) -> list[dict[int, int]]:
        last: list[dict[int, int]] = [{} for _ in range(self.count)]
        for at, row in enumerate(self.rows):
            for place, piece in row.pieces.items():
                for index in piece.inputs:
                    last[place][index] = at
        for place, unit in enumerate(self.body.units):
            for index in unit.outputs:
                last[place][index] = len(self.rows)
        return last

    def _variable(self, wanted: dict[int, int]) -> str:
        """The variable that holds these nodes, each in its instance; the latest one."""
        for name in reversed(self.order):
            if all(self.holds[at].get(name) == index for at, index in wanted.items()):
                return name
        raise UnlikeCalls

    def _assign(self, name: str, values: dict[int, int]) -> None:
        for at, index in values.items():
            self.holds[at][name] = index
        if name in self.order:
            self.order.remove(name)
        self.order.append(name)

    def _is_free(self, name: str, at: int, places: Iterable[int]) -> bool:
        """Whether a variable is read no more after a row."""
        for place in places:
            index = self.holds[place].get(name)
            if index is not None and self.last[place].get(index, -1) > at:
                others = [v for v, i in self.holds[place].items() if i == index and v != name]
                if not others:
                    return False
        return True

    def _run(self) -> None:
        opened: set[int] | None = None
        started = 0
        for at, row in enumerate(self.rows):
            places = set(row.pieces)
            used = _used(row.call, len(next(iter(row.pieces.values())).inputs))
            inputs = {
                place: self._variable({i: p.inputs[place] for i, p in row.pieces.items()})
                for place in used
            }
            whole = len(places) == self.count or row.is_chain
            if whole or places != opened:
                started = len(self.steps)
            opened = None if whole else places
            outputs = next(iter(row.pieces.values())).outputs
            targets = [
                self._target(row, place, at, inputs, whole, started)
                for place in range(len(outputs))
            ]
            everywhere = sorted(set(inputs.values()), key=self.order.index)
            names = [inputs.get(place, "") for place in range(max(inputs, default=-1) + 1)]
            source = row.call.format(
                *names, module=f"self.{row.attribute}", all=", ".join(filter(None, names))
            )
            if row.activation:
                source = ACTIVATIONS[row.activation].format(source)
            step = ForwardStep(", ".join(targets), source, everywhere, row)
            if not whole:
                step.condition = self._test(row)
            if row.is_chain and len(places) < self.count:  # it passes on what it reads
                rest = set(range(self.count)) - places
                fed = {i: self.holds[i][inputs[0]] for i in rest if inputs[0] in self.holds[i]}
                self._assign(targets[0], fed)
            self.steps.append(step)
            for place, name in enumerate(targets):
                self._assign(name, {i: p.outputs[place] for i, p in row.pieces.items()})
            self._shorten()

    def _target(
        self, row: SourceRow, place: int, at: int, inputs: dict[int, str], whole: bool, started: int
    ) -> str:
        """The variable for an output of a row: one that is read no more, or a new one."""
        places = row.pieces if not row.is_chain else range(self.count)
        first = inputs.get(0)
        if place:
            return self._fresh(row, place)
        if not whole and first is not None:
            if self._is_free(first, at, places):
                return first
            name = self._passing(row, at, places)
            if first not in {step.target for step in self.steps[started:]}:
                self.steps.insert(started, ForwardStep(name, first, [first], None))
                self._assign(name, {i: h[first] for i, h in enumerate(self.holds) if first in h})
                inputs[0] = name
            return name
        later = range(at + 1, len(self.rows))
        behind = (i for i in later if len(self.rows[i].pieces) == self.count)
        following = next(behind, len(self.rows))
        if any(self.last[i].get(p.outputs[0], 0) > following for i, p in row.pieces.items()):
            return self._fresh(row, place)
        return self._passing(row, at, places)

    def _passing(self, row: SourceRow, at: int, places: Iterable[int]) -> str:
        """A short name for what is read at once."""
        for name in PASSING:
            if all(name not in held for held in self.holds) or self._is_free(name, at, places):
                return name
        return self._fresh(row, 0)

    def _fresh(self, row: SourceRow, place: int) -> str:
        path = row.path
        if place:
            piece = next(iter(row.pieces.values()))
            path = self.body.declared.network.nodes[piece.outputs[place]].path
        parts = path.split(".")
        inner = len(parts) > 1 and not row.is_chain and not row.type and not place
        return identifier(parts[-1 - inner], self.order, "y")

    def _test(self, row: SourceRow) -> str:
        for name, source in self.tests.items():
            if source == row.condition:
                return name
        name = identifier(f"has_{row.path.rpartition('.')[2]}", self.tests)
        self.tests[name] = row.condition
        return name

    def _shorten(self) -> None:
        """Puts the step before inside the last one where that reads well."""
        step = self.steps[-1]
        if step.row is None:
            return
        merges = step.row.type in MERGES
        while len(self.steps) > 1:
            before = self.steps[-2]
            names = [name for name in step.reads if name == before.target]
            if not names or before.row is None or before.condition != step.condition:
                return
            fits = step.row.type in WRAPS or (merges and before.row.is_chain)
            pattern = rf"(?<![\w.]){before.target}\b"
            if not fits or len(re.findall(pattern, step.source)) != 1:
                return
            if step.target != before.target and not self._is_spent(before):
                return
            if before.row.type in MERGES and step.row.type in WRAPS and "(" not in step.source:
                return
            source = re.sub(pattern, before.source.replace("\\", r"\\"), step.source)
            longest = LONGEST_LIST if step.row.type == "concat" else LONGEST
            if len(source) + len(step.target) > longest:
                return
            step.source = source
            step.reads = [*before.reads, *(name for name in step.reads if name not in names)]
            del self.steps[-2]
            if not merges:
                return

    def _is_spent(self, step: ForwardStep) -> bool:
        """Whether what a step made is read no more."""
        at = self.rows.index(self.steps[-1].row)
        assert step.row is not None
        return all(
            self.last[i].get(piece.outputs[0], -1) <= at for i, piece in step.row.pieces.items()
        )

    def _results(self) -> list[str]:
        count = {len(unit.outputs) for unit in self.body.units}
        if len(count) > 1:
            raise UnlikeCalls
        return [
            self._variable({at: unit.outputs[place] for at, unit in enumerate(self.body.units)})
            for place in range(count.pop())
        ]

    def lines(self) -> list[str]:
        """The statements, each with its indentation."""
        made: list[str] = []
        steps, returned = list(self.steps), ", ".join(self.results)
        if steps and steps[-1].target == returned and not steps[-1].condition:
            returned = steps.pop().source
        condition = ""
        for step in steps:
            if step.condition and step.condition != condition:
                made.append(f"if self.{step.condition}:")
            condition = step.condition
            made.append(f"{'    ' if condition else ''}{step.target} = {step.source}")
        return [*made, f"return {returned}"]


def _used(call: str, count: int) -> list[int]:
    """The inputs that a call has."""
    if "{all}" in call:
        return list(range(count))
    return sorted({int(place) for place in re.findall(r"\{(\d+)\}", call)})
