"""Draws the pictures of docs/page.md in an installed Chromium: `pip install '.[browser]'` first.

Fonts and versions of browsers differ, so nothing holds the pictures to their bytes: run this after
a change of how the page looks, and look at the result.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from archcalc import api
from archcalc.renderers.page import render
from archcalc.rules.catalogue import CHECKS

FOLDER = Path(__file__).parent / "pictures"
MOST = 150_000  # bytes of a picture


def inception(page: Any) -> None:
    page.locator("[data-open]").first.click()
    page.locator("#canvas").evaluate("(pane) => pane.scrollTo(0, 240)")


def volumes(page: Any) -> None:
    page.select_option("#view", "volumes")
    page.click("#rows .pick >> text=up3")
    page.click("#tab-memory")


def field(page: Any) -> None:
    page.click("#rows .pick >> text=conv3")
    page.click("#tab-field")


# The network, the colour scheme, the height of the window, the part of the page that is shown (all
# of it for ""), and what is done first.
PICTURES: dict[str, tuple[str, str, int, str, Callable[[Any], None]]] = {
    "boxes": ("googlenet", "light", 800, "#graph", inception),
    "volumes": ("unet", "dark", 790, "", volumes),
    "field": ("alexnet", "light", 1180, "section[aria-label]", field),
}


def main() -> int:
    """Writes every picture; the status is 1 if one is too large."""
    FOLDER.mkdir(exist_ok=True)
    found = shutil.which("chromium") or shutil.which("google-chrome")
    status = 0
    with sync_playwright() as started, TemporaryDirectory() as folder:
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for name, (network, scheme, height, part, act) in PICTURES.items():
            source = Path(folder, f"{network}.html")
            analysis = api.run(api.read_source(network), chosen=CHECKS)
            source.write_text(render(analysis, f"{network}.yaml"), "utf-8")
            window = {"width": 1180, "height": height}
            page = browser.new_page(viewport=window, color_scheme=scheme)
            page.goto(source.as_uri())
            page.wait_for_selector("#panel > *")
            act(page)
            shown = page.locator(part) if part else page
            path = FOLDER / f"page-{name}.png"
            shown.screenshot(path=str(path), animations="disabled")
            size = path.stat().st_size
            status |= size > MOST
            sys.stdout.write(f"{path.name}: {size:,} bytes\n")
        browser.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
