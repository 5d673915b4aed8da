"""The drawn table in all widths."""

from __future__ import annotations

import re

import pytest
from nets import net
from rich.cells import cell_len

import archcalc
from archcalc.api import builtin_names
from archcalc.renderers.grid import SHORT_PATH
from archcalc.renderers.shortening import shortened
from archcalc.views.columns import COLUMNS
from archcalc.wording import exact

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def resnet() -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load("resnet50"))


def body(text: str) -> list[str]:
    """The lines of the table: the heading and what stands below it, to the next empty line."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("─")) - 1
    return lines[start : lines.index("", start)]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", ["resnet50", "googlenet", "vgg16", "lenet5"])
def test_the_table_fits(name: str, width: int) -> None:
    analysis = archcalc.analyze(archcalc.load(name))
    text = archcalc.render(analysis, "table", width=width)
    assert max(map(cell_len, body(text))) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_numbers_are_never_cut(resnet: archcalc.Analysis, width: int) -> None:
    lines = body(archcalc.render(resnet, "table", width=width))
    assert "…" not in "".join(line[SHORT_PATH + 3 :] for line in lines if width > 60)
    for layer, line in zip(resnet.layers, lines[2:], strict=True):
        words = line.split()
        assert str(layer.output) in words
        assert exact(layer.params) in words
        if "MACs" in lines[0]:
            assert exact(layer.macs) in words


def test_the_least_useful_columns_go_first() -> None:
    analysis = archcalc.analyze(archcalc.load("lenet5"))
    before: set[str] = set()
    for width in range(20, 140):
        heading = set(body(archcalc.render(analysis, "table", width=width))[0].split())
        assert before <= heading
        before = heading
    assert {"kernel", "stride", "pad", "field"} <= before


@pytest.mark.parametrize("width", [40, 60, 80])
def test_everything_but_the_place_of_a_finding_is_wrapped(
    resnet: archcalc.Analysis, width: int
) -> None:
    text = archcalc.render(resnet, "table", width=width)
    long = [line for line in text.splitlines() if cell_len(line) > width]
    assert all(line.startswith("architectures/resnet50.yaml:") for line in long)


def test_wrapping_loses_no_word(resnet: archcalc.Analysis) -> None:
    def words(text: str) -> list[str]:
        totals = text[text.index("layers  ") : text.index("architectures/")]
        return totals.split()

    wide, narrow = (archcalc.render(resnet, "table", width=width) for width in (None, 50))
    assert words(wide) == words(narrow)


def test_what_has_no_room_is_named(resnet: archcalc.Analysis) -> None:
    text = " ".join(archcalc.render(resnet, "table", width=80).split())
    assert "no room for type, kernel, stride, padding, receptive_field; --columns" in text
    assert "no room" not in archcalc.render(resnet, "table", width=200)


def test_columns_that_are_asked_for_stay(resnet: archcalc.Analysis) -> None:
    text = archcalc.render(resnet, "table", width=20, columns=["name", "type", "flops"], top=1)
    assert body(text)[0].split() == ["name", "type", "FLOPs"]
    assert body(text)[2].split() == ["conv1", "conv", "236,027,904"]


def test_a_shortened_name_keeps_its_end() -> None:
    assert shortened("stage.0.sum.conv1", 12) == "…0.sum.conv1"
    assert len("…0.sum.conv1") == 12
    assert shortened("conv1", 12) == "conv1"


def test_without_a_width_nothing_is_left_out(resnet: archcalc.Analysis) -> None:
    text = archcalc.render(resnet, "table")
    assert "…" not in "".join(body(text))
    assert len(body(text)) == 2 + len(resnet.layers)
    assert not ESCAPES.search(text)


def test_colour_changes_nothing_else(resnet: archcalc.Analysis) -> None:
    plain = archcalc.render(resnet, "table", width=100)
    coloured = archcalc.render(resnet, "table", width=100, colour=True)
    assert ESCAPES.search(coloured)
    stripped = [line.rstrip() for line in ESCAPES.sub("", coloured).splitlines()]
    assert stripped == plain.splitlines()


def test_rows_that_are_not_shown_are_counted(resnet: archcalc.Analysis) -> None:
    text = archcalc.render(resnet, "table", sort="params", top=2)
    assert f"2 rows of {len(resnet.layers)} layers; the totals are of all" in text
    assert "rows of" not in archcalc.render(resnet, "table")


def test_every_column_is_drawn() -> None:
    analysis = net("{type: conv, name: c, filters: 2, kernel: 3, stride: 3}", "7x7x3")
    text = archcalc.render(analysis, "table", columns=list(COLUMNS))
    assert len(body(text)) == 3


@pytest.mark.parametrize("name", builtin_names())
def test_no_line_of_a_table_ends_with_spaces(name: str) -> None:
    text = archcalc.render(archcalc.analyze(archcalc.load(name)), "table")
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_footer_says_where_the_cost_is() -> None:
    analysis = net(
        ["{type: conv, name: c, filters: 2, kernel: 1, bias: false}", "{type: linear, units: 3}"],
        "2x2x3",
    )
    # conv: 1 x 1 x 3 x 2 weights at 2 x 2 positions; linear: 2 x 2 x 2 x 3 weights and 3 biases
    text = archcalc.render(analysis, "table")
    assert f"{6 * 4 + 24} " in text
    assert "convolutions: 18.2% of the parameters, 50.0% of the MACs" in text  # 6 / 33, 24 / 48
    assert "fully connected layers: 81.8% of the parameters, 50.0% of the MACs" in text


def test_what_a_file_says_is_text() -> None:
    evil = '"\\e[2J [bold red]b[/] [link=x]y[/link] :smile: \\u202e"'
    analysis = net("{type: relu, name: a}", "2x2x1", description=evil, source=evil)
    for text in (
        archcalc.render(analysis, "table"),
        archcalc.render(analysis, "table", width=400, colour=True),
    ):
        title, source, *_ = text.splitlines()
        assert title == f"net: {source}"
        assert source == "\\x1b[2J [bold red]b[/] [link=x]y[/link] :smile: \\u202e"


def test_thousands_of_layers_have_a_row_each() -> None:
    count = 2000
    analysis = net(["{type: conv, filters: 1, kernel: 1}"] * count, "4x4x1")
    assert len(body(archcalc.render(analysis, "table"))) == 2 + count
