"""Code actions: fixes that were tried, acceptance of findings, and figures that are to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archcalc.analysis.quantities import QUANTITIES
from archcalc.archfile.nodes import SequenceNode, YamlNode
from archcalc.diagnostics import Diagnostic, Severity, Source, Span
from archcalc.examining import examined
from archcalc.network.volume import Volume
from archcalc.record import Record
from archcalc.rules.acceptance import MORE
from archcalc.rules.figures import expectations
from archcalc.server.document import Document
from archcalc.server.problems import place_of
from archcalc.server.text import Range, edited
from archcalc.wording import shown, visible

QUICK_FIX, SOURCE = "quickfix", "source.archcalc.expect"
EXPECTED = ("params", "macs", "depth")
_MEANT = re.compile(r"did you mean `([^`]*)`\?\Z")

Edits = tuple[tuple[Span, str], ...]


class Action(Record):
    """A change of the file under a title; ``finding`` is what a fix takes away."""

    title: str
    kind: str
    edits: Edits
    finding: Diagnostic | None = None
    is_preferred: bool = False


def actions(document: Document, asked: Range, kinds: Sequence[str] = ()) -> Iterator[Action]:
    """What can be done about the lines of a range; ``kinds`` are those that are wanted, if any."""
    if not document.is_ours:
        return
    if _wanted(QUICK_FIX, kinds):
        for finding in document.tried:
            place = place_of(document, finding)
            if place.start.line <= asked.end.line and asked.start.line <= place.end.line:
                yield from _of_finding(document, finding)
    if _wanted(SOURCE, kinds):
        yield from _expectations(document)


def _wanted(kind: str, kinds: Sequence[str]) -> bool:
    return not kinds or any(kind == k or kind.startswith(f"{k}.") for k in kinds)


def _of_finding(document: Document, finding: Diagnostic) -> Iterator[Action]:
    for number, fix in enumerate(finding.fixes):
        if fix.edits:
            edits = tuple((edit.span, edit.text) for edit in fix.edits)
            yield Action(visible(fix.title), QUICK_FIX, edits, finding, number == 0)
    for suggestion in finding.suggestions if finding.severity is Severity.ERROR else ():
        meant = _MEANT.match(suggestion)
        if meant and finding.span:
            edits = ((_misspelled(document, finding.span), meant.group(1)),)
            if _helps(document, finding, edits):
                yield Action(f"Write `{visible(meant.group(1))}`", QUICK_FIX, edits, finding, True)
    if finding.allow:
        entries = [line.removesuffix(MORE) for line in finding.allow.splitlines()]
        where = _below(document, "allow", entries)
        if where:
            yield Action(f"Allow {finding.rule} here, with a reason", QUICK_FIX, where, finding)


def _misspelled(document: Document, span: Span) -> Span:
    """The word at a place: a span may be a point, and a value may be in quotes."""
    text = document.text
    start, stop = text.offset(span.start), text.offset(span.end)
    if stop <= start:
        word = re.compile(r"[\w.-]*").match(text.text, start)
        stop = word.end() if word else start
    elif text.text[start] in "'\"" and text.text[stop - 1] == text.text[start]:
        start, stop = start + 1, stop - 1
    return Span(*text.place(start), *text.place(stop))


def _helps(document: Document, finding: Diagnostic, edits: Edits) -> bool:
    """Whether a mistake is gone after edits, and nothing else has come before its place."""
    known = document.known
    after = examined(Source(known.source.filename, edited(document.text, edits)))
    at = finding.span.start if finding.span else (0, 0)
    left = [d for d in after.diagnostics if d.severity is Severity.ERROR]
    before = {(d.rule, d.place) for d in known.diagnostics}
    if any(d.rule == finding.rule and d.place == finding.place for d in left):
        return False
    return all((d.rule, d.place) in before or (d.span and d.span.start > at) for d in left)


def _expectations(document: Document) -> Iterator[Action]:
    """Totals of today as figures that must hold; those of the file that do not, made right."""
    analysis, tree = document.known.analysis, document.tree
    if analysis is None or tree is None:
        return
    if "expect" not in tree.pairs:
        totals = [(name, QUANTITIES[name].total(analysis)) for name in EXPECTED]
        figures = ", ".join(f"{name}: {total}" for name, total in totals if total is not None)
        edits = _at_end(document, f"expect: {{{figures}}}\n")
        yield Action("Expect today's totals", SOURCE, edits)
        return
    wrong = [
        held for held in expectations(analysis) if not held.holds and held.computed is not None
    ]
    right = {held.figure.span: _figure(held.computed) for held in wrong if held.figure.span}
    if right:
        yield Action("Expect today's figures", SOURCE, tuple(right.items()))


def _figure(computed: object) -> str:
    return str(computed) if isinstance(computed, Volume) else shown(computed)


def _at_end(document: Document, lines: str) -> Edits:
    text = document.text
    stop = len(text.text)
    before = "" if not text.text or text.text.endswith("\n") else "\n"
    return ((Span(*text.place(stop)), before + lines),)


def _below(document: Document, key: str, items: list[str]) -> Edits:
    """Edits that put items into the list under a key at the top, which is made if need be."""
    tree = document.tree
    if tree is None:
        return ()
    node: YamlNode | None = tree.get(key)
    if node is None:
        if tree.in_flow:
            return ()
        return _at_end(document, f"{key}:\n" + "".join(f"  {item}\n" for item in items))
    if not isinstance(node, SequenceNode) or not node.items:
        return ()
    last = node.items[-1].span
    if document.text.raw(node.span).startswith("["):
        return ((Span(*last.end), "".join(f", {item.removeprefix('- ')}" for item in items)),)
    end = _line_end(document, last)
    indent = " " * (node.span.column - 1)
    return ((end, "".join(f"\n{indent}{item}" for item in items)),)


def _line_end(document: Document, span: Span) -> Span:
    """The end of the line in which a span ends; a comment may follow it there."""
    text = document.text
    start = text.offset(span.end)
    rest = re.compile(r"[^\r\n\x85\u2028\u2029]*").match(text.text, start)
    return Span(*text.place(rest.end() if rest else start))
