"""What mermaid's diagrams have in common."""

from __future__ import annotations

PLAIN = " .,+-_/…"


def label(value: str) -> str:
    """Text for use inside quotes; characters special to mermaid or HTML become entity codes."""
    return "".join(c if c.isalnum() or c in PLAIN else f"#{ord(c)};" for c in value)
