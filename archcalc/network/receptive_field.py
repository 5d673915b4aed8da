"""Which inputs an output reads, per axis: the recurrence along a path and the union over paths.

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (Distill,
2019), give the recurrence for windows; here a field repeats with a period, so that upsampling and
transposed convolutions are exact as well.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from archcalc.diagnostics import Fault
from archcalc.limits import PERIOD_LIMIT
from archcalc.record import Record

Reads = tuple[int, int] | None


class Field:
    """Outputs of an axis to spans of positions below: q x period + k reads spans[k] + q x step.

    A span is first and last position, or None where nothing is read. A layer alone is such a map
    onto its own input. ``size`` is the largest span of a period: it is calculated once, as is the
    hash, since a period is up to 4,096 outputs long. Fields are not changed.
    """

    __slots__ = ("_hash", "size", "spans", "step")

    def __init__(self, step: int, spans: tuple[Reads, ...]) -> None:
        self.step = step
        self.spans = spans
        if len(spans) == 1:  # of most
            self.size = spans[0][1] - spans[0][0] + 1 if spans[0] else 0
        else:
            self.size = max([span[1] - span[0] + 1 for span in spans if span], default=0)
        self._hash = hash((step, spans))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Field)
            and self._hash == other._hash
            and self.step == other.step
            and self.spans == other.spans
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Field(step={self.step}, spans={self.spans})"

    @property
    def period(self) -> int:
        return len(self.spans)

    @property
    def is_even(self) -> bool:
        """Whether all outputs see fields of one size."""
        return self.size == 0 or all(
            span is not None and span[1] - span[0] + 1 == self.size for span in self.spans
        )

    @property
    def stride(self) -> Fraction:
        """The mean step from one output to the next."""
        return Fraction(self.step, len(self.spans))

    @property
    def start(self) -> int | None:
        """The first position that output 0 reads; None where it reads nothing."""
        return self.spans[0][0] if self.spans[0] else None

    @property
    def centre(self) -> Fraction | None:
        """The centre of output 0 as its period has it on average; None where nothing is read."""
        read = [(k, s) for k, s in enumerate(self.spans) if s]
        if not read:
            return None
        ends, phases = sum([s[0] + s[1] for _, s in read]), sum([k for k, _ in read])
        period = len(self.spans)
        return Fraction(ends * period - 2 * phases * self.step, 2 * period * len(read))

    def at(self, output: int) -> Reads:
        turns, phase = divmod(output, len(self.spans))
        span = self.spans[phase]
        return span and (span[0] + turns * self.step, span[1] + turns * self.step)


def check_period(period: int) -> None:
    """Refuse a period that would take too long to follow.

    Raises:
        Fault: ``limit-exceeded``.
    """
    if period > PERIOD_LIMIT:
        raise Fault(
            "limit-exceeded",
            f"its receptive field repeats only every {period:,} outputs; "
            f"at most {PERIOD_LIMIT:,} are followed",
        )


OWN_POSITION = Field(1, ((0, 0),))
NO_POSITION = Field(1, (None,))


def shifted_field(by: int) -> Field:
    """Output o reads o + by."""
    return Field(1, ((by, by),))


def tiled_field(size: int, shift: int) -> Field:
    """Output o reads the tile that it is in, of this size; tiles start at ``shift``."""
    check_period(size)
    starts = [(o - shift) // size * size + shift for o in range(size)]
    return Field(size, tuple((start, start + size - 1) for start in starts))


def grid_field(size: int, apart: int) -> Field:
    """Output o reads the rows that many apart that it is one of, of which there are ``size``."""
    check_period(apart)
    return Field(0, tuple((o, o + (size - 1) * apart) for o in range(apart)))


def whole_field(size: int) -> Field:
    """Every output reads the whole axis."""
    return Field(0, ((0, size - 1),))


def window_field(stride: int, before: int, extent: int) -> Field:
    """Output o of a window reads o S - P_before .. o S - P_before + D(F - 1)."""
    return Field(stride, ((-before, extent - 1 - before),))


def transposed_field(kernel: int, stride: int, before: int, dilation: int) -> Field:
    """Output o reads the i with o + P_before - i S = D m for some 0 <= m < F."""
    check_period(stride)
    spans: list[Reads] = []
    turn = stride // gcd(stride, dilation)
    meets = {dilation * m % stride: m for m in range(min(turn, kernel))}
    for output in range(stride):
        place = output + before
        first = meets.get(place % stride)
        if first is None:
            spans.append(None)
            continue
        last = first + (kernel - 1 - first) // turn * turn
        spans.append(((place - dilation * last) // stride, (place - dilation * first) // stride))
    return Field(1, tuple(spans))


def nearest_field(size: int, output: int) -> Field:
    """Output o of nearest upsampling from N to M reads floor(o N / M)."""
    common = gcd(size, output)
    period, step = output // common, size // common
    check_period(period)
    at = [o * step // period for o in range(period)]
    return Field(step, tuple((i, i) for i in at))


def linear_field(size: int, output: int) -> Field:
    """Output o of linear upsampling from N to M reads floor and ceil of (o + 1/2) N / M - 1/2."""
    common = gcd(size, output)
    period, step = output // common, size // common
    check_period(period)
    twice = [(2 * o + 1) * step - period for o in range(period)]
    return Field(step, tuple((t // (2 * period), -(-t // (2 * period))) for t in twice))


def adaptive_field(size: int, output: int) -> Field:
    """Output o of adaptive pooling from N to M reads floor(o N / M) .. ceil((o + 1) N / M) - 1."""
    common = gcd(size, output)
    period, step = output // common, size // common
    check_period(period)
    return Field(
        step,
        tuple((o * step // period, -(-(o + 1) * step // period) - 1) for o in range(period)),
    )


class ReceptiveField(Record):
    """What a layer's outputs see of the network's input.

    ``axes`` is the local field: through the paths that keep their position, one `Field` per axis of
    the input, or None where no path does. ``is_global``: beside it, every output sees everything.
    """

    axes: tuple[Field, ...] | None
    is_global: bool = False
    aligned: bool = True

    @property
    def reads_nothing(self) -> bool:
        """Whether it does not depend on an input that has axes."""
        axes = self.axes
        if not axes or axes[0].size or self.is_global:  # of most
            return False
        return not any(axis.size for axis in axes)
