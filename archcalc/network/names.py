"""What may be the name of a layer, or of an input."""

from __future__ import annotations

from archcalc.limits import NAME_LIMIT

# Patterns are not compiled where a text can be looked at without: that takes a command longest.
_SIGNS = str.maketrans("", "", "_-")


def is_word(text: str) -> bool:
    """Whether a text has letters, digits, _ and - alone, and at least one of them."""
    bare = text.translate(_SIGNS)
    return text.isascii() and (bare.isalnum() or bool(text and not bare))


def unfit_name(text: str) -> str | None:
    """Why a text cannot be the name of an entry; None where it can."""
    if not is_word(text):
        return "a name has letters, digits, _ and -"
    if text.isdigit():
        return "digits alone are an index"
    if text == "input":
        return "it stands for the network's input"
    if len(text) > NAME_LIMIT:
        return f"a name has at most {NAME_LIMIT} characters"
    return None


def unfit_input(text: str) -> str | None:
    """Why a text cannot be the name of an input, where there may be several; None where it can."""
    if text == "channels":
        return "`--input channels=4` changes the channels of an input"
    return unfit_name(text)
