"""The JSON document as text: a line per key, and a line per layer, group, output and finding."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from archcalc.analysis import Analysis
from archcalc.report.document import about, layers, summary

# Keys are made anew for every layer, never in a circle; lines keep the fast encoder in use.
encode = json.JSONEncoder(check_circular=False, ensure_ascii=True).encode


def render(analysis: Analysis) -> str:
    parts = [f'"{key}": {encode(value)}' for key, value in about(analysis).items()]
    parts.append(f'"layers": {_lines(layers(analysis))}')
    for key, value in summary(analysis).items():
        parts.append(f'"{key}": {_lines(value) if isinstance(value, list) else encode(value)}')
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def _lines(items: Iterable[Any]) -> str:
    """A list with an item per line."""
    text = ",\n  ".join(map(encode, items))
    return f"[\n  {text}\n ]" if text else "[]"
