"""Rows of a sweep, lists of sizes and the best variant, each held against trying all."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import archcalc
from archcalc.variants.trying import sweep

SPACE = {
    "width": "0.35..1.3:0.05", "input": "96..384:32", "stage4.t": "2..6", "stage5.t": "2..6",
    "stage3.repeat": "2..6", "stage4.repeat": "2..6", "stage5.repeat": "1..8",
}  # fmt: skip


def test_rows_drawn_at_random_are_what_a_table_says() -> None:
    architecture = archcalc.load("mobilenet-v2")
    rows = list(sweep(architecture, SPACE, sample=200, seed=7))
    assert len(rows) == 200
    for row in rows:
        variables = {name: row[name] for name in SPACE if name != "input"}
        totals = archcalc.analyze(architecture, row["input"], variables=variables).totals
        assert (row["params"], row["macs"]) == (totals.params, totals.macs), row


def test_the_best_width_of_mobilenet_v2_is_what_trying_all_gives() -> None:
    architecture = archcalc.load("mobilenet-v2")
    tried = []
    for width in (Fraction(step, 20) for step in range(2, 41)):
        totals = archcalc.analyze(architecture, variables={"width": width}).totals
        if totals.macs <= 300_000_000:
            tried.append((totals.params, float(width)))
    found = archcalc.fit(
        architecture, {"width": "0.1..2:0.05"}, most={"macs": 300_000_000}, maximize="params"
    )
    assert found.best
    assert (found.totals["params"], float(found.best["width"])) == max(tried) == (3_316_552, 0.95)


@pytest.mark.parametrize("aims", [{}, {"maximize": "macs", "minimize": "params"}])
def test_a_fit_has_one_aim(aims: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either maximize or minimize"):
        archcalc.fit(archcalc.load("lenet5"), {"input": "32,33"}, **aims)


PADDED = """\
name: Padded U-Net
input: 576x576x1
blocks:
  double:
    arguments: {filters: required}
    layers:
      - {type: conv, filters: $filters, kernel: 3, padding: 1, activation: relu}
      - {type: conv, filters: $filters, kernel: 3, padding: 1, activation: relu}
  up:
    arguments: {filters: required, skip: required}
    layers:
      - {type: conv_transpose, name: up, filters: $filters, kernel: 2, stride: 2}
      - {type: concat, from: [$skip, up]}
      - {block: double, with: {filters: $filters}}
layers:
  - {block: double, name: down1, with: {filters: 64}}
  - {type: maxpool, name: pool1, kernel: 2, stride: 2}
  - {block: double, name: down2, with: {filters: 128}}
  - {type: maxpool, name: pool2, kernel: 2, stride: 2}
  - {block: double, name: down3, with: {filters: 256}}
  - {type: maxpool, name: pool3, kernel: 2, stride: 2}
  - {block: double, name: down4, with: {filters: 512}}
  - {type: maxpool, name: pool4, kernel: 2, stride: 2}
  - {block: double, name: bottom, with: {filters: 1024}}
  - {block: up, name: up4, with: {filters: 512, skip: down4}}
  - {block: up, name: up3, with: {filters: 256, skip: down3}}
  - {block: up, name: up2, with: {filters: 128, skip: down2}}
  - {block: up, name: up1, with: {filters: 64, skip: down1}}
  - {type: conv, name: classes, filters: 2, kernel: 1}
"""


def tried(architecture: Any, size: int) -> tuple[bool, bool]:
    """Whether an analysis of one size succeeds, and whether a stride leaves input unread."""
    try:
        analysis = archcalc.analyze(architecture, size)
    except archcalc.SpecError:
        return False, False
    nodes = analysis.network.nodes[1:]
    windows = [window for node in nodes if node.shape for window in node.shape.windows]
    return True, all(window.divides or window.loses_nothing for window in windows)


@pytest.mark.parametrize(
    ("name", "fitting", "lossless"),
    [
        ("unet", range(188, 1025), range(188, 1025, 16)),
        ("padded", range(16, 1025, 16), range(16, 1025, 16)),
        ("resnet50", range(1, 1025), [n for n in range(1, 1025) if n % 32 in (1, 2, 3, 4)]),
    ],
)
def test_each_list_of_sizes_is_what_trying_every_size_gives(
    name: str, fitting: Any, lossless: Any
) -> None:
    architecture = archcalc.loads(PADDED) if name == "padded" else archcalc.load(name)
    survey = archcalc.sizes(architecture, 1, 1024)
    assert (survey.fitting, survey.lossless) == (list(fitting), list(lossless))
    for size in range(1, 1025):
        fits, loses_nothing = tried(architecture, size)
        assert fits is (size in fitting), size
        assert (fits and loses_nothing) is (size in lossless), size


def test_the_poolings_that_lost_a_row_are_named_with_the_nearest_sizes() -> None:
    with pytest.raises(archcalc.SpecError) as caught:
        archcalc.analyze(archcalc.loads(PADDED), 570)
    (mistake,) = caught.value.diagnostics
    for part in ("pool2 turns 285 into 142 (stride 2, 1 row unread)", "pool4 turns 71 into 35"):
        assert part in mistake.message
    assert ["560x560" in text or "576x576" in text for text in mistake.suggestions] == [True, True]
