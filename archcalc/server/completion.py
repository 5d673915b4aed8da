"""Completion: what may stand at a place, told from the lines around it, which need not be YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from archcalc.archfile import keys
from archcalc.archfile.expressions import COPY, FUNCTIONS, SIZES
from archcalc.network.layers import ACTIVATIONS, LAYERS
from archcalc.network.layers.keys import Key
from archcalc.network.values import TRUTH, Choice
from archcalc.record import Record
from archcalc.server.document import Document
from archcalc.wording import shown, visible

_WORD = re.compile(r"[\w.-]*\Z")
_EXPRESSION = re.compile(r"\$(?:\([^$]*)?\Z|\$\Z")
_VALUE = re.compile(r"([A-Za-z_]\w*)\s*:\s*(?:\[\s*(?:[\w.-]+\s*,\s*)*)?[\"']?\Z")
_TYPE = re.compile(r"\btype\s*:\s*(\w+)")
_BLOCK = re.compile(r"\bblock\s*:\s*([\w-]+)")
_NAME = re.compile(r"\bname\s*:\s*[\"']?([\w-]+)")
_ARGUMENTS = re.compile(r"\b(?:with|first|last)\s*:\s*\{[^{}]*\Z")
_SWEEP = re.compile(r"(?m)^sweep[ \t]*:(?:[ \t]*\{(?:.*,)?[ \t]*|[ \t]*(?:\n[ \t].*)*\n[ \t]+)\Z")


class Option(Record):
    """A text that may stand there, what it is, and what it means."""

    label: str
    kind: str
    detail: str = ""


class Completed(Record):
    """The choices, and the offset where the word begins that they take the place of."""

    start: int
    options: list[Option]


def completion(document: Document, offset: int) -> Completed | None:
    if not document.is_ours:
        return None
    line_start = max(document.text.text.rfind(sign, 0, offset) for sign in "\n\r") + 1
    before = document.text.text[line_start:offset]
    if before.lstrip().startswith("#"):
        return None
    word = _WORD.search(before)
    written = word.group() if word else ""
    lead = before[: len(before) - len(written)]
    start = offset - len(written)
    choices = sorted(set(_choices(document, lead, line_start, written)), key=lambda c: c.label)
    return Completed(start, choices) if choices else None


def _choices(document: Document, lead: str, at: int, written: str) -> Iterator[Option]:
    text = document.text.text
    above = text[:at]
    if _EXPRESSION.search(lead) and "#" not in lead:
        yield from _values(document, above, text)
        return
    entry = _entry(lead, above)
    value = _VALUE.search(lead)
    if value:
        yield from _words(document, value.group(1), entry, above)
        return
    if _ARGUMENTS.search(lead):
        block = _BLOCK.search(entry)
        arguments = document.names.arguments.get(block.group(1), {}) if block else {}
        yield from (Option(visible(name), "argument", "an argument") for name in arguments)
        return
    if _SWEEP.search(above + lead):
        swept = [*document.names.variables, *document.names.inputs]
        yield from (Option(visible(name), "variable", "its values are tried") for name in swept)
        return
    if re.search(r"(\{|,|^\s*(- )?)\s*\Z", lead):
        yield from _keys(entry, lead, above)


def _entry(lead: str, above: str) -> str:
    """What is written of the entry around a place: within its braces, or in its lines above."""
    if "{" in lead:
        depth, start = 0, len(lead)
        while start and depth < 1:
            start -= 1
            depth += {"{": 1, "}": -1}.get(lead[start], 0)
        inner = lead[start:]
        if re.search(r"\b(?:with|first|last)\s*:\s*\Z", lead[:start]):
            return _entry(lead[:start], above) + inner
        return inner
    indent, lines = _indent(lead), list[str]()
    if lead.lstrip().startswith("- "):
        return lead
    for line in reversed(above.splitlines()[-60:]):
        if not line.strip():
            continue
        if _indent(line) < indent - 2:
            break
        lines.append(line)
        if line.lstrip().startswith("- ") and _indent(line) == indent - 2:
            break
    return "\n".join(reversed(lines)) + "\n" + lead


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _words(document: Document, key: str, entry: str, above: str) -> Iterator[Option]:
    if key == "type":
        yield from (Option(name, "type", layer.summary) for name, layer in LAYERS.items())
    elif key == "activation":
        yield from (Option(name, "word") for name in ACTIVATIONS)
    elif key == "block":
        yield from (Option(visible(name), "block", "a block") for name in document.names.blocks)
    elif key in ("from", "share", "like"):
        inputs = () if _block(above) else document.names.inputs
        yield from (Option(visible(name), "layer", "an input") for name in inputs)
        if not inputs:
            yield Option("input", "layer", "what feeds this sequence")
        yield from (Option(visible(name), "layer", "a layer above") for name in _above(above))
    elif key == "outputs":
        tops = document.names.top.units
        yield from (Option(name, "layer") for name in tops if not name.startswith(" "))
    else:
        takes = _key(entry, key)
        if isinstance(takes, Choice):
            yield from (Option(word, "word") for word in takes.words)
        elif takes is TRUTH:
            yield from (Option(word, "word") for word in ("true", "false"))


def _key(entry: str, key: str) -> object:
    kind = _TYPE.search(entry)
    layer = LAYERS.get(kind.group(1)) if kind else None
    if layer and key in dict(layer.keys()):
        return layer.keys()[key].takes
    for section in (keys.ENTRY, keys.TRAIN):
        if key in section:
            return section[key].takes
    return None


def _above(above: str) -> Iterable[str]:
    """The names in the block or section that a place is in, above it."""
    lines = above.splitlines()
    start = len(lines)
    while start:
        start -= 1
        if re.match(r"[A-Za-z_]|  [A-Za-z_][\w-]*\s*:\s*(#.*)?$", lines[start]):
            break
    return dict.fromkeys(_NAME.findall("\n".join(lines[start:])))


def _values(document: Document, above: str, text: str) -> Iterator[Option]:
    block = _block(above)
    for name in document.names.arguments.get(block, {}) if block else ():
        yield Option(visible(name), "argument", f"an argument of {visible(block or '')}")
    for name in document.names.variables:
        yield Option(visible(name), "variable", "a variable")
    for name in FUNCTIONS:
        yield Option(name, "function")
    yield Option(COPY, "variable", "the index of a copy")
    yield from (Option(f"input.{size}", "variable", "a size of the input") for size in SIZES)


def _block(above: str) -> str | None:
    """The block in whose lines the end of a text is."""
    name = None
    for line in reversed(above.splitlines()):
        if re.match(r"[A-Za-z_]", line):
            return name if line.startswith("blocks") else None
        found = re.match(r"  ([\w-]+)\s*:", line)
        if found and name is None:
            name = found.group(1)
    return None


def _keys(entry: str, lead: str, above: str) -> Iterator[Option]:
    if not lead.strip() and not lead:
        yield from _of_section(keys.FILE, above)
        return
    kind, used = _TYPE.search(entry), set(re.findall(r"(\w+)\s*:", entry))
    layer = LAYERS.get(kind.group(1)) if kind else None
    own: Mapping[str, Key] = dict(layer.keys()) if layer else {}
    for name, key in own.items():
        if name not in used:
            default = "" if key.required or key.default is None else f" ({shown(key.default)})"
            yield Option(name, "key", f"{key.doc}{default}")
    section = (
        (keys.MERGE if layer.merges else keys.LAYER)
        if layer
        else (keys.INSTANCE if "block" in used else {**keys.LAYER, **keys.INSTANCE, **keys.GROUP})
    )
    for name, doc in section.items():
        if name not in used and name not in own:
            yield Option(name, "key", doc.doc)


def _of_section(section: keys.Section, above: str) -> Iterator[Option]:
    there = set(re.findall(r"(?m)^(\w+)\s*:", above))
    if there & {"input", "inputs"}:
        there |= {"input", "inputs"}
    yield from (Option(name, "key", key.doc) for name, key in section.items() if name not in there)
