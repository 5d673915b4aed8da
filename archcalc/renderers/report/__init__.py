"""A report on one network: a markdown document and the pictures next to it."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.analysis.analysis import Analysis
from archcalc.renderers.markup import escaped
from archcalc.renderers.report import (
    cost,
    counting,
    fields,
    figures,
    findings,
    layers,
    pictures,
    summary,
    training,
)
from archcalc.views.charts import charts
from archcalc.views.memory import of_file

Files = Mapping[str, str]


def render(analysis: Analysis, stem: str, command: str, *, inline: bool = False) -> Files:
    """The files of a report by name: ``STEM.md`` and, unless it draws inline, its SVG files.

    ``command`` is the command that reproduces it.
    """
    drawn = charts(analysis)
    trained = of_file(analysis)
    lines = [
        f"# {escaped(analysis.network.name)}",
        *summary.section(analysis),
        *cost.section(analysis),
        *pictures.section(analysis, drawn, stem, inline),
        *training.section(trained, stem, inline),
        *layers.section(analysis),
        *fields.section(analysis),
        *findings.section(analysis),
        *figures.published(analysis),
        *figures.held(analysis),
        *counting.section(analysis, command),
    ]
    svg = (
        {} if inline else {**pictures.files(analysis, drawn, stem), **training.files(trained, stem)}
    )
    return {f"{stem}.md": "\n".join(lines) + "\n", **svg}
