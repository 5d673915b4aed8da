"""A split has a row for each part, and no output of its own."""

from __future__ import annotations

import pytest
from nets import broken, net, quantities, rules, text

import archcalc
from archcalc.diagnostics import Fault
from archcalc.network.layers import LAYERS

HALVES = "{type: split, name: s, parts: 2}"


@pytest.mark.parametrize(
    ("keys", "outputs"),
    [
        ("parts: 3", ["8x6x4", "8x6x4", "8x6x4"]),
        ("sizes: [2, 10]", ["8x6x2", "8x6x10"]),
        ("parts: 2, axis: height", ["4x6x12", "4x6x12"]),
        ("sizes: [1, 5], axis: width", ["8x1x12", "8x5x12"]),
        ("parts: 1", ["8x6x12"]),
    ],
)
def test_every_part_is_a_view(keys: str, outputs: list[str]) -> None:
    entries = [f"{{type: split, name: s, {keys}}}", "{type: relu, from: s.0}"]
    parts = net(entries, "8x6x12").layers[:-1]
    assert [part.name for part in parts] == [f"s.{place}" for place in range(len(outputs))]
    assert [quantities(part) for part in parts] == [{"output": output} for output in outputs]
    assert all(part.activation_elements == 0 for part in parts)
    assert all(part.inputs == ("input",) for part in parts)


def test_a_part_of_an_axis_reads_from_where_it_starts() -> None:
    entries = ["{type: split, name: s, sizes: [3, 5], axis: height}", "{type: relu, from: s.1}"]
    axes = net(entries, "8x6x12").layers[-1].field.axes
    assert axes is not None
    assert [axis.at(0) for axis in axes] == [(3, 3), (0, 0)]


FACT = "a split has an output for each of its parts, and none of its own"


@pytest.mark.parametrize(
    "entries",
    [
        [HALVES, "{type: relu}"],
        [HALVES],
        [HALVES, "{type: add, branches: [[], [{type: relu}]]}"],
        ["{name: g, layers: [" + HALVES + "]}", "{type: relu, from: g.s.1}"],
        ["{type: split, name: s, parts: 2, repeat: 2}", "{type: relu, from: s.0.1}"],
        ["{type: add, branches: [[], [" + HALVES + "]]}"],
    ],
)
def test_what_follows_or_ends_must_name_a_part(entries: list[str]) -> None:
    assert broken(entries, "8x6x12") == [("missing-key", FACT)]


@pytest.mark.parametrize(
    "entries", [[HALVES, "{type: relu, from: s}"], [HALVES, "{type: add, from: [s.0, s]}"]]
)
def test_the_name_alone_is_no_layer(entries: list[str]) -> None:
    fact = '"s" is a split, and has no output of its own: its parts are s.0 to s.1'
    assert broken(entries, "8x6x12") == [("unknown-name", fact)]


def test_the_hint_names_the_part() -> None:
    with pytest.raises(archcalc.SpecError) as caught:
        net([HALVES, "{type: relu}"], "8x6x12")
    (found,) = caught.value.diagnostics
    assert found.suggestions == ("name the part that is read, such as `from: s.0`",)


def test_outputs_name_parts() -> None:
    analysis = net([HALVES], "8x6x12", outputs="[s.0, s.1]")
    assert [name for name, _ in analysis.outputs] == ["s.0", "s.1"]
    assert rules([HALVES], "8x6x12", outputs="[s]") == ["unknown-name"]


def test_sizes_of_parts_in_expressions() -> None:
    read = "{type: conv, filters: $(s.1.channels), kernel: 1, from: s.0}"
    assert net([HALVES, read], "8x6x12").layers[-1].output.channels == 6
    alone = "{type: conv, filters: $(s.channels), kernel: 1, from: s.0}"
    assert rules([HALVES, alone], "8x6x12") == ["unknown-name"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("parts: 5", ("indivisible-size", "12 channels / 5 parts = 2 remainder 2")),
        (
            "sizes: [2, 3]",
            ("slice-out-of-range", "the sizes add up to 5, and the input has 12 channels"),
        ),
        (
            "sizes: [2, 3], axis: height",
            ("slice-out-of-range", "the sizes add up to 5, and the input has 8 rows of height"),
        ),
        ("axis: width", ("missing-key", "split needs parts or sizes")),
        (
            "parts: 2, sizes: [6, 6]",
            ("conflicting-keys", "split takes parts or sizes, not both"),
        ),
        (
            "parts: 1001",
            ("limit-exceeded", "a split into 1,001 parts; at most 1,000 are read"),
        ),
        ("parts: 2, activation: relu", ("unknown-key", 'split has no key "activation"')),
    ],
)
def test_one_mistake_is_reported_once(keys: str, found: tuple[str, str]) -> None:
    """Parts of what is wrong are not known, and so is what reads them."""
    entries = [f"{{type: split, name: s, {keys}}}", "{type: relu, from: s.1}"]
    assert broken(entries, "8x6x12") == [found]


def test_what_is_left_out_may_name_parts() -> None:
    entries = [
        "{type: split, name: s, parts: 2, when: false}",
        "{type: tanh, from: s.1, when: false}",
        "{type: relu}",
    ]
    assert rules(entries, "8x6x12") == []


def test_a_split_in_python() -> None:
    builder = archcalc.Builder("net", "8x6x12")
    assert builder.add(LAYERS["split"](parts=2), name="s") == "s"
    for wrong in ({}, {"inputs": "s"}):
        with pytest.raises(Fault, match="split"):
            builder.add(LAYERS["relu"](), **wrong)
    builder.add(LAYERS["add"](), ["s.0", "s.1"])
    written = net([HALVES, "{type: add, from: [s.0, s.1]}"], "8x6x12")
    built = archcalc.analyze(builder.network())
    assert [str(row.output) for row in built.layers] == [str(row.output) for row in written.layers]


def test_the_rows_of_squeeze_and_excitation_are_those_written_by_hand() -> None:
    short = net("{type: squeeze_excite, name: se, reduction: 4, activation: silu}", "8x6x12")
    written = """\
  - {type: global_avgpool, name: pool}
  - {type: conv, name: reduce, filters: 3, kernel: 1, activation: silu}
  - {type: conv, name: expand, filters: 12, kernel: 1, activation: sigmoid}
  - {type: multiply, name: multiply, from: [input, expand]}
"""
    hand = archcalc.analyze(archcalc.loads(f"name: net\ninput: 8x6x12\nlayers:\n{written}"))
    assert [row.name.removeprefix("se.") for row in short.layers] == [
        row.name for row in hand.layers
    ]
    assert [row.costs.counts for row in short.layers] == [row.costs.counts for row in hand.layers]
    assert short.totals._replace(peak_layer="") == hand.totals._replace(peak_layer="")
    assert [row.activation for row in short.layers] == [None, "silu", "sigmoid", None]


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ("reduction: 5", "indivisible-size"),
        ("reduction: 4, filters: 3", "conflicting-keys"),
        ("gate: relu", "missing-key"),
        ("reduction: 4, gate: prelu", "wrong-value"),
    ],
)
def test_squeezes_that_cannot_be(keys: str, rule: str) -> None:
    assert rules(f"{{type: squeeze_excite, {keys}}}", "8x6x12") == [rule]


def test_files_of_splits_are_bounded() -> None:
    """Parts are layers: a thousand of a thousand are more than are read."""
    entries = [f"{{type: split, name: s{n}, parts: 1000, from: input}}" for n in range(101)]
    assert archcalc.loads(text(entries[:1], "2x1000", outputs="[s0.1]"))
    assert rules(entries, "2x1000", outputs="[s0.1]") == ["limit-exceeded"]
