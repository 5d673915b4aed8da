"""What a notebook shows."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from nets import net

import archcalc


class Reader(HTMLParser):
    """Collects tags and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"style", "src", "href"} & dict(attrs).keys()
        assert not any(key.startswith("on") for key, _ in attrs)
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_analysis_shows_itself_as_a_table() -> None:
    analysis = archcalc.analyze(archcalc.load("lenet5"))
    shown = Reader(analysis._repr_html_())
    assert not shown.open
    assert shown.tags.count("table") == 1
    assert shown.tags.count("tr") == 1 + len(analysis.layers)
    assert "60,000" in shown.text
    assert shown.tags.count("svg") == 1
    assert shown.tags.count("g") == 1 + len(analysis.layers)


def test_arrows_over_others_run_in_lanes_of_their_own() -> None:
    analysis = archcalc.analyze(archcalc.load("unet"))
    ways = re.findall(r'class="way" d="M\d+ \d+V(\d+)H', analysis._repr_html_())
    assert len(ways) == len(set(ways)) == 4


def test_findings_are_shown_with_suggestions() -> None:
    analysis = net("{type: conv, name: c, filters: 1, kernel: 3, stride: 3}", "7x7x3")
    shown = Reader(analysis._repr_html_())
    assert not shown.open
    assert "line 4, c: warning illegal-stride: " in shown.text
    assert "`stride: 2` gives 3x3" in shown.text


def test_what_a_file_says_is_no_markup() -> None:
    evil = '"<script>alert(1)</script> & \\"quoted\\" \\e[2J"'
    analysis = net("{type: relu, name: a}", "2x2x1", description=evil, source=evil)
    shown = Reader(analysis._repr_html_())
    assert "script" not in shown.tags
    assert shown.text.count('<script>alert(1)</script> & "quoted" \\x1b[2J') == 2
