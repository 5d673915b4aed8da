"""Definitions, references and renaming; a new name is tried before it is given."""

from __future__ import annotations

import re
from typing import Any

from archcalc.diagnostics import Severity, Source, Span
from archcalc.examining import Examined, examined
from archcalc.network.names import unfit_name
from archcalc.server.declarations import Occurrence
from archcalc.server.document import Document
from archcalc.server.text import edited
from archcalc.wording import quoted

_WORD = re.compile(r"([A-Za-z0-9_-]+)")
_COLUMNS = ("column", "end_column")


class RenameRefused(ValueError):
    """A name that cannot be given, and why."""


def symbol_at(document: Document, place: tuple[int, int]) -> Occurrence | None:
    return document.names.at(place) if document.is_ours else None


def definition(document: Document, place: tuple[int, int]) -> list[Span]:
    """Where what is named at a place is named first; a pattern may name several."""
    at = symbol_at(document, place)
    if at is None:
        return []
    there = (o.symbol.span for o in document.names.all if o.span == at.span)
    return list(dict.fromkeys(there))


def references(
    document: Document, place: tuple[int, int], *, with_definition: bool = True
) -> list[Occurrence]:
    at = symbol_at(document, place)
    found = document.names.of(at.symbol) if at else []
    return [o for o in found if with_definition or not o.is_definition]


def rename(document: Document, place: tuple[int, int], new: str) -> list[tuple[Span, str]]:
    """The edits that give what is named at a place another name.

    Raises:
        RenameRefused: where there is no name, or the network would be another one.
    """
    at = symbol_at(document, place)
    if at is None:
        raise RenameRefused("there is no name here that can be changed")
    old = at.symbol.name
    _check(at.symbol.kind, new)
    spans = list(dict.fromkeys(o.span for o in document.names.of(at.symbol)))
    edits = [(span, new) for span in spans]
    if new != old:
        after = edited(document.text, edits)
        if not _same(
            document.known, examined(Source(document.known.source.filename, after)), old, new
        ):
            fact = f"{quoted(old)} cannot become {quoted(new)}: the network would not be the same"
            raise RenameRefused(fact)
    return edits


def _check(kind: str, new: str) -> None:
    if kind in ("argument", "variable"):
        if not (new.isascii() and new.isidentifier()):
            raise RenameRefused(
                f"{quoted(new)} is no name of a value: letters, digits and _, no digit first"
            )
        return
    fact = unfit_name(new)
    if fact:
        raise RenameRefused(f"{quoted(new)} is no name: {fact}")


def _same(before: Examined, after: Examined, old: str, new: str) -> bool:
    """Whether two files are one but for a name; those with mistakes have the same ones."""
    if before.analysis and after.analysis:
        return _alike(before.analysis.to_dict(), after.analysis.to_dict(), old, new)
    if before.analysis or after.analysis:
        return False

    def mistakes(known: Examined) -> list[tuple[str, int]]:
        errors = (d for d in known.diagnostics if d.severity is Severity.ERROR)
        return [(d.rule, d.span.line if d.span else 0) for d in errors]

    def rows(known: Examined) -> list[Any]:
        return [row and [row.name, str(row.output), row.params, row.macs] for row in known.layers]

    return mistakes(before) == mistakes(after) and _alike(rows(before), rows(after), old, new)


def _alike(before: Any, after: Any, old: str, new: str) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return len(before) == len(after) and all(
            _alike(key, other, old, new)
            and (key in _COLUMNS or _alike(before[key], after[other], old, new))
            for key, other in zip(before, after, strict=True)
        )
    if isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(_alike(a, b, old, new) for a, b in pairs)
    if isinstance(before, str) and isinstance(after, str):
        if before == after:
            return True
        words, others = _WORD.split(before), _WORD.split(after)
        pairs_of_words = zip(words, others, strict=False)
        return len(words) == len(others) and all(
            a == b or (a == old and b == new) for a, b in pairs_of_words
        )
    return type(before) is type(after) and bool(before == after)
