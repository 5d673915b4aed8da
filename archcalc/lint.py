"""Checks of many files, each held against the rules; a broken one does not stop the others."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import Any

from archcalc import api
from archcalc.analysis.quantities import QUANTITIES
from archcalc.archfile.foreign import is_foreign
from archcalc.diagnostics import Fault, Span, SpecError
from archcalc.network.figures import Expected
from archcalc.rules import refused
from archcalc.rules.catalogue import CHECKS, RULES
from archcalc.rules.figures import budgets, expectations
from archcalc.views.findings import Checked


def bounds(limits: Mapping[str, str]) -> list[Expected]:
    """Bounds from text such as 5M, by quantity.

    Raises:
        ValueError: where a text is no count.
    """
    span = Span(1, 1)
    found = []
    for quantity, text in limits.items():
        try:
            figure = QUANTITIES[quantity].takes.check(text)
        except Fault as fault:
            raise ValueError(f"{quantity} {fault.message}") from None
        found.append(Expected(None, quantity, figure, span))
    return found


def checked(
    paths: Iterable[str],
    unread: list[tuple[str, str]],
    rules: Collection[str],
    budget: Collection[Expected] = (),
    below: Container[str] = (),
    foreign: list[str] | None = None,
    *,
    with_figures: bool = True,
    **options: Any,
) -> Iterator[Checked]:
    """What is found in each file; those that cannot be read go to ``unread`` with the reason.

    Of the paths ``below`` folders, which nobody named, the files of other programs are passed over
    and go to ``foreign``. ``with_figures``: whether expectations and budgets are wanted that hold,
    too.

    Raises:
        ValueError: for an option that is wrong in itself.
    """
    chosen = [RULES[rule] for rule in rules]
    for path in paths:
        try:
            source = api.read_source(path)
            analysis = api.run(source, budget=budget, chosen=(), **options)
        except OSError as error:
            unread.append((path, error.strerror or str(error)))
        except SpecError as error:
            if foreign is not None and path in below and is_foreign(error.source.text):
                foreign.append(path)
            else:
                yield Checked(error.source, error.diagnostics, (), 0)
        else:
            found, allowed = refused(analysis, chosen, CHECKS)
            figures = [*expectations(analysis), *budgets(analysis)] if with_figures else []
            yield Checked(source, found, figures, allowed)
