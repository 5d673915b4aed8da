"""The scripts of benchmarks/: the files that they make, and that they run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import archcalc

FOLDER = Path(__file__).parents[2] / "benchmarks"
PAGE = FOLDER.parent / "docs" / "performance.md"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(FOLDER))
    return import_module


@pytest.fixture
def files(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("files")


@pytest.mark.parametrize("shape", ["chain", "branches", "repeated", "flat"])
def test_a_file_has_as_many_layers_as_it_is_asked_for(files: ModuleType, shape: str) -> None:
    made: Callable[[int], str] = getattr(files, shape)
    assert archcalc.analyze(archcalc.loads(made(200))).totals.layers == 200


@pytest.mark.parametrize("shape", ["chain", "flat"])
def test_distinct_layers_are_distinct(files: ModuleType, shape: str) -> None:
    analysis = archcalc.analyze(archcalc.loads(getattr(files, shape)(200)))
    assert len({(each.layer, each.input_volumes) for each in analysis.layers}) == 200


def test_variants_are_distinct_files_with_notes_alone(files: ModuleType) -> None:
    made = list(files.variants(archcalc.load("resnet50").source.text, 1_000))
    assert len(set(made)) == 1_000
    for text in made[:: 1_000 // 9]:
        found = archcalc.check(archcalc.analyze(archcalc.loads(text)))
        assert {finding.severity.value for finding in found} == {"note"}


def test_a_section_is_measured_and_printed() -> None:
    command = [sys.executable, str(FOLDER / "run.py"), "--quick", "--section", "phases"]
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
    table = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert table[0] == "| phase | time |"
    assert all(line.endswith(" ms |") for line in table[2:])
    assert len(table) > 6


def test_the_page_holds_every_target_and_section(script: Callable[[str], ModuleType]) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for target in script("targets").TARGETS:
        assert sum(line.startswith(f"| {target.what} |") for line in lines) == 1
    headings = [line for line in lines if line.startswith("## ")]
    assert len(headings) == 1 + len(script("run").SECTIONS)
