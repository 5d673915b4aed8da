"""``archcalc sizes``: the input sizes of a network."""

from __future__ import annotations

import json

from process import run

VALID = "name: V\ninput: 9x9x1\nlayers:\n  - {type: conv, filters: 1, kernel: 5}\n"
HALVES = "name: H\ninput: 8x8x1\nlayers:\n  - {type: maxpool, kernel: 2, stride: 2}\n"


def test_a_line_for_each_question_and_why_others_do_not_fit() -> None:
    result = run("sizes", "-", "--from", "2", "--to", "40", stdin=VALID)
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[1] == "input NxNx1, N from 2 to 40"
    assert lines[3:5] == [
        "fits                 all from 5 (36 sizes, 5 to 40)",
        "without lost input   all from 5 (36 sizes, 5 to 40)",
    ]
    assert "does not fit at 3 sizes:" in lines
    assert "  window-too-large at 2 to 4" in lines


def test_sizes_that_lose_input_fit_all_the_same() -> None:
    result = run("sizes", "-", "--to", "64", stdin=HALVES)
    assert "fits                 all\n" in result.out
    assert "without lost input   multiples of 2 (17 sizes, 32 to 64)" in result.out


def test_as_json() -> None:
    result = run("sizes", "-", "--from", "3", "--to", "9", "--format", "json", stdin=VALID)
    answer = json.loads(result.out)
    assert answer["fits"] == answer["without_lost_input"] == [[5, 9]]
    assert [(m["rule"], m["layer"], m["sizes"]) for m in answer["misfits"]] == [
        ("window-too-large", "conv1", [[3, 4]])
    ]


def test_a_network_that_fits_nowhere_is_at_fault() -> None:
    assert run("sizes", "-", "--from", "1", "--to", "4", stdin=VALID).status == 1


def test_wrong_usage_and_mistakes() -> None:
    assert run("sizes", "lenet5", "--from", "9", "--to", "3").status == 2
    assert run("sizes", "lenet300").status == 2
    assert run("sizes", "no-such-network").status == 2
    mistake = run("sizes", "-", stdin=VALID.replace("kernel", "kernle"))
    assert (mistake.status, "unknown-key" in mistake.err) == (1, True)
