"""What a step of training takes."""

from __future__ import annotations

from archcalc.renderers import course
from archcalc.renderers.markup import escaped, image
from archcalc.renderers.memory import composition, keeping, sentences
from archcalc.views.memory import MemoryView, conditions


def section(view: MemoryView | None, stem: str, inline: bool) -> list[str]:
    """Nothing for an element type that is not trained in."""
    if view is None:
        return []
    lines = ["", "## Memory of training", ""]
    lines.append(escaped(f"For {', '.join(conditions(view))}."))
    if inline:
        lines += ["", "```mermaid", course.mermaid(view).rstrip("\n"), "```"]
    else:
        lines += ["", image("Memory of a training step", _file(stem))]
    lines += ["", *composition(view), "", *keeping(view)]
    for sentence in sentences(view):
        lines += ["", escaped(sentence.strip())]
    return [*lines, "", escaped(f"Tensors only. Not modelled: {'; '.join(view.not_modelled)}.")]


def files(view: MemoryView | None, stem: str) -> dict[str, str]:
    return {} if view is None else {_file(stem): course.svg(view)}


def _file(stem: str) -> str:
    return f"{stem}-training.svg"
