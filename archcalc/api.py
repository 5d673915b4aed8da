"""What a program calls, and what the command line calls: load, analyze, check, render."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc import rules
from archcalc.analysis import analysis as core
from archcalc.analysis.dtypes import DTYPES, meant_dtype
from archcalc.analysis.quantities import VOCABULARY
from archcalc.analysis.whole import trained, whole
from archcalc.archfile import parse as document
from archcalc.archfile.checks import is_dynamic
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import calculated_input, expand
from archcalc.archfile.nodes import SequenceNode, Unknown, Value, Word
from archcalc.archfile.reader import read
from archcalc.archfile.substitution import value_of_argument
from archcalc.archfile.text import decode
from archcalc.diagnostics import Diagnostic, Enough, Fault, Findings, Source, Span, SpecError
from archcalc.limits import FILE_LIMIT, LAYER_LIMIT
from archcalc.network import paths, sizes
from archcalc.network.figures import Expected
from archcalc.network.figures import read as read_figure
from archcalc.network.network import Network
from archcalc.network.sizes import Sizes
from archcalc.network.training import Settings
from archcalc.network.values import ValueType, literal
from archcalc.network.volume import Volume
from archcalc.renderers import FORMATS
from archcalc.rules import Rule
from archcalc.views.document import to_dict
from archcalc.wording import did_you_mean, nearest, quoted, shown, visible

if TYPE_CHECKING:
    from os import PathLike

START = Span(1, 1)


class Analysis(core.Analysis):
    """Every quantity of a network: layers, totals, groups, outputs, diagnostics."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document, version 1, as plain data."""
        return to_dict(self)

    def __repr__(self) -> str:
        return f"<Analysis of {self.name!r}: {self.totals!r}>"

    def _repr_html_(self) -> str:
        return render(self, "html")


def builtin_folder() -> str:
    """The folder of the architectures: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    inside = os.path.join(package, "architectures")
    return inside if os.path.isdir(inside) else os.path.join(package, "..", "architectures")


def builtin_names() -> list[str]:
    """The names of the architectures that ship with archcalc, sorted."""
    files = os.listdir(builtin_folder())
    return sorted(name[:-5] for name in files if name.endswith(".yaml"))


def read_source(target: str) -> Source:
    """The text behind a built-in name, a path, or ``-`` for standard input.

    Raises:
        OSError: where there is no such architecture, or the file cannot be read.
        SpecError: where what was read is not UTF-8 text, or is too large.
    """
    if target == "-":
        return source_of(sys.stdin.buffer.read(FILE_LIMIT + 1), "<stdin>")
    if "/" in target or "\\" in target or target.endswith((".yaml", ".yml")):
        with open(target, "rb") as file:
            return source_of(file.read(FILE_LIMIT + 1), target)
    if target not in builtin_names():
        beside = [name for end in (".yaml", ".yml") if os.path.isfile(name := f"{target}{end}")]
        lines = [f"did you mean the file `{name}`?" for name in beside[:1]]
        hint = "".join(f"; {line}" for line in lines or nearest(target, builtin_names()))
        raise FileNotFoundError(
            f'no architecture is named "{visible(target[:80])}"{hint} '
            "(`archcalc list` shows all; a path has a / or ends in .yaml)"
        )
    with open(os.path.join(builtin_folder(), f"{target}.yaml"), "rb") as file:
        return source_of(file.read(FILE_LIMIT + 1), f"architectures/{target}.yaml")


def source_of(data: bytes, filename: str) -> Source:
    """The text of a file's bytes.

    Raises:
        SpecError: where it is not UTF-8, or too large.
    """
    try:
        return Source(filename, decode(data))
    except Fault as fault:
        findings = Findings()
        findings.fault(fault, START)
        text = data.decode("utf-8", "replace") if len(data) <= FILE_LIMIT else ""
        raise SpecError(findings.sorted(), Source(filename, text)) from None


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
    input: Sizes | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Any] | None = None,
    limit_layers: int = LAYER_LIMIT,
    train: Settings | None = None,
) -> Analysis:
    """Every quantity of an architecture, or of a network that was built in Python.

    Args:
        architecture: from `load` or `loads`, or a `Network` from a `Builder`.
        input: another size than the file's, its channels kept: 299 for every axis, "299x320",
            (299, 320); "299x320,channels=4" or a `Volume` change the channels as well.
        batch: samples; memory is of the whole batch. By default that of the file's ``train``, or 1.
        dtype: the element type, for bytes: one of `archcalc.analysis.dtypes.DTYPES`.
        variables: values in the place of the file's top-level variables.
        limit_layers: the most layers that a file may expand to.
        train: how the network is trained, in the place of what its file says.

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
        network = _stated(architecture, findings, parse_volume(input, architecture.input))
        return _analysed(network, findings, batch, dtype, train=train)
    values = parse_variables(architecture, variables or {})
    volume = parse_volume(input, _own_input(architecture, values))
    return _calculate(
        architecture, findings, volume, batch, dtype, values, limit_layers, train=train
    )


def run(
    source: Source,
    *,
    input: Sizes | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Any] | None = None,
    limit_layers: int = LAYER_LIMIT,
    budget: Collection[Expected] = (),
    chosen: Collection[Rule] | None = None,
) -> Analysis:
    """Load and analyse in one go, so that the mistakes of both are reported together.

    ``budget`` takes the place of the file's bounds of the same quantities. ``chosen`` are the rules
    to hold the analysis against, with suggestions tried; None: those that a table shows.

    Raises:
        SpecError, ValueError: as `loads` and `analyze`.
    """
    findings = Findings()
    architecture = _read(source, findings)
    if findings:
        values = {name: parse_value(value) for name, value in (variables or {}).items()}
    else:
        values = parse_variables(architecture, variables or {})
    volume = parse_volume(input, _own_input(architecture, values))
    bounded = {bound.quantity for bound in budget}
    kept = [bound for bound in architecture.budget if bound.quantity not in bounded]
    architecture.budget = [*kept, *budget]
    return _calculate(architecture, findings, volume, batch, dtype, values, limit_layers, chosen)


def _read(source: Source, findings: Findings) -> Architecture:
    try:
        return read(source.text, source.filename, findings, VOCABULARY)
    except Enough:
        raise SpecError(findings.sorted(), source) from None


def _calculate(
    architecture: Architecture,
    findings: Findings,
    input: Volume | None = None,
    batch: int | None = None,
    dtype: str = "float32",
    variables: Mapping[str, Value] | None = None,
    limit: int = LAYER_LIMIT,
    chosen: Collection[Rule] | None = None,
    train: Settings | None = None,
) -> Analysis:
    read_well = not findings
    try:
        network = expand(architecture, findings, variables, input, limit=limit)
        paths.check(network, findings)
    except Enough:  # the findings end with a line that says so
        raise SpecError(findings.sorted(), architecture.source) from None
    finally:
        if findings and read_well and variables:
            _check_numbers(architecture, variables, input, limit)
    return _analysed(network, findings, batch, dtype, chosen, train)


def _check_numbers(
    architecture: Architecture, given: Mapping[str, Value], input: Volume | None, limit: int
) -> None:
    """Refuse words that were given for numbers, where there are mistakes only because of them.

    Raises:
        ValueError: for the first one.
    """
    numbers = {name: value for name, value in given.items() if _is_number(value)}
    findings = Findings()
    with suppress(Enough):
        network = expand(architecture, findings, numbers, input, limit=limit)
        for name, value in given.items():
            known = network.variables.get(name)
            if not findings and name not in numbers and _is_number(known):
                fact = f"the file uses {quoted(name)} as a number; there it is {shown(known)}"
                raise ValueError(f"--set {name}={shown(value)}: {fact}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _stated(network: Network, findings: Findings, input: Volume | None) -> Network:
    """A network without a file, for an input, with its figures read as those of a file are."""
    if not (input or network.expect or network.budget):
        return network
    stated = network.rebuilt(findings, input=input)
    stated.expect = _figures(network.expect, findings, VOCABULARY.of_network)
    stated.budget = _figures(network.budget, findings, VOCABULARY.bounded)
    paths.check(stated, findings)
    return stated


def _figures(
    figures: Iterable[Expected], findings: Findings, of_network: Mapping[str, ValueType[Any]]
) -> list[Expected]:
    read = []
    for figure in figures:
        try:
            read.append(read_figure(figure, VOCABULARY.of_layers if figure.at else of_network))
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
) -> Analysis:
    walked, stated = None, network.train.batch if network.train else None
    with suppress(Enough):
        walked = core.analyze(network, findings, batch or stated or 1, dtype)
    if walked is None:
        from archcalc.rules.merging import explained  # only a mistake needs it

        raise SpecError(explained(network, findings.sorted()), network.source)
    walked = trained(walked, train) if train else whole(walked)
    if chosen is None:
        diagnostics = rules.run(walked, rules.IN_TABLE)
    else:
        from archcalc.rules.catalogue import CHECKS  # a table needs three of them

        diagnostics = rules.run(walked, chosen, CHECKS)
    return Analysis(**{**walked._asdict(), "diagnostics": diagnostics})


def parse_volume(value: Sizes | None, input: Volume | None) -> Volume | None:
    """The volume that sizes mean for a network with this input; None where one is not known.

    Raises:
        ValueError: where they are no sizes, or do not mean such an input.
    """
    if value is None:
        return None
    try:
        if input is None:
            sizes.check_sizes(value)
            return None
        return sizes.resized(value, input)
    except Fault as fault:
        raise ValueError(f"input {fault.message}") from None


def _own_input(architecture: Architecture, variables: Mapping[str, Value]) -> Volume | None:
    """The input that a file has; None where a mistake hides it."""
    with suppress(Enough):
        return architecture.input or calculated_input(architecture, Findings(), variables)
    return None


def _check_count(name: str, value: Any) -> None:
    """Raises ValueError for anything but a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} is a whole number of at least 1, not {value!r}")


def parse_value(value: Any) -> Value:
    """The value of a variable from a number, a truth value, text or a list; a float by its digits.

    Text in brackets is a list.
    """
    if isinstance(value, bool | int | Fraction):
        return value
    if isinstance(value, list | tuple):
        return tuple(map(parse_value, value))
    text = str(value).strip()
    if text[:1] == "[":
        return _parse_list(text)
    if not text or text.startswith("$"):
        raise ValueError(f"a variable is set to a number, a truth value or a word, not {value!r}")
    try:
        number = literal(text)
    except Fault as fault:
        raise ValueError(fault.message) from None
    return Word(text, span=START) if number is None else number


def _parse_list(text: str) -> Value:
    findings, value = Findings(), None
    with suppress(Enough, Fault):
        root = document.parse(f"list: {text}\n", findings)
        node = root.get("list") if root and len(root.pairs) == 1 else None
        if isinstance(node, SequenceNode) and not findings and not is_dynamic(node):
            value = value_of_argument(node, None)
    if value is None or isinstance(value, Unknown):
        raise ValueError(f"a variable is set to a list such as [16, 32], not {text!r}")
    return value


def parse_variables(architecture: Architecture, given: Mapping[str, Any]) -> dict[str, Value]:
    """The values of variables that the architecture has.

    Raises:
        ValueError: for one that it has not, with the nearest name.
    """
    for name in given:
        if name not in architecture.variables:
            known = ", ".join(architecture.variables) or "none"
            hint = "".join(f"; {line}" for line in nearest(name, architecture.variables))
            raise ValueError(f'there is no variable "{name}"; there are: {known}{hint}')
    return {name: parse_value(value) for name, value in given.items()}


def check(analysis: core.Analysis) -> list[Diagnostic]:
    """What the rules find in an analysis and its file does not allow, in the order of lines.

    Raises:
        TypeError: for anything but an analysis.
    """
    if not isinstance(analysis, core.Analysis):
        raise TypeError(f"check takes what analyze returns, not {analysis!r}")
    from archcalc.rules.catalogue import CHECKS  # a table needs three of them

    return rules.refused(analysis, CHECKS, CHECKS)[0]


def render(analysis: core.Analysis, format: str = "table", **options: Any) -> str:
    """An analysis as text in one of the formats of `FORMATS`: table, markdown, json, csv, html.

    Raises:
        ValueError: for an unknown format or column.
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    return FORMATS[format](analysis, **options)
