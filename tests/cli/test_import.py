"""``archcalc import``, and what it takes in the place of a file, without PyTorch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from importers import darknet_networks as networks
from process import run

import archcalc


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tiny.cfg").write_text(networks.yolov3_tiny(), encoding="utf-8")
    return tmp_path


def test_a_file_is_written_and_reads_back(folder: Path) -> None:
    done = run("import", "tiny.cfg", "-o", "tiny.yaml", "--name", "Tiny", cwd=folder)
    assert (done.status, done.out) == (0, "")
    assert "wrote tiny.yaml" in done.err
    assert (folder / "tiny.yaml").read_text(encoding="utf-8").startswith("name: Tiny\n")
    assert run("table", "tiny.yaml", cwd=folder).status == 0


def test_what_is_there_is_kept_unless_forced(folder: Path) -> None:
    (folder / "tiny.yaml").write_text("mine", encoding="utf-8")
    kept = run("import", "tiny.cfg", "-o", "tiny.yaml", cwd=folder)
    assert (kept.status, "exists; --force overwrites it" in kept.err) == (2, True)
    assert (folder / "tiny.yaml").read_text(encoding="utf-8") == "mine"
    assert run("import", "tiny.cfg", "-o", "tiny.yaml", "--force", cwd=folder).status == 0
    assert (folder / "tiny.yaml").read_text(encoding="utf-8") != "mine"


def test_a_model_file_in_the_place_of_a_file(folder: Path) -> None:
    asked = ("--format", "csv", "--columns", "type,output")
    (folder / "tiny.yaml").write_text(run("import", "tiny.cfg", cwd=folder).out, encoding="utf-8")
    direct = run("table", "tiny.cfg", *asked, cwd=folder)
    assert direct.status == 0
    assert direct.out == run("table", "tiny.yaml", *asked, cwd=folder).out
    smaller = run("table", "tiny.cfg", *asked, "--input", "224", cwd=folder)
    assert "224x224x16" in smaller.out


STUB = """\
raise ImportError("this one is broken\\nand says so at length")
"""


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("absent_module:net", "No module named 'absent_module'"),
        ("stub:net", "stub: it does not import: ImportError: this one is broken\n"),
        ("leaves:net", "leaves: it does not import: SystemExit: 3"),
        ("nets:net", "PyTorch, which does not import: ImportError: this one is broken"),
        ("nets:nett", 'nets: it has no "nett"; did you mean `net`?'),
    ],
)
def test_code_that_cannot_be_read(folder: Path, source: str, fact: str) -> None:
    (folder / "stub.py").write_text(STUB, encoding="utf-8")
    (folder / "torch.py").write_text(STUB, encoding="utf-8")
    (folder / "leaves.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    (folder / "nets.py").write_text("print('loaded')\n\n\ndef net(): ...\n", encoding="utf-8")
    for command in ("import", "table"):
        result = run(command, source, cwd=folder)
        assert (result.status, result.out) == (1, "")
        assert fact in result.err
        assert f"this runs the code of {source.partition(':')[0]}" in result.err


@pytest.mark.parametrize(
    ("args", "fact"),
    [
        (["net.txt"], 'no front end is for "net.txt"'),
        (["net.onnx"], "net.onnx: there is no such file"),
        (["tiny.cfg", "--from", "caffe"], "none of pytorch, onnx, darknet, ultralytics"),
        (["tiny.cfg", "--args", "width"], '"width" is not KEY=VALUE'),
        (["tiny.cfg", "--input", "large"], "--input"),
        (["tiny.cfg", "--args", "width=3"], "tiny.cfg takes no arguments, and not width"),
        (["tiny.cfg", "--blocks", "tiny.cfg"], "blocks are for an Ultralytics model"),
    ],
)
def test_wrong_usage(folder: Path, args: list[str], fact: str) -> None:
    result = run("import", *args, cwd=folder)
    assert result.status in (1, 2)
    assert fact in result.err


def test_a_file_held_against_a_model_file(folder: Path) -> None:
    text = run("import", "tiny.cfg", "--flat", cwd=folder).out
    (folder / "tiny.yaml").write_text(text, encoding="utf-8")
    agreed = run("check", "tiny.yaml", "--against", "tiny.cfg", cwd=folder)
    assert (agreed.status, agreed.err) == (0, "")
    assert "tiny.yaml: agrees with tiny.cfg in 32 rows\n" in agreed.out
    assert "filters: 16" in text
    other = text.replace("filters: 16,", "frozen: true, filters: 16,")
    (folder / "tiny.yaml").write_text(other, encoding="utf-8")
    for form in ("text", "github", "sarif", "junit", "json"):
        told = run("check", "tiny.yaml", "--against", "tiny.cfg", "--format", form, cwd=folder)
        assert told.status == 1
        assert "code" in told.out
        assert "frozen true, there false" in told.out


def test_a_difference_as_data(folder: Path) -> None:
    asked = ("--against", "tiny.cfg", "--format", "json")
    document = json.loads(run("check", "tiny.cfg", *asked, cwd=folder).out)
    assert document["files"][0]["against"] == {
        "source": "tiny.cfg", "agreeing": 32, "differing": 0, "following": 0,
    }  # fmt: skip
    assert document["summary"]["failed"] == 0


def test_code_that_cannot_be_compared_is_a_finding(folder: Path) -> None:
    (folder / "net.yaml").write_text(
        "name: net\ninput: 8x8x3\ncode: absent_module:net\nlayers: [{type: relu}]\n"
    )
    assert run("check", "net.yaml", cwd=folder).status == 0
    result = run("check", "net.yaml", "--against-code", cwd=folder)
    assert result.status == 1
    assert "error[code-mismatch]: absent_module:net is not compared: " in result.out
    assert result.err == "archcalc: this runs the code of absent_module\n"


@pytest.mark.parametrize(
    "args", [["--against", "tiny.cfg", "--against-code"], ["--args", "width=3"]]
)
def test_options_that_contradict_each_other(folder: Path, args: list[str]) -> None:
    assert run("check", "tiny.cfg", *args, cwd=folder).status == 2


def test_an_ultralytics_model_is_known_by_its_keys(tmp_path: Path) -> None:
    rows = "  - [-1, 1, Conv, [16, 3, 2]]\n"
    (tmp_path / "tiny.yaml").write_text(f"nc: 3\nbackbone:\n{rows}head:\n{rows}")
    done = run("import", "tiny.yaml", cwd=tmp_path)
    assert done.status == 0
    assert "input: 640x640x3\n" in done.out
    for command in (
        ["table", "tiny.yaml"],
        ["table", "tiny.yaml", "--input", "320x320"],
        ["memory", "tiny.yaml"],
        ["explain", "tiny.yaml", "conv.0.conv"],
        ["diff", "tiny.yaml", "lenet5"],
        ["compare", "tiny.yaml", "lenet5"],
        ["report", "tiny.yaml", "-o", "pages"],
        ["check", "tiny.yaml", "--against", "tiny.yaml"],
        ["export", "tiny.yaml", "--to", "onnx", "--no-data"],
    ):
        assert run(*command, cwd=tmp_path).status == 0, command
    wrong = run("import", "tiny.yaml", "--args", "scale=3", "--args", "nc=4", cwd=tmp_path)
    assert (wrong.status, "takes the argument scale, and not nc" in wrong.err) == (2, True)
    (tmp_path / "tiny.yaml").write_text(f"scales: {{n: [1, 1]}}\nbackbone:\n{rows}head:\n{rows}")
    wrong = run("import", "tiny.yaml", "--args", "scale=3", cwd=tmp_path)
    assert (wrong.status, 'no scale is named "3": n' in wrong.err) == (1, True)


def test_what_was_found_in_a_folder_is_not_imported(tmp_path: Path) -> None:
    rows = "  - [-1, 1, Conv, [16, 3, 2]]\n"
    (tmp_path / "tiny.yaml").write_text(f"nc: 3\nbackbone:\n{rows}head:\n{rows}")
    result = run("check", ".", cwd=tmp_path)
    assert (result.status, "skipped 1 YAML file without layers" in result.err) == (2, True)


def test_import_from_python(folder: Path) -> None:
    source = str(folder / "tiny.cfg")
    architecture = archcalc.import_(source, name="Tiny", input=archcalc.Volume(3, (224, 224)))
    assert architecture.name == "Tiny"
    assert str(archcalc.analyze(architecture).input) == "224x224x3"
    flat = archcalc.import_(source, flat=True)
    assert len(archcalc.analyze(flat).layers) == flat.source.text.count("{type:")
    with pytest.raises(ValueError, match="no front end is for"):
        archcalc.import_("net.txt")
    with pytest.raises(OSError, match="there is no such file"):
        archcalc.import_("net.onnx")
