"""Analyses and views as text, networks as files: what writes them is imported on use."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from archcalc.analysis import analysis as core
from archcalc.renderers import FORMATS, Format
from archcalc.views.document import to_dict

if TYPE_CHECKING:
    from archcalc.exporters import Exporter, File
    from archcalc.network.network import Network


def written(form: Format, *shown: Any, **options: Any) -> str:
    """What a format makes of views."""
    text: str = _function(form.writer)(*shown, **options)
    return text


def exported(exporter: Exporter, network: Network, stem: str) -> list[File]:
    """The files of a network.

    Raises:
        SpecError: for all that it has and this kind of file is not written with.
    """
    files: list[File] = _function(f"exporters.{exporter.maker}")(network, stem)
    return files


def _function(place: str) -> Callable[..., Any]:
    """MODULE:FUNCTION, imported when it is called: JSON should not have to wait for rich."""
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"archcalc.{module}"), name)
    return function


def render(analysis: core.Analysis, format: str = "table", **options: Any) -> str:
    """An analysis as text in one of the formats of `FORMATS`: table, markdown, json, csv, html.

    Raises:
        ValueError: for an unknown format or column.
    """
    if format not in FORMATS:
        raise ValueError(f"format is one of {', '.join(FORMATS)}, not {format!r}")
    return written(FORMATS[format], analysis, **options)


class ShownAnalysis(core.Analysis):
    """Every quantity of a network: layers, totals, groups, outputs, diagnostics.

    What a program gets as `archcalc.Analysis`: the one that knows documents and formats.
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document, version 1, as plain data."""
        return to_dict(self)

    def __repr__(self) -> str:
        return f"<Analysis of {self.name!r}: {self.totals!r}>"

    def _repr_html_(self) -> str:
        return render(self, "html")


Analysis = ShownAnalysis
