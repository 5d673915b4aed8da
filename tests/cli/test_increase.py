"""``archcalc diff --max-increase``: the exit status bounds how much a total grows."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import run

FILE = "name: W\ninput: 8x8x1\nlayers:\n  - {{type: conv, filters: {}, kernel: 3, bias: false}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.yaml").write_text(FILE.format(100))
    (tmp_path / "new.yaml").write_text(FILE.format(105))  # 5% more: 900 to 945
    return tmp_path


@pytest.mark.parametrize(
    ("bound", "status"),
    [
        ("params=5%", 0),
        ("params=4.9%", 1),
        ("params=45", 0),
        ("params=44", 1),
        ("params=0", 1),
        ("param_bytes=180B", 0),
        ("macs=0.1k", 1),
        ("depth=0", 0),
    ],
)
def test_a_bound_is_kept_up_to_its_amount(folder: Path, bound: str, status: int) -> None:
    result = run("diff", "old.yaml", "new.yaml", "--max-increase", bound, cwd=folder)
    assert result.status == status
    assert bool(result.err) == bool(status)
    assert "params" in result.out  # what changed is shown all the same


def test_what_shrinks_is_never_over(folder: Path) -> None:
    bounds = ("--max-increase", "params=0", "--max-increase", "macs=0%")
    assert run("diff", "new.yaml", "old.yaml", *bounds, cwd=folder).status == 0


def test_every_total_that_is_over_is_named(folder: Path) -> None:
    bounds = ("--max-increase", "params=1%", "--max-increase", "macs=0")
    result = run("diff", "old.yaml", "new.yaml", *bounds, cwd=folder)
    assert result.err.splitlines() == [
        "params grows from 900 to 945, by 45 (5%); it may grow by 1%",
        "macs grows from 32,400 to 34,020, by 1,620 (5%); it may grow by 0",
    ]


def test_memory_of_training_is_calculated_for_a_bound(folder: Path) -> None:
    bounds = ("--max-increase", "gradient_bytes=5%", "--max-increase", "gradient_bytes=0")
    result = run("diff", "old.yaml", "new.yaml", *bounds, cwd=folder)
    assert result.err.splitlines() == [
        "gradient_bytes grows from 3,600 to 3,780, by 180 (5%); it may grow by 0"
    ]


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("params", "is not QUANTITY=AMOUNT"),
        ("parms=1", "did you mean `params`?"),
        ("params=x%", "is no percentage"),
        ("params=-1%", "is no percentage"),
        ("params=many", "params takes a count"),
    ],
)
def test_what_is_no_bound(folder: Path, bound: str, said: str) -> None:
    result = run("diff", "old.yaml", "new.yaml", "--max-increase", bound, cwd=folder)
    assert (result.status, said in result.err) == (2, True)
