"""What widely used counters report, against what they printed for torchvision's networks."""

from __future__ import annotations

import pytest

from archcalc import api
from archcalc.analysis.counters import COUNTERS, Counter, readings
from archcalc.network.layers import LAYERS

NETWORKS = ("alexnet-torchvision", "vgg16-torchvision", "resnet50-torchvision")
# Printed by each counter for the networks of torchvision, batch of one, PyTorch 2.13.
MEASURED = {
    "torchinfo 1.8": (714_682_664, 15_483_821_032, 4_089_238_376),
    "fvcore": (714_197_696, 15_470_289_408, 4_111_512_576),
    "ptflops (pytorch)": (716_441_128, 15_523_225_576, 4_132_436_968),
    "ptflops (aten)": (714_682_664, 15_483_821_032, 4_089_185_256),
    "thop": (714_206_912, 15_470_314_496, 4_133_742_592),
    "calflops": (714_188_480, 15_470_264_320, 4_089_184_256),
    "FlopCounterMode": (1_428_376_960, 30_940_528_640, 8_178_368_512),
}


def totals(text: str) -> dict[str, int | None]:
    analysis = api.analyze(api.loads(f"name: net\ninput: 8x8x4\nlayers:\n{text}"))
    return {found.counter.name: found.total for found in readings(analysis)}


@pytest.mark.parametrize("place", range(3), ids=NETWORKS)
def test_every_counter_reports_what_it_printed(place: int) -> None:
    found = readings(api.analyze(api.load(NETWORKS[place])))
    assert {c.counter.name: c.total for c in found} == {
        name: printed[place] for name, printed in MEASURED.items()
    }


def test_a_type_without_a_rule_makes_the_total_unknown_and_is_named() -> None:
    analysis = api.analyze(api.load("alexnet"))
    missing = {found.counter.name: found.missing for found in readings(analysis)}
    assert missing["thop"] == ("lrn", "softmax")
    assert totals("  - {type: lrn}\n")["thop"] is None
    assert totals("  - {type: lrn}\n")["calflops"] == 0


def test_layers_that_no_framework_has_are_unknown_to_every_counter() -> None:
    for entry in (
        "{type: rbf, units: 10}",
        "{type: scale}",
        "{type: avgpool, kernel: 2, trainable: true}",
        "{type: conv, filters: 1, kernel: 1, connection_table: [[0, 1]]}",
    ):
        assert set(totals(f"  - {entry}\n").values()) == {None}


def test_an_activation_of_a_layer_counts_like_an_entry_of_its_own() -> None:
    conv = "  - {type: conv, filters: 2, kernel: 1"
    together = totals(f"{conv}, activation: relu}}\n")
    assert together == totals(f"{conv}}}\n  - {{type: relu}}\n")
    assert together["ptflops (pytorch)"] == (4 * 2 + 2) * 64 + 2 * 2 * 64


def test_rules_that_hold_for_some_shapes_only() -> None:
    norm = totals("  - {type: batchnorm, affine: false}\n")
    assert norm["fvcore"] is None
    assert norm["calflops"] == 0
    uneven = totals("  - {type: adaptive_avgpool, output: 3}\n")
    assert uneven["thop"] is None
    assert uneven["fvcore"] == 8 * 8 * 4
    assert totals("  - {type: adaptive_avgpool, output: 4}\n")["thop"] == (2 * 2 + 1) * 4 * 4 * 4


@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: counter.name)
def test_every_counter_names_every_layer_type(counter: Counter) -> None:
    """A type that it counts as nothing is named too, and so is one of which it is not known."""
    assert set(counter.addends) == set(LAYERS)
