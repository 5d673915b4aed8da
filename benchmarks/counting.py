"""Runs PyTorch's counters, in a Python that has them, for the section `counters`.

``inside REPETITIONS NETWORK...`` times all tools in one process; ``cold TOOL NETWORK`` does one
summary, as a script of its own would, and says how long it took to ask archcalc for the network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from time import perf_counter

from measure import interleaved, seconds

ARCHCALC = "archcalc"
FORWARD = "meta forward pass"


def inside(repetitions: int, names: list[str]) -> None:
    """Prints the versions, and the seconds of every tool on every network."""
    from importlib.metadata import version

    import networks

    import archcalc

    def job(tool: str, name: str) -> Callable[[], float]:
        if tool == ARCHCALC:
            return lambda: seconds(lambda: archcalc.analyze(archcalc.load(name)))
        analysis = archcalc.analyze(archcalc.load(name))
        run = networks.TOOLS.get(tool, networks.forward)

        def one() -> float:
            """A module of its own each time: some tools leave things behind in it."""
            module, shape = networks.network(analysis, tool)
            with networks.quiet():
                return seconds(lambda: run(module, shape))

        return one

    tools = networks.installed()
    rows = [ARCHCALC, FORWARD, *tools]
    times = {
        name: interleaved({tool: job(tool, name) for tool in rows}, repetitions) for name in names
    }
    found = {tool: version(tool) for tool in ("torch", *(t for t in tools if " " not in t))}
    sys.stdout.write(json.dumps({"times": times, "tools": tools, "versions": found}))


def cold(tool: str, name: str) -> None:
    start = perf_counter()
    import archcalc

    analysis = archcalc.analyze(archcalc.load(name))
    asked = perf_counter() - start
    import networks

    module, shape = networks.network(analysis, tool)
    with networks.quiet():
        networks.TOOLS[tool](module, shape)
    sys.stdout.write(json.dumps(asked))


if __name__ == "__main__":
    if sys.argv[1] == "cold":
        cold(*sys.argv[2:4])
    else:
        inside(int(sys.argv[2]), sys.argv[3:])
