"""Streams that are closed, full, or of another encoding."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from process import COMMAND, environment, run

LONG = "name: long\ninput: 4x4x1\nlayers:\n" + "  - {type: relu}\n" * 3000


def shell(script: str, *, text: str = "") -> tuple[int, str, str]:
    """Runs a line of sh, in which archcalc is $A."""
    done = subprocess.run(
        ["sh", "-c", script.replace("$A", " ".join(COMMAND))],
        input=text,
        capture_output=True,
        text=True,
        env=environment({}),
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json", "markdown"])
def test_a_reader_that_leaves_early_is_no_mistake(tmp_path: Path, form: str) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(LONG)
    status = tmp_path / "status"
    _, out, err = shell(f"($A table {path} --format {form}; echo $? > {status}) | head -n 1")
    assert (out.count("\n"), err) == (1, "")
    assert status.read_text() == "0\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("args", ["schema", "table vgg16", "layers", "--help", "table --help"])
def test_a_full_disk_is_said(args: str) -> None:
    status, _, err = shell(f"$A {args} > /dev/full")
    assert status == 2
    assert err == "Error: the output cannot be written: No space left on device\n"


def test_closed_streams() -> None:
    assert shell("$A table vgg16 >&-") == (0, "", "")
    status, out, err = shell("$A table - <&-")
    assert (status, out) == (1, "")
    assert "<stdin>:1:1: " in err
    assert shell("$A table nowhere.yaml 2>&-") == (2, "", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_what_is_piped_is_utf8_everywhere(encoding: str) -> None:
    assert run("table", "vgg16", PYTHONIOENCODING=encoding) == run("table", "vgg16")


def test_the_c_locale_changes_nothing() -> None:
    plain: dict[str, Any] = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert run("table", "vgg16", **plain) == run("table", "vgg16")
