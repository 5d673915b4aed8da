"""A merge of paths whose receptive fields differ in stride or centre."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.diagnostics import Severity
from archcalc.network.receptive_field import Field, ReceptiveField
from archcalc.rules.base import Description, Finding, Rule, at_layer
from archcalc.wording import decimal


def check(analysis: Analysis) -> Iterator[Finding]:
    """The merges at which paths that were aligned so far meet misaligned.

    Layers that put their inputs side by side move them by intent.
    """
    centres = Centres()
    for layer in analysis.layers:
        if not layer.field.aligned and layer.layer.merges and not any(layer.costs.reaches):
            fields = _fields(analysis, layer)
            if all(field.aligned for _, field in fields):
                yield at_layer(layer, partial(_describe, fields, centres))


def _fields(analysis: Analysis, layer: LayerAnalysis) -> list[tuple[str, ReceptiveField]]:
    return [
        (name, analysis.nodes[index].field)
        for name, index in zip(layer.inputs, layer.node.inputs, strict=True)
    ]


class Centres:
    """The centres of fields in words: paths share fields, and some are long to look at."""

    def __init__(self) -> None:
        self._found: dict[Field, str] = {}

    def of(self, axes: tuple[Field, ...]) -> str:
        """``3 (stride 2)``, or per axis ``3x1 (stride 2x2)``."""
        for axis in axes:
            if axis not in self._found:
                centre = axis.centre
                self._found[axis] = "nothing" if centre is None else decimal(centre)
        strides = [str(axis.stride) for axis in axes]
        return f"{_joined([self._found[axis] for axis in axes])} (stride {_joined(strides)})"


def _describe(fields: list[tuple[str, ReceptiveField]], centres: Centres) -> Description:
    facts = [
        f"{name} is centred on {centres.of(field.axes)}" for name, field in fields[:8] if field.axes
    ]
    more = ", …" if len(fields) > 8 else ""
    return f"its inputs look at different places: {', '.join(facts)}{more}", ()


def _joined(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else "x".join(values)


RULE = Rule(
    id="misaligned-receptive-field",
    severity=Severity.NOTE,
    summary="merged paths look at different places of the input",
    manual=(
        "At the same output, the paths into a merge see windows whose centres or strides "
        "differ, so that features of one place are combined with those of another. The message"
        " gives the centre of output 0 of each path. Padding that differs by a path is the "
        "usual cause (Araujo, Norris and Sim 2019). Repeated maps, causal windows and shifted ones "
        "are misaligned on purpose, so this is a note."
    ),
    passes="""\
name: paths
input: 9x9x4
layers:
  - type: add
    branches:
      - [{type: conv, filters: 4, kernel: 3, padding: [[1, 1], [1, 1]]}]
      - []
""",
    fails="""\
name: paths
input: 9x9x4
layers:
  - type: add
#   ^
    branches:
      - [{type: conv, filters: 4, kernel: 3, padding: [[2, 0], [2, 0]]}]
      - []
""",
    check=check,
)
