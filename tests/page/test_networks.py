"""Pages of our networks in Chromium: pictures, tabs, phones, keys, paper, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import AUDIT, MARKS, TABS, VIEWS, analysed, axe, browser, visit, written
from nets import text

from archcalc import api

pytestmark = MARKS
NAMES = api.builtin_names()

# A colour scheme changes nothing but colours, and a tab nothing but its panel.
VIOLATIONS = """([around, rules]) => axe.run(around, rules ? {runOnly: rules} : {})
  .then((found) => found.violations.map((rule) =>
    `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.html)}`))"""

TABBABLE = """() => [...document.querySelectorAll(
  'a[href], button, select, input, [tabindex="0"]'
)].filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility()
  && !(node.type === 'radio' && !node.checked))"""

# By arrows alone, from the first box to the last.
WALK = """() => {
  const isDown = document.querySelector('#view').value === 'boxes', reached = new Set();
  document.querySelector(".box[tabindex='0']").focus();
  const press = (name) => document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
  press('Home');
  while (!reached.has(document.activeElement.dataset.id)) {
    reached.add(document.activeElement.dataset.id);
    press(isDown ? 'ArrowDown' : 'ArrowRight');
  }
  const boxes = [...document.querySelectorAll('.box')];
  return boxes.filter((box) => !reached.has(box.dataset.id)).length;
}"""

ROWS = """(rows) => rows.map((row) => [row.querySelector('.pick').title,
  ...[...row.cells].slice(2, 6).map((cell) => cell.innerText)])"""


def some(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


@pytest.fixture
def page(name: str, chromium: Any, tmp_path: Path) -> Iterator[Any]:
    wrong: list[str] = []
    made = visit(chromium, written(name, tmp_path), wrong)
    yield made
    made.context.close()
    assert wrong == []


@some(*NAMES)
def test_no_box_overlaps_and_no_arrow_crosses_one(page: Any) -> None:
    wrong = []
    for view in VIEWS:
        page.select_option("#view", view)
        wrong += page.evaluate(AUDIT)
        for button in ("#open-all", "#fold-all"):
            page.click(button)
            wrong += page.evaluate(AUDIT)
    assert wrong == []


@some("unet", "googlenet", "resnet18", "vit-b16")
def test_nobody_is_kept_out(page: Any) -> None:
    page.evaluate(axe())
    wrong = []
    for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)
        for view in VIEWS:
            page.select_option("#view", view)
            for tab in TABS if view == VIEWS[0] else TABS[:1]:
                page.click(f"#tab-{tab}")
                around = "#panel" if tab != TABS[0] else "html"
                found = page.evaluate(VIOLATIONS, [around, rules])
                wrong += [f"{scheme}, {view}, {tab}: {fact}" for fact in found]
    assert wrong == []


@some("unet", "googlenet", "resnet152", "yolov3")
def test_a_phone_does_not_scroll_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wrong = []
    for view in VIEWS:
        page.select_option("#view", view)
        for tab in TABS:
            page.click(f"#tab-{tab}")
            width = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{view}, {tab}: {width}"] if width > 390 else []
    assert wrong == []


@some("unet", "googlenet")
def test_keys_alone_reach_everything(page: Any) -> None:
    for view in reversed(VIEWS):
        page.select_option("#view", view)
        assert page.evaluate(WALK) == 0
    page.evaluate(
        "() => { document.activeElement.blur(); window.reached = new Set();"
        "addEventListener('focusin', (event) => reached.add(event.target)); }"
    )
    many = page.evaluate(f"({TABBABLE})().length")
    for _ in range(many + 3):
        page.keyboard.press("Tab")
    missed = f"({TABBABLE})().filter((node) => !reached.has(node)).map((node) => node.outerHTML)"
    assert page.evaluate(missed) == []
    page.focus("[role=tab][tabindex='0']")
    for name in (*TABS[1:], TABS[0]):
        page.keyboard.press("ArrowRight")
        assert page.get_attribute(f"#tab-{name}", "aria-selected") == "true"


@some("resnet18")
def test_paper_cuts_no_row(page: Any) -> None:
    page.emulate_media(media="print")
    look = "getComputedStyle(document.querySelector('{}')).{}"
    assert page.evaluate(look.format("#rows tr", "breakInside")) == "avoid"
    for pane in ("#canvas", "#rows", "#panel"):
        assert page.evaluate(look.format(pane, "overflow")) == "visible"


def shown(page: Any) -> Any:
    """Every row of the table, and its last."""
    page.click("button[data-column='0']")
    while page.locator("#rows .more button").count():
        page.click("#rows .more button")
    rows = page.eval_on_selector_all("#rows tbody tr", ROWS)
    last = page.eval_on_selector_all(
        "#rows tfoot td", "(cells) => cells.map((one) => one.innerText)"
    )
    return rows, last


@some("unet", "googlenet", "zfnet-wide", "wide")
def test_numbers_are_those_of_the_json_document(chromium: Any, tmp_path: Path, name: str) -> None:
    """The last one has numbers beyond 2^53, which a script would round."""
    beyond = ["{type: flatten, name: f}", "{type: linear, name: fc, units: 999999999}"]
    named = text(beyond, "10000x10000x3") if name == "wide" else name
    version_1 = analysed(named).to_dict()
    wrong: list[str] = []
    page = visit(chromium, written(named, tmp_path), wrong)
    rows, last = shown(page)
    expected = {
        layer["name"]: [
            "×".join(map(str, (*layer["output"]["spatial"], layer["output"]["channels"]))),
            *(f"{layer[key]:,}" for key in ("params", "macs", "activation_bytes")),
        ]
        for layer in version_1["layers"]
    }
    assert {path: cells for path, *cells in rows} == expected
    totals = version_1["totals"]
    assert last[:3] == [f"{totals[key]:,}" for key in ("params", "macs", "activation_bytes")]
    told = page.eval_on_selector_all("#cards li", "(all) => all.map((one) => one.title)")
    for key in ("params", "macs", "activation_bytes", "peak_bytes"):
        assert any(f"{totals[key]:,}" in one for one in told)
    page.context.close()
    assert wrong == []
