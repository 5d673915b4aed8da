"""The graph as a mermaid flowchart: repeated blocks folded, each kind of block drawn once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.record import Record
from archcalc.renderers.mermaid import label
from archcalc.views.outline import Part, outline

BLOCKS = 8
NAMED = 2
COMPACT = '%%{init: {"flowchart": {"nodeSpacing": 24, "rankSpacing": 24, "padding": 8}}}%%'
KINDS_OF_A_BLOCK = 2


class Flowchart(Record):
    """A title in words, the path that it is drawn for (empty: the network), and mermaid's text."""

    title: str
    path: str
    text: str


def flowcharts(analysis: Analysis) -> list[Flowchart]:
    """The network, then one chart for each kind of block or repeated group that it folds."""
    shown = outline(analysis)
    charts = [Flowchart("The network", "", draw(analysis, shown, ""))]
    for kind, part in _kinds(analysis, shown):
        charts.append(
            Flowchart(
                f"One {kind}", part.path, draw(analysis, outline(analysis, part.inside), part.path)
            )
        )
    return charts


def _kinds(analysis: Analysis, shown: list[Part]) -> Iterator[tuple[str, Part]]:
    """The first part of each structure, at most two structures of a block, blocks inside too."""
    waiting = list(shown)
    seen: dict[str, set[tuple[object, ...]]] = {}
    drawn = 0
    while waiting and drawn < BLOCKS:
        part = waiting.pop(0)
        if part.is_layer:
            continue
        if part.is_run:
            waiting[:0] = part.inside
            continue
        if part.copies:
            waiting[:0] = part.copies
            continue
        kind = part.block or ("group" if not part.is_merge else part.last(analysis).type)
        known = seen.setdefault(part.block or part.path.rsplit(".", 1)[0], set())
        structure = _structure(analysis, part)
        if structure in known or len(known) == KINDS_OF_A_BLOCK:
            continue
        known.add(structure)
        drawn += 1
        yield kind, part
        waiting += outline(analysis, part.inside)


def _structure(analysis: Analysis, part: Part) -> tuple[object, ...]:
    """What makes two instances of a block alike: names, types and activations inside."""
    skipped = len(part.path)
    return tuple((row.name[skipped:], row.type, row.activation) for row in part.layers(analysis))


def draw(analysis: Analysis, shown: list[Part], prefix: str) -> str:
    """Mermaid's text for parts that follow each other; what feeds them from outside is a node."""
    starts = [part.start for part in shown]
    outside: dict[int, str] = {}
    edges: dict[tuple[str, str, str], None] = {}
    for place, part in enumerate(shown):
        for layer in part.layers(analysis):
            for arrow, feeds in (("-->", layer.node.inputs), ("-.->", layer.node.likes)):
                for feed in feeds:
                    source = bisect_right(starts, feed) - 1
                    if source == place:
                        continue
                    name = (
                        f"n{source}"
                        if source >= 0 and feed < shown[source].stop
                        else outside.setdefault(feed, f"i{len(outside)}")
                    )
                    edges[name, arrow, f"n{place}"] = None
    lines = [COMPACT, "flowchart TD"]
    for feed, name in outside.items():
        lines.append(f'  {name}(["{_outside(analysis, feed)}"])')
    for place, part in enumerate(shown):
        lines.append(f"  n{place}{_node(analysis, part, prefix)}")
    lines += [f"  {source} {arrow} {target}" for source, arrow, target in edges]
    return "\n".join(lines) + "\n"


def _outside(analysis: Analysis, feed: int) -> str:
    layer = analysis.nodes[feed]
    return f"{label(layer.name)}<br/>{layer.output}"


def _node(analysis: Analysis, part: Part, prefix: str) -> str:
    inside = prefix and part.path.startswith(f"{prefix}.")
    name = part.path[len(prefix) + 1 :] if inside else part.path
    name = name if part.is_run else ".".join(name.split(".")[-NAMED:])
    what = label(_what(analysis, part))
    shown = f'"{label(name)}: {what}<br/>{part.last(analysis).output}"'
    if not part.is_layer:
        return f"[[{shown}]]"
    return f"{{{{{shown}}}}}" if analysis.nodes[part.start].layer.merges else f"[{shown}]"


def _what(analysis: Analysis, part: Part) -> str:
    described = part.described(analysis)
    if not part.is_layer:
        return described
    layer = analysis.nodes[part.start]
    return f"{_window(layer)}{described}"


def _window(layer: LayerAnalysis) -> str:
    known = layer.geometry
    if "kernel" not in known:
        return ""
    stride = known["stride"]
    step = f"/{'x'.join(map(str, stride)) if len(set(stride)) > 1 else stride[0]}"
    return f"{'x'.join(map(str, known['kernel']))}{step if set(stride) != {1} else ''} "
