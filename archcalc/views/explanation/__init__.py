"""One layer's arithmetic written out with its numbers.

Every number comes from the analysis: the named factors of `Costs`, the windows, the fields.
"""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.renderers.markdown import escaped, prose
from archcalc.views.explanation.base import Section
from archcalc.views.explanation.counting import computation, memory, parameters
from archcalc.views.explanation.field import receptive_field
from archcalc.views.explanation.findings import findings_of
from archcalc.views.explanation.matrix import matrix_product
from archcalc.views.explanation.shape import output_size, volumes
from archcalc.wording import nearest, visible


def find(analysis: Analysis, path: str) -> list[LayerAnalysis]:
    """The rows that a path names: a layer, or both parts of a separable convolution.

    Raises:
        ValueError: where it is no layer, with what is inside or the nearest name.
    """
    for layer in analysis.layers:
        if layer.name == path:
            return [layer]
    for region in analysis.graph.merges:
        if region.path == path:
            return list(analysis.covered(region))
    inside = [layer.name for layer in analysis.layers if layer.name.startswith(f"{path}.")]
    if inside:
        more = ", …" if len(inside) > 8 else ""
        raise ValueError(
            f'"{visible(path)}" holds {len(inside):,} layers; name one: '
            f"{', '.join(inside[:8])}{more}"
        )
    hints = "".join(
        f"; {line}" for line in nearest(path, [layer.name for layer in analysis.layers])
    )
    raise ValueError(f'there is no layer "{visible(path[:80])}"{hints}')


def sections(analysis: Analysis, layer: LayerAnalysis) -> list[Section]:
    """The arithmetic of a layer, in the order in which it is calculated."""
    found = [
        volumes(layer),
        output_size(layer),
        parameters(analysis, layer),
        computation(layer),
        memory(analysis, layer),
        receptive_field(analysis, layer),
        matrix_product(analysis, layer),
    ]
    return [section for section in found if section and section.lines]


def render(analysis: Analysis, layers: Sequence[LayerAnalysis], form: str = "text") -> str:
    """The arithmetic of layers and what the rules find in them, as text or as markdown."""
    write = markdown if form == "markdown" else text
    found = findings_of(analysis, layers)
    return "\n".join(
        write(layer, [*sections(analysis, layer), found[layer.name]]) for layer in layers
    )


def title(layer: LayerAnalysis) -> str:
    activation = f" + {layer.activation}" if layer.activation else ""
    return f"{layer.name}: {layer.type}{activation}"


def text(layer: LayerAnalysis, found: Sequence[Section]) -> str:
    """Sections under the name of the layer, labels in a column; empty ones are left out."""
    found = [section for section in found if section.lines]
    lines = [title(layer)]
    width = max(len(label) for section in found for label, _ in section.lines)
    for section in found:
        if section.title:
            lines += ["", section.title]
        start = width + 2 if any(label for label, _ in section.lines) else 0
        lines += [f"  {label:<{start}}{visible(fact)}" for label, fact in section.lines]
    return "\n".join(lines) + "\n"


def markdown(layer: LayerAnalysis, found: Sequence[Section]) -> str:
    """Sections as headings and lists; empty ones are left out."""
    found = [section for section in found if section.lines]
    lines = [f"## {escaped(title(layer))}"]
    for section in found:
        lines += ["", f"### {escaped(section.title)}"] if section.title else []
        lines.append("")
        lines += [
            f"- {f'**{escaped(label)}**: ' if label else ''}{prose(fact)}"
            for label, fact in section.lines
        ]
    return "\n".join(lines) + "\n"
