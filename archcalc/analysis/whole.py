"""An analysis with the memory of training, where its network asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.analysis.analysis import Analysis, LayerMemory
from archcalc.analysis.quantities import asks_for_training, of_training
from archcalc.analysis.training import infer, train
from archcalc.analysis.training.envelope import bytes_at
from archcalc.network.training import Settings


def whole(analysis: Analysis) -> Analysis:
    """With the memory of training where a file says how, or states a figure of it.

    Raises:
        ValueError: for an element type that autocast does not start from.
    """
    return trained(analysis) if asks_for_training(analysis.network) else analysis


def alike(analyses: Sequence[Analysis], asked: Sequence[str] = ()) -> list[Analysis]:
    """All with the memory of training if one has it, or a quantity of it is ``asked`` for.

    It is as their file says, or as of the first one that has it.
    """
    settings = [analysis.training.settings for analysis in analyses if analysis.training]
    if not settings and not any(map(of_training, asked)):
        return list(analyses)
    first = settings[0] if settings else None
    return [analysis if analysis.training else trained(analysis, first) for analysis in analyses]


def trained(analysis: Analysis, settings: Settings | None = None) -> Analysis:
    """With the memory of training, by default as its file says; int8 has none.

    Raises:
        ValueError: for an element type that autocast does not start from, or a path that is no
            group.
    """
    if analysis.dtype == "int8":
        return analysis
    settings = settings or analysis.network.train or Settings()
    training = train(analysis, settings)
    saved, gradients = training.saved, training.gradients
    nodes = [
        node._replace(
            memory=LayerMemory(
                bytes_at(saved.get(index, 0), analysis.batch), gradients.get(index, 0)
            )
        )
        for index, node in enumerate(analysis.nodes)
    ]
    inference = infer(analysis, settings)
    complete: Analysis = analysis._replace(
        nodes=nodes, layers=nodes[1:], training=training, inference=inference
    )
    return complete
