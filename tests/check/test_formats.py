"""The formats of `archcalc check`, read back by what they are for."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import jsonschema
import pytest
from process import run

from archcalc import lint as checking
from archcalc.api import written
from archcalc.renderers import COMPARISON_FORMATS, FINDING_FORMATS, FORMATS
from archcalc.rules.catalogue import CHECKS
from archcalc.views.findings import Checked

DATA = Path(__file__).parents[1] / "data"
HOSTILE = "a::b%0Ac,d"

FILES = {
    "good.yaml": """\
name: good
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3}
expect: {params: 280, layers: {conv1: {output: 5x5x10, receptive_field: 3}}}
budget: {macs: 10k}
""",
    "bad.yaml": """\
name: bad
input: 7x7x3
layers:
  - {type: conv, name: conv1, filters: 10, kernel: 3, stride: 3}
expect: {params: 281}
budget: {macs: 1k}
""",
    "hostile.yaml": "name: x\ninput: 7x7x3\nlayers:\n  - {type: relu, name: 'a::b%0Ac,d'}\n",
}


@pytest.fixture
def files(tmp_path: Path) -> list[Checked]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in FILES]
    unread: list[tuple[str, str]] = []
    found = list(checking.checked(paths, unread, [rule.id for rule in CHECKS]))
    assert unread == []
    return [
        each._replace(source=each.source._replace(filename=Path(each.source.filename).name))
        for each in found
    ]


def test_json(files: list[Checked]) -> None:
    document: Any = json.loads(written(FINDING_FORMATS["json"], files, strict=False))
    assert document["version"] == 1
    assert document["summary"] == {
        "files": 3, "failed": 2, "errors": 3, "warnings": 1, "notes": 0, "allowed": 0,
    }  # fmt: skip
    good = document["files"][0]
    assert (good["failed"], good["diagnostics"]) == (False, [])
    assert [(f["kind"], f["at"], f["quantity"], f["holds"]) for f in good["figures"]] == [
        ("expectation", None, "params", True),
        ("expectation", "conv1", "output", True),
        ("expectation", "conv1", "receptive_field", True),
        ("budget", None, "macs", True),
    ]


def test_sarif_is_valid_and_every_result_has_a_rule(files: list[Checked]) -> None:
    document: Any = json.loads(written(FINDING_FORMATS["sarif"], files, strict=False))
    schema = json.loads((DATA / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    jsonschema.Draft202012Validator(schema).validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rule["help"]["text"] for rule in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert {r["ruleId"] for r in run["results"]} == {
        "illegal-stride", "expectation", "budget", "wrong-value",
    }  # fmt: skip
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "bad.yaml"},
        "region": {"startLine": 4, "startColumn": 5, "endLine": 4, "endColumn": 65},
    }


def test_sarif_of_nothing_is_valid() -> None:
    schema = json.loads((DATA / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    document = json.loads(written(FINDING_FORMATS["sarif"], [], strict=True))
    jsonschema.Draft202012Validator(schema).validate(document)


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner reads them: level, properties, message."""
    found = []
    for line in text.splitlines():
        if line.startswith("::"):
            head, _, message = line[2:].partition("::")
            level, _, properties = head.partition(" ")
            pairs = dict(part.split("=", 1) for part in properties.split(","))
            found.append((level, {k: unescaped(v) for k, v in pairs.items()}, unescaped(message)))
    return found


def unescaped(text: str) -> str:
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_github(files: list[Checked]) -> None:
    found = commands(written(FINDING_FORMATS["github"], files[1:2], strict=False))
    assert [(level, p["line"], p["col"], p["title"]) for level, p, _ in found] == [
        ("warning", "4", "5", "illegal-stride"),
        ("error", "5", "18", "expectation"),
        ("error", "6", "16", "budget"),
    ]
    assert all(p["file"] == "bad.yaml" for _, p, _ in found)


def test_github_makes_one_annotation_of_a_hostile_name(files: list[Checked]) -> None:
    text = written(FINDING_FORMATS["github"], files[2:], strict=False)
    ((level, properties, message),) = commands(text)
    assert (level, properties["line"], properties["title"]) == ("error", "4", "wrong-value")
    assert f'"{HOSTILE}" is no name' in message
    assert len(text.splitlines()) == 2  # the annotation and the summary


def test_github_escapes_the_name_of_a_file(files: list[Checked]) -> None:
    named = files[2]._replace(source=files[2].source._replace(filename="a,b:%.yaml"))
    ((_, properties, _),) = commands(written(FINDING_FORMATS["github"], [named], strict=False))
    assert properties["file"] == "a,b:%.yaml"


def test_junit_has_a_case_per_file_expectation_and_budget(files: list[Checked]) -> None:
    root = ElementTree.fromstring(written(FINDING_FORMATS["junit"], files, strict=False))
    suites = {suite.attrib["name"]: suite for suite in root}
    assert {name: len(suite) for name, suite in suites.items()} == {
        "good.yaml": 1 + 3 + 1, "bad.yaml": 1 + 1 + 1, "hostile.yaml": 1,
    }  # fmt: skip
    assert [suite.attrib["failures"] for suite in root] == ["0", "2", "1"]
    assert (root.attrib["tests"], root.attrib["failures"]) == ("9", "3")
    failed = [
        case.attrib["name"] for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == ["expectation: params 281", "budget: macs 1,000", "rules"]


def test_junit_fails_on_warnings_where_strict(files: list[Checked]) -> None:
    root = ElementTree.fromstring(written(FINDING_FORMATS["junit"], files[1:2], strict=True))
    assert root.attrib["failures"] == "3"


def test_text_ends_with_the_summary(files: list[Checked]) -> None:
    text = written(FINDING_FORMATS["text"], files, strict=False)
    assert text.startswith("bad.yaml:4:5: warning[illegal-stride]: conv1: height and width: ")
    assert text.endswith("\n3 files checked: 3 errors, 1 warning\n")


NAMES = {
    "not UTF-8": b"a\xff.yaml",
    "escape": b"a\x1b[31m.yaml",
    "direction": "a\u202e.yaml".encode(),
    "line end": b"a\n::error::b.yaml",
    "markup": b"<b>&amp;'\"|`@x`www.y.yaml",
    "colons": b"a:b,c%0A.yaml",
}


@pytest.mark.parametrize("form", FINDING_FORMATS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_format_bears_the_name_of_every_file(tmp_path: Path, name: bytes, form: str) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(FILES["bad.yaml"])
    done = run("check", os.fsdecode(b"./" + name), "--format", form, cwd=tmp_path)
    assert (done.status, done.err) == (1, "")
    assert done.out.replace("\n", "").isprintable()
    if form == "sarif":
        document: Any = json.loads(done.out)
        schema = json.loads((DATA / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
        jsonschema.Draft202012Validator(schema).validate(document)
        (place, *_) = document["runs"][0]["results"][0]["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote_to_bytes(uri) == b"./" + name
    elif form == "json":
        (file,) = json.loads(done.out)["files"]
        assert os.fsencode(file["file"]) == b"./" + name
    elif form == "junit":
        ElementTree.fromstring(done.out)
    elif form == "github":
        assert len(commands(done.out)) == len(done.out.splitlines()) - 1 == 3


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize(
    "command",
    [
        *(("table", "--format", form) for form in FORMATS),
        *(("compare", "vgg16", "--format", form) for form in COMPARISON_FORMATS),
        ("compare", "--conventions", "--format", "markdown"),
        ("diff", "vgg16", "--format", "markdown"),
        ("published",),
        ("report",),
    ],
    ids=" ".join,
)
def test_no_command_shows_a_file_name_as_a_command(
    tmp_path: Path, name: bytes, command: tuple[str, ...]
) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(FILES["good.yaml"])
    done = run(*command, os.fsdecode(b"./" + name), cwd=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert done.out.replace("\n", "").replace("\r", "").isprintable()
