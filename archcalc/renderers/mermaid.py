"""What mermaid's diagrams have in common."""

from __future__ import annotations

PLAIN = " .,+-_/…"


def label(value: str) -> str:
    """Text inside quotes; what mermaid or HTML could obey becomes a code that mermaid shows."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in value)
