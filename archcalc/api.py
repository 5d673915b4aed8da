"""What a program calls, and what the command line calls: load, analyze, check, render."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from archcalc import rules
from archcalc.analysis import analysis as core
from archcalc.analysis.dtypes import DTYPES, meant_dtype
from archcalc.analysis.quantities import VOCABULARY
from archcalc.analysis.whole import trained, whole
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import expand
from archcalc.archfile.nodes import Value
from archcalc.archfile.reader import read
from archcalc.archfile.sources import builtin_folder as builtin_folder
from archcalc.archfile.sources import builtin_names as builtin_names
from archcalc.archfile.sources import read_source as read_source
from archcalc.archfile.sources import source_of as source_of
from archcalc.diagnostics import Diagnostic, Enough, Fault, Findings, Source, SpecError
from archcalc.limits import LAYER_LIMIT, WORK_PER_LAYER
from archcalc.network import paths
from archcalc.network.figures import Expected
from archcalc.network.figures import read as read_figure
from archcalc.network.network import INPUT, Network
from archcalc.network.training import Settings
from archcalc.network.values import ValueType
from archcalc.network.volume import Volume
from archcalc.renderers import FORMATS
from archcalc.rules import Rule
from archcalc.views.document import to_dict
from archcalc.wording import did_you_mean

if TYPE_CHECKING:
    from os import PathLike

    from archcalc.network.sizes import Inputs


class ShownAnalysis(core.Analysis):
    """Every quantity of a network: layers, totals, groups, outputs, diagnostics.

    What a program gets as `archcalc.Analysis`: the one that knows documents and formats.
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document, version 1, as plain data."""
        return to_dict(self)

    def __repr__(self) -> str:
        return f"<Analysis of {self.name!r}: {self.totals!r}>"

    def _repr_html_(self) -> str:
        return render(self, "html")


Analysis = ShownAnalysis


def load(target: str | PathLike[str]) -> Architecture:
    """The architecture of a built-in name, a path, or ``-``.

    Raises:
        SpecError: with every mistake of the file.
        OSError: where it cannot be read.
    """
    source = read_source(str(target))
    return loads(source.text, source.filename)


def loads(text: str, filename: str = "<string>") -> Architecture:
    """The architecture in a text.

    Raises:
        SpecError: with every mistake of the text.
    """
    findings = Findings()
    architecture = _read(Source(filename, text), findings)
    if findings:
        _calculate(architecture, findings)
    return architecture


def analyze(
    architecture: Architecture | Network,
    input: Inputs | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Any] | None = None,
    limit_layers: int = LAYER_LIMIT,
    train: Settings | None = None,
    field_of: str | None = None,
) -> Analysis:
    """Every quantity of an architecture, or of a network that was built in Python.

    Args:
        architecture: from `load` or `loads`, or a `Network` from a `Builder`.
        input: another size than the file's, its channels kept: 299 for every axis, "299x320",
            (299, 320); "299x320,channels=4" or a `Volume` change the channels as well. Of several
            inputs those that change, by name: {"left": 224}.
        batch: samples; memory is of the whole batch. By default that of the file's ``train``, or 1.
        dtype: the element type, for bytes: one of `archcalc.analysis.dtypes.DTYPES`.
        variables: values in the place of the file's top-level variables.
        limit_layers: the most layers that a file may expand to.
        train: how the network is trained, in the place of what its file says.
        field_of: the input of which receptive fields are followed, the first by default.

    Raises:
        SpecError: where the network has mistakes or its shapes do not fit.
        TypeError, ValueError: for an argument that is wrong in itself.
    """
    if not isinstance(architecture, Architecture | Network):
        raise TypeError(f"analyze takes what load or loads returns, not {architecture!r}")
    if dtype not in DTYPES:
        hints = "".join(f"; {line}" for line in did_you_mean(meant_dtype(dtype)))
        raise ValueError(f"dtype is one of {', '.join(DTYPES)}, not {dtype!r}{hints}")
    if batch is not None:
        _check_count("batch", batch)
    _check_count("limit_layers", limit_layers)
    findings = Findings()
    if isinstance(architecture, Network):
        if variables:
            raise ValueError("a network that was built in Python has no variables")
        volumes: Mapping[str, Volume] = {}
        if input is not None:
            from archcalc.archfile.arguments import parse_inputs  # as in `_given`

            volumes = parse_inputs(input, architecture.inputs)
        network = _stated(architecture, findings, volumes)
        return _analysed(network, findings, batch, dtype, train=train, field_of=field_of)
    volumes, values = _given(architecture, input, variables)
    return _calculate(
        architecture, findings, volumes, batch, dtype, values, limit_layers, train=train,
        field_of=field_of,
    )  # fmt: skip


def run(
    source: Source,
    *,
    input: Inputs | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Any] | None = None,
    limit_layers: int = LAYER_LIMIT,
    budget: Collection[Expected] = (),
    chosen: Collection[Rule] | None = None,
    field_of: str | None = None,
) -> Analysis:
    """Load and analyse in one go, so that the mistakes of both are reported together.

    ``budget`` takes the place of the file's bounds of the same quantities of the network.
    ``chosen`` are the rules to hold the analysis against, with suggestions tried; None: those that
    a table shows.

    Raises:
        SpecError, ValueError: as `loads` and `analyze`.
    """
    findings = Findings()
    architecture = _read(source, findings)
    volumes, values = _given(architecture, input, variables, is_broken=bool(findings))
    bounded = {bound.quantity for bound in budget}
    kept = [bound for bound in architecture.budget if bound.at or bound.quantity not in bounded]
    architecture.budget = [*kept, *budget]
    return _calculate(
        architecture, findings, volumes, batch, dtype, values, limit_layers, chosen,
        field_of=field_of,
    )  # fmt: skip


def _read(source: Source, findings: Findings) -> Architecture:
    try:
        return read(source.text, source.filename, findings, VOCABULARY)
    except Enough:
        raise SpecError(findings.sorted(), source) from None


def _given(
    architecture: Architecture,
    input: Inputs | None,
    variables: Mapping[str, Any] | None,
    *,
    is_broken: bool = False,
) -> tuple[Mapping[str, Volume], dict[str, Value]]:
    """The inputs and the values that are given in the place of a file's.

    Among the variables may be sizes of inputs by their names, as ``--vary`` has them.
    """
    if input is None and not variables:
        return {}, {}
    from archcalc.archfile import arguments

    sizes, given = arguments.apart(architecture, variables or {}, input)
    if is_broken:
        values = arguments.parse_values(given)
    else:
        values = arguments.parse_variables(architecture, given)
    return arguments.parse_inputs(sizes, arguments.own_inputs(architecture, values)), values


def _check_count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} is a whole number of at least 1, not {value!r}")


def _calculate(
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
) -> Analysis:
    read_well = not findings
    try:
        network = expand(architecture, findings, variables, inputs, limit=limit)
        paths.check(network, findings)
    except Enough:  # the findings end with a line that says so
        raise SpecError(findings.sorted(), architecture.source, limit // 10) from None
    finally:
        if findings and read_well and variables:
            from archcalc.archfile.arguments import check_numbers  # as in `_given`

            check_numbers(architecture, variables, inputs, limit)
    return _analysed(network, findings, batch, dtype, chosen, train, field_of)


def _stated(network: Network, findings: Findings, inputs: Mapping[str, Volume]) -> Network:
    """A network without a file, for inputs, with its figures read as those of a file are."""
    if not (inputs or network.expect or network.budget):
        return network
    stated = network.rebuilt(findings, inputs=inputs)
    known = VOCABULARY
    stated.expect = _figures(network.expect, findings, known.of_network, known.of_layers)
    stated.budget = _figures(network.budget, findings, known.bounded, known.bounded_of_layers)
    paths.check(stated, findings)
    return stated


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


def _analysed(
    network: Network,
    findings: Findings,
    batch: int | None,
    dtype: str,
    chosen: Collection[Rule] | None = None,
    train: Settings | None = None,
    field_of: str | None = None,
) -> Analysis:
    walked, stated = None, network.train.batch if network.train else None
    followed = INPUT
    if field_of is not None:
        from archcalc.archfile.arguments import input_named  # as in `_given`

        followed = input_named(network, field_of)
    with suppress(Enough):
        walked = core.analyze(network, findings, batch or stated or 1, dtype, followed)
    if walked is None:
        from archcalc.rules.merging import explained  # only a mistake needs it

        work = len(network.nodes) + network.steps // WORK_PER_LAYER
        raise SpecError(explained(network, findings.sorted()), network.source, work)
    walked = trained(walked, train) if train else whole(walked)
    judges: Collection[Rule] = ()
    if chosen is not None:
        from archcalc.rules.catalogue import CHECKS as judges  # a table needs three of them
    diagnostics: list[Diagnostic] = []
    groups = rules.grouped(walked, rules.IN_TABLE if chosen is None else chosen)
    if groups:
        from archcalc.rules.describing import described  # most networks need none

        diagnostics = described(walked, groups, judges)
    return Analysis(**{**walked._asdict(), "diagnostics": diagnostics})


def check(analysis: core.Analysis) -> list[Diagnostic]:
    """What the rules find in an analysis and its file does not allow, in the order of lines.

    Raises:
        TypeError: for anything but an analysis.
    """
    if not isinstance(analysis, core.Analysis):
        raise TypeError(f"check takes what analyze returns, not {analysis!r}")
    from archcalc.rules.catalogue import CHECKS  # a table needs three of them
    from archcalc.rules.describing import refused

    return refused(analysis, CHECKS, CHECKS)[0]


def render(analysis: core.Analysis, format: str = "table", **options: Any) -> str:
    """An analysis as text in one of the formats of `FORMATS`: table, markdown, json, csv, html.

    Raises:
        ValueError: for an unknown format or column.
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    return FORMATS[format](analysis, **options)
