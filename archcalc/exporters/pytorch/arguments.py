"""The arguments of a class from all instances of a block: those declared, and what differs.

What is written in a file stays an expression where it gives the value of every instance; all
other numbers that differ become arguments of the constructor.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping, Sequence
from typing import Any

from archcalc.archfile import expressions
from archcalc.archfile.nodes import ScalarNode, YamlNode
from archcalc.diagnostics import Fault
from archcalc.exporters.pytorch.declared import Declared, is_number
from archcalc.exporters.pytorch.line import literal
from archcalc.exporters.pytorch.pieces import Unit
from archcalc.exporters.pytorch.texts import Untold, identifier, is_value, parts_of, tokens, told
from archcalc.record import Record

Texts = dict[int, str]  # by instance
Call = tuple[str, list[str], dict[str, str]]

# What is left out of a call, where it is said in another.
DEFAULTS = {
    "stride": "1", "padding": "0", "dilation": "1", "groups": "1", "bias": "True", "shift": "0",
}  # fmt: skip
SURE = 3  # different numbers that are in the same relation
_PLAIN = re.compile(r"[\d\s(),.]+|True|False")


class UnlikeCalls(Exception):
    """Instances that no one class makes."""


class ClassParameter(Record):
    """An argument of a constructor: the declared one that it is, or the input it has channels of.

    ``values`` are by instance; one that needs none has None.
    """

    name: str
    values: Mapping[int, Any]
    argument: str | None = None
    role: str | None = None
    default: str | None = None


class Arguments:
    """The arguments that a constructor takes, and what is calculated from them.

    ``known`` are the values of sources by instance, ``sources`` what names of the file are in
    Python, ``parameters`` those declared and ``extra`` those of what differs beside. ``derived``
    are values that the constructor calculates first, ``stored`` what the forward pass needs.
    """

    def __init__(self, declared: Declared, units: Sequence[Unit]) -> None:
        self.declared = declared
        self.units = units
        self.known: dict[str, Mapping[int, Any]] = {}
        self.sources: dict[str, str] = {}
        self.derived: dict[str, str] = {}
        self.parameters: list[ClassParameter] = []
        self.extra: list[ClassParameter] = []
        self.stored: dict[str, str] = {}
        self.channels: dict[tuple[int, int], str] = {}
        self.roles = list(dict.fromkeys(role for unit in units for role in unit.roles))
        if any(set(unit.roles) != set(self.roles) for unit in units):
            raise UnlikeCalls
        self.roles.sort(key=lambda role: role != "x")
        self.is_whole = not units[0].path
        self._arguments()

    def _arguments(self) -> None:
        """The channels of what is read, and what is declared."""
        if self.is_whole:
            (unit,) = self.units
            self.channels = {(0, i): str(self.declared.channels(i)) for i in unit.roles.values()}
            return
        for role in self.roles:
            name = "in_channels" if role == "x" else identifier(f"{role}_channels")
            values = {i: self.declared.channels(u.roles[role]) for i, u in enumerate(self.units)}
            self._parameter(ClassParameter(name, values, role=role))
            for at, unit in enumerate(self.units):
                self.channels.setdefault((at, unit.roles[role]), name)
        self.sources["input.channels"] = "in_channels"
        block = self.declared.blocks.get(self.units[0].name)
        if block is None:
            return
        constants = self.declared.variables.items()
        self.sources |= {name: literal(value) for name, value in constants if is_number(value)}
        for name, default in block.arguments.items():
            values = {at: unit.values[name] for at, unit in enumerate(self.units)}
            if not all(map(is_number, values.values())):
                self.sources.pop(name, None)
                continue
            own = identifier(name, [p.name for p in self.parameters], "with")
            is_given = any(name in unit.given for unit in self.units)
            text = None if is_given or default is None else self._told(default)
            self.sources[name] = own
            if text is not None and "$" in getattr(default, "text", ""):
                self.derived[own] = text
                self.known[own] = values
                continue
            written = self.declared.value(default, {}, {}) if default is not None else None
            shown = literal(written) if default is not None and is_number(written) else None
            self._parameter(ClassParameter(own, values, argument=name, default=shown))

    def _parameter(self, parameter: ClassParameter) -> None:
        self.parameters.append(parameter)
        self.known[parameter.name] = parameter.values

    def _told(self, node: YamlNode) -> str | None:
        """A value as it is written, in Python; None where that cannot be said."""
        if not isinstance(node, ScalarNode) or "$" not in node.text:
            return None
        try:
            tree = expressions.parse(node.text).tree
            return told(tree, self.sources, self.sources)[0]
        except (Untold, Fault):
            return None

    def expression(self, node: YamlNode | None, wanted: Mapping[int, Any]) -> str | None:
        """A value as it is written, where it is that of all these instances."""
        text = None if node is None or self.is_whole else self._told(node)
        if text is None:
            return None
        assert node is not None
        values = {
            at: self.declared.value(node, unit.values, self.declared.sizes(unit))
            for at, unit in enumerate(self.units)
        }
        if any(values[at] != value for at, value in wanted.items()):
            return None
        self.known[text] = {**self.known.get(text, {}), **values}
        return text

    def related(self, values: Mapping[int, Any]) -> str | None:
        """Numbers as a multiple or a part of the channels that come in, if that is no chance."""
        channels = self.known.get("in_channels", {})
        pairs = [(channels[at], value) for at, value in values.items() if at in channels]
        if len({there for there, _ in pairs}) < SURE or not all(type(v) is int for _, v in pairs):
            return None
        there, value = pairs[0]
        if value and all(a * value == b * there for a, b in pairs):
            text = "in_channels"
            if value % there == 0:
                text = text if value == there else f"{value // there} * in_channels"
            elif there % value == 0:
                text = f"in_channels // {there // value}"
            else:
                return None
            self.known[text] = {**self.known.get(text, {}), **values}
            return text
        return None

    def common(self, path: str, texts: Texts, forward: bool = False) -> str:
        """One text for all instances; numbers that differ are arguments."""
        if len(set(texts.values())) == 1:
            return next(iter(texts.values()))
        if not forward:
            calls = {at: call_of(text) for at, text in texts.items()}
            names = {call and (call[0], len(call[1])) for call in calls.values()}
            if len(names) == 1 and None not in names:
                return self._common_call(path, calls)  # type: ignore[arg-type]
        split = {at: tokens(text) for at, text in texts.items()}
        first = next(iter(split.values()))
        if any(len(parts) != len(first) for parts in split.values()):
            raise UnlikeCalls
        made = []
        for place, token in enumerate(first):
            found = {at: parts[place] for at, parts in split.items()}
            if len(set(found.values())) == 1:
                made.append(token)
                continue
            if not all(map(is_value, found.values())):
                raise UnlikeCalls
            before = "".join(first[:place])
            keyword = re.search(r"(\w+)=\(?[\d, ]*\Z", before)
            what = keyword.group(1) if keyword else "channels"
            source = self._differing(path, found, what)
            made.append(f"self.{self._kept(path, source, what)}" if forward else source)
        text = "".join(made)
        return re.sub(r"(\d+|self\.\w+):(?=self|\d)", r"\1 : ", text) if "self." in text else text

    def _kept(self, path: str, source: str, what: str) -> str:
        """The attribute that keeps a value for the forward pass."""
        for name, kept in self.stored.items():
            if kept == source:
                return name
        base = path.rpartition(".")[2]
        name = source if source.isidentifier() else identifier(f"{base}_{what}", self.stored)
        self.stored[name] = source
        return name

    def _common_call(self, path: str, calls: Mapping[int, Call]) -> str:
        """A call whose arguments are the same, or plain values that become parameters."""
        name, positional, _ = next(iter(calls.values()))
        made = [
            self._common_argument(path, {at: call[1][place] for at, call in calls.items()}, "size")
            for place in range(len(positional))
        ]
        longest = sorted(calls.values(), key=lambda call: -len(call[2]))
        keys = dict.fromkeys(key for call in longest for key in call[2])
        for key in keys:
            found = {at: call[2].get(key) or DEFAULTS.get(key) for at, call in calls.items()}
            if None in found.values():
                raise UnlikeCalls
            shown = self._common_argument(path, found, key)  # type: ignore[arg-type]
            made.append(f"{key}={shown}")
        return f"{name}({', '.join(made)})"

    def _common_argument(self, path: str, found: Texts, what: str) -> str:
        if len(set(found.values())) == 1:
            return next(iter(found.values()))
        if all(map(_PLAIN.fullmatch, found.values())):
            return self._differing(path, found, what)
        calls = {at: call_of(text) for at, text in found.items()}
        names = {call and (call[0], len(call[1])) for call in calls.values()}
        if len(names) != 1 or None in names:
            raise UnlikeCalls
        return self._common_call(path, calls)  # type: ignore[arg-type]

    def _differing(self, path: str, found: Texts, what: str) -> str:
        values = {at: literal_eval(token) for at, token in found.items()}
        related = self.related(values)
        if related:
            return related
        for name, known in (*self.known.items(), *((p.name, p.values) for p in self.extra)):
            is_meant = name == what or name not in self.sources.values()
            if name.isidentifier() and is_meant and values.items() <= known.items():
                return name
        leaf = path.replace(".", "_")
        used = [*self.known, *(p.name for p in self.extra)]
        name = identifier(what if what in DEFAULTS and what not in used else f"{leaf}_{what}", used)
        default = None if len(values) == len(self.units) else "None"
        if default is None and what in DEFAULTS and DEFAULTS[what] in found.values():
            default = DEFAULTS[what]
        made = ClassParameter(name, values, default=default)
        self.extra.append(made)
        self.known[name] = values
        return name


def call_of(text: str) -> Call | None:
    """A call as its name, its positional arguments and its named ones."""
    match = re.fullmatch(r"([\w.]+)\((.*)\)", text)
    if not match:
        return None
    given = parts_of(match.group(2))
    named = dict(part.split("=", 1) for part in given if re.match(r"\w+=[^=]", part))
    return match.group(1), [part for part in given if not re.match(r"\w+=[^=]", part)], named
