"""Every rule: those that check an analysis, and the mistakes that are found on the way to one."""

from __future__ import annotations

from itertools import chain

from archcalc.rules import (
    budget,
    code_mismatch,
    expectation,
    field_exceeds_input,
    flattened_positions,
    illegal_stride,
    input_skipped,
    many_inputs,
    misaligned,
    mistakes,
    padding_only_window,
    pooling_padding,
    redundant_bias,
    stale_allow,
    unknown_rule,
    unused_block,
    unused_input,
    unused_layer,
    unused_variable,
)
from archcalc.rules.base import Rule

RULES: dict[str, Rule] = {}

CHECKS = (
    expectation.RULE,
    budget.RULE,
    illegal_stride.RULE,
    pooling_padding.RULE,
    input_skipped.RULE,
    padding_only_window.RULE,
    unused_layer.RULE,
    unused_input.RULE,
    misaligned.RULE,
    redundant_bias.RULE,
    unused_variable.RULE,
    unused_block.RULE,
    stale_allow.rule(RULES),
    unknown_rule.rule(RULES),
    field_exceeds_input.RULE,
    many_inputs.RULE,
    flattened_positions.RULE,
)

RULES.update(
    (rule.id, rule)
    for rule in chain(CHECKS, mistakes.SHAPES, mistakes.MISTAKES, (code_mismatch.RULE,))
)
