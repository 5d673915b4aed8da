"""Networks side by side, and what counters say of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

import pytest
from process import run

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.renderers import COMPARISON_FORMATS, COUNTER_FORMATS
from archcalc.views.comparison import Named, comparison
from archcalc.views.counters import conventions
from archcalc.wording import three_digits


def compared(named: Named, form: str = "text") -> str:
    return COMPARISON_FORMATS[form](comparison(named))


def counted(named: Named, form: str = "text") -> str:
    return COUNTER_FORMATS[form](conventions(named))


def pair() -> list[tuple[str, Analysis]]:
    return [(name, api.analyze(api.load(name))) for name in ("alexnet", "googlenet")]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 1, "1"),
        (6_998_552, 60_965_224, "0.115"),
        (22, 8, "2.75"),
        (1, 3, "0.333"),
        (2, 3000, "0.000667"),
        (999_600, 1000, "1,000"),
        (12_345, 1, "12,345"),
        (1, 10**15, "≈ 0"),
        (100, 3, "33.3"),
        (999, 1000, "0.999"),
        (995, 100, "9.95"),
        (100_000, 100, "1,000"),
        (0, 7, "0"),
    ],
)
def test_a_ratio_has_three_digits(part: int, whole: int, text: str) -> None:
    assert three_digits(Fraction(part, whole)) == text


def test_comparisons_read_as_they_did(golden: Callable[[str, str], None]) -> None:
    for form, ending in (("text", "txt"), ("markdown", "md"), ("json", "json")):
        golden(f"compare.{ending}", compared(pair(), form))
        golden(f"conventions.{ending}", counted(pair()[:1], form))
    golden("conventions-two.md", counted(pair(), "markdown"))


def test_googlenet_against_alexnet() -> None:
    rows = {line.split("  ")[0]: line.split() for line in compared(pair()).splitlines()}
    assert rows["params"][-3:] == ["60,965,224", "6,998,552", "0.115"]
    assert rows["MACs"][-3:] == ["724,406,816", "1,582,671,872", "2.18"]
    assert rows["input"][-2:] == ["227x227x3", "224x224x3"]


def test_json_has_totals_and_exact_ratios() -> None:
    found = pair()
    first, second = json.loads(compared(found, "json"))["networks"]
    assert first["ratios"]["params"] == "1"
    totals = found[1][1].totals
    assert second["totals"]["macs"] == totals.macs
    assert Fraction(second["ratios"]["macs"]) == Fraction(totals.macs, found[0][1].totals.macs)
    assert second["ratios"]["buffers"] is None


def test_markdown_has_as_many_cells_as_headings_and_escapes_names() -> None:
    (_, first), (_, second) = pair()
    found = [("a|b.yaml", first), ("<i>.yaml", second)]
    for text in (compared(found, "markdown"), counted(found, "markdown")):
        heading, *rows = [line for line in text.splitlines() if line.startswith("|")]
        assert "a\\|b" in heading
        assert "\\<i\\>" in heading
        cells = heading.replace("\\|", "").count("|")
        assert {row.replace("\\|", "").count("|") for row in rows} == {cells}


def test_conventions_name_every_counter_its_total_and_why() -> None:
    found = [(n, api.analyze(api.load(n))) for n in ("resnet50-torchvision", "alexnet")]
    text = counted(found)
    assert "fvcore" in text
    assert "4,111,512,576" in text
    assert "alexnet, thop: not known, because its rule for lrn, softmax is not known" in text
    data = json.loads(counted(found, "json"))["networks"]
    torchinfo = data[0]["counters"][0]
    assert (torchinfo["counter"], torchinfo["total"]) == ("torchinfo 1.8", 4_089_238_376)
    unknown = [c["counter"] for c in data[1]["counters"] if c["total"] is None]
    assert unknown == ["ptflops (pytorch)", "thop"]


def test_the_command_compares_and_takes_the_shared_options() -> None:
    done = run("compare", "alexnet", "googlenet", "--format", "json", "--batch", "2")
    assert done.status == 0
    assert [net["batch"] for net in json.loads(done.out)["networks"]] == [2, 2]
    assert run("compare", "--conventions", "vgg16-torchvision").out.count("15,483,821,032") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("alexnet",), "nothing to compare with"),
        (("-", "-"), "standard input can be read only once"),
        (("alexnet", "googlnet"), "did you mean `googlenet`?"),
    ],
)
def test_wrong_usage_is_answered(arguments: tuple[str, ...], message: str) -> None:
    done = run("compare", *arguments)
    assert done.status == 2
    assert message in done.err


def test_every_output_is_compared() -> None:
    conv = "{type: conv, name: %s, filters: %d, kernel: 1}"
    entries = f"{conv % ('a', 2)}, {conv % ('b', 5)}"
    head = f"name: two\ninput: 8x8x3\nlayers: [{entries}]\n"
    found = [api.analyze(api.loads(f"{head}{rest}")) for rest in ("", "outputs: [b, a]\n")]
    lines = compared([("one", found[0]), ("two", found[1])], "markdown").splitlines()
    assert "| output | 8x8x5 | 8x8x5, 8x8x2 |  |" in lines
