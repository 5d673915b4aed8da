"""Where the time goes: one network, phase by phase, in process."""

from __future__ import annotations

from measure import Section, Settings, interleaved, milliseconds, seconds

from archcalc import api
from archcalc.analysis import analysis as core
from archcalc.analysis.quantities import VOCABULARY
from archcalc.api import written
from archcalc.archfile import parse as document
from archcalc.archfile.expansion import expand
from archcalc.archfile.reader import read
from archcalc.diagnostics import Findings
from archcalc.renderers import FORMATS

NETWORK = "resnet152"


def measure(settings: Settings) -> Section:
    source = api.read_source(NETWORK)
    declared = read(source.text, source.filename, Findings(), VOCABULARY)
    network = expand(declared, Findings())
    analysis = api.run(source)
    work = {
        "read the bytes": lambda: api.read_source(NETWORK),
        "parse YAML's events into a tree": lambda: document.parse(source.text, Findings()),
        "the same, and the declaration": lambda: read(
            source.text, source.filename, Findings(), VOCABULARY
        ),
        "expand blocks, wire the layers, volumes": lambda: expand(declared, Findings()),
        "costs, receptive fields, memory": lambda: core.analyze(network, Findings()),
        "all rules": lambda: api.check(analysis),
        "JSON": lambda: written(FORMATS["json"], analysis),
    }
    jobs = {name: (lambda run=run: seconds(run)) for name, run in work.items()}
    times = interleaved(jobs, settings.repetitions(25))
    layers = len(analysis.layers)
    return Section(
        "Where the time goes",
        f"{NETWORK}, {layers} layers, phase by phase in one process.",
        ["phase", "time"],
        [[name, milliseconds(time)] for name, time in times.items()],
        {},
    )
