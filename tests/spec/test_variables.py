"""``variables``, and the values that a caller gives instead."""

from __future__ import annotations

from fractions import Fraction

import pytest
from language import analysis, file
from process import run

HEAD = "variables: {width: 1.0, depth: 2, act: relu, kernels: [3, 5], project: true}\n"
LAYERS = """
  - layers:
      - type: conv
        filters: $(round(64 * width))
        kernel: $kernels
        activation: $act
        bias: $project
    repeat: $depth
"""


def test_a_decimal_is_exact_and_whole_where_it_is_whole() -> None:
    assert [layer.output.channels for layer in analysis(file(LAYERS, HEAD)).layers] == [64, 64]


@pytest.mark.parametrize(
    ("width", "filters"),
    [("0.5", 32), (0.75, 48), (Fraction(1, 4), 16), (2, 128), ("0.1171875", round(7.5))],
)
def test_given_values_go_before_those_written(width: object, filters: int) -> None:
    found = analysis(file(LAYERS, HEAD), variables={"width": width, "depth": 1})
    assert [layer.output.channels for layer in found.layers] == [filters]


def test_words_and_truth_values_are_given_alike() -> None:
    found = analysis(file(LAYERS, HEAD), variables={"act": "tanh", "project": "false"})
    assert (found.layers[0].activation, found.layers[0].biases) == ("tanh", 0)


def test_a_variable_may_use_those_before_it() -> None:
    head = "variables: {a: 2, b: $(3 * a), c: [$a, $b]}\n"
    found = analysis(file("  - {type: conv, filters: $b, kernel: $c}\n", head))
    assert found.layers[0].output.spatial == (32 - 1, 32 - 5)
    again = analysis(file("  - {type: conv, filters: $b, kernel: $c}\n", head), variables={"a": 1})
    assert again.layers[0].output.spatial == (32, 32 - 2)


def test_a_variable_that_the_file_has_not() -> None:
    with pytest.raises(ValueError, match="did you mean `width`"):
        analysis(file(LAYERS, HEAD), variables={"widht": 2})


def test_set_on_the_command_line() -> None:
    text = file(LAYERS, HEAD)
    options = ("--format", "csv", "--columns", "name,output")
    result = run("table", "-", *options, "--set", "width=0.5", "--set", "depth=1", stdin=text)
    assert result.status == 0
    assert result.out.splitlines()[-1].endswith("group1.0.conv1,30x28x32")
    assert run("table", "-", "--set", "widht=1", stdin=text).status == 2
    assert run("table", "-", "--set", "width", stdin=text).status == 2
    assert run("table", "-", "--set", "width=wide", stdin=text).status == 2
