"""``expect``, ``budget``, ``allow`` and ``published``, as they are read."""

from __future__ import annotations

from fractions import Fraction

import pytest
from language import declaration, diagnostics, file, mistake, mistakes

from archcalc.network.figures import Allowance, Expected
from archcalc.network.values import Amount
from archcalc.network.volume import Volume

RELU = "  - {type: relu, name: r}\n"


def expected(text: str) -> list[tuple[str | None, str, object]]:
    return [(e.at, e.quantity, e.figure) for e in declaration(file(RELU, text)).expect]


def published(text: str) -> dict[str, Amount]:
    entries = declaration(file(RELU, f"published:\n{text}")).published
    return {e.quantity: e.figure for e in entries if isinstance(e.figure, Amount)}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("60965224", 60965224, 1),
        ("61.7k", 61700, 100),
        ("159K", 159_000, 1000),
        ("5M", 5 * 10**6, 10**6),
        ("5.0M", 5 * 10**6, 10**5),
        ("1.50G", 15 * 10**8, 10**7),
        ("1.5 G", 15 * 10**8, 10**8),
        ("0.5", Fraction(1, 2), Fraction(1, 10)),
        ("'3'", 3, 1),
    ],
)
def test_counts_and_one_unit_of_their_last_digit(
    text: str, value: Fraction, unit: Fraction
) -> None:
    count = published(f"  - {{quantity: params, value: {text}, source: s}}\n")["params"]
    assert count == Amount(text.strip("'"), Fraction(value), Fraction(unit))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100", 100), ("100B", 100), ("3kB", 3000), ("61MB", 61 * 10**6), ("58MiB", 58 * 2**20),
        ("1.5KiB", 3 * 2**9), ("2GB", 2 * 10**9), ("2GiB", 2 * 2**30),
    ],
)  # fmt: skip
def test_counts_of_bytes(text: str, value: int) -> None:
    found = published(f"  - {{quantity: peak_bytes, value: {text}, source: s}}\n")
    assert found["peak_bytes"].value == value


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("params", "5MB"), ("params", "5m"), ("params", "5T"), ("params", "-5"),
        ("params", "5,000"),
        ("params", "1e6"), ("params", ".5M"), ("params", "5_000"), ("params", "''"),
        ("params", "1" * 19), ("peak_bytes", "5M"), ("peak_bytes", "5mb"), ("macs", "5MiB"),
    ],
)  # fmt: skip
def test_no_counts(quantity: str, value: str) -> None:
    text = file(RELU, f"budget: {{{quantity}: {value!r}}}\n".replace('"', "").replace("''''", "''"))
    assert [rule for rule, _, _ in mistakes(text)] == ["wrong-value"]


def test_expectations_of_the_network_and_of_layers() -> None:
    text = """expect:
  params: 61.7k
  output: 1000
  layers:
    r: {output: 55x55x96, macs: 0, receptive_field: [3, 5]}
    a.*.c1: {weights: 3, receptive_field: 7}
"""
    layers = "  - {layers: [{type: relu, name: c1}], name: a, repeat: 2}\n" + RELU
    found = declaration(file(layers, text)).expect
    assert [(e.at, e.quantity, e.figure) for e in found] == [
        (None, "params", Amount("61.7k", Fraction(61700), Fraction(100))),
        (None, "output", Volume(1000)),
        ("r", "output", Volume(96, (55, 55))),
        ("r", "macs", Amount("0", Fraction(0), Fraction(1))),
        ("r", "receptive_field", (3, 5)),
        ("a.*.c1", "weights", Amount("3", Fraction(3), Fraction(1))),
        ("a.*.c1", "receptive_field", 7),
    ]
    assert found[0].span
    assert found[0].span.start == (4, 11)


def test_an_expected_count_is_whole() -> None:
    found = mistake(file(RELU, "expect: {params: 1.2345k}\n"))
    assert (found.rule, found.place) == ("not-an-integer", (3, 18))
    assert diagnostics(file(RELU, "expect: {params: 1.234k}\n")) == []


def test_budgets_are_bounds_of_counts() -> None:
    found = declaration(file(RELU, "budget: {params: 65M, peak_bytes: 8MB}\n")).budget
    assert [(e.at, e.quantity) for e in found] == [(None, "params"), (None, "peak_bytes")]
    assert all(isinstance(e, Expected) and isinstance(e.figure, Amount) for e in found)
    for quantity in ("output", "receptive_field"):
        text = file(RELU, f"budget: {{{quantity}: 3}}\n")
        assert [rule for rule, _, _ in mistakes(text)] == ["unknown-key"]


def test_allowances_have_a_rule_a_reason_and_perhaps_a_path() -> None:
    text = """allow:
  - {rule: illegal-stride, at: a.*.c, because: "224: the floor is meant"}
  - {rule: unused-layer, because: known}
"""
    found = declaration(file(RELU, text)).allow
    assert found == [
        Allowance("illegal-stride", "a.*.c", "224: the floor is meant", found[0].span),
        Allowance("unused-layer", None, "known", found[1].span),
    ]


def test_published_figures() -> None:
    text = """published:
  - {quantity: params, value: 60M, source: "Krizhevsky et al. 2012, section 1"}
  - {at: r, quantity: macs, value: 34M, source: s, note: "118M by its own shape", input: 16x16x3}
  - {at: r, quantity: output, value: 32x32x3, source: s}
  - {at: r, quantity: receptive_field, value: 195, source: s}
"""
    first, second, third, fourth = declaration(file(RELU, text)).published
    assert (first.at, first.note, first.input) == (None, None, None)
    assert first.source == "Krizhevsky et al. 2012, section 1"
    assert (second.at, second.note) == ("r", "118M by its own shape")
    assert second.input == Volume(3, (16, 16))
    assert (third.figure, fourth.figure) == (Volume(3, (32, 32)), 195)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("expect: {layers: {s: {params: 0}}}\n", (3, 31)),
        ("expect: {layers: {'r.*': {params: 0}}}\n", (3, 35)),
        ("published: [{at: s, quantity: params, value: 0, source: s}]\n", (3, 46)),
    ],
)
def test_paths_name_layers_that_are_there(text: str, place: tuple[int, int]) -> None:
    found = mistake(file(RELU, text))
    assert (found.rule, found.place) == ("unknown-name", place)


def test_paths_of_groups_copies_merges_and_parts() -> None:
    layers = """
  - {layers: [{type: separable_conv, name: s, filters: 3, kernel: 1}], name: g, repeat: 2}
  - {type: add, name: m, branches: [[{type: relu, name: r}], []]}
"""
    paths = ("g", "g.0", "g.1.s", "g.0.s.depthwise", "m", "m.0.r", "g.*", "'*.0.r'", "'*'")
    figures = "".join(f"    {path}: {{macs: 0}}\n" for path in paths)
    assert diagnostics(file(layers, f"expect:\n  layers:\n{figures}")) == []


def test_no_stars_in_published_paths_and_few_in_expectations() -> None:
    text = "published: [{at: '*', quantity: params, value: 0, source: s}]\n"
    assert mistake(file(RELU, text)).rule == "wrong-value"
    stars = [".".join("*" if bit == "1" else "r" for bit in f"{i:07b}") for i in range(1, 52)]
    many = "".join(f"    '{star}': {{params: 0}}\n" for star in stars)
    found = mistakes(file(RELU, f"expect:\n  layers:\n{many}"))
    assert found[-1][:2] == ("limit-exceeded", 3 + 2 + 50)


WIDE = "variables: {width: 1, blocks: [1, 2]}\n"


def test_figures_of_other_values_of_variables() -> None:
    values = "{width: 0.5, blocks: [3]}"
    text = f"published:\n  - {{quantity: params, value: 5, source: x, with: {values}}}\n"
    (entry,) = declaration(file(RELU, WIDE + text)).published
    assert entry.variables == (("width", Fraction(1, 2)), ("blocks", (3,)))


@pytest.mark.parametrize(
    ("values", "rule", "said"),
    [
        ("{widht: 1}", "unknown-key", 'there is no variable "widht"; there are: width, blocks'),
        ("{width: $(2 * 3)}", "wrong-value", "with takes values of variables"),
        ("{width: {a: 1}}", "wrong-value", "with takes values of variables"),
        ("[1]", "wrong-value", "with takes a mapping"),
    ],
)
def test_what_is_no_value_of_a_variable(values: str, rule: str, said: str) -> None:
    text = f"published:\n  - {{quantity: params, value: 5, source: x, with: {values}}}\n"
    found = mistake(file(RELU, WIDE + text))
    assert (found.rule, found.message.startswith(said)) == (rule, True), found.message
