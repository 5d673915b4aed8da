"""A page on which a difference is drawn."""

from __future__ import annotations

from html import escape

from archcalc.renderers import difference as plain
from archcalc.renderers.page import page, still
from archcalc.views.difference import Difference
from archcalc.views.page.changes import changed


def render(difference: Difference) -> str:
    """The page of the new network; without scripts, the difference in words before it."""
    name = difference.new.network.source.filename.replace("\\", "/").rsplit("/", 1)[-1]
    words = f"<pre>{escape(plain.text(difference))}</pre>\n"
    return page(changed(difference, name), words + still.render(difference.new))
