"""The whole text of the mistakes that come with sharing, recursion, lists, sizes and copies."""

from __future__ import annotations

import pytest
from language import file, mistake
from process import run

BLOCK = """blocks:
  deeper:
    arguments: {depth: 3}
    layers:
      - {block: deeper, with: {depth: $(depth - 1)}, when: $(depth != 10)}
"""

CONV = "{type: conv, name: a, filters: 3, kernel: 3, padding: half}"

MISTAKES = {
    "weights of another shape under share": (
        f"  - {CONV}\n  - {{type: conv, name: b, filters: 6, kernel: 3, share: a}}\n",
        "",
        "weights-mismatch",
        "it has weights F x F x C x K = 3 x 3 x 3 x 6, biases K = 6 (conv), "
        'and "a" weights F x F x C x K = 3 x 3 x 3 x 3, biases K = 3 (conv)',
    ),
    "a recursion that does not end": (
        "  - {block: deeper}\n",
        BLOCK,
        "recursive-block",
        'the block "deeper" contains "deeper", and no `when` ends that within 64 levels',
    ),
    "an element beyond a list": (
        '  - {type: conv, filters: "$(widths[copy])", kernel: 1, repeat: 3}\n',
        "variables: {widths: [16, 32]}\n",
        "wrong-value",
        "there is no item 2 of 2; they are 0 to 1",
    ),
    "an axis that a layer does not have": (
        f"  - {CONV}\n  - {{type: conv, filters: $(a.depth), kernel: 1}}\n",
        "",
        "wrong-value",
        '"a" is 32x32x3 (height x width x channels), and has no depth',
    ),
    "copy outside a repeat": (
        "  - {type: conv, filters: $(copy + 1), kernel: 1}\n",
        "",
        "undefined-variable",
        "`copy` is the index of a copy of a repeated entry, and nothing is repeated here; "
        "a block gets it as an argument: `with: {index: $copy}`",
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_one_message(what: str) -> None:
    layers, head, rule, message = MISTAKES[what]
    found = mistake(file(layers, head))
    assert (found.rule, found.message) == (rule, message)


@pytest.mark.parametrize("what", MISTAKES)
def test_the_command_says_it_at_its_place(what: str) -> None:
    layers, head, rule, message = MISTAKES[what]
    text = file(layers, head)
    span = mistake(text).span
    assert span
    first = run("check", "-", stdin=text).out.splitlines()[0]
    assert f":{span.line}:{span.column}: error[{rule}]: " in first
    assert first.endswith(message)
