"""What all instances of a block have at each place, as source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from archcalc.archfile.declaration import BlockEntry, LayerEntry
from archcalc.exporters.pytorch.arguments import (
    Arguments,
    ClassParameter,
    Texts,
    UnlikeCalls,
    call_of,
)
from archcalc.exporters.pytorch.declared import Declared
from archcalc.exporters.pytorch.line import Line, Site, literal
from archcalc.exporters.pytorch.pieces import SourcePiece, SourceRow, Unit
from archcalc.exporters.pytorch.texts import compressed, renamed
from archcalc.exporters.pytorch.writers import WRITERS
from archcalc.network.network import Node

READABLE = 32  # characters of a source that channels are followed with


class Body(Arguments):
    """What the instances of a block have in common.

    ``rows`` are in order, ``uses`` are helpers, ``out`` is the source of the channels that come
    out.

    Raises:
        UnlikeCalls: where they have too little.
    """

    def __init__(self, declared: Declared, units: Sequence[Unit], made: Mapping[int, Any]) -> None:
        super().__init__(declared, units)
        self.made = made
        self.uses: list[str] = []
        self.rows = self._aligned()
        for row in self.rows:
            self._row(row)
        self.out = self._out()

    # Rows

    def _aligned(self) -> list[SourceRow]:
        order: list[str] = []
        for unit in self.units:
            at = 0
            for piece in unit.pieces:
                if piece.path not in order:
                    order.insert(at, piece.path)
                elif order.index(piece.path) < at:
                    raise UnlikeCalls
                at = order.index(piece.path) + 1
        rows = {path: SourceRow(path) for path in order}
        for place, unit in enumerate(self.units):
            if len({piece.path for piece in unit.pieces}) < len(unit.pieces):
                raise UnlikeCalls
            for piece in unit.pieces:
                rows[piece.path].pieces[place] = piece
        return list(rows.values())

    def _row(self, row: SourceRow) -> None:
        row.condition = self._condition(row)
        pieces = row.pieces.values()
        if len({(len(piece.inputs), len(piece.outputs)) for piece in pieces}) > 1:
            raise UnlikeCalls
        if len({bool(piece.units) for piece in pieces}) > 1:
            raise UnlikeCalls
        if next(iter(pieces)).units:
            self._instance(row)
        else:
            self._layer(row)

    def _node(self, piece: SourcePiece) -> Node:
        assert piece.node is not None
        return self.declared.network.nodes[piece.node]

    def _condition(self, row: SourceRow) -> str:
        if len(row.pieces) == len(self.units):
            return ""
        piece = next(iter(row.pieces.values()))
        origin = piece.units[0].origin if piece.units else self._node(piece).origin
        whens = self.declared.conditions.get(origin.span.start, []) if origin else []
        held = {at: at in row.pieces for at in range(len(self.units))}
        for node in whens:
            text = self.expression(node, held)
            if text is not None:
                return text
        raise UnlikeCalls

    def _layer(self, row: SourceRow) -> None:
        nodes = {at: self._node(piece) for at, piece in row.pieces.items()}
        if len({(node.layer and node.layer.type, node.activation) for node in nodes.values()}) > 1:
            raise UnlikeCalls
        first = next(iter(nodes.values()))
        assert first.layer is not None
        row.type, row.activation = first.layer.type, first.activation
        read = self._read(row, 0)
        keys = self._keys(row, nodes)
        lines: dict[int, Line] = {}
        calls: Texts = {}
        for at, node in nodes.items():
            assert node.layer is not None
            assert node.shape is not None
            channels = read.get(at, "")
            write = WRITERS[node.layer.type]
            likes = [like for like in node.likes if like not in node.inputs]
            lines[at] = write(Site(node.layer, node.shape, channels, keys, likes))
            plain = write(Site(node.layer, node.shape, channels, {}, likes))
            calls[at] = plain.call
            self.uses += plain.uses
        makes = {at: line.make for at, line in lines.items()}
        for at, node in nodes.items():
            if node.frozen and makes[at]:
                makes[at] += ".requires_grad_(False)"
            if node.shares is not None:
                makes[at] = ""
        row.make = self.common(row.path, makes)
        row.call = self.common(row.path, calls, forward=True)
        self._channels_of_layer(row, nodes, keys, read)

    def _read(self, row: SourceRow, place: int) -> Texts:
        """The sources of the channels that are read: one for all, or a number for each."""
        read = {
            at: piece.inputs[place] for at, piece in row.pieces.items() if place < len(piece.inputs)
        }
        candidates = list(dict.fromkeys(self.channels[at, index] for at, index in read.items()))
        actual = {at: self.declared.channels(index) for at, index in read.items()}
        text = self._fitting(candidates, actual)
        return {at: text or str(actual[at]) for at in read}

    def _fitting(self, candidates: Iterable[str | None], wanted: Mapping[int, int]) -> str | None:
        """The source that gives what is wanted of all instances."""
        for text in candidates:
            if text is None:
                continue
            if text.isdigit():
                if all(int(text) == value for value in wanted.values()):
                    return text
            elif all(self.known[text].get(at) == value for at, value in wanted.items()):
                return text
        return None

    def _keys(self, row: SourceRow, nodes: Mapping[int, Node]) -> dict[str, str]:
        node = next(iter(nodes.values()))
        entry = self.declared.of(node.origin)
        if not isinstance(entry, LayerEntry) or node.layer is None:
            return {}
        keys = {}
        for name in type(node.layer).keys():  # noqa: SIM118
            wanted = {at: getattr(node.layer, name) for at, node in nodes.items()}
            text = self.expression(entry.values.get(name), wanted)
            if text is not None:
                keys[name] = text
        half = self._half(nodes, keys)
        return {**keys, "padding": half} if half else keys

    def _half(self, nodes: Mapping[int, Node], keys: Mapping[str, str]) -> str | None:
        """The padding `half` of a kernel that is an argument."""
        if "kernel" not in keys:
            return None
        text = f"{keys['kernel']} // 2"
        if "dilation" in keys:
            text = f"{keys['dilation']} * ({keys['kernel']} - 1) // 2"
        for node in nodes.values():
            layer: Any = node.layer
            assert node.shape is not None
            if getattr(layer, "padding", None) != "half" or not isinstance(layer.kernel, int):
                return None
            dilation = layer.dilation if "dilation" in keys else 1
            if not isinstance(dilation, int) or any(
                {window.before, window.after} != {dilation * (layer.kernel - 1) // 2}
                for window in node.shape.windows
            ):
                return None
        return text

    def _channels_of_layer(
        self, row: SourceRow, nodes: Mapping[int, Node], keys: Mapping[str, str], read: Texts
    ) -> None:
        actual = {at: self.declared.channels(piece.outputs[0]) for at, piece in row.pieces.items()}
        written = [keys.get(name) for name in ("filters", "units", "channels")]
        summed = []
        if row.type == "concat":
            count = len(next(iter(nodes.values())).inputs)
            parts = [self._read(row, place) for place in range(count)]
            joined = {at: " + ".join(part[at] for part in parts) for at in row.pieces}
            total = {
                at: sum(self.declared.channels(index) for index in piece.inputs[:count])
                for at, piece in row.pieces.items()
            }
            if len(set(joined.values())) == 1 and total == actual:
                summed = list(set(joined.values()))
                self.known.setdefault(summed[0], actual)
        text = self._fitting([*written, *summed, *dict.fromkeys(read.values())], actual)
        text = text or self.related(actual)
        for at, piece in row.pieces.items():
            self.channels[at, piece.outputs[0]] = text or str(actual[at])

    # Instances of other blocks

    def _instance(self, row: SourceRow) -> None:
        makes, calls = {}, {}
        for at, piece in row.pieces.items():
            given = []
            for unit in piece.units:
                given.append(self._called(at, unit))
                self._result(at, unit, given[-1])
            roles = self.made[id(piece.units[0])].body.roles
            order = [piece.inputs.index(piece.units[0].roles[role]) for role in roles]
            calls[at] = f"{{module}}({', '.join(f'{{{place}}}' for place in order)})"
            makes[at] = given[0]
            if piece.is_repeated:
                if not self._is_chain(piece):
                    raise UnlikeCalls
                makes[at] = f"nn.Sequential({', '.join(compressed(given, 'channels'))})"
        row.make, row.call = self.common(row.path, makes), self.common(row.path, calls)

    @staticmethod
    def _is_chain(piece: SourcePiece) -> bool:
        return all(len(unit.inputs) == 1 for unit in piece.units) and all(
            later.inputs == before.outputs[:1] for before, later in pairwise(piece.units)
        )

    def _called(self, at: int, unit: Unit) -> str:
        """The call that makes an instance."""
        made = self.made[id(unit)]
        entry = self.declared.of(unit.origin)
        written = self.declared.given(entry, unit.copy, unit.copies)
        place = made.places[id(unit)]
        arguments = []
        for parameter in made.parameters:
            value = parameter.values.get(place)
            if parameter.role is not None:
                read = unit.roles[parameter.role]
                text = self.channels.get((at, read)) or str(value)
                if not text.isdigit() and self.known[text].get(at) != value:
                    text = str(value)
            else:
                text = literal(value)
                node = written.get(parameter.argument or "")
                if isinstance(entry, BlockEntry) and node is not None:
                    text = self.expression(node, {at: value}) or text
            if parameter.default is None:
                arguments.append(text)
            elif text != parameter.default:
                arguments.append(f"{parameter.name}={text}")
        return f"{made.name}({', '.join(arguments)})"

    def _result(self, at: int, unit: Unit, call: str) -> None:
        """The channels of what an instance makes."""
        made = self.made[id(unit)]
        for index in unit.outputs:
            self.channels[at, index] = str(self.declared.channels(index))
        if made.body.out is None or self.is_whole:
            return
        text = renamed(made.body.out, _arguments_of(call, made.parameters))
        actual = self.declared.channels(unit.outputs[0])
        if not text.isdigit() and len(text) <= READABLE:
            self.known[text] = {**self.known.get(text, {}), at: actual}
            self.channels[at, unit.outputs[0]] = text

    def _out(self) -> str | None:
        actual = {at: unit.outputs[0] for at, unit in enumerate(self.units)}
        wanted = {at: self.declared.channels(index) for at, index in actual.items()}
        candidates = [self.channels[at, index] for at, index in actual.items()]
        text = self._fitting(dict.fromkeys(candidates), wanted)
        if text is None:
            return None
        for _ in self.derived:
            text = renamed(text, self.derived)
        return text


def _arguments_of(call: str, parameters: Iterable[ClassParameter]) -> dict[str, str]:
    """What each parameter is given by a call."""
    made = call_of(call)
    assert made is not None
    _, positional, named = made
    placed = iter(positional)
    return {
        parameter.name: next(placed)
        if parameter.default is None
        else named.get(parameter.name, parameter.default)
        for parameter in parameters
    }
