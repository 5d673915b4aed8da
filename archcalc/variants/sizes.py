"""At which input sizes an architecture fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.analysis.input_sizes import Survey, survey
from archcalc.archfile.arguments import parse_variables
from archcalc.archfile.declaration import Architecture
from archcalc.archfile.expansion import expand
from archcalc.diagnostics import Enough, Findings
from archcalc.limits import AXIS_LIMIT, LAYER_LIMIT, SURVEY_LIMIT
from archcalc.network.network import Network


def sizes(
    architecture: Architecture | Network,
    low: int = 32,
    high: int = 1024,
    *,
    variables: Mapping[str, Any] | None = None,
    limit_layers: int = LAYER_LIMIT,
) -> Survey:
    """At which input sizes a network fits, along every axis alike, and where no stride drops input.

    The network need not fit at the size that its file gives.

    Raises:
        ValueError: for bounds that are none, a network whose input has no axes, or more work than
            `SURVEY_LIMIT` layers at all sizes together.
    """
    if not 1 <= low <= high <= AXIS_LIMIT:
        raise ValueError(f"sizes go from 1 to {AXIS_LIMIT:,}, not from {low:,} to {high:,}")
    if isinstance(architecture, Network):
        network = architecture
    else:
        values = parse_variables(architecture, variables or {})
        network = _built(architecture, values, limit_layers)
    if len(network.inputs) > 1:
        names = ", ".join(network.inputs)
        raise ValueError(f"sizes are of one input, and the network has several: {names}")
    input = network.input
    if not input.spatial:
        raise ValueError(f"the input is a vector of {input.channels:,}: it has no size to vary")
    layers, count = len(network.nodes), high - low + 1
    if layers * count > SURVEY_LIMIT:
        raise ValueError(
            f"{layers:,} layers at {count:,} sizes are more than {SURVEY_LIMIT:,} in all; "
            f"ask for {max(1, SURVEY_LIMIT // layers):,} sizes at a time"
        )
    return survey(network, input, low, high)


def _built(architecture: Architecture, values: Mapping[str, Any], limit: int) -> Network:
    """The network, whether or not it fits at its own input: other sizes are asked for."""
    findings = Findings()
    try:
        return expand(architecture, findings, values, limit=limit)
    except Enough:
        raise ValueError("the file has more than 100 mistakes at its own input") from None
