"""The pages of ``archcalc report``: one for each network, and an index of several."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from archcalc.cli.common import file_name
from archcalc.cli.files import stem_of


def page(arch: str, analysis: Any) -> str:
    """The page of an analysis, under the name of its file."""
    from archcalc.renderers.page import render

    return render(analysis, "standard input" if arch == "-" else file_name(arch))


def files(
    analyses: Sequence[tuple[str, Any]], output: str
) -> tuple[str, Mapping[str, str], Callable[[str], bool]]:
    """A folder, the pages in it by name, and which others there an earlier run may have left."""
    if output.endswith(".html"):
        folder, name = os.path.split(output)
        return folder, {name: page(*analyses[0])}, _nothing
    from archcalc.renderers.page import index

    named = [(f"{stem_of(arch)}.html", analysis) for arch, analysis in analyses]
    found = {index.NAME: index.render(named)}
    taken = {index.NAME}
    for (name, _), analysed in zip(named, analyses, strict=True):
        if name.casefold() in taken:
            raise click.UsageError(f"two pages would be written to {name}; rename a file")
        taken.add(name.casefold())
        found[name] = page(*analysed)
    return output, found, _is_page


def _nothing(name: str) -> bool:
    return False


def _is_page(name: str) -> bool:
    return name.endswith(".html")
