"""Counts as people write them: 61706, 61.7k, 5M, 58MiB."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from archcalc.network.values.scalars import Schema, ValueType, is_digits
from archcalc.record import Record
from archcalc.wording import did_you_mean

POWERS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
BYTE_POWERS = {
    "": 1, "B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9,
    "KiB": 2**10, "MiB": 2**20, "GiB": 2**30,
}  # fmt: skip

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


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
        if not isinstance(written, str):
            raise self.wrong(value)
        number = written.rstrip(_LETTERS)
        whole, point, decimals = number.removesuffix(" ").partition(".")
        unit = written[len(number) :]
        if not _is_short(whole, 18) or (point and not _is_short(decimals, 12)):
            raise self.wrong(value)
        if unit not in self.units:
            raise self.wrong(value, self._meant(number, unit))
        scale, parts = self.units[unit], 10 ** len(decimals)
        return Amount(
            written, Fraction(int(whole + decimals) * scale, parts), Fraction(scale, parts)
        )

    def _meant(self, number: str, unit: str) -> tuple[str, ...]:
        """The count with the unit that was probably meant: 8GB for 8G of bytes."""
        unit = unit.lower()
        near = [known for known in self.units if unit and known.lower() in (f"{unit}b", unit)]
        return did_you_mean(f"{number}{near[0]}" if near else None)

    def schema(self) -> Schema:
        units = "|".join(unit for unit in self.units if unit)
        pattern = rf"^[0-9]{{1,18}}(\.[0-9]{{1,12}})? ?({units})?$"
        return {"type": ["number", "string"], "minimum": 0, "pattern": pattern}


def _is_short(digits: str, most: int) -> bool:
    return is_digits(digits) and len(digits) <= most
