"""The sizes at which networks fit: held against building them, and against arithmetic."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.network.layers import LAYERS

POOLS = "".join(
    f"  - {{type: maxpool, name: p{level}, kernel: 2, stride: 2}}\n" for level in (1, 2, 3)
)
# Three halvings and three doublings: what is added at each level must have one size.
LADDER = f"""\
name: Ladder
input: 64x64x3
layers:
{POOLS}\
  - {{type: upsample, name: u3, scale: 2}}
  - {{type: add, name: a3, from: [u3, p2]}}
  - {{type: upsample, name: u2, scale: 2}}
  - {{type: add, name: a2, from: [u2, p1]}}
  - {{type: upsample, name: u1, scale: 2}}
  - {{type: add, name: a1, from: [u1, input]}}
"""


def test_a_ladder_of_three_halvings_fits_multiples_of_eight() -> None:
    survey = archcalc.sizes(archcalc.loads(LADDER), 1, 200)
    assert survey.fitting == survey.lossless == list(range(8, 201, 8))
    misfits = {m.first.layer: [n for n in m.sizes if n > 8] for m in survey.misfits}
    assert {layer: sizes for layer, sizes in misfits.items() if sizes} == {
        "a1": [n for n in range(9, 201) if n % 8 == 1],  # one row is lost by the first halving
        "a2": [n for n in range(9, 201) if n % 8 in (2, 3)],
        "a3": [n for n in range(9, 201) if n % 8 in (4, 5, 6, 7)],
    }


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "resnet18", "googlenet"])
def test_every_size_is_answered_as_an_analysis_answers_it(name: str) -> None:
    architecture = archcalc.load(name)
    survey = archcalc.sizes(architecture, 1, 120)
    fitting, lossless = [], []
    for size in range(1, 121):
        try:
            analysis = archcalc.analyze(architecture, input=size)
        except archcalc.SpecError:
            continue
        fitting.append(size)
        if not any(d.rule == "illegal-stride" and d.severity.value == "warning"
                   for d in analysis.diagnostics):  # fmt: skip
            lossless.append(size)
    assert (survey.fitting, survey.lossless) == (fitting, lossless)
    missed = sorted(size for misfit in survey.misfits for size in misfit.sizes)
    assert missed == sorted({*range(1, 121)} - {*fitting})


def test_resnet_50_reads_all_of_one_to_four_in_thirty_two() -> None:
    survey = archcalc.sizes(archcalc.load("resnet50"), 1, 1024)
    assert survey.fitting == list(range(1, 1025))
    assert survey.lossless == [n for n in range(1, 1025) if 1 <= n % 32 <= 4]


def test_a_file_that_does_not_fit_at_its_own_size_is_asked_all_the_same() -> None:
    survey = archcalc.sizes(archcalc.loads(LADDER.replace("64x64", "60x60")), 50, 70)
    assert survey.fitting == [56, 64]


def test_a_network_built_in_python() -> None:
    builder = archcalc.Builder("Halves", "10x10x3")
    builder.add(LAYERS["maxpool"](kernel=2, stride=2))
    survey = archcalc.sizes(builder.network(), 1, 9)
    assert survey.fitting == list(range(2, 10))
    assert survey.lossless == [2, 4, 6, 8]


@pytest.mark.parametrize("bounds", [(0, 5), (5, 4), (1, 10**13)])
def test_bounds_that_are_none(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="sizes go from 1 to"):
        archcalc.sizes(archcalc.load("lenet5"), *bounds)


def test_a_vector_has_no_size() -> None:
    with pytest.raises(ValueError, match="vector of 784"):
        archcalc.sizes(archcalc.load("lenet300"))


def test_work_is_bounded() -> None:
    with pytest.raises(ValueError, match="sizes at a time"):
        archcalc.sizes(archcalc.load("resnet152"), 1, 100_000)
