"""The server in an editor that is not ours: Neovim, without a window, as Debian has it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls", reason="the extra archcalc[server] is not installed")

from process import COMMAND

from archcalc import api
from archcalc.diagnostics import SpecError

NEOVIM = shutil.which("nvim")
OPTIONS = ("--headless", "-u", "NONE", "-i", "NONE", "-n")
SCRIPT = Path(__file__).with_name("neovim.lua")
PATIENCE = 60  # seconds

NET = """\
name: "𝒩 é"
input: 8x8x3
blocks:
  unit:
    arguments: {filters: required}
    layers:
      - {type: conv, name: conv, filters: $filters, kernel: 3, padding: 1}
layers:
  - {type: conv, name: stem, filters: 8, kernel: 3, padding: 1} # 𝒩
  - {block: unit, name: body, repeat: 2, with: {filters: 16}}
  - {type: linear, name: fc, unitz: 10}
"""


def place(words: str, inside: str) -> list[int]:
    before = NET[: NET.index(words) + words.index(inside)]
    return [before.count("\n"), len(before) - before.rfind("\n") - 1]


def neovim(folder: Path, text: str, **asked: Any) -> dict[str, Any]:
    """What Neovim, which reads none of the user's settings, tells of a file."""
    assert NEOVIM
    file, told = folder / "net.yaml", folder / "told.json"
    file.write_text(text, encoding="utf-8")
    asked = {"command": [*COMMAND, "server"], "patience": PATIENCE * 1000, **asked}
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME")
    done = subprocess.run(
        [NEOVIM, *OPTIONS, str(file), "-S", str(SCRIPT), "-c", "cquit!"],  # where the script fails
        env={
            **os.environ,
            **dict.fromkeys(names, str(folder)),
            "ASKED": json.dumps(asked),
            "TOLD": str(told),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=3 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return found


@pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed")
def test_neovim_shows_mistakes_explains_finds_and_renames(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        api.loads(NET)
    told = neovim(
        tmp_path,
        NET,
        hover=place("name: stem", "stem"),
        definition=place("block: unit", "unit"),
        rename=place("block: unit", "unit"),
        name="stage",
        wrong="unitz",
        right="units",
    )
    assert "error" not in told
    places = [d.span for d in caught.value.diagnostics if d.span]
    rules = [d.rule for d in caught.value.diagnostics]
    expected = [
        [at.line - 1, at.column - 1, rule, 1] for at, rule in zip(places, rules, strict=True)
    ]
    assert told["problems"] == expected
    assert [*place("unitz: 10", "unitz"), "unknown-key", 1] in expected
    assert "8x8x8" in "\n".join(told["hover"])
    line, column = place("  unit:", "unit")
    assert told["definition"] == [[line, column]]
    assert told["cursor"] == [line + 1, column]
    renamed = NET.replace("unit:", "stage:").replace("block: unit", "block: stage")
    assert told["renamed"] == renamed.splitlines()
    assert told["mended"]
