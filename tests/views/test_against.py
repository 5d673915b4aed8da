"""Files held against what they describe, row by row: what differs is found and placed."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archcalc
from archcalc.analysis.analysis import Analysis
from archcalc.views.against import Agreement, diagnostics, held_against
from archcalc.views.alignment import pairs

FILE = """\
name: net
input: 32x32x3
blocks:
  residual:
    layers:
      - {type: conv, name: conv1, filters: 8, kernel: 3, padding: 1, bias: false}
      - {type: batchnorm, name: bn, activation: relu}
      - {type: conv, name: conv2, filters: 8, kernel: 3, padding: 1}
      - {type: add, name: sum, from: [conv2, input], activation: relu}
layers:
  - {type: conv, name: stem, filters: 8, kernel: 3, stride: 2, padding: 1}
  - {block: residual, name: body, repeat: 3}
  - {type: conv, name: a, filters: 4, kernel: 1}
  - {type: conv, name: b, filters: 4, kernel: 3, padding: 1, from: body}
  - {type: concat, name: both, from: [a, b]}
  - {type: flatten, name: flat}
  - {type: linear, name: head, units: 10}
"""


def analysis(text: str) -> Analysis:
    return archcalc.analyze(archcalc.loads(text))


def held(mine: str, theirs: str) -> Agreement:
    code = analysis(theirs)
    return held_against(analysis(mine), code, lambda index: code.nodes[index].name, "code")


def test_a_file_agrees_with_itself() -> None:
    agreement = held(FILE, FILE)
    assert (agreement.rows, agreement.differing) == (1 + 3 * 4 + 3 + 1, ())


@pytest.mark.parametrize(
    "change",
    [
        ("  - {type: flatten, name: flat}\n", ""),
        ("name: stem,", "name: begin,"),
        ("from: [conv2, input]", "from: [input, conv2]"),
        (
            "  - {type: conv, name: a, filters: 4, kernel: 1}\n",
            "  - {type: conv, name: other, filters: 4, kernel: 1}\n  - {type: identity, name: a}\n",
        ),
        (
            "{type: batchnorm, name: bn, activation: relu}",
            "{type: batchnorm, name: bn}\n      - {type: relu}",
        ),
    ],
    ids=["a view", "a name", "order of a sum", "an identity", "an activation as a row"],
)
def test_what_makes_no_difference(change: tuple[str, str]) -> None:
    assert change[0] in FILE
    other = FILE.replace(*change)
    assert held(FILE, other).differing == held(other, FILE).differing == ()


@pytest.mark.parametrize(
    ("change", "line", "layer", "fact"),
    [
        (
            ("filters: 8, kernel: 3, stride: 2, padding: 1", "filters: 8, kernel: 3, padding: 1"),
            11, "stem", "stride 1, there 2; output 32x32x8, there 16x16x8; MACs 221,184, there "
            "55,296 (stem of code); 15 rows behind it differ in size alone",
        ),
        (
            ("name: conv2, filters: 8, kernel: 3, padding: 1", "name: conv2, filters: 8, kernel: 3,"
             " padding: 1, bias: false"),
            8, "body.0.conv2", "params 576, there 584 (body.0.conv2 of code)",
        ),
        (("from: [a, b]", "from: [b, a]"), 15, "both", "reads b, a, there a, b (both of code)"),
        (("repeat: 3", "repeat: 2"), 9, "body.1.sum",
         "code has body.2.conv1, conv 16x16x8, and the file has not behind body.1.sum"),
        (("{type: linear, name: head", "{type: relu}\n  - {type: linear, name: head"), 17, "relu1",
         "relu 2048 is not in code"),
        (("bn, activation: relu", "bn, activation: silu"), 7, "body.0.bn",
         "activation silu, there relu"),
        (("b, filters: 4", "b, frozen: true, filters: 4"), 14, "b", "frozen true, there false"),
        (("padding: 1, from: body", "padding: 1, from: stem"), 14, "b",
         "reads stem, there body.2.sum"),
        (("kernel: 3, padding: 1, from", "kernel: 3, padding: 2, dilation: 2, from"), 14, "b",
         "padding 2, there 1; dilation 2, there 1"),
    ],
)  # fmt: skip
def test_what_differs_is_found_and_placed(
    change: tuple[str, str], line: int | None, layer: str | None, fact: str
) -> None:
    assert change[0] in FILE
    first = diagnostics(held(FILE.replace(*change, 1), FILE))[0]
    assert fact in first.message
    assert (first.span and first.span.line, first.layer) == (line, layer)


def test_copies_of_a_difference_are_one_finding() -> None:
    other = FILE.replace("name: conv2, filters: 8, kernel: 3", "name: conv2, filters: 8, kernel: 5")
    (found,) = diagnostics(held(other.replace("padding: 1}\n      - {type: add", "padding: 2}\n"
                                              "      - {type: add"), FILE))  # fmt: skip
    assert found.copies == 3
    assert found.message.startswith("kernel 5, there 3; padding 2, there 1; params")


def test_other_outputs_are_told() -> None:
    (found,) = diagnostics(held(f"{FILE}outputs: [head, body]\n", FILE))
    assert found.message == "the outputs are head, body.2.sum, and in code head"


words = st.lists(st.sampled_from("abc"), max_size=7)


@given(words, words)
def test_no_common_subsequence_is_longer(mine: list[str], theirs: list[str]) -> None:
    found = pairs(mine, theirs)
    assert all(mine[a] == theirs[b] for a, b in found)
    assert all(x[0] < y[0] and x[1] < y[1] for x, y in pairwise(found))

    def common(size: int) -> bool:
        return bool(set(combinations(mine, size)) & set(combinations(theirs, size)))

    assert not common(len(found) + 1)
