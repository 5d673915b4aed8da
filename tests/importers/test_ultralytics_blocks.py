"""Modules of an Ultralytics model that a second file gives as blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import run

from archcalc import analyze, loads
from archcalc.diagnostics import Source, SpecError
from archcalc.importers.graph import Graph, Refused, flat_network
from archcalc.importers.readable import readable
from archcalc.importers.ultralytics import read
from archcalc.importers.verifying import verify

BLOCKS = """\
variables: {act: silu}
blocks:
  cv:
    arguments: {filters: required, kernel: 1, stride: 1, groups: 1}
    layers:
      - {type: conv, name: conv, filters: $filters, kernel: $kernel, stride: $stride,
         groups: $groups, padding: half, bias: false}
      - {type: batchnorm, name: bn, activation: $act}
  GhostConv:
    arguments: {filters: required, kernel: 1, stride: 1}
    layers:
      - {block: cv, name: cv1, with: {filters: $(filters / 2), kernel: $kernel, stride: $stride}}
      - {block: cv, name: cv2, with: {filters: $(filters / 2), kernel: 5, groups: $(filters / 2)}}
      - {type: concat, name: cat, from: [cv1, cv2]}
  Deep:
    arguments: {filters: required, repeats: required}
    layers:
      - {block: cv, name: cv, repeat: $repeats, with: {filters: $filters, kernel: 3}}
"""
MODEL = """\
nc: 10
scales: {{n: [0.33, 0.25, 1024]}}
backbone:
  - [-1, 1, Conv, [64, 3, 2]]
{rows}
head:
  - [-1, 1, Conv, [nc]]
"""


def graph(*rows: str, blocks: str = BLOCKS) -> Graph:
    text = MODEL.format(rows="\n".join(f"  - {row}" for row in rows))
    return read(Source("net.yaml", text), "net", blocks=Source("blocks.yaml", blocks))


def test_channels_are_scaled_and_rows_repeated() -> None:
    made = graph("[-1, 1, GhostConv, [128, 3, 2]]", "[-1, 6, GhostConv, [128]]")
    layers = analyze(flat_network(made)).layers
    assert [str(layer.output) for layer in layers if layer.type == "concat"] == ["160x160x32"] * 3
    # 16 filters of 3x3 or 1x1 over what comes in, 16 maps by 5x5 each, and two norms
    expected = [16 * 9 * 16 + 16 * 25 + 64, *[16 * 32 + 16 * 25 + 64] * 2]
    rows = [layer.params for layer in layers][2:-2]
    assert [sum(rows[start : start + 5]) for start in (0, 5, 10)] == expected
    assert layers[3].activation == "silu"


def test_a_block_may_take_the_number_of_repeats_itself() -> None:
    made = graph("[-1, 9, Deep, [64]]")
    assert [str(o.layer.type) for o in made.operations].count("conv") == 1 + 3 + 1


def test_the_number_of_classes_is_not_scaled() -> None:
    made = graph("[-1, 1, Deep, [nc]]")
    assert str(analyze(flat_network(made)).layers[2].output) == "320x320x10"


def test_a_file_of_ours_says_the_same() -> None:
    made = graph("[-1, 1, GhostConv, [128, 3, 2]]", "[-1, 6, GhostConv, [128]]")
    text = readable(made)
    verify(text, made)
    assert "ghost_conv:" in text
    assert loads(text).blocks.keys() >= {"cv", "ghost_conv"}


def test_a_block_goes_before_a_module_of_its_name() -> None:
    blocks = "blocks:\n  Conv:\n    arguments: {filters: required, k: 1, s: 1}\n    layers:\n"
    made = graph(blocks=f"{blocks}      - {{type: conv, filters: $filters, kernel: $k}}\n")
    assert [operation.layer.type for operation in made.operations] == ["conv", "conv"]


def test_trained_weights_and_shared_ones_stay_so() -> None:
    blocks = """\
blocks:
  Twice:
    layers:
      - {type: conv, name: a, filters: 16, kernel: 1, frozen: true}
      - {type: conv, name: b, filters: 16, kernel: 1, share: a}
"""
    made = graph("[-1, 1, Twice, []]", blocks=blocks)
    first, second = made.operations[2:4]
    assert (first.frozen, second.shares) == (True, 3)


@pytest.mark.parametrize(
    ("row", "fact"),
    [
        (
            "[-1, 1, GhostConv, [64, 3, 2, 1]]",
            'the block "GhostConv" takes 3 arguments (filters, kernel and stride), and has 4',
        ),
        ("[-1, 1, GhostConv, [100, 0]]", "kernel is 0; it must be at least 1 (blocks.yaml:6)"),
        ("[-1, 1, GhostConv, []]", '"GhostConv" needs "filters"'),
        ("[[-1, -2], 1, GhostConv, [64]]", "GhostConv reads one row, not 2"),
        ("[-1, 1, GhostCon, [64]]", "no module is named GhostCon; did you mean `GhostConv`?"),
    ],
)
def test_mistakes_of_a_row(row: str, fact: str) -> None:
    with pytest.raises(Refused) as refused:
        graph(row)
    assert str(refused.value).startswith("net.yaml:5: ")
    assert fact in str(refused.value)


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        (BLOCKS.replace("kernel: 5", "kernal: 5"), 13),
        (BLOCKS.replace("padding: half", "padding: hlf"), 7),
        ("nc: 3\n", 1),
        ("blocks: [", 1),
        ("", 1),
    ],
)
def test_mistakes_of_the_blocks_have_their_place(blocks: str, line: int) -> None:
    with pytest.raises(SpecError) as wrong:
        graph(blocks=blocks)
    assert wrong.value.source.filename == "blocks.yaml"
    assert {found.span and found.span.line for found in wrong.value.diagnostics} == {line}


def test_the_command(tmp_path: Path) -> None:
    rows = "  - [-1, 1, GhostConv, [128, 3, 2]]"
    (tmp_path / "net.yaml").write_text(MODEL.format(rows=rows))
    (tmp_path / "blocks.yaml").write_text(BLOCKS)
    done = run("import", "net.yaml", "--blocks", "blocks.yaml", "-o", "ours.yaml", cwd=tmp_path)
    assert done.status == 0
    assert "320x320x16" in run("table", "ours.yaml", cwd=tmp_path).out
    wrong = run("import", "net.yaml", cwd=tmp_path)
    assert (wrong.status, "no module is named GhostConv" in wrong.err) == (1, True)
    for args in (["net.yaml", "--blocks", "none.yaml"], ["net.cfg", "--blocks", "blocks.yaml"]):
        (tmp_path / "net.cfg").write_text("[net]\nwidth=8\nheight=8\n[avgpool]\n")
        assert run("import", *args, cwd=tmp_path).status == 2
