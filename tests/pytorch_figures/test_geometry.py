"""2,000 windows on one, two and three axes, held against the sizes that PyTorch returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import archcalc

ROWS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("geometry.json").read_text(encoding="utf-8")
)["rows"]
TYPES = {
    "conv": "conv",
    "convtranspose": "conv_transpose",
    "maxpool": "maxpool",
    "avgpool": "avgpool",
}


def entry(row: dict[str, Any]) -> str:
    """The row as an architecture; all axes are alike."""
    keys = {"kernel": row["k"], "stride": row["s"], "padding": row["p"]}
    if row["d"] is not None:
        keys["dilation"] = row["d"]
    if row["op"].startswith("conv"):
        keys["filters"] = 4
    if row["op"] == "convtranspose":
        keys["output_padding"] = row["outp"]
    written = ", ".join(f"{key}: {value}" for key, value in keys.items())
    if row["op"].endswith("pool"):
        written += f", ceil_mode: {str(row['ceil']).lower()}"
    size = [row["N"]] * row["nd"]
    return (
        f"name: window\ninput: {{channels: 2, size: {size}}}\n"
        f"layers:\n  - {{type: {TYPES[row['op']]}, {written}}}\n"
    )


def size(row: dict[str, Any]) -> int | str:
    """The output along every axis, or the rule that the window breaks."""
    try:
        analysis = archcalc.analyze(archcalc.loads(entry(row)))
    except archcalc.SpecError as error:
        return error.diagnostics[0].rule
    (found,) = set(analysis.layers[0].output.spatial)
    return found


def pads_too_much(row: dict[str, Any]) -> bool:
    """Padding over half the kernel: an error of PyTorch's poolings, here a warning."""
    sizes = (row["N"], row["k"], row["s"], 1 if row["d"] is None else row["d"], row["p"] + 1)
    return min(sizes) >= 1 and row["err"] is not None and "half of" in row["err"]


def is_smaller_than_its_kernel(row: dict[str, Any]) -> bool:
    """Refused by PyTorch on three axes alone, also where padding makes the kernel fit."""
    return row["err"] is not None and "smaller than kernel size" in row["err"]


def counted(row: dict[str, Any]) -> int:
    """Windows laid one after the other while they fit; with ``ceil_mode`` one more may hang over,
    unless it starts behind the input.
    """
    extent = (row["d"] or 1) * (row["k"] - 1) + 1
    over = row["s"] - 1 if row["ceil"] else 0
    starts = range(-row["p"], row["N"] + row["p"] - extent + 1 + over, row["s"])
    return len(starts) - (row["ceil"] and bool(starts) and starts[-1] >= row["N"])


@pytest.mark.parametrize("op", TYPES)
def test_sizes_agree_with_pytorch(op: str) -> None:
    rows = [row for row in ROWS if row["op"] == op and row["out"] is not None]
    assert len(rows) > 300
    assert [row for row in rows if size(row) != row["out"]] == []


@pytest.mark.parametrize("op", TYPES)
def test_what_pytorch_refuses_is_refused(op: str) -> None:
    rows = [
        row
        for row in ROWS
        if row["op"] == op
        and row["err"]
        and not pads_too_much(row)
        and not is_smaller_than_its_kernel(row)
    ]
    assert len(rows) > 30
    assert [row for row in rows if isinstance(size(row), int)] == []


def test_padding_over_half_the_kernel_is_calculated() -> None:
    rows = [row for row in ROWS if pads_too_much(row)]
    assert len(rows) > 100
    assert [row for row in rows if size(row) != (counted(row) or "window-too-large")] == []


def test_three_axes_are_as_one_or_two() -> None:
    rows = [row for row in ROWS if is_smaller_than_its_kernel(row)]
    assert len(rows) == 5
    assert [row for row in rows if size(row) != (counted(row) or "window-too-large")] == []
