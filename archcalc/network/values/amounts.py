"""Counts as people write them: 61706, 61.7k, 5M, 58MiB."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from archcalc.network.values.scalars import Schema, ValueType
from archcalc.record import Record
from archcalc.wording import did_you_mean

POWERS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
BYTE_POWERS = {
    "": 1, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9,
    "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip

# Compiled where a figure is read: many files have none.
_COUNT = r"(?a)(?P<whole>[0-9]{1,18})(?:\.(?P<decimals>[0-9]{1,12}))? ?(?P<unit>[A-Za-z]*)\Z"


class Amount(Record):
    """A count as somebody wrote it, its exact value, and one unit of its last digit."""

    text: str
    value: Fraction
    unit: Fraction


class AmountType(ValueType[Amount]):
    """A count, which may be shortened; of bytes, with other units than of anything else."""

    verbatim = True

    def __init__(self, units: dict[str, int], example: str) -> None:
        self.units = units
        self.text = f"a count such as {example}"

    def check(self, value: Any) -> Amount:
        if isinstance(value, Amount):
            return value
        written = str(value) if type(value) is int else value
        match = re.match(_COUNT, written) if isinstance(written, str) else None
        if not match or match["unit"] not in self.units:
            raise self.wrong(value, self._meant(match) if match else ())
        whole, decimals = match["whole"], match["decimals"] or ""
        scale, parts = self.units[match["unit"]], 10 ** len(decimals)
        return Amount(
            match.string, Fraction(int(whole + decimals) * scale, parts), Fraction(scale, parts)
        )

    def _meant(self, match: re.Match[str]) -> tuple[str, ...]:
        """The count with the unit that was probably meant: 8GB for 8G of bytes."""
        unit = match["unit"].lower()
        near = [known for known in self.units if unit and known.lower() in (f"{unit}b", unit)]
        return did_you_mean(f"{match.string[: match.start('unit')]}{near[0]}" if near else None)

    def schema(self) -> Schema:
        units = "|".join(unit for unit in self.units if unit)
        pattern = rf"^[0-9]{{1,18}}(\.[0-9]{{1,12}})? ?({units})?$"
        return {"type": ["number", "string"], "minimum": 0, "pattern": pattern}
