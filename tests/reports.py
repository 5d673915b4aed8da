"""Reports for the tests: a text in, an analysis held against all rules, or its report out."""

from __future__ import annotations

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Source
from archcalc.renderers import report as page
from archcalc.rules.catalogue import CHECKS

GROUPED = """
name: grouped
input: 16x16x4
blocks:
  pair:
    layers:
      - {type: conv, filters: 4, kernel: 3, padding: 1}
      - {layers: [{type: relu}, {type: batchnorm}], name: inner}
allow:
  - {rule: illegal-stride, at: last, because: "one row"}
expect: {layers: {open: {params: 20}}}
budget: {params: 10k}
published:
  - {quantity: params, value: 1k, source: "a paper", note: "other blocks"}
layers:
  - {layers: [{type: conv, name: a, filters: 4, kernel: 1}, {type: relu, name: b}], name: open}
  - {block: pair, name: single}
  - {block: pair, name: several, repeat: 3}
  - {type: add, name: sum, branches: [[{type: conv, name: c, filters: 4, kernel: 1}], []]}
  - {type: maxpool, name: last, kernel: 3, stride: 2}
  - {type: linear, name: fc, units: 5}
"""


def analysed(text: str) -> Analysis:
    return api.run(Source("net.yaml", text), chosen=CHECKS)


def report(analysis: Analysis) -> str:
    return page.render(analysis, "net", "archcalc report net.yaml -o net.md")["net.md"]
