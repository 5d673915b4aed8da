"""Which inputs an output reads, followed position by position on an axis without ends.

Nothing of archcalc is used: a layer is the set of positions that an output reads, gaps filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

Reads = Callable[[int], Iterable[int]]
Seen = tuple[int, int] | None


class Step(NamedTuple):
    """A layer on one axis: its entry, its output's size, what an output reads, its stride."""

    entry: str
    size: int
    reads: Reads
    stride: Fraction


def window(
    kind: str, size: int, kernel: int, stride: int, before: int, after: int, dilation: int
) -> Step:
    keys = f"kernel: {kernel}, stride: {stride}, padding: [[{before}, {after}]]"
    if kind == "conv":
        keys += ", filters: 4"
    if kind != "avgpool":
        keys += f", dilation: {dilation}"
    else:
        dilation = 1
    last = size + after - dilation * (kernel - 1) - 1
    return Step(
        f"type: {kind}, {keys}",
        len(range(-before, last + 1, stride)),
        lambda o: [o * stride - before + dilation * m for m in range(kernel)],
        Fraction(stride),
    )


def transposed(size: int, kernel: int, stride: int, padding: int, dilation: int) -> Step:
    def reads(o: int) -> list[int]:
        places = {o + padding - dilation * m for m in range(kernel)}
        return [place // stride for place in places if place % stride == 0]

    return Step(
        f"type: conv_transpose, filters: 4, kernel: {kernel}, stride: {stride}, "
        f"padding: {padding}, dilation: {dilation}",
        max(i * stride + dilation * (kernel - 1) for i in range(size)) + 1 - 2 * padding,
        reads,
        Fraction(1, stride),
    )


def nearest(size: int, output: int) -> Step:
    ratio = Fraction(size, output)
    entry = f"type: upsample, size: {output}"
    return Step(entry, output, lambda o: [floor(o * ratio)], ratio)


def linear(size: int, output: int) -> Step:
    ratio = Fraction(size, output)

    def reads(o: int) -> list[int]:
        place = (o + Fraction(1, 2)) * ratio - Fraction(1, 2)
        return [floor(place), ceil(place)]

    return Step(f"type: upsample, size: {output}, mode: linear", output, reads, ratio)


def adaptive(size: int, output: int) -> Step:
    ratio = Fraction(size, output)
    return Step(
        f"type: adaptive_avgpool, output: {output}",
        output,
        lambda o: range(floor(o * ratio), ceil((o + 1) * ratio)),
        ratio,
    )


def pixel_shuffle(size: int, scale: int) -> Step:
    entry = f"type: pixel_shuffle, scale: {scale}"
    return Step(entry, size * scale, lambda o: [o // scale], Fraction(1, scale))


def shifted(size: int, by: int, output: int) -> Step:
    """A crop of ``by`` rows before, or a pad of ``-by``, that ends at a certain size."""
    after = size - by - output
    kind = "crop" if by > 0 or after > 0 else "pad"
    sign = 1 if kind == "crop" else -1
    entry = (
        f"type: {kind}, {'crop' if kind == 'crop' else 'padding'}: [[{sign * by}, {sign * after}]]"
    )
    return Step(entry, output, lambda o: [o + by], Fraction(1))


class Path:
    """What the outputs of a node see of the network's input; the base is the input itself."""

    aligned = True
    stride = Fraction(1)

    def __init__(self) -> None:
        self._seen: dict[int, Seen] = {}

    def see(self, output: int) -> Seen:
        if output not in self._seen:
            self._seen[output] = self._look(output)
        return self._seen[output]

    def _look(self, output: int) -> Seen:
        return output, output

    def period(self) -> int:
        """The least number of outputs after which the spans repeat, found by trying."""
        for count in range(self.stride.denominator, 5000, self.stride.denominator):
            step = int(count * self.stride)
            if all(moved(self.see(o), step) == self.see(o + count) for o in range(3 * count)):
                return count
        raise AssertionError("no period")

    def centre(self) -> Fraction | None:
        """The mean, over a period, of the centres of what outputs see, less the stride."""
        seen = [(o, span) for o in range(self.period()) if (span := self.see(o))]
        if not seen:
            return None
        total = sum((Fraction(a + b, 2) - o * self.stride for o, (a, b) in seen), Fraction(0))
        return total / len(seen)


def moved(span: Seen, by: int) -> Seen:
    return span and (span[0] + by, span[1] + by)


def hull(spans: Iterable[Seen]) -> Seen:
    known = [span for span in spans if span]
    return (min(a for a, _ in known), max(b for _, b in known)) if known else None


class Layered(Path):
    """A layer on top of a path."""

    def __init__(self, step: Step, below: Path) -> None:
        super().__init__()
        self.step, self.below = step, below
        self.stride = step.stride * below.stride
        self.aligned = below.aligned

    def _look(self, output: int) -> Seen:
        read = list(self.step.reads(output))
        if not read:
            return None
        return hull(self.below.see(position) for position in range(min(read), max(read) + 1))


class Merged(Path):
    """Several paths into one layer: the union; with different strides output 0's moves on."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self.paths = paths
        self.stride = max(path.stride for path in paths)
        self.equal = all(path.stride == self.stride for path in paths)
        self.aligned = all(path.aligned for path in paths) and self.equal
        if self.aligned:
            self.aligned = len({path.centre() for path in paths} - {None}) <= 1

    def _look(self, output: int) -> Seen:
        if self.equal:
            return hull(path.see(output) for path in self.paths)
        return moved(hull(path.see(0) for path in self.paths), floor(output * self.stride))
