"""Receptive fields along a path and over several: what is read through two maps, and unions.

A file can ask for fields that repeat only after 4,096 outputs, in thousands of layers: the steps
that this takes are counted, and what is known of a field is not worked out again.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import gcd, lcm

from archcalc.diagnostics import Fault
from archcalc.limits import FIELD_LIMIT, STEPS_LIMIT
from archcalc.network.receptive_field import (
    NO_POSITION,
    OWN_POSITION,
    Field,
    Reads,
    ReceptiveField,
    check_period,
)
from archcalc.network.window import by_axis


class Following:
    """Follows the receptive fields of one network. Equal fields of an axis are one object.

    Every method raises `Fault` (``limit-exceeded``) where fields repeat too rarely to be followed
    or have too many digits, or where the fields of the network take too many steps.
    """

    def __init__(self) -> None:
        self.steps = 0
        known = (OWN_POSITION, NO_POSITION)
        self._fields = {(field.step, field.spans): field for field in known}
        self._hulls: dict[Field, Hulls | None] = {}

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > STEPS_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"the receptive fields of the network take more than {STEPS_LIMIT:,} steps to "
                "follow",
            )

    def _field(self, step: int, spans: tuple[Reads, ...]) -> Field:
        """The field of an axis; its numbers must not grow without end."""
        at = (step, spans)
        found = self._fields.get(at)
        if found is None:
            found = self._fields[at] = Field(step, spans)
            outside = [s for s in spans if s and (s[0] < -FIELD_LIMIT or s[1] > FIELD_LIMIT)]
            if outside or step > FIELD_LIMIT:
                fact = "its receptive field has a size, stride or start of more than 30 digits"
                raise Fault("limit-exceeded", fact)
        return found

    def through(self, reach: tuple[Field, ...] | None, below: ReceptiveField) -> ReceptiveField:
        """The field after a layer. ``reach`` has a map per axis; () keeps positions; None reads
        all.
        """
        if below.reads_nothing:
            return below
        if reach is None:
            return ReceptiveField(None, True, below.aligned)
        if not reach or not below.axes:
            return below
        axes = self._on_axes(reach, below.axes)
        if axes == below.axes:
            return below
        return ReceptiveField(axes, below.is_global, below.aligned)

    def _on_axes(self, reach: tuple[Field, ...], below: tuple[Field, ...]) -> tuple[Field, ...]:
        if len(reach) == 2 and reach[0] is reach[1] and below[0] is below[1]:  # of most
            return (self.composed(reach[0], below[0]),) * 2
        return by_axis(lambda axis: self.composed(*axis), zip(reach, below, strict=True))

    def composed(self, upper: Field, lower: Field) -> Field:
        """What an output of one map reads through both it and the map below."""
        if len(upper.spans) == len(lower.spans) == 1:
            mine, theirs = upper.spans[0], lower.spans[0]
            step = upper.step * lower.step
            if mine is None or theirs is None:
                return self._field(step, (None,))
            first, last = mine[0] * lower.step + theirs[0], mine[1] * lower.step + theirs[1]
            return self._field(step, ((first, last),))
        period = len(lower.spans)
        turns = period // gcd(period, upper.step)
        outputs = len(upper.spans) * turns
        check_period(outputs)
        self.spend(outputs)
        read = _turned(upper, turns)
        step = upper.step * turns // period * lower.step
        hulls = self._hulls_of(lower)
        if hulls is None:
            return self._field(step, tuple(_ends(lower, read)))
        return self._field(step, tuple([span and hulls.over(*span) for span in read]))

    def _hulls_of(self, field: Field) -> Hulls | None:
        """What windows over a field need, where their ends alone do not tell what they read."""
        if len(field.spans) == 1:
            return None
        if field not in self._hulls:
            self.spend(len(field.spans))
            self._hulls[field] = None if _is_monotone(field) else Hulls(field, self)
        return self._hulls[field]

    def merged(self, paths: list[ReceptiveField]) -> ReceptiveField:
        """The union over the paths into a merge, as they are behind it; one that is broadcast is
        global.
        """
        paths = [path for path in paths if not path.reads_nothing] or paths[:1]
        is_global = any(path.is_global for path in paths)
        aligned = all(path.aligned for path in paths)
        local = [path.axes for path in paths if path.axes is not None]
        if not local:
            return ReceptiveField(None, is_global, aligned)
        if local.count(local[0]) == len(local):
            return ReceptiveField(local[0], is_global, aligned)
        unions = by_axis(self.union, zip(*local, strict=True))
        agrees = aligned and all(agree for _, agree in unions)
        return ReceptiveField(tuple([axis for axis, _ in unions]), is_global, agrees)

    def union(self, paths: tuple[Field, ...]) -> tuple[Field, bool]:
        """The union of several paths on one axis, and whether they are aligned.

        With equal strides it is exact for every output. With different ones, output 0's union
        moves on with the largest stride, which is an approximation.
        """
        step = paths[0].step
        first = [field.spans[0] for field in paths if field.step == step and len(field.spans) == 1]
        if len(first) == len(paths):  # of most
            only = [span for span in first if span]
            return self._field(step, (_union(only),)), len({a + b for a, b in only}) <= 1
        fields = list(dict.fromkeys(paths))
        strides = {field.stride for field in fields}
        if len(strides) > 1:
            stride = max(strides)
            union = _union([field.spans[0] for field in fields if field.spans[0]])
            moved = [o * stride.numerator // stride.denominator for o in range(stride.denominator)]
            spans = tuple(union and (union[0] + m, union[1] + m) for m in moved)
            return self._field(stride.numerator, spans), False
        period = lcm(*(len(field.spans) for field in fields))
        check_period(period)
        self.spend(period * len(fields))
        turned = [_turned(field, period // len(field.spans)) for field in fields]
        unions = [_union([span for span in at if span]) for at in zip(*turned, strict=True)]
        centres = {field.centre for field in fields} - {None}
        step = period * step // len(fields[0].spans)
        return self._field(step, tuple(unions)), len(centres) <= 1


class Hulls:
    """What windows read of a field whose outputs do not read onward one after the other.

    The smallest first and the largest last position of 1, 2, 4, ... neighbouring outputs, from
    which those of any number of neighbours follow (a sparse table; Bender and Farach-Colton, "The
    LCA problem revisited", 2000). Neighbours further away than a period add nothing.
    """

    def __init__(self, field: Field, following: Following) -> None:
        self.step = field.step
        self.period = period = len(field.spans)
        following.spend(2 * period * period.bit_length())
        known = [span for span in field.spans if span]
        self.top = max([span[0] for span in known], default=0) + field.step + 1
        self.bottom = min([span[1] for span in known], default=0) - 1
        twice = (*field.spans, *[span and _moved(span, field.step) for span in field.spans])
        self.firsts = _levels([span[0] if span else self.top for span in twice], period, min)
        self.lasts = _levels([span[1] if span else self.bottom for span in twice], period, max)

    def over(self, first: int, last: int) -> Reads:
        """What the outputs from ``first`` to ``last`` read together."""
        count = min(last - first + 1, self.period)
        level = count.bit_length() - 1
        turns, begin = divmod(first, self.period)
        low, other = self.firsts[level], begin + count - (1 << level)
        smallest = min(low[begin], low[other])
        if smallest == self.top:
            return None
        more, begin = divmod(last - count + 1, self.period)
        high, other = self.lasts[level], begin + count - (1 << level)
        largest = max(high[begin], high[other])
        return smallest + turns * self.step, largest + more * self.step


def _levels(values: list[int], period: int, better: Callable[[int, int], int]) -> list[list[int]]:
    """The best of 1, 2, 4, ... neighbouring values, up to a period."""
    levels = [values]
    for level in range(period.bit_length() - 1):
        below = levels[-1]
        levels.append(list(map(better, below, below[1 << level :])))
    return levels


def _is_monotone(field: Field) -> bool:
    known = [span for span in field.spans if span]
    if len(known) < len(field.spans):
        return False
    onward = [*known, _moved(known[0], field.step)]
    return all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(onward))


def _turned(field: Field, turns: int) -> list[Reads]:
    """The spans of several periods, one after the other."""
    spans = list(field.spans)
    for turn in range(1, turns):
        by = turn * field.step
        spans += [span and _moved(span, by) for span in field.spans]
    return spans


def _moved(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _ends(field: Field, read: list[Reads]) -> list[Reads]:
    """What spans of outputs read, as the first and the last output of each have it."""
    spans, period, step = field.spans, len(field.spans), field.step
    found: list[Reads] = []
    for window in read:
        if window is None:
            found.append(None)
            continue
        before, first = divmod(window[0], period)
        after, last = divmod(window[1], period)
        low, high = spans[first], spans[last]
        found.append(low and high and (low[0] + before * step, high[1] + after * step))
    return found


def _union(spans: list[tuple[int, int]]) -> Reads:
    return (min([s[0] for s in spans]), max([s[1] for s in spans])) if spans else None
