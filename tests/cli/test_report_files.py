"""``archcalc report`` and what stands in its folder: only its own files are touched."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from documents import commands
from process import COMMAND, environment, run

NET = """name: small
input: 8x8x3
layers:
  - {type: conv, name: a, filters: 4, kernel: 3}
  - {type: linear, name: b, units: 5}
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder of the reports on two networks, written in the folder above it."""
    (tmp_path / "a.yaml").write_text(NET, "utf-8")
    (tmp_path / "b.yaml").write_text(NET, "utf-8")
    assert run("report", "a.yaml", "b.yaml", "-o", "reports", cwd=tmp_path).status == 0
    return tmp_path / "reports"


def again(reports: Path, *arguments: str) -> tuple[int, str]:
    done = run("report", "a.yaml", "b.yaml", "-o", "reports", *arguments, cwd=reports.parent)
    return done.status, done.err


def test_a_page_that_only_mentions_the_command_is_not_overwritten(tmp_path: Path) -> None:
    ours = "# Our networks\n\n```sh\narchcalc report lenet1 -o lenet1.md\n```\n"
    (tmp_path / "README.md").write_text(ours, "utf-8")
    done = run("report", "lenet1", "lenet5", "-o", ".", cwd=tmp_path)
    assert done.status == 2
    assert "README.md exists and was not written by archcalc report" in done.err
    assert (tmp_path / "README.md").read_text("utf-8") == ours
    assert names(tmp_path) == ["README.md"]


def test_a_picture_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "lenet1-params.svg").write_text("<svg/>", "utf-8")
    done = run("report", "lenet1", "-o", "lenet1.md", cwd=tmp_path)
    assert done.status == 2
    assert "lenet1-params.svg exists" in done.err
    assert names(tmp_path) == ["lenet1-params.svg"]


def test_a_page_with_something_of_its_reader_behind_the_end_is_kept(reports: Path) -> None:
    page = reports / "a.md"
    page.write_text(f"{page.read_text('utf-8')}\nNotes.\n", "utf-8")
    status, err = again(reports)
    assert (status, "a.md exists" in err) == (2, True)


def test_line_ends_that_git_changed_do_not_hide_whose_a_page_is(reports: Path) -> None:
    page = reports / "a.md"
    text = page.read_bytes()
    page.write_bytes(text.replace(b"\n", b"\r\n"))
    assert again(reports)[0] == 0
    assert page.read_bytes() == text


def test_a_run_that_was_killed_does_not_block_the_next(reports: Path) -> None:
    (reports / ".archcalc-0123").write_text("# sm", "utf-8")
    (reports / "a.md").unlink()
    assert again(reports, "--check")[0] == 1
    assert again(reports, "--prune")[0] == 0
    assert again(reports, "--check")[0] == 0
    assert ".archcalc-0123" not in names(reports)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_where_nothing_can_be_written_nothing_is_left(reports: Path) -> None:
    before = names(reports)
    reports.chmod(0o500)
    try:
        assert again(reports)[0] == 2
    finally:
        reports.chmod(0o700)
    assert names(reports) == before


@pytest.mark.parametrize("name", ["a.md", "a-params.svg", "README.md"])
def test_links_and_devices_are_neither_followed_nor_replaced(
    reports: Path, tmp_path: Path, name: str
) -> None:
    victim = tmp_path / "victim"
    shutil.copy(reports / name, victim)
    before = victim.read_bytes()
    (reports / name).unlink()
    (reports / name).symlink_to(victim)
    status, err = again(reports)
    assert (status, f"{name} is a symbolic link" in err) == (2, True)
    status, err = again(reports, "--check")
    assert (status, f"{name} is a symbolic link" in err) == (1, True)
    (reports / name).unlink()
    os.mkfifo(reports / name)
    status, err = again(reports)
    assert (status, f"{name} is a device or pipe" in err) == (2, True)
    assert again(reports, "--check")[0] == 1
    assert victim.read_bytes() == before


def test_a_dangling_link_writes_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "lenet1.md").symlink_to(tmp_path / "elsewhere")
    assert run("report", "lenet1", "-o", "lenet1.md", cwd=tmp_path).status == 2
    assert names(tmp_path) == ["lenet1.md"]


def test_check_reads_no_more_than_it_would_write(reports: Path) -> None:
    with open(reports / "a.md", "r+b") as file:
        file.truncate(2**34)  # a sparse file, which fits in no memory
    code = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); "
        "runpy.run_module('archcalc', run_name='__main__')"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code, "report", "a.yaml", "b.yaml", "-o", "reports", "--check"],
        cwd=reports.parent, env=environment({}), capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "a.md is stale, from line " in done.stderr


def test_reports_whose_network_is_gone_are_named_and_pruned(reports: Path) -> None:
    (reports.parent / "b.yaml").unlink()
    (reports / "notes.md").write_text("# Notes\n", "utf-8")
    (reports / "b-sketch.svg").write_text("<svg/>", "utf-8")
    left = [name for name in names(reports) if name.startswith(("b.", "b-"))]
    command = ("report", "a.yaml", "-o", "reports")
    assert "left over; --prune removes" in run(*command, cwd=reports.parent).err
    done = run(*command, "--check", cwd=reports.parent)
    assert done.status == 1
    for name in left:
        assert (f"{name} is left over" in done.err) == (name != "b-sketch.svg")
    assert run(*command, "--prune", cwd=reports.parent).status == 0
    assert [name for name in names(reports) if name.startswith("b")] == ["b-sketch.svg"]
    assert "notes.md" in names(reports)
    assert run(*command, "--check", cwd=reports.parent).status == 0


def test_pictures_of_a_page_that_is_now_drawn_inline_are_pruned(reports: Path) -> None:
    command = ("report", "a.yaml", "-o", "reports/a.md", "--inline")
    assert run(*command, "--prune", cwd=reports.parent).status == 0
    kept = [name for name in names(reports) if name.startswith("a")]
    assert kept == ["a-alive.svg", "a-volumes.svg", "a.md"]
    assert "b-params.svg" in names(reports)


@pytest.mark.parametrize("output", ["docs/u.pdf", "u.HTML", "u.MD", "docs/u.txt"])
def test_an_output_that_looks_like_a_file_makes_no_folder(tmp_path: Path, output: str) -> None:
    done = run("report", "lenet1", "-o", output, cwd=tmp_path)
    assert done.status == 2
    assert "ends in .md" in done.err
    assert names(tmp_path) == []


def test_a_folder_stands_for_the_architectures_below_it(tmp_path: Path) -> None:
    (tmp_path / "nets" / "old").mkdir(parents=True)
    (tmp_path / "nets" / "one.yaml").write_text(NET, "utf-8")
    (tmp_path / "nets" / "old" / "two.yml").write_text(NET, "utf-8")
    (tmp_path / "nets" / "compose.yaml").write_text("services: {web: {image: x}}\n", "utf-8")
    done = run("report", "nets", "-o", "reports", cwd=tmp_path)
    assert done.status == 0
    assert "nets: skipped 1 YAML file without layers" in done.err
    pages = [name for name in names(tmp_path / "reports") if name.endswith(".md")]
    assert pages == ["README.md", "one.md", "two.md"]
    done = run("report", "nets", "--exclude", "old", "-o", "reports", "--prune", cwd=tmp_path)
    assert done.status == 0
    assert "two.md" not in names(tmp_path / "reports")


@pytest.mark.parametrize("given", ["nets/one two.yaml", "./nets/one two.yaml", "nets", "absolute"])
def test_the_commands_on_the_pages_run_where_they_were_run(tmp_path: Path, given: str) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "one two.yaml").write_text(NET, "utf-8")
    source = str(tmp_path / "nets" / "one two.yaml") if given == "absolute" else given
    folder = str(tmp_path / "out" / "r") if given == "absolute" else "out/r"
    assert run("report", source, "-o", folder, "--batch", "2", cwd=tmp_path).status == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out" / "r").iterdir()}
    assert not any(str(tmp_path).encode() in text for text in before.values())
    for page in ("README.md", "one-two.md"):
        (command,) = commands(before[page].decode())
        assert run(*shlex.split(command)[1:], "--check", cwd=tmp_path).status == 0
        assert run(*shlex.split(command)[1:], cwd=tmp_path).status == 0
    after = {path.name: path.read_bytes() for path in (tmp_path / "out" / "r").iterdir()}
    assert after == before


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
@pytest.mark.parametrize(
    "name", [b"a\x1b[31m.yaml", b"a\xff'.yaml", b"-o `x` $y.yaml", b"a\n```.yaml"]
)
def test_the_command_names_a_hostile_file_so_that_it_runs(tmp_path: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "w", encoding="utf-8") as file:
        file.write(NET)
    done = run("report", os.fsdecode(b"./" + name), "-o", "r.md", cwd=tmp_path)
    assert done.status == 0
    text = (tmp_path / "r.md").read_text("utf-8")
    (command,) = commands(text)
    (tmp_path / "archcalc").write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    (tmp_path / "archcalc").chmod(0o700)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment({"PATH": path}), check=True
    )
    assert (tmp_path / "r.md").read_text("utf-8") == text
