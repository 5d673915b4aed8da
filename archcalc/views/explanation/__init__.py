"""One layer's arithmetic with its numbers, as sections of labelled lines.

Every number comes from the analysis: the named factors of `Costs`, the windows, the fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.network.network import RegionKind
from archcalc.record import Record
from archcalc.views.explanation.base import Section
from archcalc.views.explanation.counting import computation, memory, parameters
from archcalc.views.explanation.field import receptive_field
from archcalc.views.explanation.findings import findings_of
from archcalc.views.explanation.matrix import matrix_product
from archcalc.views.explanation.position import seen_from
from archcalc.views.explanation.shape import output_size, volumes
from archcalc.views.explanation.training import training
from archcalc.views.explanation.unknown import of_any_filters
from archcalc.wording import nearest, visible


class Explanation(Record):
    """The arithmetic of one layer, in the order in which it is calculated, and its findings."""

    layer: LayerAnalysis
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        activation = f" + {self.layer.activation}" if self.layer.activation else ""
        return f"{self.layer.name}: {self.layer.type}{activation}"


def explanations(
    analysis: Analysis, layers: Iterable[LayerAnalysis], at: Sequence[int] = ()
) -> Iterator[Explanation]:
    """Explains layers, each with what the rules find in it.

    ``at`` is a position of their output, a number per axis from 0: it is said what it sees.

    Raises:
        ValueError: where the output has no such position.
    """
    layers = list(layers)
    findings = findings_of(analysis, layers)
    for layer in layers:
        seen = [seen_from(analysis, layer, at)] if at else []
        sections = [*arithmetic(analysis, layer), *seen, findings[layer.name]]
        yield Explanation(layer, tuple(section for section in sections if section.lines))


def without_filters(analysis: Analysis, layers: Iterable[LayerAnalysis]) -> Iterator[Explanation]:
    """The explanations of convolutions as far as they hold for every number of filters."""
    for layer in layers:
        sections = [*of_any_filters(analysis, layer), findings_of(analysis, [layer])[layer.name]]
        yield Explanation(layer, tuple(section for section in sections if section.lines))


def arithmetic(analysis: Analysis, layer: LayerAnalysis) -> list[Section]:
    """The sections of a layer, without its findings."""
    sections = [
        volumes(layer),
        output_size(layer),
        parameters(analysis, layer),
        computation(layer),
        memory(analysis, layer),
        training(analysis, layer),
        receptive_field(analysis, layer),
        matrix_product(analysis, layer),
    ]
    return [section for section in sections if section and section.lines]


def find(analysis: Analysis, path: str) -> list[LayerAnalysis]:
    """The rows that a path names: a layer, or both parts of a separable convolution.

    Raises:
        ValueError: if it is no layer; the message names what is inside it, or the nearest layer.
    """
    for layer in analysis.layers:
        if layer.name == path:
            return [layer]
    for region in analysis.network.regions:
        if region.path == path and region.kind in (RegionKind.MERGE, RegionKind.PARTS):
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
