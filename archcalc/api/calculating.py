"""From a text to an analysis: what is given beside a file, its mistakes, and what rules find."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archcalc import rules
from archcalc.analysis import analysis as core
from archcalc.analysis.quantities import VOCABULARY, asks_for_training
from archcalc.api.writing import ShownAnalysis
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import expand
from archcalc.archfile.nodes import Value
from archcalc.archfile.reader import read as read_file
from archcalc.diagnostics import Diagnostic, Enough, Fault, Findings, Source, SpecError
from archcalc.limits import LAYER_LIMIT, WORK_PER_LAYER
from archcalc.network import paths
from archcalc.network.figures import Expected
from archcalc.network.figures import read as read_figure
from archcalc.network.network import INPUT, Network
from archcalc.network.training import Settings
from archcalc.network.values import ValueType
from archcalc.network.volume import Volume
from archcalc.rules import Rule

if TYPE_CHECKING:
    from archcalc.network.sizes import Inputs


def read(source: Source, findings: Findings) -> Architecture:
    """The architecture in a text, as far as its mistakes let it be known.

    Raises:
        SpecError: where there are too many of them.
    """
    try:
        return read_file(source.text, source.filename, findings, VOCABULARY)
    except Enough:
        raise SpecError(findings.sorted(), source) from None


def given(
    architecture: Architecture,
    input: Inputs | None,
    variables: Mapping[str, Any] | None,
    *,
    is_broken: bool = False,
) -> tuple[Mapping[str, Volume], dict[str, Value]]:
    """The inputs and the values that are given in the place of a file's.

    Among the variables may be sizes of inputs by their names, as ``--vary`` has them.

    Raises:
        ValueError: for what is given and cannot be.
    """
    if input is None and not variables:
        return {}, {}
    from archcalc.archfile import arguments  # most tables are given none

    sizes, others = arguments.apart(architecture, variables or {}, input)
    if is_broken:
        values = arguments.parse_values(others)
    else:
        values = arguments.parse_variables(architecture, others)
    return arguments.parse_inputs(sizes, arguments.own_inputs(architecture, values)), values


def calculate(
    architecture: Architecture,
    findings: Findings,
    inputs: Mapping[str, Volume] | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Value] | None = None,
    limit: int = LAYER_LIMIT,
    chosen: Collection[Rule] | None = None,
    train: Settings | None = None,
    field_of: str | None = None,
) -> ShownAnalysis:
    read_well = not findings
    try:
        network = expand(architecture, findings, variables, inputs, limit=limit)
        paths.check(network, findings)
    except Enough:  # the findings end with a line that says so
        raise SpecError(findings.sorted(), architecture.source, limit // 10) from None
    finally:
        if findings and read_well and variables:
            from archcalc.archfile.arguments import check_numbers  # as in `given`

            check_numbers(architecture, variables, inputs, limit)
    return analysed(network, findings, batch, dtype, chosen, train, field_of)


def stated(network: Network, findings: Findings, inputs: Mapping[str, Volume]) -> Network:
    """A network without a file, for inputs, with its figures read as those of a file are."""
    if not (inputs or network.expect or network.budget):
        return network
    built = network.rebuilt(findings, inputs=inputs)
    known = VOCABULARY
    built.expect = _figures(network.expect, findings, known.of_network, known.of_layers)
    built.budget = _figures(network.budget, findings, known.bounded, known.bounded_of_layers)
    paths.check(built, findings)
    return built


def _figures(
    figures: Iterable[Expected],
    findings: Findings,
    of_network: Mapping[str, ValueType[Any]],
    of_layers: Mapping[str, ValueType[Any]],
) -> list[Expected]:
    read = []
    for figure in figures:
        try:
            read.append(read_figure(figure, of_layers if figure.at else of_network))
        except Fault as fault:
            findings.fault(fault, None, layer=figure.at)
    return read


def analysed(
    network: Network,
    findings: Findings,
    batch: int | None,
    dtype: str,
    chosen: Collection[Rule] | None = None,
    train: Settings | None = None,
    field_of: str | None = None,
) -> ShownAnalysis:
    walked, own = None, network.train.batch if network.train else None
    followed = INPUT
    if field_of is not None:
        from archcalc.archfile.arguments import input_named  # as in `given`

        followed = input_named(network, field_of)
    with suppress(Enough):
        walked = core.analyze(network, findings, batch or own or 1, dtype, followed)
    if walked is None:
        from archcalc.rules.merging import explained  # only a mistake needs it

        work = len(network.nodes) + network.steps // WORK_PER_LAYER
        raise SpecError(explained(network, findings.sorted()), network.source, work)
    if train or asks_for_training(network):
        from archcalc.analysis.whole import trained  # a table without it starts sooner

        walked = trained(walked, train)
    judges: Collection[Rule] = ()
    if chosen is not None:
        from archcalc.rules.catalogue import CHECKS as judges  # a table needs three of them
    diagnostics: list[Diagnostic] = []
    groups = rules.grouped(walked, rules.IN_TABLE if chosen is None else chosen)
    if groups:
        from archcalc.rules.describing import described  # most networks need none

        diagnostics = described(walked, groups, judges)
    return ShownAnalysis(**{**walked._asdict(), "diagnostics": diagnostics})
