"""Recurrent layers: PyTorch's parameters, and MACs for each step."""

from __future__ import annotations

import pytest
from nets import broken, last, net, quantities, rules

from archcalc.analysis.training import train
from archcalc.network.steps import SAMPLE
from archcalc.network.training import Settings

GATES = {"lstm": 4, "gru": 3, "rnn": 1}
BESIDE = {"lstm": 9, "gru": 8, "rnn": 1}  # operations of a unit at a step
STEPS, READS, UNITS = 10, 8, 16


@pytest.mark.parametrize("type", GATES)
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("directions", [1, 2])
def test_every_layer_reads_the_one_before_and_itself(
    type: str, layers: int, directions: int
) -> None:
    keys = f"units: {UNITS}, num_layers: {layers}, bidirectional: {str(directions == 2).lower()}"
    layer = last(f"{{type: {type}, {keys}}}", f"{STEPS}x{READS}")
    reads = [READS, *[directions * UNITS] * (layers - 1)]
    weights = directions * sum(GATES[type] * UNITS * (read + UNITS) for read in reads)
    biases = directions * layers * 2 * GATES[type] * UNITS
    beside = BESIDE[type] * directions * layers * UNITS * STEPS
    assert quantities(layer) == {
        "output": f"{STEPS}x{directions * UNITS}",
        "weights": weights,
        "biases": biases,
        "macs": STEPS * weights,
        "flops": STEPS * (2 * weights + biases) + beside,
        "connections": STEPS * (weights + biases),
        "depth": 1,
    }
    assert layer.field.is_global


def test_without_biases() -> None:
    assert last("{type: gru, units: 4, bias: false}", "10x8").biases == 0


@pytest.mark.parametrize("type", GATES)
def test_they_run_along_one_axis(type: str) -> None:
    for size in ("8", "4x4x8", "4x4x4x8"):
        assert rules(f"{{type: {type}, units: 4}}", size) == ["axis-count"]
    assert broken("{type: lstm, units: 4}", "4x5x8") == [
        (
            "axis-count",
            "lstm runs along one axis, and its input is 4x5x8 (height x width x channels)",
        )
    ]


@pytest.mark.parametrize(("type", "kept"), [("lstm", 5), ("gru", 4), ("rnn", 0)])
def test_training_keeps_input_output_gates_and_states(type: str, kept: int) -> None:
    entries = ["{type: conv, name: c, filters: 8, kernel: 1}", f"{{type: {type}, units: 16}}"]
    saved = train(net(entries, "10x8"), Settings(loss="none")).saved
    assert saved[2] == 4 * (10 * 8 + 10 * 16 + kept * 10 * 16) * SAMPLE
