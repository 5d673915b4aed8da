"""Layers that add, cut or enlarge around and between what is there."""

from __future__ import annotations

from fractions import Fraction

from archcalc.diagnostics import Fault
from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import (
    EVERYTHING,
    SAME_POSITION,
    Example,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import needs_axes, per_axis, wrong_axes
from archcalc.network.layers.keys import key
from archcalc.network.layers.padding import mirrored, pads
from archcalc.network.layers.reshape import Rearrangement
from archcalc.network.receptive_field import Field, linear_field, nearest_field
from archcalc.network.steps import Precision, Step, Steps
from archcalc.network.values import (
    PADS,
    PAIR,
    RATIOS,
    SIZES,
    Choice,
    Like,
    OrLike,
    Pads,
    PerAxis,
    PerAxisRatio,
)
from archcalc.network.volume import Volume
from archcalc.wording import fraction


class Pad(Rearrangement):
    type = "pad"
    summary = "rows added around the input, or channels of zeros"
    formula = "N + P"
    example = Example("{type: pad, padding: [[0, 1], [0, 1]]}", "224x224x3")

    padding: Pads | None = key(
        PADS, "rows to add: for all axes, per axis, or [before, after] per axis", None
    )
    channels: tuple[int, int] | None = key(
        PAIR, "channels of zeros to add before and after (the shortcuts of ResNet for CIFAR)", None
    )
    mode: str = key(
        Choice(("zeros", "ones", "reflect", "replicate")),
        "what the rows hold: zeros, ones, the input mirrored at its edge, or its edge repeated",
        "zeros",
    )

    def check_keys(self) -> None:
        if self.padding is None and self.channels is None:
            raise Fault("missing-key", "pad needs padding or channels")
        if self.channels is not None and self.mode not in ("zeros", "ones"):
            fact = f"channels are added as zeros or ones, and mode is {self.mode}"
            raise Fault("conflicting-keys", fact, key="mode")

    def output_volume(self, inputs: Volumes) -> Volume:
        (volume,) = inputs
        if self.padding is not None:
            needs_axes(self, volume)
        added = self._added(volume)
        if self.mode == "reflect":
            for name, size, pair in zip(volume.axis_names, volume.spatial, added, strict=True):
                mirrored(name, size, pair, "padding")
        return Volume(
            volume.channels + sum(self.channels or ()),
            tuple(n + a + b for n, (a, b) in zip(volume.spatial, added, strict=True)),
        )

    def _added(self, volume: Volume) -> tuple[tuple[int, int], ...]:
        return pads(0 if self.padding is None else self.padding, volume, "padding")

    def reach(self, shape: Shape) -> Reach:
        """Mirrored and repeated rows count as padding."""
        if self.padding is None:
            return SAME_POSITION
        added = self._added(shape.inputs[0])
        return tuple(Field(1, ((-before, -before),)) for before, _ in added)

    def steps(self, shape: Shape) -> Steps:
        """PyTorch keeps the input of a mirror, though its gradient needs the sizes alone."""
        return (Step(shape.output.elements, keeps=() if self.mode in ("zeros", "ones") else (0,)),)


class Crop(Rearrangement):
    type = "crop"
    summary = "rows cut off, or the centre of another layer's size"
    formula = "N - crop, or the other layer's size"
    example = Example("{type: crop, crop: 4}", "64x64x128")

    crop: Pads | Like = key(
        OrLike(PADS), "rows to cut: for all axes, per axis, [before, after] pairs, or {like: NAME}"
    )

    def likes(self) -> tuple[str, ...]:
        return (self.crop.name,) if isinstance(self.crop, Like) else ()

    def _cut(self, inputs: Volumes) -> tuple[tuple[int, int], ...]:
        volume = inputs[0]
        if not isinstance(self.crop, Like):
            return pads(self.crop, volume, "crop")
        wanted = inputs[1].spatial
        if len(wanted) != len(volume.spatial) or any(
            mine < theirs for mine, theirs in zip(volume.spatial, wanted, strict=False)
        ):
            raise Fault(
                "crop-too-large",
                f"{inputs[1].described()} cannot be cut out of {volume.described()}",
                key="crop",
            )
        rest = [mine - theirs for mine, theirs in zip(volume.spatial, wanted, strict=True)]
        return tuple((r // 2, r - r // 2) for r in rest)

    def output_volume(self, inputs: Volumes) -> Volume:
        volume = inputs[0]
        needs_axes(self, volume)
        sizes = []
        for name, n, (a, b) in zip(
            volume.axis_names, volume.spatial, self._cut(inputs), strict=True
        ):
            if n - a - b < 1:
                raise Fault(
                    "crop-too-large",
                    f"{name}: {n} - {a} - {b} = {n - a - b}: nothing is left",
                    key="crop",
                )
            sizes.append(n - a - b)
        return Volume(volume.channels, tuple(sizes))

    def reach(self, shape: Shape) -> Reach:
        return tuple(Field(1, ((before, before),)) for before, _ in self._cut(shape.inputs))


class Upsample(Rearrangement):
    type = "upsample"
    summary = "enlarged by repetition (nearest) or interpolation over all axes (linear, cubic)"
    formula = "floor(N scale), or size"
    example = Example("{type: upsample, scale: 2, mode: linear}", "28x28x256")

    scale: PerAxisRatio | None = key(RATIOS, "factor; instead of size", None)
    size: PerAxis | Like | None = key(OrLike(SIZES), "the output's size; instead of scale", None)
    mode: str = key(
        Choice(("nearest", "linear", "cubic")), "how elements between are found", "nearest"
    )

    def check_keys(self) -> None:
        if self.scale is None and self.size is None:
            raise Fault("missing-key", "upsample needs scale or size")
        if self.scale is not None and self.size is not None:
            raise Fault("conflicting-keys", "upsample takes scale or size, not both", key="size")

    def likes(self) -> tuple[str, ...]:
        return (self.size.name,) if isinstance(self.size, Like) else ()

    def output_volume(self, inputs: Volumes) -> Volume:
        volume = inputs[0]
        needs_axes(self, volume)
        if self.scale is not None:
            return Volume(volume.channels, self._scaled(volume))
        if not isinstance(self.size, Like):
            return Volume(volume.channels, per_axis(self.size or 1, volume, "size"))
        wanted = inputs[1]
        if len(wanted.spatial) != len(volume.spatial):
            fact = f"{wanted.described()} is no size for {volume.described()}"
            raise Fault("axis-count", fact, key="size")
        return Volume(volume.channels, wanted.spatial)

    def _factors(self, volume: Volume) -> tuple[Fraction, ...]:
        scale, rank = self.scale or 1, len(volume.spatial)
        factors = scale if isinstance(scale, tuple) else (scale,) * rank
        if len(factors) != rank:
            raise wrong_axes("scale", len(factors), volume)
        return tuple(map(Fraction, factors))

    def _scaled(self, volume: Volume) -> tuple[int, ...]:
        sizes = []
        factors = self._factors(volume)
        for name, size, factor in zip(volume.axis_names, volume.spatial, factors, strict=True):
            sizes.append(size * factor.numerator // factor.denominator)
            if not sizes[-1]:
                fact = f"{name}: {size} x {factor} = {fraction(size * factor)} is less than one row"
                raise Fault("size-below-one", fact, key="scale")
        return tuple(sizes)

    def size_arithmetic(self, shape: Shape) -> tuple[str, ...]:
        if self.scale is None:
            return ()
        volume, lines = shape.inputs[0], []
        for size, factor in zip(volume.spatial, self._factors(volume), strict=True):
            exact = size * factor
            rounded = f", rounded down: {exact // 1}" if exact.denominator > 1 else ""
            lines.append(f"{size} x {factor} = {fraction(exact)}{rounded}")
        return tuple(lines)

    def operations(self, shape: Shape) -> Sum:
        if self.mode == "nearest":
            return NOTHING
        axes = len(shape.output.spatial)
        if self.mode == "cubic":
            each = 2 * 4**axes - 1
            return product(("2 x 4^axes - 1", each), ("elements", shape.output.elements))
        each = 2 ** (axes + 1) - 1
        return product(("2^(axes + 1) - 1", each), ("elements", shape.output.elements))

    def reach(self, shape: Shape) -> Reach:
        """Steps are 1 / scale where that is stated, whatever the size is rounded to (PyTorch).

        It makes an exception of outputs that are as large as the input, and of nearest ones that
        are twice as large.
        """
        if self.mode == "cubic":
            return EVERYTHING
        field, alike = (nearest_field, (1, 2)) if self.mode == "nearest" else (linear_field, (1,))
        sizes = zip(shape.inputs[0].spatial, shape.output.spatial, strict=True)
        if self.scale is None:
            return tuple(field(size, output) for size, output in sizes)
        return tuple(
            field(size, output)
            if output in [times * size for times in alike]
            else field(factor.denominator, factor.numerator)
            for (size, output), factor in zip(sizes, self._factors(shape.inputs[0]), strict=True)
        )

    def steps(self, shape: Shape) -> Steps:
        return (Step(shape.output.elements, precision=Precision.FULL),)
