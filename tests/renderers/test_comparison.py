"""Networks side by side, and what counters say of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from process import run

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.analysis.training import train
from archcalc.api import written
from archcalc.network.training import Settings
from archcalc.renderers import COMPARISON_FORMATS, COUNTER_FORMATS
from archcalc.views.comparison import Named, comparison
from archcalc.views.counters import conventions
from archcalc.wording import three_digits


def compared(named: Named, form: str = "text") -> str:
    return written(COMPARISON_FORMATS[form], comparison(named))


def counted(named: Named, form: str = "text") -> str:
    return written(COUNTER_FORMATS[form], conventions(named))


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


# What Howard et al. 2017 print in tables 6 and 7, and Sandler et al. 2018 in table 4.
PRINTED = [
    ("mobilenet-v1", "width=1,0.75,0.5,0.25", [
        (4_231_976, "4.2M", 568_740_352, "569M"), (2_585_560, "2.6M", 325_400_448, "325M"),
        (1_331_592, "1.3M", 149_497_088, "149M"), (470_072, "0.5M", 41_030_272, "41M"),
    ]),
    ("mobilenet-v1", "input=224,192,160,128", [
        (4_231_976, "4.2M", 568_740_352, "569M"), (4_231_976, "4.2M", 418_121_728, "418M"),
        (4_231_976, "4.2M", 290_675_200, "290M"), (4_231_976, "4.2M", 186_400_768, "186M"),
    ]),
    ("mobilenet-v2", "width=0.5,1,1.4", [
        (1_968_680, "1.95M", 97_131_840, "97M"), (3_504_872, "3.4M", 300_774_272, "300M"),
        (6_108_776, "6.9M", 582_195_824, "585M"),
    ]),
]  # fmt: skip
DIFFERING = {"1.95M": "1.01", "6.9M": "0.89"}


@pytest.mark.parametrize(("name", "vary", "rows"), PRINTED)
def test_the_tables_of_the_papers_row_by_row(
    name: str, vary: str, rows: list[tuple[int, str, int, str]]
) -> None:
    options = ("--vary", vary, "--columns", "params,macs", "--format")
    lines = run("compare", name, *options, "rows").out.splitlines()[2 : 2 + len(rows)]
    networks = json.loads(run("compare", name, *options, "json").out)["networks"]
    for (params, of_params, macs, of_macs), line, network in zip(
        rows, lines, networks, strict=True
    ):
        assert network["totals"] == {
            "layers": network["totals"]["layers"], "params": params, "macs": macs,
        }  # fmt: skip
        for value, printed in ((params, of_params), (macs, of_macs)):
            verdict = f"differs, {DIFFERING[printed]} x" if printed in DIFFERING else "agrees"
            assert f"{value:,}" in line
            assert f"{printed} {verdict}" in line
            (figure,) = [one for one in network["printed"] if one["printed"] == printed]
            assert figure["agrees"] == (printed not in DIFFERING)


def test_figures_are_only_of_the_variant_that_they_were_printed_for() -> None:
    for change in ("conv1.stride=1", "conv3.repeat=3"):
        result = run("compare", "mobilenet-v1", "--vary", f"{change},2", "--format", "json")
        assert [one["printed"] for one in json.loads(result.out)["networks"]] == [[], []]
    result = run("compare", "mobilenet-v1", "mobilenet-v2", "--format", "json")
    assert [one["printed"] for one in json.loads(result.out)["networks"]] == [[], []]


def test_rows_as_csv_and_as_bars() -> None:
    rows = compared(pair(), "csv").splitlines()
    assert rows[0].startswith("name,input,output,layers,params,")
    assert rows[2].startswith("googlenet,224x224x3,1000,")
    bars = compared(pair(), "bars").split("\n\n")
    assert [text.splitlines()[0] for text in bars] == ["params", "MACs", "peak bytes"]
    lengths = [line.count("█") for line in bars[0].splitlines()[1:]]
    assert lengths == [40, -(-40 * 6_998_552 // 60_965_224)]


def test_bars_as_a_picture_are_well_formed_whatever_the_names() -> None:
    (_, first), (_, second) = pair()
    picture = compared([("<a&b>", first), ("b", second)], "svg")
    root = ElementTree.fromstring(picture)
    assert len(root.findall("{http://www.w3.org/2000/svg}g")) == 3


def test_totals_are_chosen_by_name() -> None:
    result = run("compare", "lenet1", "lenet5", "--columns", "macs,params", "--format", "csv")
    assert result.out.splitlines()[0] == "name,input,output,layers,macs,params"
    wrong = run("compare", "lenet1", "lenet5", "--columns", "mac")
    assert (wrong.status, "did you mean `macs`?" in wrong.err.lower()) == (2, True)
    wrong = run("compare", "lenet1", "--conventions", "--format", "bars")
    assert (wrong.status, "is written as text, markdown, json" in wrong.err) == (2, True)


@pytest.mark.parametrize("dtype", ["float32", "int8"])
@pytest.mark.parametrize("form", COMPARISON_FORMATS)
def test_memory_of_training_is_calculated_where_it_is_asked_for(form: str, dtype: str) -> None:
    named = [
        (name, api.analyze(api.load(name), dtype=dtype)) for name in ("alexnet", "lenet5-modern")
    ]
    networks = comparison(named, ["params", "training_peak_bytes", "largest_batch"])
    text = written(COMPARISON_FORMATS[form], networks)
    peaks = [network.totals["training_peak_bytes"] for network in networks]
    if dtype == "int8":  # nothing is trained in it
        assert peaks == [None, None]
    else:
        assert peaks == [train(one, Settings()).course.peak(1).bytes for _, one in named]
    assert ("744261784" in text.replace(",", "")) == (dtype != "int8")


@pytest.mark.parametrize("form", COMPARISON_FORMATS)
def test_a_quantity_that_one_network_alone_has(form: str) -> None:
    text = "name: a\ninput: 8x8x3\nlayers:\n  - {type: conv, filters: 4, kernel: 1, frozen: true}\n"
    named = [("a", api.analyze(api.loads(text))), ("b", api.analyze(api.load("alexnet")))]
    for networks in (named, named[::-1]):
        assert [n.totals["frozen_params"] for n in comparison(networks)] == (
            [16, 0] if networks is named else [0, 16]
        )
        assert compared(networks, form)
