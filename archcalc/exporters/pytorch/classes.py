"""A class for each block of a network, and one for the network itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence

from archcalc.exporters.pytorch.arguments import ClassParameter, UnlikeCalls
from archcalc.exporters.pytorch.body import Body
from archcalc.exporters.pytorch.chains import chained
from archcalc.exporters.pytorch.declared import Declared
from archcalc.exporters.pytorch.forward import ForwardMethod
from archcalc.exporters.pytorch.line import call
from archcalc.exporters.pytorch.pieces import SourceRow, Unit, whole
from archcalc.exporters.pytorch.texts import broken, identifier
from archcalc.network.network import Network


class Class:
    """A class, and the ``places`` of its instances in its body."""

    def __init__(self, name: str, body: Body, summary: str = "") -> None:
        self.name = name
        self.body = body
        self.summary = summary
        self.places = {id(unit): place for place, unit in enumerate(body.units)}
        self.rows = chained(body)
        self._attributes()
        self.forward = ForwardMethod(body, self.rows)
        self.statements = self._constructor()
        self.parameters = self._parameters()

    def _attributes(self) -> None:
        """The names of modules: as short as they are told apart."""
        leaves = [row.path.rpartition(".")[2] for row in self.rows if row.make]
        used: list[str] = []
        for row in self.rows:
            parts = row.path.split(".")
            name, before = parts[-1], "layer"
            if row.is_chain and len(parts) > 1:
                before = "branch"
            while leaves.count(parts[-1]) > 1 and len(parts) > name.count(".") + 1:
                name = ".".join(parts[-2 - name.count(".") :])
                if not name[0].isdigit() and name.count(".") >= 1:
                    break
            if row.make:
                row.attribute = identifier(name.replace(".", "_"), used, before)
                used.append(row.attribute)
        for row in self.rows:
            if not row.make:
                row.attribute = self._owner(row)

    def _owner(self, row: SourceRow) -> str:
        """The module of the layer whose weights a layer shares."""
        nodes = self.body.declared.network.nodes
        owners = {nodes[piece.node].shares for piece in row.pieces.values() if piece.node}
        for other in self.rows:
            if any(piece.node in owners for piece in other.pieces.values() if piece.node):
                return other.attribute
        return ""

    def _constructor(self) -> list[str]:
        """Statements, those under a condition indented."""
        made: list[str] = []
        tests = {source: name for name, source in self.forward.tests.items()}
        for name, kept in self.body.stored.items():
            made.append(f"self.{name} = {kept}")
        told: set[str] = set()
        before = ""
        for row in self.rows:
            if not row.make:
                continue
            line = f"self.{row.attribute} = {row.make}"
            if not row.condition:
                made.append(line)
                before = ""
                continue
            test = row.condition
            if row.is_chain:
                made.append(f"self.{row.attribute} = nn.Sequential()")
                before = ""
            elif test in tests and tests[test] not in told:
                told.add(tests[test])
                made.append(f"self.{tests[test]} = {test}")
            if before != test:
                made.append(f"if {f'self.{tests[test]}' if tests.get(test) in told else test}:")
            before = test
            made.append(f"    {line}")
        for test, name in tests.items():
            if name not in told:
                made.append(f"self.{name} = {test}")
        self._sizes(made)
        derived: list[str] = []
        for name, source in reversed(self.body.derived.items()):
            if _has(name, [*made, *derived]):
                derived.insert(0, f"{name} = {source}")
        return [*derived, *made]

    def _sizes(self, statements: list[str]) -> None:
        """Gives names to numbers of channels that are calculated again and again."""
        body = self.body
        for row in self.rows:
            for at, piece in row.pieces.items():
                text = body.channels.get((at, piece.outputs[0]), "")
                pattern = rf"(?<=[(\s=]){re.escape(text)}(?=[,)]|$)"
                if text.replace("_", "").isalnum() or text in body.derived.values():
                    continue
                if sum(len(re.findall(pattern, line)) for line in statements) < 3:
                    continue
                used = [*body.known, *body.derived]
                name = "out_channels" if text == body.out else f"{row.attribute}_channels"
                name = identifier(name, used)
                for place, line in enumerate(statements):
                    statements[place] = re.sub(pattern, name, line)
                body.derived = {
                    name: text,
                    **{key: re.sub(pattern, name, old) for key, old in body.derived.items()},
                }

    def _parameters(self) -> list[ClassParameter]:
        """Those that something uses; those without a default come first."""
        found = [
            parameter
            for parameter in (*self.body.parameters, *self.body.extra)
            if _has(parameter.name, self.statements)
        ]
        return sorted(found, key=lambda parameter: parameter.default is not None)

    def source(self) -> str:
        """The text of the class."""
        lines = [f"class {self.name}(nn.Module):"]
        if self.summary:
            lines += [f'    """{self.summary}"""', ""]
        arguments = [
            p.name if p.default is None else f"{p.name}={p.default}" for p in self.parameters
        ]
        lines += broken(f"{call('def __init__', 'self', *arguments)}:", 4)
        lines.append("        super().__init__()")
        lines += _indented(self.statements)
        reads = ", ".join(["self", *self.forward.reads.values()])
        lines += ["", f"    def forward({reads}):", *_indented(self.forward.lines())]
        return "\n".join(lines) + "\n"


def _has(name: str, lines: Sequence[str]) -> bool:
    return any(re.search(rf"(?<![\w.]){name}\b(?!=[^=])", line) for line in lines)


def _indented(statements: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for statement in statements:
        own = statement.lstrip()
        lines += broken(own, 8 + len(statement) - len(own))
    return lines


def classes(network: Network, name: str, summary: str, named: Callable[[str], str]) -> list[Class]:
    """The classes of a network, each before those that use it; its own is the last.

    ``named`` gives the name of a class for that of a block.
    """
    try:
        return _Classes(network, name, named).of(whole(network), summary)
    except UnlikeCalls:
        return _Classes(network, name, named).of(whole(network, flat=True), summary)


class _Classes:
    def __init__(self, network: Network, name: str, named: Callable[[str], str]) -> None:
        self.declared = Declared(network)
        self.named = named
        self.taken = {name}
        self.name = name
        self.found: list[Class] = []
        self.by_unit: dict[int, Class] = {}

    def of(self, root: Unit, summary: str) -> list[Class]:
        root.values = dict(self.declared.variables)
        self.declared.spread(root)
        alike: dict[tuple[int, str], list[Unit]] = {}
        for unit in root.every():
            if unit is not root:
                alike.setdefault((unit.height, unit.name), []).append(unit)
        for (_, name), units in sorted(alike.items(), key=lambda item: item[0][0]):
            self._of_block(name, units)
        own = Class(self.name, Body(self.declared, [root], self.by_unit), summary)
        return [*self.found, own]

    def _of_block(self, name: str, units: list[Unit]) -> None:
        for parts in (self._apart, self._alike, _singly):
            try:
                made = [self._class(name, part) for part in parts(units)]
            except UnlikeCalls:
                continue
            break
        else:
            raise UnlikeCalls
        known: dict[str, Class] = {}
        for one in made:
            text = one.source()
            if text not in known:
                known[text] = one
                base = one.name
                number = 1
                while one.name in self.taken:
                    number += 1
                    one.name = f"{base}{number}"
                self.taken.add(one.name)
                self.found.append(one)
            other = known[text]
            for unit in one.body.units:
                self.by_unit[id(unit)] = one
            one.name = other.name

    def _class(self, name: str, units: list[Unit]) -> Class:
        return Class(self.named(name), Body(self.declared, units, self.by_unit))

    def _apart(self, units: Sequence[Unit]) -> list[list[Unit]]:
        """Instances that have nothing that contradicts: what is at one place is of one kind."""
        parts: list[tuple[dict[str, Hashable], list[Unit]]] = []
        for unit in units:
            form = dict(self._form(unit))
            for kinds, part in parts:
                if all(kinds.get(path, kind) == kind for path, kind in form.items()):
                    kinds.update(form)
                    part.append(unit)
                    break
            else:
                parts.append((form, [unit]))
        return [part for _, part in parts]

    def _alike(self, units: Sequence[Unit]) -> list[list[Unit]]:
        """Instances that have the same at the same places."""
        parts: dict[Hashable, list[Unit]] = {}
        for unit in units:
            parts.setdefault(self._form(unit), []).append(unit)
        return list(parts.values())

    def _form(self, unit: Unit) -> tuple[tuple[str, Hashable], ...]:
        """What stands at the places of an instance."""
        rows = []
        for piece in unit.pieces:
            node = self.declared.network.nodes[piece.node] if piece.node else None
            kind = (node.layer.type, node.activation) if node and node.layer else None
            inner = tuple({self.by_unit[id(part)].name: None for part in piece.units})
            rows.append((piece.path, (kind, inner, len(piece.inputs), len(piece.outputs))))
        return tuple(rows)


def _singly(units: Sequence[Unit]) -> list[list[Unit]]:
    return [[unit] for unit in units]
