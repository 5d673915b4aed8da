"""A small network with much to vary."""

from __future__ import annotations

# Two branches that are added: the sizes fit where the input is even.
FILE = """\
name: Small
input: 16x16x3
variables: {width: 1, blocks: 1, kernel: 3}
layers:
  - {type: conv, name: stem, filters: $(8 * width), kernel: $kernel, padding: half}
  - {repeat: $blocks, layers: [{type: conv, filters: $(8 * width), kernel: 3, padding: 1}]}
  - {type: maxpool, name: pool, kernel: 2, stride: 2}
  - {type: upsample, name: up, scale: 2}
  - {type: add, from: [up, stem]}
"""
VARY = {"width": [1, "1.5", 2], "blocks": "1..3", "input": [16, 18, 19], "kernel": [1, 3]}
OPTIONS = [
    "--vary", "width=1,1.5,2", "--vary", "blocks=1..3", "--vary", "input=16,18,19",
    "--vary", "kernel=1,3",
]  # fmt: skip
