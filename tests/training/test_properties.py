"""What holds of the memory of any network: each shipped one, and random files."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from drafts import files
from hypothesis import assume, given
from hypothesis import strategies as st

import archcalc
from archcalc.analysis.training import train
from archcalc.analysis.training.envelope import bytes_at, envelope, line_at
from archcalc.api import builtin_names
from archcalc.network.layers import LAYERS
from archcalc.network.network import Network
from archcalc.network.steps import SAMPLE
from archcalc.network.training import BLOCKS, NO_LOSS, STAGES, Settings

NAMES = builtin_names()
SETTINGS = [
    Settings(),
    Settings(optimizer="adamw", amp="bfloat16"),
    Settings(optimizer="sgd", in_place=False, loss=NO_LOSS),
    Settings(checkpoint=(BLOCKS,)),
]


@cache
def analysed(name: str) -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load(name))


def simulated(name: str, settings: Settings) -> list[tuple[int, int]]:
    """Bytes of a sample and others at each event of a step in which no copy is left out."""
    course = train(analysed(name), settings, []).course
    return sorted({divmod(event.alive + course.base, SAMPLE) for event in course.events})


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5000)), min_size=1),
    st.integers(1, 500),
)
def test_the_envelope_is_the_most_in_every_batch(sizes: list[tuple[int, int]], batch: int) -> None:
    lines = envelope([a * SAMPLE + c for a, c in sizes])
    assert line_at(lines, batch).at(batch) == max(a * batch + c for a, c in sizes)
    assert [line.from_batch for line in lines] == sorted({line.from_batch for line in lines})


@pytest.mark.parametrize("name", NAMES)
def test_the_envelope_is_the_simulation(name: str) -> None:
    random = Random(name)
    for settings in SETTINGS:
        course, events = train(analysed(name), settings).course, simulated(name, settings)
        for _ in range(200):
            batch = random.choice([random.randint(1, 100), random.randint(1, 100_000)])
            assert course.peak(batch).bytes == max(a * batch + c for a, c in events)


@pytest.mark.parametrize("name", NAMES)
def test_the_largest_batch_is_found_by_trying(name: str) -> None:
    """Limits that just hold a batch, and those that hold it but for a byte."""
    random = Random(name)
    for settings in SETTINGS:
        course, events = train(analysed(name), settings).course, simulated(name, settings)
        tried = [max(a * batch + c for a, c in events) for batch in range(1, 202)]
        limits = random.sample(tried[:200], 20)
        for limit in (*limits, *(limit - 1 for limit in limits)):
            batch = next(batch for batch, size in enumerate(tried) if size > limit)
            assert course.largest_batch(limit) == batch
            assert course.binding(limit).bytes > limit


@pytest.mark.parametrize("names", [STAGES, BLOCKS])
@pytest.mark.parametrize("name", NAMES)
def test_checkpointing_adds_no_more_than_a_segment(name: str, names: str) -> None:
    analysis = analysed(name)
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


def beginning(name: str, count: int) -> archcalc.Analysis:
    """The first nodes of a network; what none of them reads is an output."""
    network = Network(name)
    network.nodes = analysed(name).network.nodes[:count]
    read = {feed for node in network.nodes for feed in node.inputs}
    network.outputs = [(f"n{i}", i) for i in range(count) if i not in read]
    return archcalc.analyze(network)


@pytest.mark.parametrize("name", NAMES)
def test_kept_bytes_do_not_fall_from_layer_to_layer(name: str) -> None:
    every = range(2, len(analysed(name).network.nodes))
    for count in Random(name).sample(every, min(12, len(every))):
        short, long = (
            sum(train(beginning(name, number), Settings(loss=NO_LOSS)).saved.values())
            for number in (count, count + 1)
        )
        assert bytes_at(short, 3) <= bytes_at(long, 3)
        assert bytes_at(short, 1000) <= bytes_at(long, 1000)


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
