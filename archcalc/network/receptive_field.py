"""Which inputs an output reads, per axis: the recurrence along a path and the union over paths.

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (Distill,
2019), give the recurrence for windows; here a field repeats with a period, so that upsampling and
transposed convolutions are exact as well.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from archcalc.diagnostics import Fault
from archcalc.limits import PERIOD_LIMIT, SCAN_LIMIT
from archcalc.network.window import by_axis
from archcalc.record import Record

Reads = tuple[int, int] | None


class Field(Record):
    """Outputs of an axis to spans of positions below: q x period + k reads spans[k] + q x step.

    A span is first and last position, or None where nothing is read. A layer alone is such a map
    onto its own input; ``below`` composes two.
    """

    step: int
    spans: tuple[Reads, ...]

    @property
    def size(self) -> int:
        """The largest span of a period."""
        return max((s[1] - s[0] + 1 for s in self.spans if s), default=0)

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
        total = sum((Fraction(s[0] + s[1], 2) - k * self.stride for k, s in read), Fraction(0))
        return total / len(read)

    def at(self, output: int) -> Reads:
        turns, phase = divmod(output, len(self.spans))
        span = self.spans[phase]
        return span and (span[0] + turns * self.step, span[1] + turns * self.step)

    @property
    def _monotone(self) -> bool:
        known = [s for s in self.spans if s]
        if len(known) < len(self.spans):
            return False
        onward = [*known, (known[0][0] + self.step, known[0][1] + self.step)]
        return all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(onward))

    def below(self, field: Field) -> Field:
        """This map on top of another: what an output reads through both.

        Raises:
            Fault: ``limit-exceeded`` where the result repeats too rarely to be followed.
        """
        period = len(field.spans)
        if period == 1 and len(self.spans) == 1:
            mine, theirs = self.spans[0], field.spans[0]
            if mine is None or theirs is None:
                return Field(self.step * field.step, (None,))
            first, last = mine[0] * field.step + theirs[0], mine[1] * field.step + theirs[1]
            return Field(self.step * field.step, ((first, last),))
        turns = period // gcd(period, self.step)
        outputs = len(self.spans) * turns
        monotone = field._monotone
        widest = max((span[1] - span[0] + 1 for span in self.spans if span), default=0)
        check_period(outputs)
        if not monotone and outputs * min(widest, period) > SCAN_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"its receptive field takes more than {SCAN_LIMIT:,} steps to follow",
            )
        step = self.step * turns // period * field.step
        hull = _ends if monotone else _hull
        return Field(step, tuple(hull(field, self.at(output)) for output in range(outputs)))


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


def _ends(field: Field, span: Reads) -> Reads:
    if span is None:
        return None
    first, last = field.at(span[0]), field.at(span[1])
    return first and last and (first[0], last[1])


def _hull(field: Field, span: Reads) -> Reads:
    if span is None:
        return None
    first, last = span
    period = len(field.spans)
    near = range(first, min(last, first + period - 1) + 1)
    far = range(max(first, last - period + 1), last + 1)
    read = [s for position in (*near, *far) if (s := field.at(position))]
    return _union(read)


def _union(spans: list[tuple[int, int]]) -> Reads:
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None


OWN_POSITION = Field(1, ((0, 0),))


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


def through(reach: tuple[Field, ...] | None, below: ReceptiveField) -> ReceptiveField:
    """The field after a layer. ``reach`` has a map per axis; () keeps positions; None reads all."""
    if reach is None:
        return ReceptiveField(None, True, below.aligned)
    if not reach or below.axes is None:
        return below
    axes = by_axis(_composed, zip(reach, below.axes, strict=True))
    return below if axes == below.axes else ReceptiveField(axes, below.is_global, below.aligned)


def _composed(axis: tuple[Field, Field]) -> Field:
    mine, theirs = axis
    return mine.below(theirs)


def merged(paths: list[ReceptiveField], positional: list[bool]) -> ReceptiveField:
    """The union over the paths into a merge; a path that is broadcast makes the field global."""
    is_global = not all(positional) or any(path.is_global for path in paths)
    aligned = all(path.aligned for path in paths)
    local = [
        p.axes for p, keeps in zip(paths, positional, strict=True) if keeps and p.axes is not None
    ]
    if not local:
        return ReceptiveField(None, is_global, aligned)
    if local.count(local[0]) == len(local):
        return ReceptiveField(local[0], is_global, aligned)
    unions = by_axis(union, zip(*local, strict=True))
    agrees = aligned and all(each for _, each in unions)
    return ReceptiveField(tuple([axis for axis, _ in unions]), is_global, agrees)


def union(fields: tuple[Field, ...]) -> tuple[Field, bool]:
    """The union of several paths on one axis, and whether they are aligned.

    With equal strides it is exact for every output. With different ones, output 0's union moves
    on with the largest stride, which is an approximation.
    """
    if all(len(field.spans) == 1 and field.step == fields[0].step for field in fields):
        only = [span for field in fields if (span := field.spans[0])]
        return Field(fields[0].step, (_union(only),)), len({a + b for a, b in only}) <= 1
    strides = {field.stride for field in fields}
    if len(strides) > 1:
        stride = max(strides)
        first = _union([field.spans[0] for field in fields if field.spans[0]])
        moved = [o * stride.numerator // stride.denominator for o in range(stride.denominator)]
        spans = tuple(first and (first[0] + m, first[1] + m) for m in moved)
        return Field(stride.numerator, spans), False
    period = lcm(*(len(field.spans) for field in fields))
    check_period(period)
    step = period * fields[0].step // len(fields[0].spans)
    spans = tuple(_union([s for f in fields if (s := f.at(o))]) for o in range(period))
    centres = {field.centre for field in fields} - {None}
    return Field(step, spans), len(centres) <= 1
