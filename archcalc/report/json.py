"""The JSON document as text."""

from __future__ import annotations

import json

from archcalc.analysis import Analysis
from archcalc.report.document import to_dict


def render(analysis: Analysis) -> str:
    return json.dumps(to_dict(analysis), indent=1, ensure_ascii=True) + "\n"
