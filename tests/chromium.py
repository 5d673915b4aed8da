"""Pages in Chromium, for tests: one browser for a module, whatever a page says or asks is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from archcalc import api
from archcalc.renderers.page import render
from archcalc.rules.catalogue import CHECKS

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
TABS = ("arithmetic", "field", "windows", "memory", "source")
VIEWS = ("boxes", "volumes")
AUDIT = (Path(__file__).parent / "page" / "in_browser.js").read_text("utf-8")

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@contextmanager
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def analysed(named: str) -> Any:
    """The analysis of a built-in network, or of a text."""
    source = api.read_source(named) if "\n" not in named else api.source_of(
        named.encode(), "net.yaml"
    )  # fmt: skip
    return api.run(source, chosen=CHECKS)


def written(named: str, folder: Path) -> Path:
    analysis = analysed(named)
    path = folder / "net.html"
    name = Path(analysis.network.source.filename).name
    path.write_text(render(analysis, name), "utf-8")
    return path


def visit(browser: Any, path: Path, wrong: list[str], link: str = "", **options: Any) -> Any:
    """A tab with the page, complete; what the console says and what is asked for goes to wrong."""
    context = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, **options})
    page = context.new_page()
    page.set_default_timeout(120_000)  # machines are shared
    page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda sent: None if sent.url.startswith((path.as_uri(), "blob:"))
        else wrong.append(sent.url),
    )  # fmt: skip
    page.goto(path.as_uri() + link)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("#panel > *", state="attached")
    return page


def axe() -> str:
    """The source of axe-core, as a package of the tests brings it."""
    pytest.importorskip("axe_playwright_python")
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
