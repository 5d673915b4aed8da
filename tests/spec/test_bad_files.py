"""The files under tests/specs: each says in comments which mistakes it has, and where.

``#   ^ rule: text`` stands under the line and column of a mistake, ``#< rule: text`` under one in
the first column; ``# 3:1 rule: text`` in the first line is for files in which no comment can stand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from language import diagnostics
from process import run

from archcalc.archfile import parse as document
from archcalc.rules.mistakes import MISTAKES

FOLDER = Path(__file__).parent.parent / "specs"
FILES = sorted(FOLDER.glob("*/*.yaml"))
NAMES = [str(path.relative_to(FOLDER)) for path in FILES]

_UNDER = re.compile(r"#(?:<|(?P<blank> *)\^) (?P<rule>[a-z-]+): (?P<part>.+)")
_FIRST = re.compile(r"# (?P<line>\d+):(?P<column>\d+) (?P<rule>[a-z-]+): (?P<part>.+)")


class Expected(NamedTuple):
    line: int
    column: int
    rule: str
    part: str


def expected(text: str) -> list[Expected]:
    found, line = [], 0
    for number, content in enumerate(text.split("\n"), 1):
        first, under = _FIRST.fullmatch(content), _UNDER.fullmatch(content)
        if first:
            place = int(first["line"]), int(first["column"])
            found.append(Expected(*place, first["rule"], first["part"]))
        elif under:
            column = 1 if under["blank"] is None else len(under["blank"]) + 2
            found.append(Expected(line, column, under["rule"], under["part"]))
        else:
            line = number
    return sorted(found)


@pytest.mark.parametrize("loader", ["fastest", "python"])
@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_exactly_the_mistakes_that_a_file_names(
    path: Path, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loader == "python":
        monkeypatch.setattr(document, "LOADER", yaml.BaseLoader)
    text = path.read_text("utf-8")
    wanted = expected(text)
    found = diagnostics(text)
    assert [(d.span.line, d.span.column, d.rule) for d in found if d.span] == [
        (w.line, w.column, w.rule) for w in wanted
    ]
    for diagnostic, want in zip(found, wanted, strict=True):
        assert want.part in diagnostic.message
    assert path.parent.name in {"many", *(w.rule for w in wanted)}


def test_every_kind_of_mistake_has_a_file() -> None:
    assert {rule.id for rule in MISTAKES} <= {path.parent.name for path in FILES}


def test_a_dozen_kinds_of_mistakes_in_one_run_of_the_command() -> None:
    path = FOLDER / "many" / "twelve.yaml"
    wanted = expected(path.read_text("utf-8"))
    assert len({want.rule for want in wanted}) >= 12
    result = run("table", str(path))
    assert (result.status, result.out) == (1, "")
    shown = re.findall(r"twelve\.yaml:(\d+):(\d+): error\[([a-z-]+)\]", result.err)
    assert shown == [(str(w.line), str(w.column), w.rule) for w in wanted]
    assert result.err.endswith(f"{len(wanted)} mistakes\n")
    carets = [line for line in result.err.splitlines() if line.strip(" |") == "^"]
    assert len(carets) == len(wanted)
