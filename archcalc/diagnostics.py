"""What is wrong or worth knowing about a file, and where it is written."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from enum import Enum

from archcalc.limits import MISTAKES_LIMIT
from archcalc.record import Record


class Span(Record):
    """Where something is written: from its first character up to, not including, the end.

    Lines and columns count from 1. Without an end it is a point: the place of a character.
    """

    line: int
    column: int
    end_line: int = 0
    end_column: int = 0

    @property
    def start(self) -> tuple[int, int]:
        return self.line, self.column

    @property
    def end(self) -> tuple[int, int]:
        return (self.end_line, self.end_column) if self.end_line else self.start


class Source(Record):
    """The text of a file and the name under which it was given."""

    filename: str
    text: str


class Edit(Record):
    """Text in the place of what stands in a span; in front of it where the span is empty."""

    span: Span
    text: str


class Fix(Record):
    """A change that removes a finding: what it does in words, and the edits of the file."""

    title: str
    edits: tuple[Edit, ...]


# Values of variables under which a file was checked, as they were given.
Variant = tuple[tuple[str, str], ...]


class Severity(str, Enum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(Record):
    """One finding: the rule that it belongs to, its place, the layer (a path), and the fact.

    ``copies`` counts the layers that show the same finding because a block or group is repeated.
    ``allowed`` is the reason for which the file accepts it, and ``allow`` the entry with which it
    could; mistakes have neither. ``variants`` are those of several in which it was found, and
    ``only_with`` says which in words, unless they are all.
    """

    rule: str
    severity: Severity
    message: str
    span: Span | None
    layer: str | None = None
    copies: int = 1
    suggestions: tuple[str, ...] = ()
    allowed: str | None = None
    fixes: tuple[Fix, ...] = ()
    allow: str | None = None
    variants: tuple[Variant, ...] = ()
    only_with: str = ""

    @property
    def place(self) -> Hashable:
        """Where it is written, as what its copies share; what is written nowhere has no copies."""
        return self.span.start if self.span else (self.layer, self.message)

    @property
    def position(self) -> str:
        """``12:34``: line and column; the name of the layer where nothing is written."""
        return f"{self.span.line}:{self.span.column}" if self.span else self.layer or "network"

    def whereabouts(self, mark: str = "") -> list[str]:
        """``line 12`` and the layer between marks, as far as there are any."""
        line = [f"line {self.span.line:,}"] if self.span else []
        layer = [f"{mark}{self.layer}{mark}"] if self.layer else []
        return line + layer or ["the network"]

    @property
    def label(self) -> str:
        """``warning[illegal-stride]``."""
        return f"{self.severity.value}[{self.rule}]"

    @property
    def hints(self) -> tuple[str, ...]:
        """What is said below the message: why it is accepted, or else what could be changed."""
        return self.suggestions if self.allowed is None else (f"allowed: {self.allowed}",)


class Fault(Exception):
    """A fact raised where no file is known; whoever knows the file adds the place.

    ``key`` names the key of the layer that is to blame, and ``at`` leads from its value to the item
    of it that is: indices and keys. ``span`` is set where a value was read. A fault may stand for
    several (``parts``).
    """

    def __init__(
        self,
        rule: str,
        message: str,
        *,
        key: str | None = None,
        span: Span | None = None,
        suggestions: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.key = key
        self.span = span
        self.suggestions = tuple(suggestions)
        self.at: tuple[int | str, ...] = ()
        self.parts: tuple[Fault, ...] = (self,)

    @classmethod
    def together(cls, faults: Iterable[Fault]) -> Fault:
        """One fault for one or more."""
        parts = tuple(part for fault in faults for part in fault.parts)
        if len(parts) == 1:
            return parts[0]
        group = Fault(parts[0].rule, "; ".join(part.message for part in parts))
        group.parts = parts
        return group

    def below(self, step: int | str) -> Fault:
        """The fault, now about a value that holds the one it was about."""
        for part in self.parts:
            part.at = (step, *part.at)
        return self


class SpecError(Exception):
    """A file that cannot be analysed; ``diagnostics`` holds every mistake in the order of lines.

    ``work`` is how many layers' worth of it was done before they were found.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], source: Source, work: int = 0) -> None:
        self.work = work
        self.diagnostics = list(diagnostics)
        self.source = source
        super().__init__(
            "\n".join(
                f"{source.filename}:{d.position}: {d.label}: {d.message}" for d in self.diagnostics
            )
        )


class Enough(Exception):
    """So many mistakes were found that what is left of the file is not looked at."""


class Findings:
    """Collects diagnostics; those of one rule at one place become one, with the copies counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Hashable], Diagnostic] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Add one more.

        Raises:
            Enough: when there are more than 100; the last then says that the rest is not shown.
        """
        at = (diagnostic.rule, diagnostic.place)
        known = self._found.get(at)
        if known is None and len(self._found) == MISTAKES_LIMIT:
            rest = f"more than {MISTAKES_LIMIT} mistakes; what follows this one is not shown"
            diagnostic = Diagnostic("limit-exceeded", Severity.ERROR, rest, diagnostic.span)
            self._found["limit-exceeded", diagnostic.place] = diagnostic
            raise Enough
        self._found[at] = known._replace(copies=known.copies + 1) if known else diagnostic

    def fault(
        self, fault: Fault, span: Span | None, *, layer: str | None = None, about: str = ""
    ) -> None:
        """Add every part of a fault as an error, at its own place or else at ``place``."""
        for part in fault.parts:
            self.add(
                Diagnostic(
                    part.rule,
                    Severity.ERROR,
                    f"{about}{part.message}",
                    part.span or span,
                    layer,
                    suggestions=part.suggestions,
                )
            )

    def once(self, fault: Fault, span: Span, about: str = "") -> None:
        """Add what is not there yet: a mistake in a block shows in every instance, and is one."""
        for part in fault.parts:
            if not self.has(part.rule, part.span or span):
                self.fault(part, span, about=about)

    def has(self, rule: str, span: Span) -> bool:
        """Whether something was found there that breaks a rule."""
        return (rule, span.start) in self._found

    def error(self, rule: str, message: str, span: Span, suggestions: Iterable[str] = ()) -> None:
        self.fault(Fault(rule, message, suggestions=suggestions), span)

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> list[Diagnostic]:
        return sorted(self._found.values(), key=_order)


def _order(found: Diagnostic) -> tuple[tuple[int, int], str]:
    return found.span.start if found.span else (0, 0), found.rule
