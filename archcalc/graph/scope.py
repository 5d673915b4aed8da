"""Names: what a scope holds, and how a reference is looked up."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.diagnostics import Fault, nearest, quoted
from archcalc.graph import INPUT
from archcalc.record import Record
from archcalc.spec.declaration import AnyEntry
from archcalc.tree import Value


class Target(Record):
    """What a name stands for: the node of its output, and the names inside it."""

    output: int
    inner: Mapping[str, Target]


class Scope:
    """The top level, one copy of a group or block, or one branch.

    ``values`` are the arguments and variables; ``parent`` is None at the top and in a block's body,
    which sees only itself. ``left_out`` are names that ``when`` leaves out.
    """

    __slots__ = ("depth", "entries", "left_out", "names", "parent", "prefix", "values")

    def __init__(
        self,
        prefix: str,
        entries: list[AnyEntry],
        values: Mapping[str, Value],
        parent: Scope | None = None,
        depth: int = 0,
    ) -> None:
        self.prefix = prefix
        self.entries = entries
        self.values = values
        self.parent = parent
        self.depth = depth
        self.names: dict[str, Target] = {}
        self.left_out: set[str] = set()

    def find(self, reference: str) -> int:
        """The node that a reference names.

        Raises:
            Fault: ``unknown-name``, with the reason and the nearest name.
        """
        first, *rest = reference.split(".")
        if first == "input" and not rest:
            return INPUT
        target = self._first(first)
        at = first
        for part in rest:
            inner = target.inner.get(part)
            if inner is None:
                raise Fault(
                    "unknown-name",
                    f"{quoted(at)} has no {quoted(part)} inside",
                    suggestions=nearest(part, target.inner, f"{at}."),
                )
            target, at = inner, f"{at}.{part}"
        return target.output

    def _first(self, name: str) -> Target:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        raise self._unknown(name)

    def _unknown(self, name: str) -> Fault:
        scope: Scope | None = self
        while scope is not None:
            fact = scope._reason(name)
            if fact:
                return Fault("unknown-name", fact)
            scope = scope.parent
        known = self._visible()
        given = ", ".join([*list(known)[-8:], "input"])
        return Fault(
            "unknown-name",
            f"no layer before this one is named {quoted(name)}; the nearest are: {given}",
            suggestions=nearest(name, [*known, "input"]),
        )

    def _reason(self, name: str) -> str | None:
        """Why a name that an entry of this scope has cannot be used."""
        if name in self.left_out:
            return f"{quoted(name)} is left out by its `when`"
        for entry in self.entries:
            if entry.name == name:
                if not entry.named:
                    return (
                        f"{quoted(name)} is the running-number name of the entry in line "
                        f"{entry.place.line}: give that entry a name"
                    )
                return f"{quoted(name)} comes later, in line {entry.place.line}"
        return None

    def _visible(self) -> dict[str, Target]:
        around = self.parent._visible() if self.parent else {}
        return {**around, **self.names}
