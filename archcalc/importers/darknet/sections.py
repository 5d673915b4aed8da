"""The sections of a Darknet .cfg file, with the line of everything that it says."""

from __future__ import annotations

from fractions import Fraction

from archcalc.diagnostics import Source
from archcalc.importers.graph import Refused, Unfit


class DarknetSection:
    """A section and its options; those that were not asked for are known afterwards."""

    def __init__(self, name: str, where: str) -> None:
        self.name = name
        self.where = where
        self.options: dict[str, tuple[str, str]] = {}
        self.unread: set[str] = set()
        self.mistakes: list[Unfit] = []

    def text(self, key: str, default: str) -> str:
        """An option as it is written; where one is given twice the first counts, as in Darknet."""
        self.unread.discard(key)
        return self.options[key][0] if key in self.options else default

    def whole(self, key: str, default: int, least: int = 0) -> int:
        """An integer of at least so much; another text is a mistake, and the default stands in."""
        written = self.text(key, str(default))
        if not _is_integer(written) or not least <= int(written) <= 10**9:
            fact = f"{key} is {written[:40]}, which is no integer from {least}"
            self.mistakes.append(Unfit(fact, self.options[key][1]))
            return default
        return int(written)

    def share(self, key: str) -> Fraction:
        """A number from 0 to 1 with a few decimals; 1/2 where there is none."""
        written = self.text(key, "0.5")
        whole, _, decimals = written.partition(".")
        digits = f"{whole}{decimals}"
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            self.mistakes.append(Unfit(f"{key} is no number", self.options[key][1]))
            return Fraction(1, 2)
        return Fraction(int(digits), 10 ** len(decimals))

    def list(self, key: str) -> list[int]:
        """Integers with commas between them."""
        parts = [part.strip() for part in self.text(key, "").split(",") if part.strip()]
        if not parts or not all(map(_is_integer, parts)):
            where = self.options[key][1] if key in self.options else self.where
            self.mistakes.append(Unfit(f"{key} of [{self.name}] is no list of integers", where))
            return []
        return [int(part) for part in parts]


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("-", "+") else text
    return digits.isascii() and digits.isdigit() and len(digits) <= 18


def sections(source: Source) -> list[DarknetSection]:
    """The sections in the order of the file.

    Raises:
        Refused: where a line is neither a section, an option nor a comment.
    """
    found: list[DarknetSection] = []
    mistakes = []
    for number, line in enumerate(source.text.splitlines(), 1):
        text = "".join(line.split())
        where = f"{source.filename}:{number}"
        if not text or text[0] in "#;":
            continue
        key, equals, value = text.partition("=")
        if text[0] == "[" and text.endswith("]"):
            found.append(DarknetSection(text[1:-1], where))
        elif equals and key and found:
            found[-1].options.setdefault(key, (value, where))
            found[-1].unread.add(key)
        else:
            what = "an option before the first section" if equals and key else "no key=value"
            mistakes.append(Unfit(what, where))
    if mistakes or not found or found[0].name not in ("net", "network"):
        if not mistakes:
            where = found[0].where if found else source.filename
            mistakes.append(Unfit("a Darknet file begins with [net]", where))
        raise Refused(mistakes)
    return found
