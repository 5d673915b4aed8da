"""A small part of `fuzz.py` and `fuzz_atheris.py`, whose documented runs are long."""

from __future__ import annotations

import pytest
from fuzz import inputs, throw
from invariants import hold

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


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "googlenet"])
def test_invariants_hold_for_networks(name: str) -> None:
    assert hold(api.read_source(name).text.encode())


def test_invariants_hold_for_random_inputs() -> None:
    networks = sum(map(hold, inputs(80, seed=3)))
    assert networks >= 2
