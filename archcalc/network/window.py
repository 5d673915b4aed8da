"""The arithmetic of a window on one axis: sliding, transposed or adaptive. Exact integers only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import gcd
from typing import TypeVar

from archcalc.record import Record
from archcalc.wording import fraction

T = TypeVar("T")
U = TypeVar("U")


class Window(Record):
    """A window on one axis: N, F, S, P before and after, D; ``ceil_mode`` as in PyTorch.

    The number of positions is floor((N + P - D(F - 1) - 1) / S) + 1, with P the sum of both sides
    (Dumoulin and Visin, "A guide to convolution arithmetic", 2016, relationships 6 and 15).
    """

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """D(F - 1) + 1: how many rows a window spans."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def travel(self) -> int:
        """N + P - D(F - 1) - 1: how far the window can move."""
        return self.size + self.before + self.after - self.extent

    @property
    def exact(self) -> Fraction:
        """(N + P - D(F - 1) - 1) / S + 1, before the floor."""
        return Fraction(self.travel + self.stride, self.stride)

    @property
    def written(self) -> str:
        """`exact` with its numbers: ``(7 - 3)/3 + 1``; padding and dilation where there are any."""
        padding = self.before + self.after
        padded = f" + {padding}" if padding else ""
        if self.dilation == 1:
            return f"({self.size}{padded} - {self.kernel})/{self.stride} + 1"
        extent = f"{self.dilation}({self.kernel} - 1) - 1"
        return f"({self.size}{padded} - {extent})/{self.stride} + 1"

    @property
    def arithmetic(self) -> str:
        """How the output follows: ``(7 - 3)/3 + 1 = 7/3 ≈ 2.33, rounded down: 2``."""
        exact = f"{self.written} = {fraction(self.exact)}"
        if self.divides:
            return exact
        if not self.ceil_mode:
            return f"{exact}, rounded down: {self.output}"
        if self.rounded_up == self.output:
            return f"{exact}, rounded up: {self.output}"
        return (
            f"{exact}, rounded up: {self.rounded_up}, less one because the last window would start "
            f"behind the input: {self.output}"
        )

    @property
    def divides(self) -> bool:
        return self.travel % self.stride == 0

    @property
    def output(self) -> int:
        """The number of window positions; below 1 where no window fits.

        With ``ceil_mode`` the quotient is rounded up, less one where the last window would start
        at or after N + P_before (PyTorch, ``torch.nn.MaxPool2d``).
        """
        if not self.ceil_mode:
            return self.travel // self.stride + 1
        count = self.rounded_up
        starts_behind = (count - 1) * self.stride >= self.size + self.before
        return count - 1 if starts_behind else count

    @property
    def rounded_up(self) -> int:
        """`exact`, rounded up."""
        return -(-self.travel // self.stride) + 1

    @property
    def last_read(self) -> int:
        """The last position of the axis, from 0 and padding included, that a window reaches."""
        return (self.output - 1) * self.stride - self.before + self.extent - 1

    @property
    def unread(self) -> int:
        """Rows after the last window that no window reaches, padding included."""
        return max(0, self.size + self.after - 1 - self.last_read)

    @property
    def unread_input(self) -> int:
        """Those of the unread rows that are input rather than padding."""
        return min(self.size, max(0, self.size - 1 - self.last_read))

    @property
    def loses_nothing(self) -> bool:
        """Whether the stride does not divide, and all of the input is read nevertheless."""
        return not self.divides and not self.unread_input

    @property
    def overhang(self) -> int:
        """How many rows the last window hangs over the padded input (``ceil_mode``)."""
        return max(0, self.last_read - (self.size + self.after - 1))


class TransposedWindow(Record):
    """A transposed convolution on one axis: (N - 1)S - P + D(F - 1) + output_padding + 1.

    Dumoulin and Visin 2016, relationship 14.
    """

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    output_padding: int = 0

    @property
    def output(self) -> int:
        reach = self.dilation * (self.kernel - 1) + self.output_padding + 1
        return (self.size - 1) * self.stride - self.before - self.after + reach

    @property
    def arithmetic(self) -> str:
        """How the output follows: ``(28 - 1) x 2 - 0 + 1 x (2 - 1) + 0 + 1 = 56``."""
        return (
            f"({self.size} - 1) x {self.stride} - {self.before + self.after} + "
            f"{self.dilation} x ({self.kernel} - 1) + {self.output_padding} + 1 = {self.output}"
        )


class AdaptiveWindow(Record):
    """Windows that fit a stated output: o reads floor(o N / M) .. ceil((o + 1) N / M) - 1."""

    size: int
    output: int

    @property
    def reads(self) -> int:
        """Inputs that the windows read together, overlaps counted.

        The sum over o of ceil((o + 1) N / M) - floor(o N / M) is N + M - gcd(N, M).
        """
        return self.size + self.output - gcd(self.size, self.output)

    @property
    def arithmetic(self) -> str:
        """What an output reads: ``7, each from 14/7 = 2 rows``."""
        if self.output == 1:
            return f"1 output that reads all {self.size}"
        ratio = f"{self.size}/{self.output}"
        if self.size % self.output == 0:
            return f"{self.output}, each from {ratio} = {self.size // self.output} rows"
        return (
            f"{self.output}; output o reads rows floor(o x {ratio}) to ceil((o + 1) x {ratio}) - 1"
        )


def by_axis(value: Callable[[T], U], axes: Iterable[T]) -> tuple[U, ...]:
    """A value for every axis, computed once where one axis is like the one before it."""
    values: list[U] = []
    before: T | None = None
    for axis in axes:
        if axis != before or not values:
            last = value(axis)
            before = axis
        values.append(last)
    return tuple(values)


def same_padding(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before and after that gives ceil(N / S) positions, the odd element at the end."""
    needed = (-(-size // stride) - 1) * stride + dilation * (kernel - 1) + 1 - size
    total = max(0, needed)
    return total // 2, total - total // 2
