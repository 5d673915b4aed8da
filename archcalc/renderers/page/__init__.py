"""The page of a network: one file that asks for nothing else, which a script makes move.

Files come from strangers. The data is ASCII and cannot end the element that holds it, everything is
filled in in one pass, and a policy lets only our script and style run.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import MARKER
from archcalc.renderers.page import still
from archcalc.version import __version__
from archcalc.views.page import document

SCRIPTS = ("model", "layout", "graph", "table", "panels", "main")
TABS = (
    ("arithmetic", "Arithmetic"),
    ("field", "Receptive field"),
    ("windows", "Windows"),
    ("memory", "Memory over time"),
    ("source", "Source"),
)

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_ACTIVE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def render(analysis: Analysis, name: str) -> str:
    """The page of an analysis; ``name`` is what its file is called, without its folder."""
    return page(document(analysis, name), still.render(analysis))


def page(
    shown: Mapping[str, Any] | None, without_script: str, live: str = "", name: str = ""
) -> str:
    """The page of a document; ``live`` is what only one that follows a file has above it.

    That one has no document at first, but the ``name`` of the file.
    """
    known = shown or {"name": name, "about": "", "file": name, "cards": ()}
    script, style = _script(bool(live)), asset("page.css")
    return filled(
        asset("page.html"),
        {
            "policy": policy(script, style, "connect-src 'self'" if live else ""),
            "title": escape(known["name"]),
            "about": escape(known["about"]),
            "style": style,
            "live": live,
            "cards": cards(known),
            "tabs": _tabs(),
            "still": without_script,
            "footer": escape(f"{known['file']}, calculated by archcalc {__version__}"),
            "data": inert(shown),
            "script": script,
            "marker": MARKER,
        },
    )


def filled(template: str, parts: Mapping[str, str]) -> str:
    """A template with its places filled in; what fills one is not looked at again."""
    return _PLACE.sub(lambda place: parts[place[1]], template)


def inert(value: Any) -> str:
    """JSON that is ASCII alone and has no sign that markup begins or ends with."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).translate(_ACTIVE)


def policy(script: str | None, style: str, also: str = "") -> str:
    """What the page may do: run our script and use our style, by their hashes."""
    none = "'none'"
    allowed = [f"script-src {_hash(script) if script else none}", f"style-src {_hash(style)}"]
    return "; ".join(
        [
            "default-src 'none'",
            *allowed,
            "base-uri 'none'",
            "form-action 'none'",
            *filter(None, [also]),
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def asset(name: str) -> str:
    """A file of the package, read when a page is first made."""
    return (files("archcalc.renderers.page") / "assets" / name).read_text("utf-8")


@cache
def _script(is_live: bool) -> str:
    """The script; what follows a file stands before what starts it."""
    names = (*SCRIPTS[:-1], "live", SCRIPTS[-1]) if is_live else SCRIPTS
    parts = "".join(asset(f"{name}.js") for name in names)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def cards(shown: Mapping[str, Any]) -> str:
    """The totals, each with by how much it has changed where that is known."""
    grown = dict(shown.get("changes", {}).get("cards", ()))
    return "".join(
        f'<li title="{escape(whole)}"><span>{escape(label)}</span><b>{escape(value)}</b>'
        f"{_grown(grown.get(label, ''))}</li>"
        for label, value, whole in shown["cards"]
    )


def _grown(by: str) -> str:
    kind = "less" if by.startswith("-") else "more"
    return f'<span class="change {kind}">{escape(by)}</span>' if by else ""


def _tabs() -> str:
    return "".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="panel" '
        f'aria-selected="false" tabindex="-1">{label}</button>'
        for name, label in TABS
    )
