"""What a layer keeps for the backward pass, and the gradients of its parameters."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.analysis.training.program import steps_of
from archcalc.network.counts import product
from archcalc.network.steps import SAMPLE, Home, Steps
from archcalc.views.explanation.base import Section, written
from archcalc.wording import listed


def training(analysis: Analysis, layer: LayerAnalysis) -> Section | None:
    """None where training was not simulated."""
    if analysis.training is None or layer.memory is None:
        return None
    steps, own = steps_of(layer)
    kept = [("keeps", listed(what)) for what in [_kept(layer, steps[:own])] if what]
    if layer.activation and (what := _kept(layer, steps[own:])):
        kept.append((f"{layer.activation} keeps", listed(what)))
    saved = layer.memory.saved_bytes
    lines = [*kept, ("saved bytes", f"{saved:,}, of what no layer above keeps")]
    if not kept:
        lines = [("saved bytes", "0: its backward pass needs its gradient alone")]
    elif not saved:
        lines[-1] = ("saved bytes", "0: a layer above keeps it, or nothing above is trained")
    if gradient := layer.memory.gradient_bytes:
        size = DTYPES[analysis.dtype]
        count = product(("params", layer.params), ("bytes", size))
        text = written(count) if count.value == gradient else f"{gradient:,}"
        lines.append(("gradients", text))
    return Section("Memory of training", lines)


def _kept(layer: LayerAnalysis, steps: Steps) -> list[str]:
    """In words what steps keep; elements are of one sample."""
    found: list[str] = []
    for step in steps:
        for place in step.keeps:
            found.append(_read(layer, steps, step.reads[place]))
        if step.keeps_output:
            found.append("its output" if step is steps[-1] else _volume(step.elements))
        per_sample, constant = divmod(step.kept, SAMPLE)
        found += [f"{per_sample:,} bytes a sample"] * bool(per_sample)
        found += [f"{constant:,} bytes"] * bool(constant)
        per_sample, constant = divmod(step.statistics, SAMPLE)
        found += [f"{per_sample:,} statistics a sample"] * bool(per_sample)
        found += [f"{constant:,} statistics"] * bool(constant)
    return list(dict.fromkeys(found))


def _read(layer: LayerAnalysis, steps: Steps, read: int) -> str:
    """What a step reads: an input of the layer, or the result of a step before it."""
    while read < 0 and len(steps) > 1 and steps[~read].home is Home.VIEW:
        read = steps[~read].reads[0]
    if read < 0:
        return _volume(steps[~read].elements) if len(steps) > 1 else "what it reads"
    return "its input" if len(layer.inputs) < 2 else f"the input {layer.inputs[read]}"


def _volume(elements: int) -> str:
    return f"a volume of {elements:,} elements a sample"
