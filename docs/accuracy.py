"""The page that holds archcalc, PyTorch and printed figures side by side."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import memory_figures

import archcalc
from archcalc import Analysis
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.analysis.published import Verdict, verdicts
from archcalc.api import builtin_names
from archcalc.network.layers import Family
from archcalc.renderers.markup import escaped
from archcalc.views.verdicts import printed, where, word, written

MEASUREMENTS = Path(__file__).parent.parent / "tests" / "pytorch_figures"
MEASURED = {Family.CONVOLUTION: "conv", Family.POOLING: "pool"}

INTRODUCTION = """# Accuracy

Generated: archcalc, PyTorch 2.14.1 and what papers and lectures print, side by side. PyTorch's
figures are in `tests/pytorch_figures/`, with the script that asks an installed PyTorch, and
torchvision 0.29.1 for the networks that it has, for them again. `pytest -m torch` builds every
shipped network, and more than 500 random files with at least 20 of each type of layer, as PyTorch
modules, and compares each output, parameter, buffer and MAC; receptive fields are compared with the
gradients of positive linear copies.
"""

NOT_ASKED = """PyTorch was not asked for what it has no layers for: the connection table and the
trained subsampling of `lenet5`; `vgg11-lrn` is `vgg11` and a layer without parameters.
"""

LAYERS = """## Layers

Convolutions, linear layers, norms and poolings, in the order in which they run: output, parameters
and MACs of each; and its receptive field, size, stride and start, as gradients show it (not behind
upsampling, where neighbouring outputs see fields of different sizes).
"""

WINDOWS = """## Windows

Of {rows:,} random windows on one, two and three axes PyTorch gives {sized:,} a size, and archcalc
the same one. What it refuses is refused, but for limits that no definition of the layer demands:
poolings padded by more than half the kernel ({padded} windows; a warning, `pooling-padding`), and
poolings on three axes with a kernel larger than the unpadded input ({small} windows).
"""

FIGURES = """## Printed figures

{agreeing} of {every} agree: less than one unit of the last printed digit away, or at most 0.5 %,
with K, M and G as powers of 1000 or of 1024. `archcalc published` lists all. These differ:
"""


def page() -> str:
    """The whole page, from the architectures and the reference data of the tests."""
    analyses = {name: archcalc.analyze(archcalc.load(name)) for name in builtin_names()}
    networks, fields = data("networks"), data("receptive_fields")
    judged = {name: verdicts(analysis) for name, analysis in analyses.items()}
    return "\n".join(
        [
            INTRODUCTION,
            *totals(analyses, networks, judged),
            *layers(analyses, networks, fields),
            *windows(),
            *memory_figures.section(),
            *figures(judged),
        ]
    )


def data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MEASUREMENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: int = 0) -> list[str]:
    """A markdown table; all columns after the first ``right`` are numbers."""
    rule = ["---" if number < right else "---:" for number in range(len(headings))]
    return [f"| {' | '.join(row)} |" for row in (headings, rule, *rows)] + [""]


def totals(
    analyses: dict[str, Analysis], networks: dict[str, Any], judged: dict[str, list[Verdict]]
) -> list[str]:
    rows = []
    for name, analysis in analyses.items():
        theirs = networks.get(name, {})
        row = [f"`{name}`", str(analysis.input)]
        for quantity in ("params", "macs"):
            said = [
                printed(verdict)
                for verdict in judged[name]
                if (verdict.claim.at, verdict.claim.quantity) == (None, quantity)
                and verdict.claim.input is None
            ]
            asked = f"{theirs[quantity]:,}" if theirs else "not asked"
            row += [
                f"{getattr(analysis.totals, quantity):,}",
                asked,
                ", ".join(dict.fromkeys(said)),
            ]
        rows.append(row)
    headings = ["network", "input", "params", "PyTorch", "printed", "MACs", "PyTorch", "printed"]
    return [
        "## Totals",
        "",
        *table(headings, rows, right=2),
        NOT_ASKED,
    ]


def kind(row: LayerAnalysis) -> str:
    return MEASURED.get(row.layer.family, row.type)


def layers(
    analyses: dict[str, Analysis], networks: dict[str, Any], fields: dict[str, Any]
) -> list[str]:
    rows = []
    for name, network in networks.items():
        found = analyses[name].layers
        ours = Counter((kind(r), flat(r.output), r.params, r.macs) for r in found)
        theirs = Counter((k, flat(v), params, macs) for k, v, params, macs in network["layers"])
        seen = Counter(
            (kind(r), r.field.axes[0].size, r.field.axes[0].stride, r.field.axes[0].start)
            for r in found
            if r.field.axes and not r.type.startswith(("adaptive", "global"))
        )
        measured = Counter(map(tuple, fields.get(name, [])))
        agreeing = f"{(ours & theirs).total()} of {theirs.total()}"
        seen_alike = f"{(seen & measured).total()} of {measured.total()}" if measured else ""
        last = [r for r in found if r.field.axes and max(r.output.spatial, default=1) > 1]
        size = "x".join(str(axis.size) for axis in last[-1].field.axes or ()) if last else ""
        rows.append([f"`{name}`", agreeing, seen_alike, size])
    headings = ["network", "layers that agree", "fields that agree", "field of the last map"]
    return [
        LAYERS,
        *table(headings, rows, right=1),
    ]


def flat(volume: Any) -> tuple[int, ...]:
    """Channels, then sizes, without axes of size 1 at the end."""
    sizes = [volume.channels, *volume.spatial] if hasattr(volume, "channels") else list(volume)
    while len(sizes) > 1 and sizes[-1] == 1:
        sizes.pop()
    return tuple(sizes)


def windows() -> list[str]:
    rows = data("geometry")["rows"]
    sized = [row for row in rows if row["err"] is None]
    padded = [row for row in rows if row["err"] and "half of" in row["err"]]
    small = [row for row in rows if row["err"] and "smaller than kernel size" in row["err"]]
    counts = {"rows": len(rows), "sized": len(sized), "padded": len(padded), "small": len(small)}
    return [WINDOWS.format(**counts)]


def figures(judged: dict[str, list[Verdict]]) -> Iterator[str]:
    every = [verdict for found in judged.values() for verdict in found]
    agreeing = sum(verdict.agrees for verdict in every)
    yield FIGURES.format(agreeing=agreeing, every=len(every))
    rows = [
        [f"`{name}`", *map(escaped, row)]
        for name, found in judged.items()
        for row in differing(found)
    ]
    yield from table(
        ["network", "where", "printed", "computed", "verdict", "source", "why"], rows, right=7
    )


def differing(found: Iterable[Verdict]) -> Iterator[list[str]]:
    for verdict in found:
        if verdict.agrees:
            continue
        claim = verdict.claim
        computed = "" if verdict.computed is None else written(verdict.computed)
        yield [
            f"{where(verdict)} {claim.quantity}",
            printed(verdict),
            computed,
            word(verdict),
            claim.source,
            claim.note or "",
        ]
