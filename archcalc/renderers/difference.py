"""What differs between two analyses, as text, as markdown and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.volume import Volume
from archcalc.renderers.json import indented
from archcalc.renderers.markup import code, escaped, table
from archcalc.renderers.wrapping import fitted, how_many
from archcalc.views.copies import folded, paired
from archcalc.views.difference import Change, Difference
from archcalc.wording import decimal, exact, visible


def text(difference: Difference, *, width: int | None = None) -> str:
    """Lines with ``+``, ``-``, ``>`` and ``~`` for what was added, removed, renamed and changed."""
    label = max([len(c.name) for c in (*difference.headings, *difference.totals)], default=0) + 1
    lines = [f"{c.name:<{label}} {c.old} -> {c.new}" for c in difference.headings]
    lines += [
        f"{c.name:<{label}} {written(c.old)} -> {written(c.new)}  {by_how_much(c)}".rstrip()
        for c in difference.totals
    ]
    lines += [f"- {path}: {said}" for path, said in _each(difference.removed)]
    lines += [f"+ {path}: {said}" for path, said in _each(difference.added)]
    lines += [f"> {old} -> {new}" for old, new in paired(difference.renamed)]
    lines += [
        f"~ {path}: {'; '.join(facts)}" for path, facts in _changed(difference, "{} {} -> {}")
    ]
    layers = sum(
        map(len, (difference.removed, difference.added, difference.names, difference.changed))
    )
    shown = "".join(f"{visible(line)}\n" for line in lines or ["no difference"])
    said = how_many(layers, "layers differ", "piped output has them all as well", width)
    return "\n".join([fitted(shown, width), *said, ""]) if said else fitted(shown, width)


def markdown(difference: Difference) -> str:
    """Tables of totals and of layers, for a pull request."""
    name = difference.name
    title = f"{name.old} -> {name.new}" if name.differs else name.new
    lines = [f"### {escaped(title)}", ""]
    if difference.is_empty:
        return "\n".join((*lines, "No difference.", ""))
    lines += [
        f"- {change.name}: {escaped(change.old)} → {escaped(change.new)}"
        for change in difference.headings
    ]
    if difference.totals:
        headings = [("total", False), ("old", True), ("new", True), ("difference", True)]
        rows = [[c.name, written(c.old), written(c.new), by_how_much(c)] for c in difference.totals]
        lines += ["", *table(headings, rows)]
    layers = [
        *((path, f"removed: {escaped(said)}") for path, said in _each(difference.removed)),
        *((path, f"added: {escaped(said)}") for path, said in _each(difference.added)),
        *((old, f"renamed: {code(new)}") for old, new in paired(difference.renamed)),
        *(
            (path, "<br>".join(facts))
            for path, facts in _changed(difference, "{}: {} → {}", escaped)
        ),
    ]
    if layers:
        rows = [[code(path), what] for path, what in layers]
        lines += ["", *table([("layer", False), ("change", False)], rows)]
    return "\n".join(lines) + "\n"


def json(difference: Difference) -> str:
    """The difference as JSON, version 1."""
    return indented(
        {
            "version": 1,
            "name": _pair(difference.name),
            "input": _pair(difference.input),
            "outputs": _pair(difference.outputs),
            "totals": {
                change.name: {**_pair(change), "difference": change.step}
                for change in difference.totals
            },
            "layers": {
                "added": map(_layer, difference.added),
                "removed": map(_layer, difference.removed),
                "changed": (
                    {"name": layer.path, "changes": {c.name: _pair(c) for c in layer.changes}}
                    for layer in difference.changed
                ),
                "renamed": [{"old": old, "new": new} for old, new in difference.names.items()],
            },
        }
    )


def written(value: Any) -> str:
    """A compared fact as text."""
    if value is None:
        return "none"
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, int):
        return exact(value)
    if isinstance(value, list):
        same = len(value) > 1 and all(part == value[0] for part in value)
        return written(value[0]) if same else f"[{', '.join(map(written, value))}]"
    return str(value)


def by_how_much(change: Change) -> str:
    """``+1,413,120 (+2.3%)``; nothing where one of the two is not known."""
    step = change.step
    if step is None:
        return ""
    if not change.old:
        return f"{step:+,}"
    percent = decimal(Fraction(100 * step, change.old), 1)
    return f"{step:+,} ({'+' if step > 0 else ''}{percent}%)"


def _described(layer: LayerAnalysis) -> str:
    return f"{layer.type} {layer.output}, {exact(layer.params)} params, {exact(layer.macs)} MACs"


def _each(layers: Iterable[LayerAnalysis]) -> list[tuple[str, str]]:
    return folded((layer.name, _described(layer)) for layer in layers)


def _changed(
    difference: Difference, form: str, shown: Callable[[str], str] = str
) -> list[tuple[str, tuple[str, ...]]]:
    """Each changed layer with what differs of it, as ``form`` has a name and both values."""
    return folded(
        (
            layer.path,
            tuple(
                [
                    form.format(c.name, *map(shown, map(written, (c.old, c.new))))
                    for c in layer.changes
                ]
            ),
        )
        for layer in difference.changed
    )


def _pair(change: Change) -> dict[str, Any]:
    return {"old": _plain(change.old), "new": _plain(change.new)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Volume) else value


def _layer(layer: LayerAnalysis) -> dict[str, Any]:
    return {
        "name": layer.name,
        "type": layer.type,
        "output": str(layer.output),
        "params": layer.params,
        "macs": layer.macs,
    }
