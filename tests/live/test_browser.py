"""The page that follows a file, in Chromium: it keeps its state, and shows mistakes beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from following import NET, Served

from archcalc import api

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

UNTIL = """() => new Promise((resolve) => {
  const look = () => (%s ? resolve(performance.now()) : requestAnimationFrame(look));
  look();
})"""


def until(page: Any, holds: str) -> float:
    """When an expression held in the page: the policy lets no other way to wait run."""
    return float(page.evaluate(UNTIL % holds))


Follow = Callable[[str], tuple[Path, Any]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def follow(chromium: Any, tmp_path: Path) -> Iterator[Follow]:
    """Serves a file of this text and opens its page; whatever the console says fails the test."""
    made: list[Any] = []
    wrong: list[str] = []

    def follow(text: str) -> tuple[Path, Any]:
        path = tmp_path / "net.yaml"
        path.write_text(text, "utf-8")
        served = Served(path)
        page = chromium.new_page(viewport={"width": 1400, "height": 1000})
        page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(served.server.address)
        made.extend((page, served))
        return path, page

    yield follow
    for one in made:
        one.close()
    assert wrong == []


def test_what_is_open_and_selected_stays_so(follow: Follow) -> None:
    text = api.read_source("unet").text
    path, page = follow(text)
    page.wait_for_selector(".box")
    page.locator("[data-open]").nth(4).click()
    page.click("#rows .pick >> nth=6")
    page.click("#tab-memory")
    boxes, selected = page.locator(".box").count(), page.inner_text("#about-layer")
    path.write_text(text.replace("{filters: $(2 * input.channels)}", "{filters: 96}"), "utf-8")
    page.wait_for_selector(".box.changed")
    assert page.locator(".box").count() == boxes
    assert page.inner_text("#about-layer") == selected
    assert page.get_attribute("#tab-memory", "aria-selected") == "true"
    assert "%" in page.inner_text("#cards")


def test_mistakes_stand_above_the_last_good_picture(follow: Follow) -> None:
    text = api.read_source("unet").text
    path, page = follow(text)
    page.wait_for_selector(".box")
    boxes = page.locator(".box").count()
    path.write_text(text.replace("kernel: 2", "kernl: 2"), "utf-8")
    page.wait_for_selector("#mistakes:visible")
    assert page.locator(".box").count() == boxes
    assert page.locator("#app.past").count() == 1
    page.click("#mistakes button")
    assert page.locator("ol.source .finding.error").count() >= 1
    path.write_text(text, "utf-8")
    page.wait_for_selector("#mistakes", state="hidden")
    assert page.locator("#app.past").count() == 0


def test_a_half_written_file_never_shows(follow: Follow) -> None:
    path, page = follow(NET)
    page.wait_for_selector(".box")
    page.evaluate(
        "() => { window.shown = 0; const bar = document.querySelector('#mistakes');"
        "new MutationObserver(() => { window.shown += !bar.hidden; })"
        ".observe(bar, {attributes: true}); }"
    )
    for filters in range(5, 15):
        path.write_text("", "utf-8")
        path.write_text(NET[:40], "utf-8")
        time.sleep(0.01)
        path.write_text(NET.replace("4", str(filters)), "utf-8")
        until(page, f"document.querySelector('#rows').innerText.includes('{28 * filters}')")
    assert page.evaluate("window.shown") == 0


def test_a_broken_file_shows_its_mistakes_until_it_is_well(follow: Follow) -> None:
    path, page = follow(NET.replace("filters", "filtres"))
    page.wait_for_selector("#mistakes:visible")
    assert "filtres" in page.inner_text("#mistakes")
    assert not page.locator("#app").is_visible()
    path.write_text(NET, "utf-8")
    page.wait_for_selector(".box")
    assert page.locator("#mistakes").is_hidden()


def test_the_arithmetic_of_a_layer_is_asked_for(follow: Follow) -> None:
    path, page = follow(NET)
    page.wait_for_selector("#panel dd")
    assert "F x F x C x K = 3 x 3 x 3 x 4 = 108" in page.inner_text("#panel")
    path.write_text(NET.replace("4", "7"), "utf-8")
    until(page, "document.querySelector('#panel').innerText.includes('= 189')")


def test_a_long_file_says_that_it_is_calculated_and_shows_its_tree(follow: Follow) -> None:
    path, page = follow(NET)
    page.wait_for_selector(".box")
    long = "name: long\ninput: 2x2x1\nlayers:\n  - {name: g, repeat: 999, layers: [%s]}\n"
    hundred = ", ".join(f"{{type: relu, name: r{number}}}" for number in range(100))
    path.write_text(long % hundred, "utf-8")
    page.wait_for_selector("#live:visible")
    assert page.inner_text("#live") == "calculating net.yaml …"
    until(page, "document.title === 'long'")
    assert page.locator("#live").is_hidden()
    assert "99,900" in page.inner_text("#cards")
    assert page.inner_text("#rows tbody tr .pick") == "g"
    page.locator("#rows .fold >> nth=0").click()
    assert "0.r0 … 39.r99" in page.inner_text("#rows tbody")


@pytest.mark.parametrize("name", ["unet", "resnet152"])
def test_a_change_is_soon_there(
    follow: Follow, name: str, record_property: Callable[[str, object], None]
) -> None:
    """What fails the test is far above what it takes, since machines are shared."""
    text = api.read_source(name).text
    path, page = follow(text)
    page.wait_for_selector(".box")
    time.sleep(1)
    took = []
    for number in range(20):
        start = page.evaluate("performance.now()")
        path.write_text(text.replace("name: ", f"name: v{number} ", 1), "utf-8")
        took.append(until(page, f"document.title.startsWith('v{number} ')") - start)
    record_property("milliseconds from save to paint", median(took))
    assert median(took) < 2000
