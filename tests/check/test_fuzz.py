"""A small part of `tests/fuzz.py`, whose documented run is a hundred thousand inputs."""

from __future__ import annotations

from fuzz import inputs, throw

import archcalc
from archcalc import api


def test_no_input_is_answered_but_by_an_analysis_or_its_mistakes() -> None:
    failures = [(data, fact) for data in inputs(1200, seed=7) if (fact := throw(data))]
    assert failures == []


def test_some_inputs_are_networks() -> None:
    def is_network(data: bytes) -> bool:
        try:
            api.run(api.source_of(data, "x.yaml"))
        except archcalc.SpecError:
            return False
        return True

    assert sum(map(is_network, inputs(400, seed=7))) >= 10
