"""What holds of the memory of any network."""

from __future__ import annotations

from random import Random

import pytest
from drafts import files
from hypothesis import assume, given
from hypothesis import strategies as st

import archcalc
from archcalc.analysis.training import train
from archcalc.analysis.training.envelope import bytes_at, envelope, line_at
from archcalc.network.layers import LAYERS
from archcalc.network.steps import SAMPLE
from archcalc.network.training import BLOCKS, STAGES, Settings

NAMES = ["alexnet", "googlenet-aux", "resnet50", "vgg11-lrn", "xception"]
SETTINGS = [Settings(), Settings(optimizer="adamw", amp="bfloat16"), Settings(checkpoint=(BLOCKS,))]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5000)), min_size=1),
    st.integers(1, 500),
)
def test_the_envelope_is_the_most_in_every_batch(sizes: list[tuple[int, int]], batch: int) -> None:
    lines = envelope([a * SAMPLE + c for a, c in sizes])
    assert line_at(lines, batch).at(batch) == max(a * batch + c for a, c in sizes)
    assert [line.from_batch for line in lines] == sorted({line.from_batch for line in lines})


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: f"{s.amp}-{s.checkpoint}")
@pytest.mark.parametrize("name", NAMES)
def test_the_envelope_is_the_simulation(name: str, settings: Settings) -> None:
    course = train(archcalc.analyze(archcalc.load(name)), settings).course
    random = Random(0)
    for _ in range(200):
        batch = random.choice([random.randint(1, 100), random.randint(1, 100_000)])
        most = max(bytes_at(event.alive + course.base, batch) for event in course.events)
        assert course.peak(batch).bytes == most


@pytest.mark.parametrize("name", NAMES)
def test_the_largest_batch_is_found_by_trying(name: str) -> None:
    course = train(archcalc.analyze(archcalc.load(name)), Settings()).course
    for limit in (2**30, 3 * 2**30, 10**10):
        batch = 0
        while course.peak(batch + 1).bytes <= limit:
            batch += 1
        assert course.largest_batch(limit) == batch
        assert course.binding(limit).bytes > limit


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("names", [STAGES, BLOCKS])
def test_checkpointing_adds_no_more_than_a_segment(name: str, names: str) -> None:
    analysis = archcalc.analyze(archcalc.load(name))
    plain = train(analysis, Settings()).course.peak(8).bytes
    checkpointed = train(analysis, Settings(checkpoint=(names,)))
    segment = max(
        (
            sum(layer.output.elements for layer in analysis.covered(group))
            for group in analysis.groups
        ),
        default=0,
    )
    assert checkpointed.course.peak(8).bytes <= plain + 4 * 8 * segment


@given(files("conv", tuple(LAYERS)), st.sampled_from(["conv", "batchnorm", "relu", "dropout"]))
def test_kept_bytes_do_not_fall_when_a_layer_is_added(text: str, added: str) -> None:
    keys = ", filters: 3, kernel: 1" if added == "conv" else ""
    before = archcalc.analyze(archcalc.loads(text))
    assume(before.layers[-1].output.spatial or added != "conv")
    longer = f"{text}  - {{type: {added}{keys}, name: added}}\n"
    short, long = (
        train(one, Settings()) for one in (before, archcalc.analyze(archcalc.loads(longer)))
    )
    sizes = [sum(t.saved.values()) for t in (short, long)]
    loss = max(short.saved)  # of another output
    without = sizes[0] - short.saved[loss]
    assert bytes_at(sizes[1] - long.saved[max(long.saved)], 3) >= bytes_at(without, 3)
