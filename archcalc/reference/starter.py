"""A small commented architecture file to start from."""

from __future__ import annotations

from archcalc.network.names import unfit_name
from archcalc.wording import quoted

TEXT = """\
name: {name}
description: a small network to start from
input: 32x32x3 # height x width x channels

variables: # archcalc table {name}.yaml --set width=32
  width: 16

blocks:
  double: # a sequence with arguments, used below as often as needed
    arguments: {{filters: required}}
    layers:
      - {{type: conv, name: conv1, filters: $filters, kernel: 3, padding: same, bias: false}}
      - {{type: batchnorm, name: bn1, activation: relu}}
      - {{type: conv, name: conv2, filters: $filters, kernel: 3, padding: same, bias: false}}
      - {{type: batchnorm, name: bn2, activation: relu}}

layers:
  - {{block: double, name: stage1, with: {{filters: $width}}}}
  - {{type: maxpool, name: pool1, kernel: 2, stride: 2}}
  - type: add # what comes in, and what the branch makes of it
    name: residual
    branches:
      change:
        - {{block: double, with: {{filters: $width}}}}
      identity: []
    activation: relu
  - {{type: maxpool, name: pool2, kernel: 2, stride: 2}}
  - {{type: global_avgpool, name: pool3}}
  - {{type: linear, name: classifier, units: 10}}
  - {{type: softmax, name: probability}}
"""


def render(name: str) -> str:
    """The file for a network of that name.

    Raises:
        ValueError: for a name that is none.
    """
    fact = unfit_name(name)
    if fact:
        raise ValueError(f"{quoted(name)} is no name: {fact}")
    return TEXT.format(name=name)
