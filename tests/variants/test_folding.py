"""Instances that were expanded before are not expanded again, and nothing but time shows it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import archcalc
from archcalc.analysis.quantities import QUANTITIES
from archcalc.api import builtin_names
from archcalc.archfile.folding import is_foldable
from archcalc.variants.measuring import Measurer, Misfit

NAMES = ("params", "macs", "flops", "buffers", "connections", "weights", "biases")


def totals(architecture: Any, values: dict[str, str]) -> tuple[int | None, ...] | str:
    """What an analysis says of a variant: its totals, or the first of its mistakes."""
    variables = {name: value for name, value in values.items() if name != "input"}
    try:
        found = archcalc.analyze(architecture, values.get("input"), variables=variables)
    except archcalc.SpecError as error:
        return error.diagnostics[0].rule
    except ValueError:
        return "unknown-path"
    return tuple(QUANTITIES[name].total(found) for name in NAMES)


def measured(measurer: Measurer, values: dict[str, str]) -> tuple[int | None, ...] | str:
    found = measurer.measure(values)
    return found.rule if isinstance(found, Misfit) else found


@pytest.mark.parametrize("name", builtin_names())
def test_shipped_architectures(name: str) -> None:
    architecture = archcalc.load(name)
    measurer = Measurer(architecture, NAMES)
    axes: list[dict[str, str]] = [{}]
    volume = architecture.inputs["input"].volume
    if volume and volume.spatial:
        size = volume.spatial[0]
        axes += [{"input": str(size + more)} for more in (32, 1, 32)]
    variables = {"width": "0.5"} if "width" in architecture.variables else {}
    for values in (*axes, {}, variables, variables, {}):
        assert measured(measurer, values) == totals(architecture, values), values


def test_most_shipped_architectures_with_blocks_fold() -> None:
    shipped = [archcalc.load(name) for name in builtin_names()]
    with_blocks = [one for one in shipped if one.blocks]
    assert sum(map(is_foldable, with_blocks)) * 2 > len(with_blocks)


class Drawing:
    """A random file of blocks inside blocks, and random variants of it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        inner = [self._entry(None) for _ in range(self.random.randint(1, 4))]
        outer = [self._entry("inner") for _ in range(self.random.randint(1, 4))]
        top = [self._entry(self.random.choice(["inner", "outer"])) for _ in range(4)]
        arguments = "{n: 4, k: $kernel, s: 1, act: relu, on: true}"
        self.text = "\n".join([
            "name: Drawn", "input: 24x24x4", "variables: {width: 1, kernel: 3, deep: 2, on: true}",
            "blocks:",
            f"  inner:\n    arguments: {arguments}\n    layers:", *_below(inner, 6),
            f"  outer:\n    arguments: {arguments}\n    layers:", *_below(outer, 6),
            "layers:", *_below(top, 2),
        ])  # fmt: skip

    def _entry(self, block: str | None) -> str:
        choose = self.random.choice
        own = ["$n", "4", "$(n + copy)"] if block is None else ["4", "$(4 * width)", "8"]
        if block is None or self.random.random() < 0.3:
            number = "$n" if block is None else choose(own)
            number = "$n" if number == "$(n + copy)" else number
            return choose([
                f"{{type: conv, filters: {number}, kernel: $kernel, padding: half}}",
                "{type: maxpool, kernel: 2, stride: 2}",
                f"{{type: relu, when: {choose(['$on', '$(input.channels > 4)'])}}}",
                f"{{type: conv, filters: $(input.channels + {choose('123')}), kernel: 1}}",
                "{type: batchnorm}",
            ])  # fmt: skip
        given = ", ".join(
            f"{name}: {choose(values)}"
            for name, values in {
                "n": ["4", "$(4 * width)", "$(2 * kernel)"], "k": ["1", "$kernel"],
                "act": ["relu", "gelu"], "on": ["$on", "false", "1"],
            }.items()
            if choose([True, False])
        )  # fmt: skip
        repeat = choose(["", ", repeat: 2", ", repeat: $deep"])
        first = ", first: {n: 6}, last: {n: 5}" if repeat and choose([True, False]) else ""
        when = choose(["", "", ", when: $on"])
        return f"{{block: {block}, with: {{{given}}}{repeat}{first}{when}}}"

    def variant(self) -> dict[str, str]:
        choose = self.random.choice
        found = {
            "width": choose(["0.5", "1", "2", "0.3"]), "kernel": choose(["1", "3", "4"]),
            "deep": choose(["0", "1", "3"]), "on": choose(["true", "false"]),
            "input": choose(["24", "17", "4"]),
        }  # fmt: skip
        if choose([True, False, False]):
            path = choose(["inner1", "outer1", "*"])
            found[f"{path}.{choose('nk')}"] = choose("357")
        if choose([True, False, False]):
            found[f"{choose(['inner1', 'outer1.inner1'])}.*.conv1.kernel"] = choose("13")
        if choose([True, False, False]):
            found["conv1.kernel"] = choose(["1", "3", "$kernel", "$(kernel + 2)"])
        return {
            name: found[name] for name in found if name == "input" or choose([True, True, False])
        }


def _below(entries: list[str], indent: int) -> list[str]:
    return [f"{' ' * indent}- {entry}" for entry in entries]


@pytest.mark.parametrize("seed", range(150))
def test_random_files(seed: int) -> None:
    drawing = Drawing(seed)
    architecture = archcalc.loads(drawing.text)
    assert is_foldable(architecture)
    measurer = Measurer(architecture, NAMES)
    for values in [drawing.variant() for _ in range(40)]:
        assert measured(measurer, values) == totals(architecture, values), (drawing.text, values)


LIKE = """\
name: like
input: 16x16x3
variables: {early: 3, late: 3}
layers:
  - {type: conv, name: a, filters: 4, kernel: $early}
  - {type: conv, name: b, filters: 4, kernel: $late}
  - {type: upsample, name: up, size: {like: a}}
  - {type: conv, name: c, filters: 4, kernel: 3}
"""


def test_a_layer_that_takes_the_size_of_another_sees_more_than_its_input() -> None:
    architecture = archcalc.loads(LIKE)
    assert is_foldable(architecture)
    measurer = Measurer(architecture, NAMES)
    for early, late in [("3", "5"), ("5", "3"), ("1", "7"), ("7", "1")] * 2:
        values = {"early": early, "late": late}
        assert measured(measurer, values) == totals(architecture, values)


def test_a_value_given_for_a_layer_may_read_what_the_layer_does_not() -> None:
    architecture = archcalc.loads(LIKE)
    measurer = Measurer(architecture, NAMES)
    for late in ("1", "3", "5"):
        values = {"late": late, "c.kernel": "$late", "up.size": "{like: b}"}
        assert measured(measurer, values) == totals(architecture, values)
