"""How things were counted, what other counters say, and how to reproduce the report."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis
from archcalc.renderers import counters
from archcalc.renderers.markup import MARKER
from archcalc.views.counters import conventions

RULES = (
    "A MAC is one multiply-add of a weight, for one sample. Biases, normalisation, pooling and "
    "activations are no MACs.",
    "FLOPs are 2 x MACs plus one per use of a bias; layers without MACs have the operations per "
    "element that `archcalc layers` lists, and an activation one per element.",
    "Activation memory is the volumes that a forward pass keeps, the input among them, of the "
    "whole batch. Views (dropout, flatten) and what is computed in place have none.",
    "Peak memory is the largest sum of volumes alive at once when the layers run in the order of "
    "the file.",
    "The receptive field is the hull of the inputs that an output reads, gaps of dilation filled, "
    "nothing clipped at the border.",
    "All numbers are exact integers and fractions.",
)


def section(analysis: Analysis, command: str) -> list[str]:
    lines = ["", "## How it was counted", "", *(f"- {rule}" for rule in RULES)]
    lines += ["", "Other counters add up other things, and report for this network:", ""]
    lines += counters.lines(conventions([("total", analysis)]))
    return [*lines, "", "This report is written by", "", "```sh", command, "```", "", MARKER]
