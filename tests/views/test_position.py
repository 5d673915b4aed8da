"""What one output sees, and the phases of fields whose neighbours see areas of different sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import run

import archcalc
from archcalc.views.explanation import explanations, find

# A convolution reads rows 2 i - 1 to 2 i + 1. The transposed one on top of it has odd outputs that
# read one position and even ones that read two, but for the first.
TEXT = """\
name: t
input: 8x8x3
layers:
  - {type: conv, filters: 4, kernel: 3, stride: 2, padding: 1}
  - {name: g, layers: [{type: conv_transpose, filters: 4, kernel: 3, stride: 2, name: up}]}
outputs: [g]
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    path = tmp_path / "t.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_phases_are_the_spans_of_one_period() -> None:
    conv, up = archcalc.analyze(archcalc.loads(TEXT)).to_dict()["layers"]
    assert "phases" not in conv["receptive_field"]
    even, odd = [2 * -1 - 1, 2 * 0 + 1], [2 * 0 - 1, 2 * 0 + 1]
    assert up["receptive_field"]["phases"] == [[even, odd], [even, odd]]
    assert up["receptive_field"]["local"]["phases"] == [[even, odd], [even, odd]]
    assert up["receptive_field"]["size"] == [5, 5]


def test_a_position_names_its_rows_and_columns(path: str) -> None:
    shown = " ".join(run("explain", path, "g.up", "--at", "4,3").out.split())
    assert f"rows {2 * 1 - 1} to {2 * 2 + 1}, 5 of 8" in shown
    assert f"columns {2 * 1 - 1} to {2 * 1 + 1}, 3 of 8" in shown
    first = " ".join(run("explain", path, "g.up", "--at", "0x0").out.split())
    assert "rows 0 to 1, 2 of 8; of the padding 3 before the first" in first


@pytest.mark.parametrize(
    ("at", "fact"),
    [("9,0", "it has no position 9,0"), ("1", "it has no position 1"), ("a,b", "is no position")],
)
def test_what_is_no_position_is_refused(path: str, at: str, fact: str) -> None:
    refused = run("explain", path, "g.up", "--at", at)
    assert (refused.status, refused.out) == (2, "")
    assert fact in refused.err


def test_a_global_field_is_the_whole_input() -> None:
    pool = "  - {type: adaptive_avgpool, output: 1, name: pool}\n"
    analysis = archcalc.analyze(archcalc.loads(TEXT.replace("outputs: [g]\n", pool)))
    (explanation,) = explanations(analysis, find(analysis, "pool"), (0, 0))
    lines = [line for section in explanation.sections for line in section.lines]
    assert ("rows", "0 to 7, 8 of 8") in [(label, text.partition(";")[0]) for label, text in lines]


def test_outputs_name_layers_that_exist() -> None:
    document = archcalc.analyze(archcalc.loads(TEXT)).to_dict()
    (output,) = document["outputs"]
    assert output["name"] == "g.up"
    assert output["name"] in [layer["name"] for layer in document["layers"]]
