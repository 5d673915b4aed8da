"""What a page draws of a difference: the new network, with what changed marked in it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.network.volume import Volume
from archcalc.views.difference import Change, Difference
from archcalc.views.page import document
from archcalc.views.page.numbers import exact as safe
from archcalc.wording import decimal, exact, visible

CARDS = {"layers": "layers", "params": "parameters", "macs": "MACs"}
CARDS |= {"activation_bytes": "activations", "peak_bytes": "peak"}


def changed(difference: Difference, name: str) -> dict[str, Any]:
    """The document of the new analysis, and what is changed, added and removed in it."""
    old, new = difference.name.old, difference.name.new
    shown = document(difference.new, name)
    if difference.name.differs:
        shown["name"] = f"{visible(old)} → {visible(new)}"
    return {
        **shown,
        "changes": {
            "cards": [
                [CARDS[total.name], percent(total)]
                for total in difference.totals
                if total.name in CARDS
            ],
            "added": [layer.name for layer in difference.added],
            "changed": [[path, facts] for path, facts in _changed(difference).items()],
            "removed": list(_removed(difference)),
        },
    }


def _changed(difference: Difference) -> dict[str, list[list[str]]]:
    """What is different about each changed layer; of a renamed one its name, before all else."""
    facts = {new: [["name", visible(old), visible(new)]] for old, new in difference.names.items()}
    for layer in difference.changed:
        told = facts.setdefault(layer.path, [])
        told += [[change.name, *_sides(change)] for change in layer.changes]
    return facts


def _removed(difference: Difference) -> Iterator[list[Any]]:
    """Each removed layer with the last one before it that is still there, or nothing."""
    gone = {layer.name for layer in difference.removed}
    kept: str | None = None
    for layer in difference.old.layers:
        if layer.name not in gone:
            kept = difference.names.get(layer.name, layer.name)
            continue
        yield [
            kept,
            layer.name,
            layer.type,
            str(layer.output),
            safe(layer.params),
            safe(layer.macs),
            safe(layer.activation_bytes),
        ]


def _sides(change: Change) -> tuple[str, str]:
    return written(change.old), written(change.new)


def written(value: Any) -> str:
    """A fact as text."""
    if value is None:
        return "none"
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return exact(value) if isinstance(value, int) else visible(str(value))


def percent(change: Change) -> str:
    """By how much a total has grown: ``+2.3%``; the step itself where that is nothing or little."""
    step = change.step
    if not step:
        return ""
    by = decimal(Fraction(100 * step, change.old), 1) if change.old else "0"
    return f"{step:+,}" if by in ("0", "-0") else f"{'+' if step > 0 else ''}{by}%"
