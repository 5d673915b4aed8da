"""Chains of PyTorch's operations that are a layer of ours, from traces written by hand."""

from __future__ import annotations

from math import inf

import pytest
from importers.traces import Trace, X, refusal

from archcalc.importers.pytorch.traced import Ref

WHOLE = (1, 4, 8, 8)


def squares(t: Trace) -> Ref:
    return t("pow", WHOLE, self=X, exponent=2)


def test_a_vector_times_a_map_of_one_channel_spreads_both() -> None:
    t = Trace()
    vector = t("mean", (1, 4, 1, 1), self=X, dim=[2, 3], keepdim=True)
    plane = t("slice", (1, 1, 8, 8), self=X, dim=1, start=0, end=1, step=1)
    assert t.rows(t("mul", WHOLE, self=vector, other=plane))[-1] == "Multiply()"


def test_a_square_is_a_product_with_itself() -> None:
    t = Trace()
    assert t.graph(squares(t)).operations[0].inputs == (0, 0)


def test_other_powers_are_refused() -> None:
    t = Trace()
    assert "power of 3 has no layer type" in refusal(t, t("pow", WHOLE, self=X, exponent=3))


def test_the_root_of_the_mean_square_and_factors_are_rmsnorm() -> None:
    t = Trace()
    mean = t("mean", (1, 1, 8, 8), self=squares(t), dim=[1], keepdim=True)
    small = t("add", (1, 1, 8, 8), self=mean, other=1e-6)
    normed = t("mul", WHOLE, self=X, other=t("rsqrt", (1, 1, 8, 8), self=small))
    assert t.rows(normed) == ["RmsNorm(affine=False)"]
    scaled = t("mul", WHOLE, self=normed, other=t.parameter("g", 4, 1, 1))
    assert t.rows(scaled) == ["RmsNorm()"]


def test_the_root_of_something_else_is_refused() -> None:
    t = Trace()
    assert "rsqrt has no layer type" in refusal(t, t("rsqrt", WHOLE, self=X))


def test_one_factor_and_one_shift_for_all_are_a_scale() -> None:
    t = Trace()
    a = t("mul", WHOLE, self=t.parameter("g", 1), other=X)
    b = t("add", WHOLE, self=a, other=t.parameter("b", 1))
    assert t.rows(b) == ["Scale(per='tensor', bias=True)"]


def test_a_factor_that_is_read_before_its_shift_is_refused() -> None:
    t = Trace()
    a = t("mul", WHOLE, self=t.parameter("g", 1), other=X)
    c = t("relu", WHOLE, self=a)
    b = t("add", WHOLE, self=a, other=t.parameter("b", 1))
    assert "read before it was complete" in refusal(t, t("add", WHOLE, self=b, other=c))


def test_infinitely_small_rows_around_a_maximum_are_its_padding() -> None:
    t = Trace()
    a = t("pad", (1, 4, 9, 9), self=X, pad=[0, 1, 0, 1], mode="constant", value=-inf)
    keys = {"kernel_size": [3, 3], "stride": [2, 2], "padding": [0, 0], "dilation": [1, 1]}
    b = t("max_pool2d", (1, 4, 4, 4), self=a, **keys, ceil_mode=False)
    assert t.rows(b) == ["MaxPool(kernel=3, stride=2, padding=((0, 1), (0, 1)))"]


def test_rows_taken_off_and_put_on_are_a_crop_and_a_pad() -> None:
    t = Trace()
    a = t("pad", WHOLE, self=X, pad=[-1, 1, -1, 1], mode="constant", value=0.0)
    assert [row.partition("(")[0] for row in t.rows(t.conv(a, 4, 4))] == ["Crop", "Pad", "Conv"]


@pytest.mark.parametrize(("mode", "row"), [("reflect", "BlurPool()"), ("constant", "refused")])
def test_fixed_filters_behind_mirrored_rows_are_a_blurpool(mode: str, row: str) -> None:
    t = Trace()
    a = t("pad", (1, 4, 10, 10), self=X, pad=[1, 1, 1, 1], mode=mode)
    filters = t.buffer("filters", 4, 1, 3, 3)
    keys = {"stride": [2, 2], "padding": [0, 0], "dilation": [1, 1], "groups": 4, "bias": None}
    b = t("conv2d", (1, 4, 4, 4), input=a, weight=filters, **keys)
    if row == "refused":
        assert "conv with fixed weights has no layer type" in refusal(t, b)
    else:
        assert t.rows(b) == [row]


def test_products_of_which_some_have_a_bias_stand_side_by_side() -> None:
    """Query and value have one in BEiT, and the key has none."""
    t = Trace()
    tokens = t("mean", (1, 4), self=X, dim=[2, 3])
    parts = [t.parameter("q", 4), t.buffer("k", 4), t.parameter("v", 4)]
    bias = t("cat", (12,), tensors=parts, dim=0)
    a = t("linear", (1, 12), input=tokens, weight=t.parameter("w", 12, 4), bias=bias)
    b = t("slice", (1, 4), self=a, dim=1, start=0, end=4, step=1)
    c = t("slice", (1, 4), self=a, dim=1, start=4, end=8, step=1)
    assert t.rows(t("add", (1, 4), self=b, other=c))[1:] == [
        "Linear(units=4, flatten=False)", "Linear(units=4, bias=False, flatten=False)",
        "Linear(units=4, flatten=False)", "Add()",
    ]  # fmt: skip


def test_patches_as_tokens_are_positions_as_channels() -> None:
    t = Trace()
    a = t("view", (1, 4, 4, 2, 4, 2), self=X)
    b = t("permute", (1, 4, 4, 2, 2, 4), self=a, dims=[0, 2, 4, 3, 5, 1])
    c = t("view", (1, 16, 16), self=b)
    d = t("linear", (1, 16, 6), input=c, weight=t.parameter("w", 6, 16), bias=None)
    assert [row.partition("(")[0] for row in t.rows(d)] == ["SpaceToDepth", "Reshape", "Linear"]
