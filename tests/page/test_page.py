"""The page as a file: it asks for nothing, runs nothing of a stranger, and stays small."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nets import net
from process import run
from webpage import Page, data_of

import archcalc
from archcalc import api
from archcalc.renderers.page import SCRIPTS, filled, inert, render
from archcalc.rules.catalogue import CHECKS

NAMES = api.builtin_names()
EVIL = (
    '</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> " onload="alert(1) '
    "\\u202e {{data}} {{script}}"
)


def page(name: str) -> str:
    return render(api.run(api.read_source(name), chosen=CHECKS), name)


@pytest.fixture(scope="module")
def evil() -> str:
    quoted = "'" + EVIL.replace("'", "''") + "'"
    entry = "{type: conv, name: c, filters: 1, kernel: 3, stride: 3}"
    allow = f"[{{rule: illegal-stride, because: {quoted}}}]"
    text = f"name: {quoted}\ninput: 7x7x3\ndescription: {quoted}\nsource: {quoted}\n"
    text += f"# {EVIL}\nallow: {allow}\nlayers:\n  - {entry}\n"
    return render(api.run(api.source_of(text.encode(), EVIL), chosen=CHECKS), EVIL)


def test_text_of_a_file_is_no_markup(evil: str) -> None:
    read = Page(evil)
    assert not read.open
    assert len(read.all("script")) == 2
    assert not read.all("img")
    handlers = [key for _, found in read.elements for key in found if key.startswith("on")]
    assert not handlers
    data = data_of(evil)
    assert data["file"] == EVIL
    assert EVIL in data["source"]
    assert "<" not in read.inside("script")[0]


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | inner))
def test_data_is_read_back_and_ends_no_element(value: object) -> None:
    import json

    text = inert(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)


def test_a_place_is_filled_in_once() -> None:
    assert filled("{{a}} {{b}}", {"a": "{{b}}", "b": "{{a}}"}) == "{{b}} {{a}}"


@pytest.mark.parametrize("name", ["lenet5", "resnet18"])
def test_the_policy_names_the_script_and_the_style(name: str) -> None:
    text = page(name)
    read = Page(text)
    script = text[text.rindex("<script>") + 8 : text.rindex("</script>")]
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    for part in (script, style):
        digest = b64encode(sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in read.policy
    assert read.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in read.policy
    assert "http" not in read.policy


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_for_and_pages_are_small(name: str) -> None:
    text = page(name)
    for _, found in Page(text).elements:
        assert not {"src", "href", "style", "srcset", "action"} & found.keys()
    assert len(text) <= (280_000 if name == "resnet152" else 360_000)


def test_the_most_layers_that_a_file_has_fit_into_16_megabytes() -> None:
    residual = "[{type: conv, filters: 4, kernel: 3, padding: 1}, {type: relu}]"
    merge = f"{{type: add, name: sum, branches: {{residual: {residual}, shortcut: []}}}}"
    text = f"name: most\ninput: 8x8x4\nblocks:\n  unit: {{layers: [{merge}]}}\n"
    text += "layers:\n  - {block: unit, name: block, repeat: 33000}\n"
    written = render(api.run(api.source_of(text.encode(), "most.yaml"), chosen=()), "most.yaml")
    assert len(written) <= 16_000_000


def test_scripts_make_no_markup_of_text() -> None:
    for name in SCRIPTS:
        text = (files("archcalc.renderers.page") / "assets" / f"{name}.js").read_text("utf-8")
        banned = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|fetch\("
        assert not re.search(banned, text)
        assert not re.search(r'setAttribute\("style|style: ', text)


def test_equal_input_gives_equal_bytes() -> None:
    assert page("googlenet") == page("googlenet")


def test_without_scripts_there_are_the_totals_the_table_and_the_picture() -> None:
    read = Page(page("resnet152"))
    rows = read.all("tr")
    assert 10 < len(rows) <= 101
    assert len(read.all("svg")) == 1
    words = " ".join(text for _, text in read.texts)
    assert "60.2M" in words
    assert "layer3" in words


def test_many_layers_are_left_out_of_what_is_shown_without_scripts() -> None:
    analysis = net([
        f"{{type: relu, name: r{number}}}" for number in range(200)
    ], "2x2x1")  # fmt: skip
    read = Page(render(analysis, "many.yaml"))
    assert len(read.all("tr")) == 101
    assert "more rows" in " ".join(read.inside("p"))


def test_the_name_of_a_file_has_no_folder(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        "name: small\ninput: 8x8x3\nlayers:\n  - {type: relu}\n", "utf-8"
    )
    done = run("report", str(tmp_path / "small.yaml"), "-o", str(tmp_path / "small.html"))
    assert done.status == 0, done.err
    text = (tmp_path / "small.html").read_text("utf-8")
    assert str(tmp_path) not in text
    assert data_of(text)["file"] == "small.yaml"


def test_a_page_of_a_network_without_a_file() -> None:
    builder = archcalc.Builder("built", "8x8x3")
    builder.add(archcalc.LAYERS["conv"](filters=4, kernel=3), name="c")
    data = data_of(render(archcalc.analyze(builder.network()), "built"))
    assert data["source"] == ""
