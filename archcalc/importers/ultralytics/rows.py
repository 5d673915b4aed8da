"""An Ultralytics model file as data: scales, number of classes, and rows of modules."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil

from archcalc.archfile.nodes import MappingNode, SequenceNode, YamlNode
from archcalc.archfile.parse import parse
from archcalc.diagnostics import Enough, Findings, Source, SpecError
from archcalc.importers.graph import Refused, Unfit
from archcalc.record import Record
from archcalc.wording import listed, quoted

Plain = int | Fraction | bool | str | None | list["Plain"]

_NUMBER = re.compile(r"[-+]?\d{1,9}(\.\d{0,9})?|[-+]?\.\d{1,9}")
_WORDS: dict[str, Plain] = {"None": None, "null": None, "~": None}
_TRUTHS = {"True": True, "true": True, "False": False, "false": False}


class ModuleRow(Record):
    """``[from, repeats, module, arguments]``; a single ``from`` is a list of one."""

    reads: tuple[int, ...]
    repeats: int
    module: str
    arguments: list[Plain]
    where: str

    @property
    def kind(self) -> str:
        """The module without the package that it is of."""
        return self.module.rpartition(".")[2]


class ModelScale(Record):
    """The factors of one size of a model: of repeats and of channels, which are capped."""

    depth: Fraction = Fraction(1)
    width: Fraction = Fraction(1)
    most: int | None = None
    letter: str = ""

    @property
    def deep(self) -> bool:
        """Whether it is one of the sizes whose modules have more levels."""
        return self.letter in ("m", "l", "x")

    def repeats(self, number: int) -> int:
        """How often a module stands in this size; halves are rounded to even."""
        return max(round(number * self.depth), 1) if number > 1 else number

    def channels(self, number: int) -> int:
        """Channels rounded up to a multiple of 8."""
        capped = number if self.most is None else min(number, self.most)
        return ceil(capped * self.width / 8) * 8


class ModelFile(Record):
    """``anchors`` is how many each position has, where the file is of the form that has them."""

    rows: tuple[ModuleRow, ...]
    scale: ModelScale
    classes: int
    channels: int
    anchors: int | None
    activation: str
    notes: tuple[str, ...]


def plain(node: YamlNode) -> Plain:
    """The value of a node as Python reads it: numbers are exact, a word stays a text."""
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    if isinstance(node, MappingNode):
        raise ValueError("a mapping")
    if node.text in _TRUTHS:
        return _TRUTHS[node.text]
    if node.text in _WORDS:
        return _WORDS[node.text]
    if not _NUMBER.fullmatch(node.text):
        return node.text
    number = Fraction(node.text)
    return int(number) if number.denominator == 1 else number


def is_model(text: str) -> bool:
    """Whether a text has the keys of a model file: ``backbone`` and ``head``."""
    return all(re.search(rf"(?m)^{key}[ \t]*:", text) for key in ("backbone", "head"))


def read_model(source: Source, letter: str | None) -> ModelFile:
    """The model of a file; ``letter`` names its scale, or else its own name does.

    Raises:
        SpecError: where it is no YAML.
        Refused: where it is no model.
    """
    findings = Findings()
    try:
        root = parse(source.text, findings)
    except Enough:
        root = None
    if root is None or findings:
        raise SpecError(findings.sorted(), source)
    return _RowReader(source, root).model(letter)


class _RowReader:
    def __init__(self, source: Source, root: MappingNode) -> None:
        self.source = source
        self.root = root
        self.mistakes: list[Unfit] = []

    def model(self, letter: str | None) -> ModelFile:
        notes: list[str] = []
        scale = self._scale(letter, notes)
        rows = self._rows("backbone") + self._rows("head")
        anchors = self._anchors()
        model = ModelFile(
            tuple(rows),
            scale,
            self._whole("nc", 80),
            self._whole("ch", 3),
            anchors,
            self._activation(),
            tuple(notes),
        )
        if self.mistakes:
            raise Refused(self.mistakes)
        return model

    def _where(self, node: YamlNode) -> str:
        return f"{self.source.filename}:{node.span.line}"

    def _mistake(self, fact: str, node: YamlNode) -> None:
        self.mistakes.append(Unfit(fact, self._where(node)))

    def _value(self, key: str, default: Plain) -> Plain:
        node = self.root.get(key)
        try:
            return default if node is None else plain(node)
        except ValueError as error:
            self._mistake(f"{key} is {error}", self.root.pairs[key])
            return default

    def _whole(self, key: str, default: int) -> int:
        value = self._value(key, default)
        if type(value) is not int or not 0 < value <= 10**6:
            self._mistake(f"{key} is no positive integer", self.root.pairs[key])
            return default
        return value

    def _scale(self, letter: str | None, notes: list[str]) -> ModelScale:
        node = self.root.get("scales")
        if not isinstance(node, MappingNode) or not node.pairs:
            factors = [self._value("depth_multiple", 1), self._value("width_multiple", 1)]
            return self._factors(factors, node or self.root, "")
        named = re.search(r"yolo[a-z]*\d*[a-z]*?([nslmx])(-\w+)?\.ya?ml$", self.source.filename)
        chosen = letter or (named[1] if named and named[1] in node.pairs else None)
        if chosen is None:
            chosen = next(iter(node.pairs))
            notes.append(f"the file has several scales and names none: it is read as {chosen}")
        if chosen not in node.pairs:
            self._mistake(f"no scale is named {quoted(chosen)}: {listed(list(node.pairs))}", node)
            return ModelScale()
        written = node.pairs[chosen]
        return self._factors(plain(written), written, chosen)

    def _factors(self, factors: Plain, node: YamlNode, letter: str) -> ModelScale:
        numbers = factors if isinstance(factors, list) else []
        if len(numbers) not in (2, 3) or not all(
            isinstance(number, int | Fraction) and 0 < number <= 10**6 for number in numbers
        ):
            self._mistake("a scale is depth, width and at most how many channels", node)
            return ModelScale()
        depth, width, *most = map(Fraction, numbers)  # type: ignore[arg-type]
        return ModelScale(depth, width, int(most[0]) if most else None, letter)

    def _anchors(self) -> int | None:
        value = self._value("anchors", None)
        if isinstance(value, list) and value and isinstance(value[0], list):
            return len(value[0]) // 2
        if type(value) is int and value > 0:
            return value
        if value is not None:
            self._mistake("anchors are lists of pairs, or their number", self.root.pairs["anchors"])
        return None

    def _activation(self) -> str:
        value = self._value("activation", "nn.SiLU()")
        return value if isinstance(value, str) else ""

    def _rows(self, key: str) -> list[ModuleRow]:
        node = self.root.get(key)
        if not isinstance(node, SequenceNode):
            self._mistake(f"a model has rows under {key}", node or self.root)
            return []
        return [row for item in node.items if (row := self._row(item))]

    def _row(self, node: YamlNode) -> ModuleRow | None:
        items = node.items if isinstance(node, SequenceNode) else []
        try:
            reads, repeats, module, arguments = map(plain, items)
        except ValueError:
            reads = repeats = module = arguments = None
        reads = reads if isinstance(reads, list) else [reads]
        ok = all(type(read) is int for read in reads) and reads
        if not (ok and type(repeats) is int and isinstance(module, str)) or not (
            isinstance(arguments, list) and 0 < repeats <= 1000
        ):
            self._mistake("a row is [from, repeats, module, arguments]", node)
            return None
        return ModuleRow(tuple(reads), repeats, module, arguments, self._where(node))  # type: ignore[arg-type]
