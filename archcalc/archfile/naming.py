"""Names of entries: those that are written, and running-number names for the others."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.archfile.declaration import AnyEntry, BlockEntry, Entry, LayerEntry
from archcalc.archfile.nodes import ScalarNode, SequenceNode, YamlNode
from archcalc.archfile.values import pictured
from archcalc.diagnostics import Findings, Span
from archcalc.limits import NAME_LIMIT
from archcalc.network.names import unfit_name
from archcalc.wording import quoted


def given_name(node: YamlNode, findings: Findings) -> str | None:
    """The name that an entry is given; None where it is none."""
    if not isinstance(node, ScalarNode):
        findings.error("wrong-value", f"name takes a name, not {pictured(node)}", node.span)
        return None
    fact = unfit_name(node.text)
    if fact:
        findings.error("wrong-value", f"{quoted(node.text)} is no name: {fact}", node.span)
        return None
    return node.text


def check_reference(node: YamlNode, findings: Findings) -> None:
    """Reports what is no name, or list of names, in ``from``."""
    parts = node.items if isinstance(node, SequenceNode) else [node]
    for part in parts:
        if not isinstance(part, ScalarNode) or not part.text:
            findings.error("wrong-value", f"from takes a name, not {pictured(part)}", part.span)
    if isinstance(node, SequenceNode) and not parts:
        findings.error("wrong-value", "from takes names, not an empty list", node.span)


def give_names(entries: list[AnyEntry], findings: Findings, inputs: Mapping[str, Span]) -> None:
    """Gives the unnamed entries their running-number names, and reports names that clash.

    ``inputs`` are names that no entry may have.
    """
    taken = dict(inputs)
    for entry in entries:
        if not entry.named:
            continue
        known = taken.setdefault(entry.name, entry.span)
        if known is not entry.span:
            what = "input" if entry.name in inputs else "entry"
            findings.error(
                "name-clash",
                f"{quoted(entry.name)} is the name of the {what} in line {known.line} already",
                entry.span_of("name"),
            )
    numbers: dict[str, int] = {}
    for entry in entries:
        if entry.named:
            continue
        word = _word(entry)
        number = numbers.get(word, 0) + 1
        while f"{word}{number}" in taken:
            number += 1
        numbers[word] = number
        entry.name = f"{word}{number}"
        taken[entry.name] = entry.span


def _word(entry: Entry) -> str:
    if isinstance(entry, LayerEntry):
        return entry.layer_type.type if entry.layer_type else "layer"
    if isinstance(entry, BlockEntry):
        return "layer" if entry.choice else entry.block[:NAME_LIMIT]
    return "group"
