"""`archcalc check` in a process of its own: exit status, files and folders, options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from process import run

GOOD = "name: good\ninput: 7x7x3\nlayers:\n  - {type: conv, filters: 10, kernel: 3}\n"
STRIDE = "name: x\ninput: 7x7x3\nlayers:\n  - {type: conv, filters: 10, kernel: 3, stride: 3}\n"
BUDGET = f"{GOOD}budget: {{params: 200}}\n"
BROKEN = """\
name: x
input: 7x7x3
layers:
  - {type: conv, filters: 10, kernal: 3}
  - {type: relu, from: nirvana}
  - {type: conv, filters: 1.5, kernel: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "stride.yml").write_text(STRIDE)
    (tmp_path / "below" / "budget.yaml").write_text(BUDGET)
    (tmp_path / "below" / "broken.yaml").write_text(BROKEN)
    (tmp_path / "notes.txt").write_text("no architecture")
    (tmp_path / ".hidden.yaml").write_text("no: architecture")
    return tmp_path


def found(*args: str, cwd: Path) -> list[tuple[str, str, int, int]]:
    """File, rule, line and column of every finding."""
    document: Any = json.loads(run("check", *args, "--format", "json", cwd=cwd).out)
    return [
        (file["file"], each["rule"], each["line"], each["column"])
        for file in document["files"]
        for each in file["diagnostics"]
    ]


@pytest.mark.parametrize(
    ("name", "status", "strict"),
    [
        ("good.yaml", 0, 0),
        ("stride.yml", 0, 1),
        ("below/budget.yaml", 1, 1),
        ("below/broken.yaml", 1, 1),
        (".", 1, 1),
        ("nowhere.yaml", 2, 2),
        ("nowhere/", 2, 2),
    ],
)
def test_exit_status(folder: Path, name: str, status: int, strict: int) -> None:
    assert run("check", name, cwd=folder).status == status
    assert run("check", name, "--strict", cwd=folder).status == strict


def test_finds_everything_below_a_folder_at_its_place_in_one_run(folder: Path) -> None:
    assert found(".", cwd=folder) == [
        ("stride.yml", "illegal-stride", 4, 5),
        ("below/broken.yaml", "unknown-key", 4, 31),
        ("below/broken.yaml", "unknown-name", 5, 24),
        ("below/broken.yaml", "not-an-integer", 6, 27),
        ("below/budget.yaml", "budget", 5, 18),
    ]


def test_ends_with_one_line_of_summary(folder: Path) -> None:
    lines = run("check", ".", cwd=folder).out.splitlines()
    assert lines[-1] == "4 files checked: 4 errors, 1 warning"
    assert run("check", "good.yaml", cwd=folder).out == "1 file checked: nothing found\n"


def test_an_unreadable_path_does_not_keep_the_others_from_being_checked(folder: Path) -> None:
    done = run("check", "nowhere.yaml", "below/budget.yaml", cwd=folder)
    assert done.status == 2
    assert "error[budget]" in done.out
    assert "nowhere.yaml" in done.err


def test_reads_standard_input_and_built_in_names(folder: Path) -> None:
    assert run("check", "-", stdin=STRIDE).out.startswith("<stdin>:4:5: warning[illegal-stride]")
    assert run("check", "vgg16").out == "1 file checked: nothing found\n"


def test_a_link_does_not_lead_out_of_a_folder(folder: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(folder / "below" / "broken.yaml")
    assert run("check", "inside", cwd=folder).out == "0 files checked: nothing found\n"


@pytest.mark.parametrize(
    ("file", "option", "rule", "status"),
    [
        ("stride.yml", "--ignore", "illegal-stride", 0),
        ("stride.yml", "--select", "unused-layer", 0),
        ("stride.yml", "--select", "illegal-stride", 1),
        ("below/budget.yaml", "--ignore", "budget", 0),
    ],
)
def test_select_and_ignore(folder: Path, file: str, option: str, rule: str, status: int) -> None:
    assert run("check", file, "--strict", option, rule, cwd=folder).status == status


def test_mistakes_can_be_neither_selected_away_nor_ignored(folder: Path) -> None:
    assert run("check", "below/broken.yaml", "--select", "budget", cwd=folder).status == 1
    done = run("check", "below/broken.yaml", "--ignore", "unknown-key", cwd=folder)
    assert done.status == 2
    assert "unknown-key" in done.err


@pytest.mark.parametrize(
    ("option", "limit", "status"),
    [
        ("--max-params", "280", 0),
        ("--max-params", "279", 1),
        ("--max-params", "0.28k", 0),
        ("--max-macs", str(3 * 3 * 3 * 10 * 5 * 5), 0),
        ("--max-macs", "6.7k", 1),
        ("--max-peak-bytes", f"{4 * (7 * 7 * 3 + 5 * 5 * 10)}B", 0),
        ("--max-peak-bytes", "1kB", 1),
        ("--max-depth", "1", 0),
        ("--max-params", "many", 2),
        ("--max-params", "5MB", 2),
    ],
)
def test_budgets_from_the_command_line(folder: Path, option: str, limit: str, status: int) -> None:
    assert run("check", "good.yaml", option, limit, cwd=folder).status == status


def test_a_budget_from_the_command_line_takes_the_place_of_the_files(folder: Path) -> None:
    assert run("check", "below/budget.yaml", "--max-params", "1k", cwd=folder).status == 0


def test_shipped_architectures_pass_strictly() -> None:
    folder = Path(__file__).parents[2] / "architectures"
    done = run("check", "--strict", str(folder))
    assert done.status == 0, done.out


def test_a_suggestion_that_adds_a_finding_is_not_shown() -> None:
    # stride 1 would make the window fit, and the sum of the two branches no longer
    text = """\
name: x
input: 8x8x4
layers:
  - type: add
    branches:
      - [{type: conv, filters: 4, kernel: 3, padding: 1, stride: 2}]
      - [{type: maxpool, kernel: 2}]
"""
    out = run("check", "-", stdin=text).out
    assert "note[illegal-stride]" in out
    assert "stride: 1" not in out
    assert "padding: [[1, 0], [1, 0]]" in out


def test_a_suggestion_beyond_the_limits_is_not_shown() -> None:
    size = 10**9
    text = (
        f"name: x\ninput: {size}x{size}x1\nlayers:\n  - {{type: maxpool, kernel: 1, stride: 8}}\n"
    )
    out = run("check", "-", stdin=text).out
    assert "warning[illegal-stride]" in out
    assert f"an input of {size + 1}" not in out


def test_a_folder_without_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "net.yml.txt").write_text("name: net\n", encoding="utf-8")
    done = run("check", "empty", cwd=tmp_path)
    assert (done.status, done.out) == (2, "0 files checked: nothing found\n")
    assert done.err == "archcalc: empty: no file below it ends in .yaml or .yml\n"


def test_nothing_is_said_of_no_file(tmp_path: Path) -> None:
    done = run("check", "nope", cwd=tmp_path)
    assert (done.status, done.out) == (2, "")


FOREIGN = {
    "compose.yaml": "services:\n  web: {image: nginx}\n",
    "ci.yml": "name: CI\non: push\njobs: {}\n",
    "keras.yaml": "class_name: Sequential\nconfig:\n  layers: [{class_name: Dense}]\n",
    "other.yaml": "model: x\nlayers:\n  - {op: conv, size: 3}\n",
    "chart.yaml": "{{- if .Values.a }}\nkind: Service\n{{- end }}\n",
    "two.yaml": "kind: A\n---\nkind: B\n",
    "list.yaml": "- hosts: all\n",
    "empty.yaml": "",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_another_program_is_skipped_below_a_folder_and_fails_where_it_is_named(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / name).write_text(FOREIGN[name])
    (tmp_path / "nets" / "good.yaml").write_text(GOOD)
    done = run("check", "nets", cwd=tmp_path)
    assert (done.status, done.out) == (0, "1 file checked: nothing found\n")
    assert done.err == "archcalc: nets: skipped 1 YAML file without layers\n"
    assert run("check", f"nets/{name}", cwd=tmp_path).status == 1
    assert run("check", "nets", f"nets/{name}", cwd=tmp_path).status == 1


@pytest.mark.parametrize(
    "text",
    [
        "name: x\ninput: 7x7x3\nlayer:\n  - {type: relu}\n",
        "name: x\nlayers:\n  - {type: relu}\n",
        "name: x\ninput: 7x7x3\nlayers: {type: relu}\n",
        "name: x\ninput: 7x7x3\nlayers:\n  - {type: relu\n",
    ],
)
def test_a_broken_file_of_ours_is_not_taken_for_another_programs(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.yaml").write_text(text)
    assert run("check", ".", cwd=tmp_path).status == 1


@pytest.mark.parametrize("name", [None, "compose.yaml"])
def test_a_folder_without_architectures_fails_unless_that_is_allowed(
    tmp_path: Path, name: str | None
) -> None:
    (tmp_path / "nets").mkdir()
    if name:
        (tmp_path / "nets" / name).write_text(FOREIGN[name])
    done = run("check", "nets", cwd=tmp_path)
    assert done.status == 2
    assert "nets: " in done.err
    assert run("check", "nets", "--allow-empty", cwd=tmp_path).status == 0
    (tmp_path / "good.yaml").write_text(GOOD)
    assert run("check", "good.yaml", "nets", cwd=tmp_path).status == 2


@pytest.mark.parametrize(
    ("globs", "left"),
    [
        ((), 4),
        (("below",), 2),
        (("below/",), 2),
        (("below/b*",), 2),
        (("*.yml",), 3),
        (("broken.yaml", "budget.*"), 2),
        (("below/broken.yaml",), 3),
        (("./below/broken.yaml",), 3),
        (("nothing",), 4),
        (("*",), 0),
    ],
)
def test_exclude_passes_over_names_and_paths_below_a_folder(
    folder: Path, globs: tuple[str, ...], left: int
) -> None:
    options = [word for glob in globs for word in ("--exclude", glob)]
    document: Any = json.loads(run("check", ".", *options, "--format", "json", cwd=folder).out)
    assert document["summary"]["files"] == left


def test_exclude_keeps_what_is_named(folder: Path) -> None:
    done = run("check", "good.yaml", "--exclude", "*.yaml", cwd=folder)
    assert (done.status, done.out) == (0, "1 file checked: nothing found\n")
