"""``archcalc report`` in a real process: what it writes, and what --check notices."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from documents import commands, links
from process import run

from archcalc import api

NET = """name: small
input: 8x8x3
variables: {width: 4}
layers:
  - {type: conv, name: a, filters: $width, kernel: 3}
  - {type: linear, name: b, units: 5}
"""


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "small net.yaml"
    path.write_text(NET, "utf-8")
    return path


def test_several_reports_go_into_a_folder_with_an_index(tmp_path: Path, net: Path) -> None:
    folder = tmp_path / "reports"
    done = run("report", "lenet1", str(net), "-o", str(folder), cwd=tmp_path)
    assert (done.status, done.out) == (0, "")
    assert done.err == "wrote 17 files\n"
    files = read(folder)
    assert links(files["README.md"]) == ["lenet1.md", "small-net.md"]
    assert {name for name in files if name.startswith("small-net")} == {
        "small-net.md", "small-net-alive.svg", "small-net-field.svg", "small-net-macs.svg",
        "small-net-memory.svg", "small-net-params.svg", "small-net-training.svg",
        "small-net-volumes.svg",
    }  # fmt: skip
    assert "archcalc report 'small net.yaml' -o reports/small-net.md" in commands(
        files["small-net.md"]
    )


def test_all_architectures_and_a_file_are_written_by_one_command(tmp_path: Path, net: Path) -> None:
    assert run("report", net.name, "--all", "-o", "all", cwd=tmp_path).status == 0
    index = (tmp_path / "all" / "README.md").read_text("utf-8")
    assert len(links(index)) == len(api.builtin_names()) + 1
    assert commands(index) == ["archcalc report 'small net.yaml' -o all --all"]


def test_a_report_by_itself_is_the_same_as_in_a_folder(tmp_path: Path) -> None:
    run("report", "lenet1", "-o", "folder", cwd=tmp_path)
    inside = read(tmp_path / "folder")
    inside.pop("README.md")
    for name in inside:
        (tmp_path / "folder" / name).unlink()
    run("report", "lenet1", "-o", "folder/lenet1.md", cwd=tmp_path)
    again = read(tmp_path / "folder")
    again.pop("README.md")
    assert again == inside


def test_no_machine_path_stands_in_a_report(tmp_path: Path, net: Path) -> None:
    folder = tmp_path / "reports"
    run("report", str(net), "-o", str(folder), cwd=tmp_path)
    for text in read(folder).values():
        assert str(tmp_path) not in text


def test_the_options_stand_in_the_command_that_reproduces_the_report(
    tmp_path: Path, net: Path
) -> None:
    options = ("--input", "9x9x3", "--batch", "2", "--dtype", "int8", "--set", "width=6")
    first = tmp_path / "small.md"
    arguments = ("report", str(net), "-o", str(first), *options, "--limit-layers", "50")
    assert run(*arguments, cwd=tmp_path).status == 0
    (command,) = commands(first.read_text("utf-8"))
    assert command.endswith(
        "-o small.md --input 9x9x3 --batch 2 --dtype int8 --set width=6 --limit-layers 50"
    )
    text = first.read_text("utf-8")
    again = run(*shlex.split(command)[1:], cwd=tmp_path)
    assert again.status == 0
    assert first.read_text("utf-8") == text


def test_a_file_without_an_ending_is_named_as_a_path_and_not_as_an_architecture(
    tmp_path: Path,
) -> None:
    (tmp_path / "alexnet").write_text(NET, "utf-8")
    done = run("report", "./alexnet", "-o", "a.md", cwd=tmp_path)
    assert done.status == 0
    text = (tmp_path / "a.md").read_text("utf-8")
    assert text.startswith("# small\n")
    assert commands(text) == ["archcalc report ./alexnet -o a.md"]


def test_standard_input_is_reported_on() -> None:
    done = run("report", "-", stdin=NET)
    assert done.out.startswith("# small\n")
    assert commands(done.out) == ["archcalc report - -o stdin.md --inline"]


def test_one_report_without_a_path_is_printed_and_drawn_inline() -> None:
    done = run("report", "lenet1")
    assert done.status == 0
    assert done.out.startswith("# LeNet-1\n")
    assert "xychart-beta" in done.out
    assert ".svg" not in done.out
    assert commands(done.out) == ["archcalc report lenet1 -o lenet1.md --inline"]


@pytest.mark.parametrize("inline", [(), ("--inline",)])
def test_check_notices_one_digit_in_any_file(tmp_path: Path, inline: tuple[str, ...]) -> None:
    arguments = ("report", "lenet1", "lenet300", "-o", str(tmp_path), *inline)
    assert run(*arguments).status == 0
    before = read(tmp_path)
    assert run(*arguments, "--check").status == 0
    for name, text in before.items():
        place = max(i for i, char in enumerate(text) if char.isdigit())
        digit = "1" if text[place] != "1" else "2"
        (tmp_path / name).write_text(text[:place] + digit + text[place + 1 :], "utf-8")
        done = run(*arguments, "--check")
        assert done.status == 1
        line = text[:place].count("\n") + 1
        assert f"{name} is stale, from line {line}\n" in done.err
        (tmp_path / name).write_text(text, "utf-8")
    assert read(tmp_path) == before


def test_check_notices_what_is_missing_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lenet1.md"
    done = run("report", "lenet1", "-o", str(path), "--check")
    assert done.status == 1
    assert "lenet1.md is missing" in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_stale_when_the_network_changes(tmp_path: Path, net: Path) -> None:
    arguments = ("report", str(net), "-o", str(tmp_path / "small.md"))
    run(*arguments)
    net.write_text(NET.replace("units: 5", "units: 6"), "utf-8")
    assert run(*arguments, "--check").status == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-", "-", "-o", "x"), "standard input can be read only once"),
        ((), "name an ARCH, or --all"),
        (("lenet1", "lenet5"), "-o is needed"),
        (("lenet1", "--check"), "-o is needed"),
        (("lenet1", "lenet5", "-o", "x.md"), "2 reports need a folder"),
        (("lenet1", "./lenet1.yaml", "-o", "x"), "two reports would be written to lenet1.md"),
        (("lenet9", "-o", "x"), "did you mean `lenet5`?"),
        (("lenet1", "-o", ".md"), "-o needs a name"),
        (("lenet1", "-o", "lenet1.yaml/x"), "lenet1.yaml"),
    ],
)
def test_wrong_usage_is_answered(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "lenet1.yaml").write_text(NET, "utf-8")
    done = run("report", *arguments, cwd=tmp_path)
    assert done.status == 2
    assert message in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["lenet1.yaml"]


def test_a_broken_file_is_answered_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(NET.replace("kernel: 3", "kernel: 9"), "utf-8")
    done = run("report", "lenet1", "./bad.yaml", "-o", "reports", cwd=tmp_path)
    assert done.status == 1
    assert "error[window-too-large]" in done.err
    assert not (tmp_path / "reports").exists()


def test_a_page_that_is_no_report_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("precious\n")
    result = run("report", "lenet5", "alexnet", "-o", str(tmp_path))
    assert result.status == 2
    assert "README.md exists" in result.err
    assert (tmp_path / "README.md").read_text() == "precious\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md"]
