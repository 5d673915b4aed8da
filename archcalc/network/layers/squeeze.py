"""Squeeze and excitation: channels weighted by what all positions say of them."""

from __future__ import annotations

from archcalc.diagnostics import Fault
from archcalc.network.layers import ACTIVATIONS
from archcalc.network.layers.base import Example, Family, Layer, Part, Volumes
from archcalc.network.layers.checks import divided
from archcalc.network.layers.conv import Conv
from archcalc.network.layers.keys import key
from archcalc.network.layers.merge import Multiply
from archcalc.network.layers.pool import GlobalAvgPool
from archcalc.network.values import POSITIVE, Choice

ACTIVATION = Choice(ACTIVATIONS, "the type of an activation")


class SqueezeExcite(Layer):
    """Stands for four rows: it is never analysed itself."""

    type = "squeeze_excite"
    summary = "channels weighted by a small network of their means: four rows, as written by hand"
    family = Family.MERGE
    becomes_rows = True
    depth = 2
    example = Example("{type: squeeze_excite, reduction: 16}", "56x56x256")

    reduction: int | None = key(
        POSITIVE, "what the channels are divided by in between; instead of filters", None
    )
    filters: int | None = key(POSITIVE, "the channels in between; instead of reduction", None)
    activation: str = key(ACTIVATION, "of the channels in between", "relu")
    gate: str = key(ACTIVATION, "of the weights", "sigmoid")

    def check_keys(self) -> None:
        if self.reduction is None and self.filters is None:
            raise Fault("missing-key", "squeeze_excite needs reduction or filters")
        if self.reduction is not None and self.filters is not None:
            fact = "squeeze_excite takes reduction or filters, not both"
            raise Fault("conflicting-keys", fact, key="filters")

    def rows(self, inputs: Volumes | None) -> tuple[Part, ...]:
        reduce = expand = None
        if inputs is not None:
            channels = inputs[0].channels
            between = self.filters
            if between is None:
                between = divided(channels, self.reduction or 1, "channels", "reduction")
            reduce = Conv.of_checked({"filters": between, "kernel": 1})
            expand = Conv.of_checked({"filters": channels, "kernel": 1})
        return (
            Part("pool", GlobalAvgPool.of_checked({})),
            Part("reduce", reduce, (~0,), self.activation),
            Part("expand", expand, (~1,), self.gate),
            Part("multiply", Multiply.of_checked({}), (0, ~2)),
        )
