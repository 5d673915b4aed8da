"""Layers take plain Python values, and say what is wrong with others."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from language import fault_of, mistake

from archcalc.diagnostics import Fault
from archcalc.network.layers.conv import Conv, DepthwiseConv
from archcalc.network.layers.pool import MaxPool
from archcalc.network.layers.reshape import Dropout, Reshape
from archcalc.network.layers.resize import Crop, Upsample
from archcalc.network.values import (
    NATURAL,
    PADDING,
    PADS,
    POSITIVE,
    SIZES,
    TRUTH,
    VOLUME,
    Choice,
    ConnectionTable,
    Integer,
    Like,
    OrLike,
    Rate,
    Text,
    ValueType,
)
from archcalc.network.volume import Volume


@pytest.mark.parametrize(
    ("takes", "value", "checked"),
    [
        (POSITIVE, 7, 7),
        (Integer(), -7, -7),
        (TRUTH, True, True),
        (Rate(), 1, Fraction(1)),
        (Rate(), Fraction(7, 10), Fraction(7, 10)),
        (Choice(("nearest", "linear")), "linear", "linear"),
        (Text(), "free", "free"),
        (SIZES, 3, 3),
        (SIZES, [3, 5], (3, 5)),
        (SIZES, (3, 5), (3, 5)),
        (PADS, [[1, 2], (3, 4)], ((1, 2), (3, 4))),
        (PADDING, "valid", 0),
        (PADDING, "same", "same"),
        (PADDING, [1, 2], (1, 2)),
        (VOLUME, "227x227x3", Volume(3, (227, 227))),
        (VOLUME, Volume(3, (227, 227)), Volume(3, (227, 227))),
        (VOLUME, {"channels": 3, "size": [227, 227]}, Volume(3, (227, 227))),
        (VOLUME, 784, Volume(784)),
        (OrLike(PADS), Like("a.b"), Like("a.b")),
        (OrLike(PADS), {"like": "a.b"}, Like("a.b")),
        (OrLike(PADS), [[1, 2], [0, 0]], ((1, 2), (0, 0))),
        (ConnectionTable(), [[0, 1], [2]], ((0, 1), (2,))),
    ],
)
def test_plain_values(takes: ValueType[Any], value: object, checked: object) -> None:
    found = takes.check(value)
    assert found == checked
    assert type(found) is type(checked)


@pytest.mark.parametrize(
    ("takes", "value", "message"),
    [
        (POSITIVE, True, 'takes an integer of at least 1, not "true"'),
        (POSITIVE, "7", 'takes an integer of at least 1, not "7"'),
        (POSITIVE, 3.0, "takes an integer of at least 1, not the float 3.0"),
        (POSITIVE, None, "takes an integer of at least 1, not nothing"),
        (POSITIVE, [3], "takes an integer of at least 1, not a list"),
        (POSITIVE, 0, "is 0; it must be at least 1"),
        (POSITIVE, Fraction(3, 2), "is 1.5, and an integer is needed"),
        (POSITIVE, 10**10, "is 10,000,000,000; numbers up to 1,000,000,000 are calculated with"),
        (NATURAL, -1, "is -1; it must be at least 0"),
        (TRUTH, 1, 'takes true or false, not "1"'),
        (TRUTH, object(), "takes true or false, not an object of type object"),
        (Rate(), 0.5, "takes a number from 0 to 1, not the float 0.5"),
        (Rate(), Fraction(3, 2), 'takes a number from 0 to 1, not "1.5"'),
        (Choice(("a", "b")), "c", 'takes one of a, b, not "c"'),
        (Choice(("a", "b")), ["a"], "takes one of a, b, not a list"),
        (Text(), 7, 'takes text, not "7"'),
        (
            SIZES,
            [],
            "has 0 entries; a list has one per spatial axis, and there are one to three axes",
        ),
        (SIZES, {"height": 3}, f"takes {SIZES.text}, not a mapping"),
        (SIZES, Volume(3), "takes an integer of at least 1, not an object of type Volume"),
        (PADS, [[1, 2, 3]], "takes [before, after] pairs, and this one has 3 entries"),
        (PADDING, 0.5, f"takes {PADDING.text}, not the float 0.5"),
        (VOLUME, Volume(0, (3,)), "is 0; it must be at least 1"),
        (VOLUME, (227, 227, 3), f"takes {VOLUME.text}, not a list"),
        (OrLike(PADS), Like(7), "takes {like: NAME}"),  # type: ignore[arg-type]
        (OrLike(PADS), {"alike": "a"}, "takes {like: NAME} and no other key"),
        (ConnectionTable(), [[0, 0]], "has a filter that names a map twice"),
    ],
)
def test_what_is_wrong_with_a_plain_value(
    takes: ValueType[Any], value: object, message: str
) -> None:
    assert str(fault_of(takes.check, value)) == message


def test_a_number_of_any_length_is_refused() -> None:
    for number in (10**9999, -(10**9999)):
        assert fault_of(POSITIVE.check, number).rule == "limit-exceeded"
    assert fault_of(TRUTH.check, 10**9999).rule == "wrong-value"


def test_a_fault_leads_to_the_item_that_is_wrong() -> None:
    fault = fault_of(PADS.check, [[1, 2], [-1, "a"]])
    assert [part.at for part in fault.parts] == [(1, 0), (1, 1)]
    fault = fault_of(VOLUME.check, {"channels": 3, "size": [0, 3], "sise": 3})
    assert [part.at for part in fault.parts] == [("sise",), ("size", 0)]


@pytest.mark.parametrize(
    ("layer", "keys"),
    [
        (Conv, {"filters": -3, "kernel": 3}),
        (Conv, {"filters": 3, "kernel": [3, 0]}),
        (Conv, {"filters": 3, "kernel": 3, "padding": "smae"}),
        (Conv, {"filters": 3}),
        (Conv, {"filters": 3, "kernel_size": 3}),
        (Conv, {"filters": 3, "kernel": 3, "fliters": 3}),
        (Upsample, {}),
        (Upsample, {"scale": 2, "mode": "linaer"}),
        (Reshape, {"shape": [7, 7, 128]}),
        (Dropout, {"rate": 2}),
    ],
)
def test_a_layer_is_refused_in_the_words_that_a_file_gets(
    layer: type[Any], keys: dict[str, Any]
) -> None:
    fault = fault_of(lambda: layer(**keys))
    entry = ", ".join(f"{name}: {value}" for name, value in {"type": layer.type, **keys}.items())
    in_a_file = mistake(f"name: a\ninput: 8x8x3\nlayers:\n  - {{{entry}}}\n")
    assert (fault.rule, str(fault)) == (in_a_file.rule, in_a_file.message)
    assert fault.suggestions == in_a_file.suggestions


def test_everything_that_is_wrong_with_a_layer_at_once() -> None:
    fault = fault_of(lambda: Conv(filters=-3, kernel="3x3", strid=2))
    assert [(part.rule, part.key) for part in fault.parts] == [
        ("unknown-key", "strid"),
        ("size-below-one", "filters"),
        ("wrong-value", "kernel"),
    ]
    assert str(fault).startswith('conv has no key "strid"; filters is -3; it must be at least 1; ')
    fault = fault_of(lambda: Conv(kernel=3, units=4))
    assert [part.rule for part in fault.parts] == ["unknown-key", "missing-key"]


def test_a_layer_holds_what_the_types_of_its_keys_give() -> None:
    conv = Conv(filters=8, kernel=[3, 5], padding="valid")
    assert conv.kernel == (3, 5)
    assert conv.padding == 0
    assert conv == Conv(filters=8, kernel=(3, 5))
    assert MaxPool(kernel=2, stride=None) == MaxPool(kernel=2)
    assert Crop(crop={"like": "a"}).likes() == ("a",)
    assert Crop(crop=Like("a")) == Crop(crop={"like": "a"})
    with pytest.raises(Fault):
        DepthwiseConv(kernel=None)
