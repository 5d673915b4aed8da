"""What a report says: computed sentences, stages, folds, findings, figures, and escaping."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from documents import diagrams, headings, prose, tables

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity, Source
from archcalc.network.layers import Family
from archcalc.renderers import index
from archcalc.renderers import report as page
from archcalc.renderers.bars import Bar, Chart, mermaid, shortened, svg
from archcalc.renderers.flowchart import flowcharts
from archcalc.renderers.report.cost import early_and_late, holders
from archcalc.rules.catalogue import CHECKS
from archcalc.views.outline import outline, tree
from archcalc.views.stages import stages
from archcalc.wording import share

LECTURE = "Most memory is in the early convolutions, most parameters in the late fully connected"


def analysed(text: str) -> Analysis:
    return api.run(Source("net.yaml", text), chosen=CHECKS)


def report(analysis: Analysis) -> str:
    return page.render(analysis, "net", "archcalc report net.yaml -o net.md")["net.md"]


def test_the_sentence_of_the_lecture_stands_where_it_is_true_and_only_there() -> None:
    true = set()
    for name in api.builtin_names():
        analysis = api.analyze(api.load(name))
        layers = analysis.layers
        convs = [i for i, x in enumerate(layers) if x.layer.family is Family.CONVOLUTION]
        if not convs:
            continue
        memory = sum(layers[i].activation_elements for i in convs[: len(convs) // 2])
        params = sum(x.params for x in layers[convs[-1] :] if x.type == "linear")
        if 2 * memory > analysis.totals.activation_elements and 2 * params > analysis.totals.params:
            true.add(name)
        assert (LECTURE in report(analysis)) == (name in true), name
    assert "vgg16" in true
    assert not true & {"alexnet", "resnet50", "googlenet"}


def test_each_half_of_the_sentence_stands_alone_where_only_it_is_true() -> None:
    conv = "  - {type: conv, filters: %d, kernel: 1}\n"
    memory = analysed(f"name: n\ninput: 8x8x1\nlayers:\n{conv % 64}{conv % 2}")
    (sentence,) = early_and_late(memory)
    held = share(64 * 64, 64 + 64 * 64 + 2 * 64)
    assert sentence == f"Most memory is in the early convolutions: {held} in the first 1 of 2."
    params = analysed(
        f"name: n\ninput: 8x8x1\nlayers:\n{conv % 2}{conv % 8}  - {{type: linear, units: 9}}\n"
    )
    assert next(early_and_late(params)).startswith("Most parameters are in the late")
    neither = analysed(f"name: n\ninput: 8x8x8\nlayers:\n{conv % 2}{conv % 8}")
    assert not list(early_and_late(neither))


def test_the_holders_of_80_percent_are_the_fewest_rows_that_reach_it() -> None:
    found = holders("MACs", [("a", 10), ("b", 50), ("c", 30), ("d", 10), ("e", 0)])
    assert found.largest == [("b", 50), ("c", 30)]
    assert (found.total, found.rows) == (10 + 50 + 30 + 10, 4)
    assert holders("MACs", [("a", 0)]).largest == []


def test_one_row_that_holds_most_is_named() -> None:
    net = analysed(
        "name: n\ninput: 8\nlayers:\n  - {type: linear, name: a, units: 90}\n"
        "  - {type: linear, name: b, units: 1}\n"
    )
    owned, all_of_it = 8 * 90 + 90, 8 * 90 + 90 + 90 + 1
    assert (
        f"- Parameters: 1 row holds 80%, of 2 that have any; the largest is `a` with "
        f"{share(owned, all_of_it)}.\n" in report(net)
    )


def test_a_share_that_is_too_small_to_write_is_not_nothing() -> None:
    assert share(1, 10_000) == "<0.1%"
    assert share(0, 10) == "0%"
    assert share(1, 8) == "12.5%"


def test_stages_begin_where_the_resolution_changes() -> None:
    found = stages(api.analyze(api.load("vgg16")))
    assert [stage.resolution for stage in found] == [
        *("224x224", "112x112", "56x56", "28x28", "14x14", "7x7"), "1 position",
    ]  # fmt: skip
    assert found[1].title == "pool1 to conv2_2"
    assert sum(len(stage.parts) for stage in found) == 24


def test_valid_convolutions_that_shave_rows_off_stay_in_their_stage() -> None:
    conv = "  - {type: conv, filters: 2, kernel: 3}\n"
    net = analysed(
        f"name: n\ninput: 64x64x1\nlayers:\n{conv * 4}  - {{type: maxpool, kernel: 2}}\n"
    )
    assert [(stage.resolution, len(stage.parts)) for stage in stages(net)] == [
        ("62x62", 4),
        ("28x28", 1),
    ]


@pytest.mark.parametrize(("rows", "count"), [(41, 1), (40, 2), (59, 1), (60, 1), (89, 1), (90, 2)])
def test_a_stage_is_left_where_the_rows_change_by_half(rows: int, count: int) -> None:
    net = analysed(
        "name: n\ninput: 60x60x1\nlayers:\n  - {type: relu}\n"
        f"  - {{type: upsample, size: {rows}}}\n"
    )
    assert len(stages(net)) == count


def test_maps_of_one_position_are_a_stage_of_their_own() -> None:
    net = analysed(
        "name: n\ninput: 1x1x4\nlayers:\n  - {type: relu}\n  - {type: upsample, scale: 2}\n"
        "  - {type: global_avgpool}\n  - {type: flatten}\n"
    )
    assert [stage.resolution for stage in stages(net)] == ["1 position", "2x2", "1 position"]


GROUPED = """
name: grouped
input: 16x16x4
blocks:
  pair:
    layers:
      - {type: conv, filters: 4, kernel: 3, padding: 1}
      - {layers: [{type: relu}, {type: batchnorm}], name: inner}
allow:
  - {rule: illegal-stride, at: last, because: "one row"}
expect: {layers: {open: {params: 20}}}
budget: {params: 10k}
published:
  - {quantity: params, value: 1k, source: "a paper", note: "other blocks"}
layers:
  - {layers: [{type: conv, name: a, filters: 4, kernel: 1}, {type: relu, name: b}], name: open}
  - {block: pair, name: single}
  - {block: pair, name: several, repeat: 3}
  - {type: add, name: sum, branches: [[{type: conv, name: c, filters: 4, kernel: 1}], []]}
  - {type: maxpool, name: last, kernel: 3, stride: 2}
  - {type: linear, name: fc, units: 5}
"""


def test_a_report_reads_as_it_did(golden: Callable[[str, str], None]) -> None:
    files = page.render(analysed(GROUPED), "grouped", "archcalc report grouped.yaml -o grouped.md")
    for name, text in files.items():
        golden(f"report-{name}", text)
    inline = page.render(analysed(GROUPED), "grouped", "archcalc", inline=True)["grouped.md"]
    golden("report-inline.txt", "\n".join(diagrams(inline)))


def test_the_outline_opens_plain_groups_and_folds_blocks_and_copies() -> None:
    net = analysed(GROUPED)
    top = ["open", "single", "several", "sum", "last", "fc"]
    assert [part.path for part in tree(net)] == top
    shown = outline(net)
    opened = ["open.a", "open.b", "single", "several", "sum.0.c", "sum", "last", "fc"]
    assert [part.path for part in shown] == opened
    words = [part.described(net) for part in shown]
    assert words == ["conv", "relu", "pair", "3 x pair", "conv", "add", "maxpool", "linear"]
    assert [part.start for part in shown] == [1, 2, 3, 6, 15, 16, 17, 18]


def test_the_flowchart_draws_each_block_once_with_what_feeds_it() -> None:
    network, block = flowcharts(analysed(GROUPED))
    assert 'n3[["several: 3 x pair<br/>16x16x4"]]' in network.text
    assert "n3 --> n5" in network.text
    assert "n4 --> n5" in network.text
    assert block.path == "single"
    assert 'i0(["open.b<br/>16x16x4"])' in block.text
    assert 'n2["inner.batchnorm1: batchnorm<br/>16x16x4"]' in block.text


def test_a_long_chain_is_folded_to_runs_of_layers() -> None:
    net = analysed(
        "name: n\ninput: 8x8x4\nlayers:\n" + "  - {type: conv, filters: 4, kernel: 1}\n" * 1000
    )
    shown = outline(net)
    assert len(shown) == 1000 // 25
    assert shown[0].described(net) == "25 layers"
    assert shown[-1].stop == 1 + 1000
    (chart,) = flowcharts(net)
    assert chart.text.count("<br/>") == 41
    assert "conv1 … conv25" in chart.text


def test_a_window_in_the_flowchart_has_its_stride_where_it_is_not_1() -> None:
    entries = (
        "{type: conv, name: a, filters: 2, kernel: 1, stride: [1, 2]}",
        "{type: conv, name: b, filters: 2, kernel: 3, stride: 2}",
        "{type: conv, name: c, filters: 2, kernel: [1, 3]}",
    )
    layers = "".join(f"  - {entry}\n" for entry in entries)
    (chart,) = flowcharts(analysed(f"name: n\ninput: 9x19x4\nlayers:\n{layers}"))
    for label in ("a: 1x1/1x2 conv<br/>9x10x2", "b: 3x3/2 conv<br/>4x4x2", "c: 1x3 conv<br/>4x2x2"):
        assert f'["{label}"]' in chart.text


def test_a_run_of_one_part_is_that_part() -> None:
    net = analysed("name: n\ninput: 8x8x4\nlayers:\n" + "  - {type: relu}\n" * 41)
    shown = outline(net)
    assert [part.stop - part.start for part in shown] == [2] * 20 + [1]
    assert shown[-1].described(net) == "relu"


def test_paths_of_different_centres_are_marked_and_explained() -> None:
    net = analysed(
        "name: n\ninput: 9x9x4\nlayers:\n  - {type: add, name: sum, branches: "
        "[[{type: conv, filters: 4, kernel: 3, padding: [[0, 2], [0, 2]]}], []]}\n"
    )
    text = report(net)
    assert "Marked ~: paths with other strides or centres meet" in text
    rows = {
        row[0]: row[1] for heading, *rows in tables(text) if heading[0] == "after" for row in rows
    }
    assert rows["`sum`"] == "3 \\~"
    assert "Marked ~" not in report(analysed(GROUPED))


def test_names_that_mermaid_reserves_are_labels_like_others() -> None:
    names = ("end", "graph", "subgraph", "style", "click", "default", "o", "x", "a--b", "class_1")
    layers = "".join(f"  - {{type: relu, name: {name}}}\n" for name in names)
    (chart,) = flowcharts(analysed(f"name: n\ninput: 4\nlayers:\n{layers}"))
    for place, name in enumerate(names):
        assert f'n{place}["{name}: relu<br/>4"]' in chart.text


def test_a_shape_that_is_only_read_is_a_dotted_arrow() -> None:
    net = analysed(
        "name: n\ninput: 8x8x4\nlayers:\n  - {type: conv, name: a, filters: 2, kernel: 3}\n"
        "  - {type: upsample, name: b, scale: 2}\n  - {type: crop, name: c, crop: {like: a}}\n"
    )
    assert "n0 -.-> n2" in flowcharts(net)[0].text


HOSTILE = (
    r"a|b <script>alert(1)</script> [x](http://x) ![y](z) `c` *d* _e_ # $f$ &amp; ``` | \ "
    "\"q\" 'r'"
)


def hostile() -> Analysis:
    quoted = HOSTILE.replace("'", "''")
    return analysed(
        f"name: '{quoted}'\ndescription: '{quoted}'\nsource: '{quoted}'\ninput: 7x7x3\n"
        "layers:\n  - {type: conv, name: a, filters: 10, kernel: 3, stride: 3}\n"
        "  - {type: conv, name: b, filters: 10, kernel: 1, stride: 2}\n"
        f"allow:\n  - {{rule: illegal-stride, at: a, because: '{quoted}'}}\n"
        f"published:\n  - {{quantity: params, value: 5, source: '{quoted}', note: '{quoted}'}}\n"
        "expect: {params: 380}\nbudget: {params: 400, macs: 1k}\n"
    )


def test_text_of_the_file_is_escaped_for_markdown() -> None:
    text = report(hostile())
    plain = prose(text)
    assert "<script" not in plain.replace("\\<script", "")
    assert "[x](" not in plain.replace("\\[x\\](", "")
    assert "![y]" not in plain
    assert "\n```" not in plain
    for heading, *rows in tables(text):
        assert {len(row) for row in rows} == {len(heading)}
    assert [line for line in headings(text) if line.startswith("# ")] == [text.splitlines()[0]]


def test_expectations_and_budgets_show_what_is_left_of_them() -> None:
    found = {heading[2]: rows for heading, *rows in tables(report(hostile())) if len(heading) > 2}
    params = 3 * 3 * 3 * 10 + 10 + 10 * 10 + 10
    macs = 3 * 3 * 3 * 10 * 2 * 2 + 10 * 10
    assert found["expected"] == [["network", "params", "380", f"{params}", "**differs**"]]
    assert found["budget"] == [
        ["network", "params", "400", f"{params}", "97.5%", f"{400 - params} left"],
        ["network", "macs", "1,000", f"{macs:,}", "118.0%", f"**{macs - 1000} over**"],
    ]


def test_findings_stand_under_the_explanation_of_their_rule() -> None:
    text = report(hostile())
    part = text.split("### illegal-stride")[1].split("\n### ")[0]
    assert "The floor is used, as frameworks do." in part
    assert "line 7, `b`: **warning**: height and width: (2 - 1)/2 + 1 = 1.5 is not whole" in part
    assert "line 6, `a`: **allowed**: height and width: (7 - 3)/3 + 1 = 2.33 is not whole" in part
    assert "the file accepts it: a\\|b" in part


def test_a_finding_that_is_accepted_has_its_reason_and_no_suggestions() -> None:
    lines = report(hostile()).splitlines()
    (place,) = [i for i, line in enumerate(lines) if line.startswith("- line 6, `a`: **allowed**")]
    assert lines[place + 1].startswith("  - the file accepts it: ")
    assert not lines[place + 2].startswith("  - ")
    (place,) = [i for i, line in enumerate(lines) if line.startswith("- line 7, `b`: **warning**")]
    assert lines[place + 1].startswith("  - ")


def test_findings_of_copies_are_one_with_their_number() -> None:
    net = api.run(api.read_source("resnet50"), chosen=CHECKS)
    (line,) = [
        line
        for line in report(net).splitlines()
        if "`layer2.0.sum.shortcut.conv`" in line and "28.5 is not whole" in line
    ]
    assert line.endswith(" (and 2 more like it)")


def test_the_index_counts_what_is_neither_accepted_nor_a_note() -> None:
    (table,) = tables(index.render([("net", hostile())], "archcalc report net.yaml -o reports"))
    warned = [each for each in hostile().diagnostics if not each.allowed]
    worth = sum(each.severity is not Severity.NOTE for each in warned)
    assert table[1][-1] == str(worth) != "0"


def test_a_window_is_written_with_what_differs_from_the_plain_one() -> None:
    entries = (
        "{type: conv, name: a, filters: 8, kernel: 3, padding: 2, dilation: 2, groups: 2}",
        "{type: conv, name: b, filters: 8, kernel: [1, 3], padding: [[0, 0], [1, 2]]}",
        "{type: maxpool, name: c, kernel: 3, stride: 2}",
        "{type: relu, name: d}",
    )
    layers = "".join(f"  - {entry}\n" for entry in entries)
    text = report(analysed(f"name: n\ninput: 9x9x4\nlayers:\n{layers}"))
    windows = {
        row[0]: row[2] for heading, *rows in tables(text) if heading[2] == "window" for row in rows
    }
    assert windows == {
        "`a`": "3, pad 2, dilation 2, 2 groups",
        "`b`": "1x3, pad 0+0x1+2",
        "`c`": "3/2 **!**",
        "`d`": "",
    }


def test_a_network_without_findings_or_figures_says_so_and_no_more() -> None:
    text = report(analysed("name: n\ninput: 8\nlayers:\n  - {type: linear, units: 2}\n"))
    assert "no rule finds anything" in text
    assert not {"## Published figures", "## Budgets", "## Receptive fields"} & set(headings(text))


def test_a_chart_is_well_formed_whatever_its_labels_hold() -> None:
    chart = Chart(HOSTILE + "\x00\x1b", [Bar("<&>\"'\x07", 3, "<3>"), Bar("b", 0, "0")], (5, "a<b"))
    root = ElementTree.fromstring(svg(chart))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<&>\"'�" in texts
    assert "a<b" in texts


def test_the_bars_are_in_proportion() -> None:
    chart = Chart("t", [Bar("a", 4, "4"), Bar("b", 1, "1")], (2, "half"))
    root = ElementTree.fromstring(svg(chart))
    bars = [e for e in root.iter() if e.attrib.get("class") == "bar"]
    assert float(bars[0].attrib["width"]) == pytest.approx(4 * float(bars[1].attrib["width"]))
    (line,) = [e for e in root.iter() if e.attrib.get("class") == "mark"]
    middle = float(bars[0].attrib["x"]) + float(bars[0].attrib["width"]) / 2
    assert float(line.attrib["x1"]) == pytest.approx(middle)


def test_a_mermaid_chart_has_shares_in_percent_and_codes_for_what_mermaid_obeys() -> None:
    text = mermaid(Chart('say "x"; [y]', [Bar("a", 1, ""), Bar('b"]', 2, "")], whole=8))
    assert "bar [12.5, 25]" in text
    assert '"a", "b#34;#93;"' in text
    assert 'title "say #34;x#34;#59; #91;y#93;, in #37;"' in text


def test_a_long_label_keeps_the_end_of_the_path() -> None:
    assert shortened("layer1.0.sum.residual.conv1") == "…0.sum.residual.conv1"[-18:].rjust(19, "…")
    assert shortened("conv1") == "conv1"


def test_diagrams_of_a_hostile_file_hold_none_of_its_text() -> None:
    for diagram in diagrams(report(hostile())):
        assert "script" not in diagram
