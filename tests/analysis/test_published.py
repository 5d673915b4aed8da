"""When a computed figure agrees with a printed one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import net

import archcalc
from archcalc.analysis.published import Verdict, verdicts

SOURCE = "source: a paper"


def judged(weights: int, value: str) -> Verdict:
    """The verdict on the weights of a network that has this many."""
    claim = f"[{{quantity: weights, value: {value}, {SOURCE}}}]"
    layer = "{type: linear, units: 1, bias: false}"
    (verdict,) = verdicts(net(layer, str(weights), published=claim))
    assert verdict.computed == weights
    return verdict


@pytest.mark.parametrize(
    ("weights", "value"),
    [
        (100, "100"),
        (1999, "1k"),
        (1, "1k"),
        (109, "0.10k"),
        (1005, "1000"),
        (995, "1000"),
        (1024, "1.00K"),
        (1024 * 1024, "1.000M"),
        (1000 * 1000, "1.000M"),
        (10**9, "1G"),
    ],
)
def test_agrees(weights: int, value: str) -> None:
    """Less than one unit of the last digit away, or at most 0.5 %; K, M and G also of 1024."""
    verdict = judged(weights, value)
    assert verdict.agrees
    assert verdict.ratio is None


@pytest.mark.parametrize(
    ("weights", "value", "ratio"),
    [
        (101, "100", Fraction(101, 100)),
        (2000, "1k", Fraction(2)),
        (110, "0.10k", Fraction(110, 100)),
        (1006, "1000", Fraction(1006, 1000)),
        (994, "1000", Fraction(994, 1000)),
        (1024, "1.00k", Fraction(1024, 1000)),
        (1030, "1.000K", Fraction(1030, 1000)),
        (1, "0", None),
    ],
)
def test_differs(weights: int, value: str, ratio: Fraction | None) -> None:
    """k is 1000 only; no ratio to a printed 0."""
    verdict = judged(weights, value)
    assert not verdict.agrees
    assert verdict.ratio == ratio


@pytest.mark.parametrize("value", ["4.00MB", "4.19MB", "4.00MiB", "4194304"])
def test_bytes_in_powers_of_1000_or_of_1024(value: str) -> None:
    claim = f"[{{quantity: param_bytes, value: {value}, {SOURCE}}}]"
    layer = "{type: linear, units: 1024, bias: false}"
    (verdict,) = verdicts(net(layer, "1024", published=claim))
    assert verdict.computed == 4 * 1024 * 1024
    assert verdict.agrees


@pytest.mark.parametrize(
    ("value", "agrees"), [("4x4x2", True), ("5x5x2", False), ("32", False), ("4x4x3", False)]
)
def test_outputs_are_equal_or_differ_without_a_ratio(value: str, agrees: bool) -> None:
    claim = f"[{{at: a, quantity: output, value: {value}, {SOURCE}}}]"
    (verdict,) = verdicts(
        net("{type: conv, name: a, filters: 2, kernel: 3}", "6x6x1", published=claim)
    )
    assert (verdict.agrees, verdict.ratio) == (agrees, None)


def test_a_vector_may_be_printed_as_a_map_of_one_position() -> None:
    claim = f"[{{quantity: output, value: 1x1x10, {SOURCE}}}]"
    (verdict,) = verdicts(net("{type: linear, units: 10}", "6x6x1", published=claim))
    assert verdict.agrees


@pytest.mark.parametrize(
    ("value", "agrees"), [("3", True), ("[3, 3]", True), ("4", False), ("[3, 4]", False)]
)
def test_receptive_fields_on_every_axis(value: str, agrees: bool) -> None:
    claim = f"[{{at: a, quantity: receptive_field, value: {value}, {SOURCE}}}]"
    layer = "{type: conv, name: a, filters: 2, kernel: 3}"
    (verdict,) = verdicts(net(layer, "6x6x1", published=claim))
    assert verdict.agrees is agrees


def test_a_path_means_all_inside_it() -> None:
    group = "{name: g, layers: [{type: linear, units: 3}, {type: linear, name: b, units: 2}]}"
    claims = ", ".join(
        f"{{at: {at}, quantity: {quantity}, value: {value}, {SOURCE}}}"
        for at, quantity, value in (
            ("g", "params", 3 * (4 + 1) + 2 * (3 + 1)),
            ("g", "output", 2),
            ("g", "depth", 2),
            ("g.b", "params", 2 * (3 + 1)),
        )
    )
    found = verdicts(net(group, "4", published=f"[{claims}]"))
    assert [verdict.agrees for verdict in found] == [True] * 4


def test_figures_are_of_the_network_as_written() -> None:
    """Not of another batch, element type, input or value that a caller has chosen."""
    text = (
        "name: n\ninput: 8x8x1\nvariables: {k: 3}\n"
        "layers: [{type: conv, filters: 1, kernel: $k, bias: false}]\n"
        "published:\n"
        f"  - {{quantity: activation_bytes, value: {4 * (8 * 8 + 6 * 6)}, {SOURCE}}}\n"
        f"  - {{quantity: macs, value: {9 * 4 * 4}, input: 6x6x1, {SOURCE}}}\n"
    )
    architecture = archcalc.loads(text)
    analysis = archcalc.analyze(
        architecture, input="20x20x1", batch=7, dtype="int8", variables={"k": 5}
    )
    assert [verdict.agrees for verdict in verdicts(analysis)] == [True, True]


def test_an_input_that_does_not_fit_gives_no_figure() -> None:
    claim = f"[{{quantity: macs, value: 1, input: 2x2x1, {SOURCE}}}]"
    (verdict,) = verdicts(net("{type: conv, filters: 1, kernel: 3}", "8x8x1", published=claim))
    assert (verdict.computed, verdict.agrees, verdict.ratio) == (None, False, None)


def test_a_network_that_is_wrong_as_written_gives_no_figure() -> None:
    text = (
        "name: n\ninput: 8x8x1\nvariables: {k: 9}\nlayers: [{type: conv, filters: 1, kernel: $k}]\n"
        f"published: [{{quantity: macs, value: 1, {SOURCE}}}]\n"
    )
    analysis = archcalc.analyze(archcalc.loads(text), variables={"k": 3})
    assert [verdict.computed for verdict in verdicts(analysis)] == [None]


def test_at_most_16_inputs_are_computed() -> None:
    claims = ", ".join(
        f"{{quantity: macs, value: {n * n}, input: {n}x{n}x1, {SOURCE}}}" for n in range(1, 19)
    )
    layer = "{type: conv, filters: 1, kernel: 1}"
    found = verdicts(net(layer, "8x8x1", published=f"[{claims}]"))
    assert [verdict.agrees for verdict in found] == [True] * 16 + [False] * 2
