"""What may be the name of a layer."""

from __future__ import annotations

import re

from archcalc.limits import NAME_LIMIT

_NAME = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)


def unfit_name(text: str) -> str | None:
    """Why a text cannot be the name of an entry; None where it can."""
    if not _NAME.match(text):
        return "a name has letters, digits, _ and -"
    if text.isdigit():
        return "digits alone are an index"
    if text == "input":
        return "it stands for the network's input"
    if len(text) > NAME_LIMIT:
        return f"a name has at most {NAME_LIMIT} characters"
    return None
