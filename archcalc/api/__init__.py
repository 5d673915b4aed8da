"""What a program calls, and what the command line calls: load, analyze, check, render."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from archcalc.analysis import analysis as core
from archcalc.analysis.dtypes import DTYPES, meant_dtype
from archcalc.api.calculating import analysed, calculate, given, read, stated
from archcalc.api.uncollected import uncollected
from archcalc.api.writing import ShownAnalysis, exported, render, written
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.sources import builtin_folder, builtin_names, read_source, source_of
from archcalc.diagnostics import Diagnostic, Findings, Source
from archcalc.limits import LAYER_LIMIT
from archcalc.network.figures import Expected
from archcalc.network.network import Network
from archcalc.network.training import Settings
from archcalc.network.volume import Volume
from archcalc.rules import Rule
from archcalc.wording import did_you_mean

if TYPE_CHECKING:
    from os import PathLike

    from archcalc.network.sizes import Inputs

Analysis = ShownAnalysis


def load(target: str | PathLike[str]) -> Architecture:
    """The architecture of a built-in name, a path, or ``-``.

    Raises:
        SpecError: with every mistake of the file.
        OSError: where it cannot be read.
    """
    source = read_source(str(target))
    return loads(source.text, source.filename)


@uncollected
def loads(text: str, filename: str = "<string>") -> Architecture:
    """The architecture in a text.

    Raises:
        SpecError: with every mistake of the text.
    """
    findings = Findings()
    architecture = read(Source(filename, text), findings)
    if findings:
        calculate(architecture, findings)
    return architecture


@uncollected
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
        network = stated(architecture, findings, volumes)
        return analysed(network, findings, batch, dtype, train=train, field_of=field_of)
    volumes, values = given(architecture, input, variables)
    return calculate(
        architecture, findings, volumes, batch, dtype, values, limit_layers, train=train,
        field_of=field_of,
    )  # fmt: skip


@uncollected
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
    architecture = read(source, findings)
    volumes, values = given(architecture, input, variables, is_broken=bool(findings))
    bounded = {bound.quantity for bound in budget}
    kept = [bound for bound in architecture.budget if bound.at or bound.quantity not in bounded]
    architecture.budget = [*kept, *budget]
    return calculate(
        architecture, findings, volumes, batch, dtype, values, limit_layers, chosen,
        field_of=field_of,
    )  # fmt: skip


def _check_count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} is a whole number of at least 1, not {value!r}")


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


__all__ = [
    "Analysis",
    "analyze",
    "builtin_folder",
    "builtin_names",
    "check",
    "exported",
    "load",
    "loads",
    "read_source",
    "render",
    "run",
    "source_of",
    "written",
]
