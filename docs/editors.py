"""Draws docs/editors.svg: the hints behind the lines of a network, as the server gives them."""

from __future__ import annotations

import io
import re

from rich.console import Console
from rich.text import Text as Line

from archcalc import api
from archcalc.server.document import Document
from archcalc.server.hints import hints
from archcalc.server.settings import DEFAULTS
from archcalc.server.text import EditedText

NETWORK = "alexnet-torchvision"


def picture() -> str:
    text = EditedText(api.read_source(NETWORK).text)
    document = Document(f"file:///{NETWORK}.yaml", 1, text)
    found = hints(document, 0, len(text.text), DEFAULTS)
    by_line = {text.position(hint.offset).line: hint.label for hint in found}
    console = Console(record=True, width=132, file=io.StringIO(), force_terminal=True)
    for number, line in enumerate(text.text.splitlines()):
        shown = Line(line)
        if number in by_line:
            shown.append(f"  {by_line[number]}", "dim italic cyan")
        console.print(shown, no_wrap=True, overflow="ellipsis")
    svg = console.export_svg(title=f"{NETWORK}.yaml", unique_id="editors")
    svg = re.sub(r"(?s)@font-face \{.*?\}", "", svg)  # fonts of other hosts
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"
