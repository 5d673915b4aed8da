"""Copies that are left out of the simulation, against a simulation of all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archcalc
from archcalc.analysis.training import infer, train
from archcalc.api import builtin_names
from archcalc.network.training import NO_LOSS, Settings

SETTINGS = [
    Settings(),
    Settings(in_place=False, loss=NO_LOSS),
    Settings(optimizer="adamw", amp="bfloat16", foreach=False, weight_decay=True),
]


def same(analysis: archcalc.Analysis, settings: Settings) -> None:
    short, long = train(analysis, settings), train(analysis, settings, [])
    assert short.course.moments(3) == long.course.moments(3)
    # the lines as they are, but for the number of the event that each is of
    for one, other in zip(short.course.lines, long.course.lines, strict=True):
        assert one[:3] == other[:3]
        batch = one.from_batch
        assert short.course.moment(one, batch) == long.course.moment(other, batch)
    assert short.saved == long.saved
    assert short._replace(course=long.course, saved=long.saved) == long
    without, with_all = infer(analysis, settings), infer(analysis, settings, [])
    assert without.course.moments(3) == with_all.course.moments(3)
    assert without.course.peak(3) == with_all.course.peak(3)


@pytest.mark.parametrize("name", builtin_names())
@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: f"{s.optimizer}-{s.amp}-{s.loss}")
def test_shipped(name: str, settings: Settings) -> None:
    same(archcalc.analyze(archcalc.load(name)), settings)


ENTRIES = [
    "{type: conv, filters: 4, kernel: 3, padding: 1}",
    "{type: conv, filters: 4, kernel: 3, padding: 1, activation: relu}",
    "{type: conv, filters: 4, kernel: 1, frozen: true}",
    "{type: batchnorm, activation: relu6}",
    "{type: batchnorm, frozen: true}",
    "{type: layernorm}",
    "{type: groupnorm, groups: 2, activation: gelu}",
    "{type: silu}",
    "{type: tanh}",
    "{type: softmax}",
    "{type: dropout}",
    "{type: identity}",
    "{type: scale}",
    "{type: channel_shuffle, groups: 2}",
    "{type: lrn, size: 3}",
    "{type: maxpool, kernel: 3, stride: 1, padding: 1}",
    "{type: squeeze_excite, reduction: 2}",
    "{type: add, branches: [[], [{type: conv, filters: 4, kernel: 1}, {type: relu}]]}",
    "{type: add, branches: [[], [{type: sigmoid}], [{type: identity}]], activation: relu}",
    "{type: add, branches: [[], []]}",
    "{type: multiply, branches: [[{type: relu}], [{type: sigmoid}]]}",
    "{type: concat, branches: [[{type: conv, filters: 3, kernel: 1}], [{type: conv, filters: 1, "
    "kernel: 1}]]}",
]
entries = st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=4)


def repeated(body: list[str], times: int) -> str:
    inside = "".join(f"      - {entry}\n" for entry in body)
    return f"  - repeat: {times}\n    layers:\n{inside}"


@given(entries, st.integers(4, 9), entries, st.sampled_from(SETTINGS), st.booleans())
def test_random_bodies(
    body: list[str], times: int, others: list[str], settings: Settings, around: bool
) -> None:
    """Before, between and behind them other layers; perhaps a connection around all copies."""
    text = "name: copies\ninput: 6x6x4\nlayers:\n  - {type: relu, name: first}\n"
    text += "".join(f"  - {entry}\n" for entry in others[:1])
    text += repeated(body, times)
    if around:
        text += "  - {type: relu, name: last}\n  - {type: add, from: [first, last]}\n"
    text += repeated(others, times + 1)
    same(archcalc.analyze(archcalc.loads(text)), settings)
