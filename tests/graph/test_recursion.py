"""Blocks that contain themselves."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file, mistake, paths

from archcalc import api

HOURGLASS = """blocks:
  hourglass:
    arguments: {depth: required}
    layers:
      - type: add
        name: sum
        branches:
          up: [{type: conv, name: c, filters: 3, kernel: 1}]
          low:
            - {type: maxpool, name: half, kernel: 2}
            - {block: hourglass, name: h, when: $(depth > 1), with: {depth: $(depth - 1)}}
            - {type: upsample, name: double, scale: 2}
"""


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_an_hourglass(depth: int) -> None:
    found = analysis(
        file(f"  - {{block: hourglass, name: h, with: {{depth: {depth}}}}}\n", HOURGLASS)
    )
    assert len(found.layers) == 4 * depth
    assert found.totals.params == depth * (3 * 3 + 3)
    smallest = min(layer.output.spatial[0] for layer in found.layers)
    assert smallest == 32 // 2**depth


def test_a_fractal_of_two_columns() -> None:
    head = """blocks:
  fractal:
    arguments: {columns: required}
    layers:
      - type: concat
        name: join
        branches:
          one: [{type: conv, name: c, filters: 2, kernel: 1}]
          other:
            when: $(columns > 1)
            layers:
              - {block: fractal, name: a, with: {columns: $(columns - 1)}}
              - {block: fractal, name: b, with: {columns: $(columns - 1)}}
"""
    text = file("  - {block: fractal, name: f, with: {columns: 3}}\n", head)
    assert sum(path.endswith(".c") for path in paths(text)) == 2**3 - 1


@pytest.mark.parametrize("condition", ["$(depth > 0)", "$(depth < 3)", "true"])
def test_one_without_end(condition: str) -> None:
    head = HOURGLASS.replace("$(depth > 1)", condition).replace("kernel: 2}", "kernel: 1}")
    head = head.replace("scale: 2", "scale: 1").replace("depth - 1", "depth + 0")
    found = mistake(file("  - {block: hourglass, name: h, with: {depth: 2}}\n", head))
    assert found.rule == "recursive-block"
    assert found.message == (
        'the block "hourglass" contains "hourglass", and no `when` ends that within 64 levels'
    )


def test_two_that_contain_each_other_in_turn() -> None:
    head = """blocks:
  a: {arguments: {n: 1}, layers: [{type: relu}, {block: b, with: {n: $n}, when: $(n > 0)}]}
  b: {arguments: {n: 1}, layers: [{type: tanh}, {block: a, with: {n: $(n - 1)}}]}
"""
    text = file("  - {block: a, with: {n: 2}}\n", head)
    assert len(paths(text)) == 5
    endless = diagnostics(text.replace("n - 1", "n"))
    assert [each.rule for each in endless] == ["recursive-block"]


def test_an_unused_one_is_looked_through_once() -> None:
    head = HOURGLASS.replace("scale: 2", "scale: 2, scal: 2")
    assert mistake(file("  - {type: relu}\n", head)).rule == "unknown-key"
    found = api.check(analysis(file("  - {type: relu}\n", HOURGLASS)))
    assert [each.rule for each in found] == ["unused-block"]


def test_under_a_condition_that_a_mistake_hides() -> None:
    head = HOURGLASS.replace("depth > 1", "input.channels > 1")
    layers = (
        "  - {type: conv, filters: 2, kernel: 99}\n"
        "  - {block: hourglass, name: h, with: {depth: 2}}\n  - {type: relu, from: h.sum.low.h}\n"
    )
    assert [each.rule for each in diagnostics(file(layers, head))] == ["window-too-large"]
