"""Counts as sums of named products, written as a textbook writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Factor: TypeAlias = tuple[str, int]


class Product(tuple[Factor, ...]):
    """Named factors, in the order in which a textbook writes them: F x F x C x K.

    ``label`` says what it counts where a count is a sum of several.
    """

    label: str = ""

    @property
    def value(self) -> int:
        value = 1
        for _, number in self:
            value *= number
        return value

    @property
    def symbols(self) -> str:
        """The names of the factors; a sum stands in parentheses."""
        return " x ".join(
            f"({symbol})" if " + " in symbol or " - " in symbol else symbol for symbol, _ in self
        )

    @property
    def numbers(self) -> str:
        return " x ".join(f"{number:,}" for _, number in self)


class Sum(tuple[Product, ...]):
    """A count: products added up; nothing is counted where there are none."""

    __slots__ = ()

    @property
    def value(self) -> int:
        if len(self) == 1:
            return self[0].value
        return sum([product.value for product in self])

    @property
    def symbols(self) -> str:
        """``F x F x C x K``; products are joined by a plus sign."""
        return " + ".join([product.symbols for product in self])

    @property
    def numbers(self) -> str:
        return " + ".join([product.numbers for product in self])

    def times(self, *factors: Factor) -> Sum:
        """The sum with every product multiplied by more factors."""
        return Sum([_labelled(part.label, (*part, *factors)) for part in self])

    def plus(self, other: Sum) -> Sum:
        return Sum((*self, *other))


NOTHING = Sum()


def product(*factors: Factor) -> Sum:
    """A count that is one product."""
    return Sum((Product(factors),))


def named(label: str, *factors: Factor) -> Sum:
    """A count that is one product, which is told apart from others by its label."""
    return Sum((_labelled(label, factors),))


def _labelled(label: str, factors: Iterable[Factor]) -> Product:
    made = Product(factors)
    if label:
        made.label = label
    return made
