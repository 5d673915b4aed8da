"""``budget: groups``: bounds of layers, groups and instances."""

from __future__ import annotations

from pathlib import Path

from process import run

FILE = """\
name: Staged
input: 8x8x4
blocks:
  stage:
    layers:
      - {type: conv, name: a, filters: 8, kernel: 3, padding: 1, bias: false}
      - {type: conv, name: b, filters: 4, kernel: 1, bias: false}
layers:
  - {block: stage, name: stage1, repeat: 2}
  - {type: linear, name: fc, units: 10}
"""
MACS = 8 * 8 * (9 * 4 * 8 + 8 * 4)  # of one copy


def check(folder: Path, budget: str, *options: str) -> tuple[int, str]:
    (folder / "net.yaml").write_text(f"{FILE}budget: {budget}\n")
    result = run("check", "net.yaml", *options, cwd=folder)
    return result.status, result.out + result.err


def test_what_is_within_and_what_is_over(tmp_path: Path) -> None:
    within = f"{{groups: {{stage1: {{macs: {2 * MACS}}}, stage1.*.b: {{params: 32}}}}}}"
    assert check(tmp_path, within)[0] == 0
    status, said = check(tmp_path, f"{{groups: {{stage1: {{macs: {2 * MACS - 1}}}}}}}")
    assert status == 1
    assert (
        f"net.yaml:11:34: error[budget]: stage1: macs is {2 * MACS:,}, over the budget of "
        f"{2 * MACS - 1:,} by 1; most is in stage1.0.a (18,432), stage1.1.a (18,432), "
        "stage1.0.b (2,048)" in said
    )


def test_a_bound_of_the_command_line_is_of_the_network_alone(tmp_path: Path) -> None:
    status, said = check(tmp_path, "{macs: 1, groups: {fc: {macs: 1}}}", "--max-macs", "1G")
    assert status == 1
    assert "fc: macs is 2,560, over the budget of 1 by 2,559\n" in said
    assert "1 file checked: 1 error" in said


def test_mistakes_are_placed(tmp_path: Path) -> None:
    status, said = check(tmp_path, "{groups: {stage2: {macs: 1}, fc: {mcas: 1, output: 3}}}")
    assert status == 1
    for part in ("did you mean `stage1`?", "did you mean `macs`?", "is no quantity of a layer"):
        assert part in said
