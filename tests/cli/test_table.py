"""`archcalc table` in a real process: every option, exit status, and which stream says what."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from process import run

SCALED = """\
name: Scaled
input: 8x8x3
variables: {width: 4}
layers:
  - {type: conv, name: conv1, filters: $(2 * width), kernel: 3}
  - {type: linear, name: fc, units: 10}
"""


def column(text: str, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(text.splitlines())]


def test_a_built_in_name_from_any_folder(tmp_path: Path) -> None:
    result = run("table", "vgg16", cwd=tmp_path)
    assert (result.status, result.err) == (0, "")
    assert "138,357,544" in result.out
    assert "15,470,264,320" in result.out


def test_a_path_and_standard_input_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SCALED)
    by_path = run("table", "net.yaml", cwd=tmp_path)
    assert by_path.status == 0
    assert run("table", "./net.yaml", cwd=tmp_path) == by_path
    assert run("table", str(tmp_path / "net.yaml")) == by_path
    assert run("table", "-", stdin=SCALED) == by_path


@pytest.mark.parametrize("form", ["table", "markdown", "json", "csv"])
def test_two_runs_are_alike_byte_for_byte(form: str) -> None:
    first, second = (
        run("table", "resnet50", "--format", form, PYTHONHASHSEED=seed) for seed in ("1", "2")
    )
    assert first == second
    assert first.status == 0
    assert first.out.endswith("\n")
    assert "\x1b" not in first.out


def test_columns_in_the_order_asked_for() -> None:
    result = run("table", "vgg16", "--format", "csv", "--columns", "params, name", "--top", "1")
    assert result.out == f"params,name\n{3 * 3 * 3 * 64 + 64},conv1_1\n"


def test_sort_and_top() -> None:
    result = run("table", "vgg16", "--format", "csv", "--sort", "params", "--top", "2")
    assert column(result.out, "name") == ["fc6", "fc7"]


def test_fold_keeps_sums() -> None:
    folded = run("table", "resnet50", "--format", "csv", "--fold", "1")
    assert "layer3" in column(folded.out, "name")
    assert sum(map(int, column(folded.out, "params"))) == 25_557_032


def test_units() -> None:
    result = run("table", "vgg16", "--units", "si")
    assert "138M" in result.out
    assert "138,357,544" not in result.out


def test_input_changes_the_shapes() -> None:
    result = run("table", "resnet50", "--input", "320x256x3", "--format", "json")
    document = json.loads(result.out)
    assert document["input"] == {"channels": 3, "spatial": [320, 256]}
    assert document["layers"][0]["output"]["spatial"] == [320 // 2, 256 // 2]
    assert document["totals"]["params"] == 25_557_032


def test_batch_and_dtype_change_bytes_and_nothing_else() -> None:
    one = json.loads(run("table", "vgg16", "--format", "json").out)["totals"]
    many = json.loads(
        run("table", "vgg16", "--batch", "8", "--dtype", "float16", "--format", "json").out
    )["totals"]
    assert many["activation_bytes"] == one["activation_bytes"] * 8 // 2
    assert many["param_bytes"] == one["param_bytes"] // 2
    assert many["macs"] == one["macs"]


@pytest.mark.parametrize(
    ("dtype", "size"),
    [("float64", 8), ("float32", 4), ("float16", 2), ("bfloat16", 2), ("int8", 1)],
)
def test_every_dtype(dtype: str, size: int) -> None:
    result = run("table", "-", "--dtype", dtype, "--format", "json", stdin=SCALED)
    totals = json.loads(result.out)["totals"]
    assert totals["param_bytes"] == totals["params"] * size


def test_set_overrides_a_variable() -> None:
    result = run("table", "-", "--set", "width=16", "--format", "json", stdin=SCALED)
    assert json.loads(result.out)["layers"][0]["output"]["channels"] == 2 * 16
    fraction = run("table", "-", "--set", "width=0.5", "--format", "json", stdin=SCALED)
    assert json.loads(fraction.out)["layers"][0]["output"]["channels"] == 1


def test_limit_layers() -> None:
    assert run("table", "-", "--limit-layers", "2", stdin=SCALED).status == 0
    result = run("table", "-", "--limit-layers", "1", stdin=SCALED)
    assert (result.status, result.out) == (1, "")
    assert "limit-exceeded" in result.err


WRONG_USAGE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("table",), "Missing argument 'ARCH'"),
    (("tabel", "vgg16"), "Did you mean `table`?"),
    (("table", "alexnte"), "did you mean `alexnet`?"),
    (("table", "\x1b[31m"), '"\\x1b[31m"'),
    (("table", "nowhere.yaml"), "nowhere.yaml: No such file or directory"),
    (("table", "/"), "/: Is a directory"),
    (("table", "vgg16", "--format", "jsn"), "'jsn' is not one of"),
    (("table", "vgg16", "--columns", "name,parms"), "Did you mean `params`?"),
    (("table", "vgg16", "--columns", ""), 'there is no ""'),
    (("table", "vgg16", "--sort", "mac"), "Did you mean `macs`?"),
    (("table", "vgg16", "--fold", "0"), "0 is not in the range"),
    (("table", "vgg16", "--top", "x"), "'x' is not a valid integer"),
    (("table", "vgg16", "--units", "kilo"), "'kilo' is not one of"),
    (("table", "vgg16", "--input", "224by224"), 'not "224by224"'),
    (("table", "vgg16", "--input", "0x0x3"), "must be at least 1"),
    (("table", "vgg16", "--batch", "0"), "0 is not in the range"),
    (("table", "vgg16", "--dtype", "float"), "did you mean `float32`?"),
    (("table", "vgg16", "--dtype", "decimal"), "'decimal' is not one of"),
    (("table", "vgg16", "--set", "width"), "is not NAME=VALUE"),
    (("table", "vgg16", "--set", "width=1"), 'there is no variable "width"'),
    (("table", "vgg16", "--limit-layers", "0"), "0 is not in the range"),
    (("table", "vgg16", "--format", "json", "--top", "3"), "--top has no meaning"),
    (("table", "vgg16", "--no-such-option"), "No such option"),
    (("table", "vgg16", "more"), "unexpected extra argument"),
    (("layers", "convolution"), 'there is no "convolution"'),
    (("layers", "con"), "Did you mean `conv`?"),
    (("list", "vgg16"), "unexpected extra argument"),
    (("new",), "Missing argument 'NAME'"),
    (("new", "a b"), "a name has letters"),
    (("new", "no/such/folder/net"), "No such file or directory"),
)


@pytest.mark.parametrize(("args", "message"), WRONG_USAGE)
def test_wrong_usage_is_two(args: tuple[str, ...], message: str, tmp_path: Path) -> None:
    result = run(*args, cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert "\x1b" not in result.err


def test_a_file_at_fault_is_one_and_all_its_mistakes_are_shown() -> None:
    text = "name: x\ninput: 8x8x3\nlayers:\n  - {type: conw}\n  - {type: relu, nam: y}\n"
    result = run("table", "-", stdin=text)
    assert (result.status, result.out) == (1, "")
    assert "<stdin>:4:12: error[unknown-type]: " in result.err
    assert "<stdin>:5:18: error[unknown-key]: " in result.err
    assert result.err.endswith("2 mistakes\n")


def test_an_input_that_does_not_fit_is_the_files_fault() -> None:
    result = run("table", "vgg16", "--input", "16x16x3")
    assert (result.status, result.out) == (1, "")
    assert "error[" in result.err
    assert result.err.endswith("1 mistake\n")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"\x00", b"- a\n", b"a: [", b"a: \x1b", b"[" * 100_000, b"a: &b c"]
)
def test_whatever_is_read_is_answered(data: bytes) -> None:
    result = run("table", "-", stdin=data)
    assert (result.status, result.out) == (1, "")
    assert "<stdin>:" in result.err
    assert "\x1b" not in result.err


def test_findings_are_part_of_the_result() -> None:
    result = run("table", "resnet50")
    assert (result.status, result.err) == (0, "")
    assert result.out.count("warning[illegal-stride]") == 2
    assert result.out.count("note[illegal-stride]") == 2
    marks = [line[0] for line in result.out.splitlines() if line[:3] in ("!  ", "·  ")]
    assert (marks.count("!"), marks.count("·")) == (6, 2)
    rows = run("table", "resnet50", "--format", "csv", "--columns", "flags")
    assert rows.out.splitlines().count("illegal-stride") == 6
    assert rows.out.splitlines().count("illegal-stride (nothing lost)") == 2


@pytest.mark.parametrize("name", ["...yaml", "a/b", "-", "--", "\udcff.yaml"])
def test_strange_names_are_answered(name: str) -> None:
    assert run("table", "--", name).status in (1, 2)
