"""Normalisations by lengths: of the channels at a position, or of a channel."""

from __future__ import annotations

from archcalc.network.counts import NOTHING, Sum, product
from archcalc.network.layers.base import (
    EVERYTHING,
    Example,
    Family,
    Layer,
    Reach,
    Shape,
    Volumes,
)
from archcalc.network.layers.checks import divided
from archcalc.network.layers.keys import key
from archcalc.network.layers.norm import AFFINE, Normalisation
from archcalc.network.steps import Flow, Home, Precision, Step, Steps
from archcalc.network.values import POSITIVE, TRUTH
from archcalc.network.volume import Volume


class RmsNorm(Normalisation):
    type = "rmsnorm"
    summary = "division by the root of the mean square of the channels, at each position"
    example = Example("{type: rmsnorm}", "197x768")

    affine: bool = key(TRUTH, "scale per channel", True)

    def biases(self, shape: Shape) -> Sum:
        return NOTHING

    def steps(self, shape: Shape) -> Steps:
        """Written out, as PyTorch runs it on the CPU; the channels are moved to the end.

        The normalised copy is kept for the gradient of the scale.
        """
        elements, positions = shape.output.elements, shape.output.positions
        moved = Flow.VIEW if shape.output.spatial else Flow.PASSED
        read, square, mean, root, normalised = ~0, ~1, ~2, ~3, ~4
        steps: Steps = (
            Step(elements, home=Home.VIEW, precision=Precision.FULL, flow=moved),
            Step(elements, (read,), keeps=(0,), made_backward=3 * elements),
            Step(positions, (square,)),
            Step(positions, (mean,), keeps_output=True),
            Step(elements, (read, root), keeps=(0, 1), flow=Flow.SPREAD),
        )
        if self.affine:
            channels = shape.output.channels
            scaled = Step(
                elements, (normalised,), (root,), keeps=(0,), spread=elements, weights=channels
            )
            steps = (*steps, scaled)
        if not shape.output.spatial:
            return steps
        return (*steps, Step(elements, (~(len(steps) - 1),), home=Home.VIEW, flow=Flow.VIEW))


class L2Norm(Layer):
    type = "l2norm"
    summary = "division by the length of the channels' vector, at each position; no parameters"
    family = Family.NORMALISATION
    example = Example("{type: l2norm}", "38x38x512")

    groups: int = key(POSITIVE, "equal parts of the channels, each with its own length (heads)", 1)

    def output_volume(self, inputs: Volumes) -> Volume:
        divided(inputs[0].channels, self.groups, "channels", "groups", "indivisible-groups")
        return inputs[0]

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 2), ("elements", shape.output.elements))

    def steps(self, shape: Shape) -> Steps:
        """The length is kept as it is, and as what is divided by: at least a small number."""
        elements, positions = shape.output.elements, shape.output.positions * self.groups
        length, divisor = ~0, ~1
        return (
            Step(
                positions,
                precision=Precision.PROMOTED,
                keeps=(0,),
                keeps_output=True,
                made_backward=2 * elements,
            ),
            Step(positions, (length,), keeps=(0,)),
            Step(
                elements,
                (0, divisor),
                precision=Precision.PROMOTED,
                flow=Flow.SPREAD,
                keeps=(0, 1),
                made_backward=4 * elements,
            ),
        )


class ResponseNorm(Normalisation):
    """x + scale x (x times the length of its channel over the mean length) + shift."""

    type = "grn"
    summary = "global response normalisation (ConvNeXt V2): channels weighed by their length"
    example = Example("{type: grn}", "56x56x160")

    affine: bool = key(TRUTH, AFFINE, True)

    def operations(self, shape: Shape) -> Sum:
        return product(("operations", 4), ("elements", shape.output.elements))

    def reach(self, shape: Shape) -> Reach:
        return EVERYTHING

    def steps(self, shape: Shape) -> Steps:
        """Lengths, their mean and quotient; the weighed copy; scale, shift and sum."""
        elements, channels = shape.output.elements, shape.output.channels
        weighed = Step(elements, (0, ~2), flow=Flow.SPREAD, keeps=(0, 1))
        steps: Steps = (
            Step(channels, keeps=(0,), keeps_output=True, made_backward=2 * elements),
            Step(1, (~0,)),
            Step(channels, (~0, ~1), keeps=(0, 1)),
            weighed,
        )
        if self.affine:
            affine = Step(
                elements, (~3,), keeps=(0,), spread=elements, weights=channels, biases=channels
            )
            steps = (*steps, affine)
        return (*steps, Step(elements, (0, ~(len(steps) - 1)), flow=Flow.PASSED))
