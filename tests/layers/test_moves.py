"""Elements in another order, at fixed places, moved along an axis, added up, turned."""

from __future__ import annotations

import pytest
from nets import last, quantities, rules

from archcalc.diagnostics import Fault
from archcalc.network.order import order_of
from archcalc.network.volume import Volume


@pytest.mark.parametrize(
    ("order", "size", "output"),
    [
        ("(h i=7) (w j=7) c -> (h w) (i j) c", "14x21x6", "6x49x6"),
        ("n (g=4 c) -> c (g n)", "10x12", "3x40"),
        ("h w c -> c w h", "8x5x4", "4x5x8"),
        ("h w c -> (h w c)", "8x5x4", "160"),
        ("c -> 1 c", "12", "1x12"),
        ("d h w (a=2 b) -> (d a) (h w) b", "2x3x4x8", "4x12x4"),
    ],
)
def test_an_order_makes_its_axes_of_the_parts(order: str, size: str, output: str) -> None:
    layer = last(f'{{type: rearrange, order: "{order}"}}', size)
    assert quantities(layer) == {"output": output}


@pytest.mark.parametrize(
    "order",
    [
        "h w c", "h w c -> h w", "h w c -> h w c c", "h h c -> h c", "(h i) w c -> h i (w c)",
        "h w c -> (h=2 w) c", "(h w c -> h w c", "h) w c -> h w c", "h w c -> h W c",
        "a b c d e -> (a b c d e)", "h ((w) c) -> h w c", "1 -> 1", "h=0 w c -> h w c",
    ],
)  # fmt: skip
def test_what_is_no_order(order: str) -> None:
    with pytest.raises(Fault):
        order_of(order)


@pytest.mark.parametrize("order", ["(h i=3) w c -> h w (c i)", "h c -> c h", "h=7 w c -> h w c"])
def test_an_order_that_does_not_fit(order: str) -> None:
    with pytest.raises(Fault):
        order_of(order).volume(Volume(6, (8, 8)))


@pytest.mark.parametrize(
    ("entry", "size", "wanted"),
    [
        ("gather, size: [49, 49]", "169x4", {"output": "49x49x4"}),
        ("gather, size: 7", "169x4", {"output": "7x4"}),
        ("roll, shift: [3, 0]", "14x14x6", {"output": "14x14x6"}),
        ("reduce_sum, axis: channels", "5x7x6", {"output": "5x7x1", "flops": 210}),
        ("reduce_sum, axis: width", "5x7x6", {"output": "5x1x6", "flops": 210}),
        ("rotary", "196x64", {"output": "196x64", "flops": 3 * 196 * 64}),
        (
            "grn",
            "7x9x64",
            {"output": "7x9x64", "weights": 64, "biases": 64, "flops": 4 * 7 * 9 * 64},
        ),
        ("grn, affine: false", "7x9x64", {"output": "7x9x64", "flops": 4 * 7 * 9 * 64}),
        ("constant, shape: 15x15x2", "8x8x3", {"output": "15x15x2", "buffers": 450}),
        ("softmax, groups: 4", "9x8", {"output": "9x8", "flops": 72}),
        ("l2norm, groups: 4", "9x8", {"output": "9x8", "flops": 2 * 72}),
        ("slice, start: 1, stop: 8, step: 3", "9x8", {"output": "9x3"}),
        ("slice, start: 0, stop: 9, step: 2, axis: positions", "9x8", {"output": "5x8"}),
        ("scale, by: 2, plus: -1", "9x8", {"output": "9x8", "flops": 144}),
        ("scale, by: 1, plus: -1", "9x8", {"output": "9x8", "flops": 72}),
        ("pad, channels: [0, 1], mode: ones", "9x8", {"output": "9x9"}),
        (
            "upsample, scale: 2, mode: cubic",
            "3x4x5",
            {"output": "6x8x5", "flops": 31 * 240},
        ),
        (
            "lstm, units: 5, axis: width",
            "3x4x6",
            {"output": "3x4x5", "weights": 4 * 5 * 11, "biases": 40, "macs": 4 * 5 * 11 * 12},
        ),
    ],
)
def test_what_it_makes_and_costs(entry: str, size: str, wanted: dict[str, object]) -> None:
    found = quantities(last(f"{{type: {entry}}}", size))
    beside = ("flops", "connections", "depth")
    assert {n: found[n] for n in found if n in wanted or n not in beside} == wanted


@pytest.mark.parametrize(
    ("entry", "size", "rule"),
    [
        ("gather, size: 7", "8x8x4", "axis-count"),
        ("softmax, groups: 3", "9x8", "indivisible-groups"),
        ("softmax, groups: 2, axis: positions", "9x8", "conflicting-keys"),
        ("l2norm, groups: 3", "9x8", "indivisible-groups"),
        ("scale, plus: 1", "9x8", "conflicting-keys"),
        ("lstm, units: 5", "3x4x6", "axis-count"),
        ("lstm, units: 5, axis: channels", "4x6", "wrong-value"),
        ("rearrange, order: (h i=3) w c -> h w (c i)", "8x8x3", "indivisible-size"),
    ],
)
def test_what_cannot_be(entry: str, size: str, rule: str) -> None:
    assert rules(f"{{type: {entry}}}", size) == [rule]
