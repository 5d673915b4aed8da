"""Pages of our networks in Chromium: pictures, tabs, phones, keys, paper, numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import AUDIT, MARKS, TABS, VIEWS, analysed, axe, browser, visit, written
from nets import text

from archcalc import api

pytestmark = MARKS
NAMES = api.builtin_names()
# axe-core takes seconds a page: `EVERY_PAGE=1 pytest -m browser tests/page` asks it about all.
AUDITED = NAMES if os.environ.get("EVERY_PAGE") else ("unet", "googlenet", "resnet18", "vit-b16")

# A colour scheme changes nothing but colours, and a tab nothing but its panel.
VIOLATIONS = """([around, rules]) => axe.run(around, rules ? {runOnly: rules} : {})
  .then((found) => found.violations.map((rule) =>
    `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.html)}`))"""

# What is cut on paper: parts that scroll, rows that may break, pictures that are too wide.
CUT = """() => {
  const nodes = [...document.querySelectorAll('#app *')].filter((node) => node.checkVisibility());
  return nodes.flatMap((node) => {
    const look = getComputedStyle(node), wrong = [];
    const isRow = ['TR', 'LI'].includes(node.tagName), isPicture = node instanceof SVGElement;
    if (isRow && look.breakInside !== 'avoid') wrong.push('may break');
    if (!isPicture && look.overflowY !== 'visible' && look.position !== 'absolute'
      && node.scrollHeight > node.clientHeight + 1) wrong.push('is cut');
    if (node.tagName === 'svg' && node.getBoundingClientRect().right > innerWidth) {
      wrong.push('is too wide');
    }
    return wrong.map((fact) => `${node.tagName} ${node.id} ${node.getAttribute('class')} ${fact}`);
  });
}"""

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


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_every_network(page: Any, name: str) -> None:
    """In one visit, since to open a page takes longer than to look at it."""
    wrong = [*pictures(page), *numbers(page, name), *keys(page), *phone(page), *paper(page)]
    assert wrong == []


def pictures(page: Any) -> Iterator[str]:
    """Boxes that overlap and arrows that cross one, folded and open."""
    for view in VIEWS:
        page.select_option("#view", view)
        yield from page.evaluate(AUDIT)
        for button in ("#open-all", "#fold-all"):
            page.click(button)
            yield from page.evaluate(AUDIT)


def keys(page: Any) -> Iterator[str]:
    """What is reached neither by Tab nor, in a picture or among the tabs, by arrows."""
    for view in reversed(VIEWS):
        page.select_option("#view", view)
        if missed := page.evaluate(WALK):
            yield f"{view}: {missed} boxes are not reached"
    page.evaluate(
        "() => { document.activeElement.blur(); window.reached = new Set();"
        "addEventListener('focusin', (event) => reached.add(event.target)); }"
    )
    many = page.evaluate(f"({TABBABLE})().length")
    for _ in range(many + 3):
        page.keyboard.press("Tab")
    missed = f"({TABBABLE})().filter((node) => !reached.has(node)).map((node) => node.outerHTML)"
    yield from page.evaluate(missed)
    page.focus("[role=tab][tabindex='0']")
    for name in (*TABS[1:], TABS[0]):
        page.keyboard.press("ArrowRight")
        if page.get_attribute(f"#tab-{name}", "aria-selected") != "true":
            yield f"the tab {name} is not reached"


def phone(page: Any) -> Iterator[str]:
    """Views and tabs that scroll sideways on a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    for view in VIEWS:
        page.select_option("#view", view)
        for tab in TABS:
            page.click(f"#tab-{tab}")
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 390:
                yield f"{view}, {tab}: {width} pixels"


def paper(page: Any) -> Iterator[str]:
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 between margins of a centimetre
    for view in VIEWS:
        page.select_option("#view", view)
        for tab in TABS:
            page.click(f"#tab-{tab}")
            page.emulate_media(media="print")
            yield from (f"{view}, {tab}: {fact}" for fact in page.evaluate(CUT))
            page.emulate_media(media="screen")


@pytest.mark.parametrize("name", AUDITED)
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


def shown(page: Any) -> Any:
    """Every row of the table, and its last."""
    page.click("button[data-column='0']")
    while page.locator("#rows .more button").count():
        page.click("#rows .more button")
    rows = page.eval_on_selector_all("#rows tbody tr", ROWS)
    last = page.eval_on_selector_all(
        "#rows tfoot td", "(cells) => cells.map((one) => one.innerText)"
    )
    page.click("button[data-column='0']")  # downwards
    page.click("button[data-column='0']")  # as they are written
    return rows, last


def numbers(page: Any, named: str) -> Iterator[str]:
    """What differs from JSON version 1: the table, its last row and the totals in the cards."""
    version_1 = analysed(named).to_dict()
    rows, last = shown(page)
    expected = {
        layer["name"]: [
            "×".join(map(str, (*layer["output"]["spatial"], layer["output"]["channels"]))),
            *(f"{layer[key]:,}" for key in ("params", "macs", "activation_bytes")),
        ]
        for layer in version_1["layers"]
    }
    found = {path: cells for path, *cells in rows}
    for name in {**expected, **found}:
        if found.get(name) != expected.get(name):
            yield f"{name}: {found.get(name)}, not {expected.get(name)}"
    totals = version_1["totals"]
    sums = [f"{totals[key]:,}" for key in ("params", "macs", "activation_bytes")]
    if last[:3] != sums:
        yield f"the last row: {last}, not {sums}"
    told = page.eval_on_selector_all("#cards li", "(all) => all.map((one) => one.title)")
    for key in ("params", "macs", "activation_bytes", "peak_bytes"):
        if not any(f"{totals[key]:,}" in one for one in told):
            yield f"no card has the {totals[key]:,} {key}"


BEYOND = text(
    ["{type: flatten, name: f}", "{type: linear, name: fc, units: 999999999}"], "10000x10000x3"
)


@pytest.mark.parametrize("name", [BEYOND], ids=["beyond"])
def test_numbers_beyond_those_of_scripts_are_not_rounded(page: Any, name: str) -> None:
    assert list(numbers(page, name)) == []
    assert analysed(name).to_dict()["totals"]["params"] > 2**53
