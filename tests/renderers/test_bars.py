"""Charts of bars as SVG and as mermaid draws them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from archcalc.renderers.bars import mermaid, svg
from archcalc.renderers.shortening import distinct
from archcalc.views.charts import Bar, Chart

HOSTILE = "|<script>alert(1)</script> `c` & \"q\" 'r'"


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
    text = mermaid(Chart('say "x"; [y]', [Bar("a", 1, "1"), Bar('b"]', 2, "2")], whole=8))
    assert "bar [12.5, 25]" in text
    assert 'x-axis ["a#58; 1", "b#34;#93;#58; 2"]' in text
    assert 'title "say #34;x#34;#59; #91;y#93;, in #37;"' in text


def test_a_long_label_keeps_the_end_of_the_path() -> None:
    path = "layer1.0.sum.residual.conv1"
    assert distinct([path, "conv1"], 19) == ["…0.sum.residual.conv1"[-18:].rjust(19, "…"), "conv1"]


@pytest.mark.parametrize("width", [12, 19])
def test_paths_that_differ_are_shown_apart(width: int) -> None:
    stages = [f"stage{stage}" for stage in range(12)]
    paths = [f"{stage}.{copy}.residual.conv1" for stage in stages for copy in range(20)]
    paths += [f"{'a' * 30}{letter}{'b' * 30}" for letter in "xyz"]
    short = distinct(paths, width)
    assert len(set(short)) == len(paths)
    assert max(map(len, short)) <= width
