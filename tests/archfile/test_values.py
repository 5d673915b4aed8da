"""What a file's text is to the types of values, and where a mistake in it is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import yaml
from language import fault_of

from archcalc.archfile import parse as document
from archcalc.archfile.nodes import YamlNode
from archcalc.archfile.values import read
from archcalc.diagnostics import Fault, Findings
from archcalc.network.values import (
    NATURAL,
    OFFSETS,
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

LOADERS = [document.LOADER, yaml.BaseLoader]


def node(text: str) -> YamlNode:
    findings = Findings()
    tree = document.parse(f"key: {text}\n", findings)
    assert findings.sorted() == []
    assert tree is not None
    found = tree.get("key")
    assert found is not None
    return found


def rule(takes: ValueType[Any], text: str) -> list[str]:
    """The rules that a value breaks, and all at their places."""
    with pytest.raises(Fault) as raised:
        read(takes, node(text))
    assert all(part.span for part in raised.value.parts)
    return [part.rule for part in raised.value.parts]


NO_INTEGERS = (
    "3a", "on", "no", "yes", "010", "00", "1:30", "0x10", "0o7", "0b1", "1e3", "1_000", ".5", "5.",
    "+1", "--1", "~", "null", ".nan", ".inf", "true", "False", "''", "'1 '", "1 2", "２", "[1]",
    "{a: 1}", "2026-11-21",
)  # fmt: skip


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", NO_INTEGERS)
def test_no_integers(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LOADER", loader)
    assert rule(Integer(), text) == ["wrong-value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("7", 7), ("-7", -7), ("-0", 0), ("'7'", 7), ('"7"', 7), ("1000000000", 10**9)],
)
def test_integers(text: str, value: int) -> None:
    assert read(Integer(), node(text)) == value


@pytest.mark.parametrize(
    ("takes", "text", "expected"),
    [
        (POSITIVE, "0", "size-below-one"),
        (POSITIVE, "-1", "size-below-one"),
        (NATURAL, "-1", "wrong-value"),
        (POSITIVE, "1.5", "not-an-integer"),
        (POSITIVE, "2.0", "not-an-integer"),
        (POSITIVE, "1000000001", "limit-exceeded"),
        (Integer(), "-1000000001", "limit-exceeded"),
        (Integer(), "1234567890123456789", "limit-exceeded"),
    ],
)
def test_bounds_of_integers(takes: ValueType[int], text: str, expected: str) -> None:
    assert rule(takes, text) == [expected]


def test_only_true_and_false_are_truth_values() -> None:
    assert read(TRUTH, node("true")) is True
    assert read(TRUTH, node("'false'")) is False
    for text in ("yes", "no", "on", "off", "True", "FALSE", "1", "0", "~", "''", "[true]"):
        assert rule(TRUTH, text) == ["wrong-value"]


def test_decimals_are_exact() -> None:
    assert read(Rate(), node("0.7")) == Fraction(7, 10)
    assert read(Rate(), node("0")) == 0
    assert read(Rate(), node("1")) == 1
    for text in ("1.1", "-0.1", ".5", "1e-1", "5.", "00.5", "half", "true"):
        assert rule(Rate(), text) == ["wrong-value"]


def test_words_are_texts_whatever_yaml_makes_of_them() -> None:
    takes = Choice(("on", "no", "3", "true"))
    for text in ("on", "no", "3", "true"):
        assert read(takes, node(text)) == text
    fault = fault_of(read, Choice(("nearest", "linear")), node("linaer"))
    assert fault.suggestions == ("did you mean `linear`?",)


def test_text_is_free_and_bounded() -> None:
    assert read(Text(), node("costs $5 (or $(more))")) == "costs $5 (or $(more))"
    assert rule(Text(), "''") == ["wrong-value"]
    assert rule(Text(), "[a]") == ["wrong-value"]
    assert rule(Text(4), "abcde") == ["limit-exceeded"]


@pytest.mark.parametrize(
    ("takes", "text", "value"),
    [
        (SIZES, "3", 3),
        (SIZES, "[3]", (3,)),
        (SIZES, "[3, 5, 7]", (3, 5, 7)),
        (OFFSETS, "[0, 1]", (0, 1)),
        (PADS, "0", 0),
        (PADS, "[1, 2]", (1, 2)),
        (PADS, "[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        (PADDING, "2", 2),
        (PADDING, "valid", 0),
        (PADDING, "same", "same"),
        (PADDING, "half", "half"),
        (PADDING, "[[0, 1]]", ((0, 1),)),
    ],
)
def test_values_by_axis(takes: ValueType[Any], text: str, value: object) -> None:
    assert read(takes, node(text)) == value


@pytest.mark.parametrize(
    ("takes", "text", "expected"),
    [
        (SIZES, "[]", ["axis-count"]),
        (SIZES, "[1, 1, 1, 1]", ["axis-count"]),
        (SIZES, "[0, -1]", ["size-below-one"] * 2),
        (SIZES, "[[1]]", ["wrong-value"]),
        (SIZES, "same", ["wrong-value"]),
        (SIZES, "3x3", ["wrong-value"]),
        (PADS, "[1, 1, 1, 1]", ["axis-count"]),
        (PADS, "[[1, 1], 1]", ["wrong-value"]),
        (PADS, "[[1]]", ["wrong-value"]),
        (PADS, "[[1, a], [-1, 1]]", ["wrong-value"] * 2),
        (PADDING, "-1", ["wrong-value"]),
        (PADDING, "Same", ["wrong-value"]),
        (PADDING, "true", ["wrong-value"]),
        (PADDING, "[same]", ["wrong-value"]),
    ],
)
def test_no_values_by_axis(takes: ValueType[Any], text: str, expected: list[str]) -> None:
    assert rule(takes, text) == expected


def test_the_nearest_padding() -> None:
    fault = fault_of(read, PADDING, node("smae"))
    assert fault.suggestions == ("did you mean `same`?",)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("227x227x3", Volume(3, (227, 227))),
        ("227 x 300 x 3", Volume(3, (227, 300))),
        ("16x112x112x3", Volume(3, (16, 112, 112))),
        ("1024x1", Volume(1, (1024,))),
        ("784", Volume(784)),
        ("{channels: 3, size: 227}", Volume(3, (227, 227))),
        ("{channels: 3, size: [227, 300]}", Volume(3, (227, 300))),
        ("{channels: 1, size: [16000]}", Volume(1, (16000,))),
        ("{size: [16, 112, 112], channels: 3}", Volume(3, (16, 112, 112))),
        ("{channels: 784}", Volume(784)),
    ],
)
def test_volumes(text: str, value: Volume) -> None:
    assert read(VOLUME, node(text)) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1x2x3x4x5", ["axis-count"]),
        ("{channels: 3, size: [1, 2, 3, 4]}", ["axis-count"]),
        ("0x3", ["size-below-one"]),
        ("0x0", ["size-below-one"] * 2),
        ("3x-1", ["size-below-one"]),
        ("3.5x1", ["wrong-value"]),
        ("010x1", ["wrong-value"]),
        ("3*3", ["wrong-value"]),
        ("3x", ["wrong-value"]),
        ("x3", ["wrong-value"]),
        ("[3, 3]", ["wrong-value"]),
        ("large", ["wrong-value"]),
        ("{size: 3}", ["missing-key"]),
        ("{channels: 0, sise: 3}", ["unknown-key", "size-below-one"]),
        ("1000000000000x3", ["limit-exceeded"]),
    ],
)
def test_no_volumes(text: str, expected: list[str]) -> None:
    assert rule(VOLUME, text) == expected


def test_a_crop_takes_numbers_or_another_layer_s_size() -> None:
    assert read(OrLike(PADS), node("[[1, 2], [0, 0]]")) == ((1, 2), (0, 0))
    like = read(OrLike(PADS), node("{like: down.conv1}"))
    assert isinstance(like, Like)
    assert like.name == "down.conv1"
    for text in ("{like: a, b: c}", "{alike: a}", "{like: 3}", "{like: [a]}", "a"):
        assert rule(OrLike(PADS), text) == ["wrong-value"]


def test_connection_tables() -> None:
    assert read(ConnectionTable(), node("[[0, 1], [2]]")) == ((0, 1), (2,))
    for text in ("[[]]", "[[0, 0]]", "[0]", "3", "[[-1]]"):
        assert rule(ConnectionTable(), text) == ["wrong-value"]
