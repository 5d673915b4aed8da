"""What a report says of layers, findings and figures, and that it escapes what a file says."""

from __future__ import annotations

from collections.abc import Callable

from documents import diagrams, headings, prose, tables
from reports import GROUPED, analysed, report

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.diagnostics import Severity
from archcalc.renderers import index
from archcalc.renderers import report as page
from archcalc.rules.catalogue import CHECKS


def test_a_report_reads_as_it_did(golden: Callable[[str, str], None]) -> None:
    files = page.render(analysed(GROUPED), "grouped", "archcalc report grouped.yaml -o grouped.md")
    for name, text in files.items():
        golden(f"report-{name}", text)
    inline = page.render(analysed(GROUPED), "grouped", "archcalc", inline=True)["grouped.md"]
    golden("report-inline.txt", "\n".join(diagrams(inline)))


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


def test_diagrams_of_a_hostile_file_hold_none_of_its_text() -> None:
    for diagram in diagrams(report(hostile())):
        assert "script" not in diagram
