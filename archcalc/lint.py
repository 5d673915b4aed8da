"""Checks of many files, each held against the rules; a broken one does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.analysis.quantities import QUANTITIES
from archcalc.archfile.foreign import is_foreign
from archcalc.diagnostics import (
    Diagnostic,
    Fault,
    Findings,
    Severity,
    Source,
    Span,
    SpecError,
    Variant,
)
from archcalc.limits import VARIANTS_LIMIT, VARIED_LAYERS_LIMIT, WORK_PER_LAYER
from archcalc.network.figures import Expected
from archcalc.rules import Rule
from archcalc.rules.catalogue import CHECKS, RULES
from archcalc.rules.describing import refused
from archcalc.rules.figures import budgets, expectations
from archcalc.variants import space
from archcalc.views.findings import Checked
from archcalc.views.variants import merged

Against = Callable[[Analysis, Checked], Checked]
"""What was found in a file, with what differs from its code."""

LAYER_OF_TEXT = 32  # characters that take as long to read as a layer to calculate


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
            hints = "".join(f"; {hint}" for hint in fault.suggestions)
            side = "min" if QUANTITIES[quantity].is_floor else "max"
            option = f"--{side}-{quantity.replace('_', '-')} {text}"
            raise ValueError(f"{option}: {quantity} {fault.message}{hints}") from None
        found.append(Expected(None, quantity, figure, span))
    return found


def variants(texts: Iterable[str]) -> list[Variant]:
    """Every combination of the values in texts such as ``width=1,2``; one without where none are.

    Raises:
        ValueError: where a text is no such list, or they have too many combinations.
    """
    axes = space.space(texts)
    count = space.count(axes)
    if count > VARIANTS_LIMIT:
        raise ValueError(f"{count:,} combinations of values; at most {VARIANTS_LIMIT} are checked")
    return [tuple(values.items()) for values in space.variants(axes)]


def checked(
    paths: Iterable[str],
    unread: list[tuple[str, str]],
    rules: Collection[str],
    budget: Collection[Expected] = (),
    below: Container[str] = (),
    foreign: list[str] | None = None,
    varied: Sequence[Variant] = ((),),
    *,
    with_figures: bool = True,
    variables: Mapping[str, str] | None = None,
    read: Callable[[str], Source] = api.read_source,
    against: Against | None = None,
    **options: Any,
) -> Iterator[Checked]:
    """What is found in each file; those that cannot be read go to ``unread`` with the reason.

    Of the paths ``below`` folders, which nobody named, the files of other programs are passed over
    and go to ``foreign``. Where there are several variants, each finding names those that it is in.
    ``with_figures``: whether expectations and budgets are wanted that hold, too. ``against`` holds
    a file against code, where that is asked for.

    Raises:
        ValueError: for an option that is wrong in itself.
    """
    options.update(budget=budget, chosen=())
    chosen = [RULES[rule] for rule in rules]
    check = _Check(chosen, with_figures, variables or {}, options, against)
    for path in paths:
        try:
            source = read(path)
            found = check.variants(source, varied) if any(varied) else check.one(source, ())[0]
        except OSError as error:
            unread.append((path, error.strerror or str(error)))
        except SpecError as error:
            if foreign is not None and path in below and is_foreign(error.source.text):
                foreign.append(path)
            else:
                yield Checked(error.source, error.diagnostics, (), 0)
        else:
            yield found


class _Check:
    """Holds files against rules, one variant after the other."""

    def __init__(
        self,
        rules: Sequence[Rule],
        with_figures: bool,
        variables: Mapping[str, str],
        options: Mapping[str, Any],
        against: Against | None,
    ) -> None:
        self.rules = rules
        self.against = against
        self.with_figures = with_figures
        self.variables = variables
        self.options = options

    def one(self, source: Source, variant: Variant) -> tuple[Checked, int]:
        """What is found in a file, and how many layers' worth of work that was.

        Raises:
            SpecError: where it cannot be analysed.
        """
        values = {**self.variables, **dict(variant)}
        analysis = api.run(source, variables=values, **self.options)
        if variant and not _is_own(analysis):
            analysis.network.expect = []
        found, allowed = refused(analysis, self.rules, CHECKS)
        figures = [*expectations(analysis), *budgets(analysis)] if self.with_figures else []
        work = len(analysis.nodes) + analysis.network.steps // WORK_PER_LAYER
        checked = Checked(source, found, figures, allowed)
        return (self.against(analysis, checked) if self.against else checked), work

    def variants(self, source: Source, varied: Sequence[Variant]) -> Checked:
        """What is found in the variants of a file, until they have taken too much work.

        Raises:
            SpecError: where the file cannot be read, or is one of another program.
        """
        runs, work = list[tuple[Variant, Checked]](), 0
        for number, variant in enumerate(varied, 1):
            try:
                found, more = self.one(source, variant)
            except SpecError as error:
                if not runs and is_foreign(source.text):
                    raise
                found, more = Checked(source, error.diagnostics, (), 0), error.work
            runs.append((variant, found))
            work += more + len(source.text) // LAYER_OF_TEXT
            if work > VARIED_LAYERS_LIMIT and number < len(varied):
                left = len(varied) - number
                return _cut(merged(runs), f"{left:,} of {len(varied):,} combinations")
        return merged(runs)


def _is_own(analysis: Analysis) -> bool:
    """Whether a variant is the network as the file has it, which its expectations speak of."""
    network = analysis.network
    if not network.expect:
        return True
    own = network.rebuilt(Findings(), variables={}, inputs=network.written_inputs)
    return network.inputs == own.inputs and network.variables == own.variables


def _cut(checked: Checked, rest: str) -> Checked:
    fact = f"{rest} are not checked: together they have more than {VARIED_LAYERS_LIMIT:,} layers"
    error = Diagnostic("limit-exceeded", Severity.ERROR, fact, Span(1, 1))
    return checked._replace(diagnostics=[error, *checked.diagnostics])
