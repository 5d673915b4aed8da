"""The garbage collector is on afterwards if it was before, whoever else was within."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

import archcalc
from archcalc.collecting import Uncollected


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.isenabled()
    yield
    (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("on", [True, False])
def test_it_is_as_it_was(on: bool) -> None:
    (gc.enable if on else gc.disable)()
    with Uncollected():
        assert not gc.isenabled()
        with Uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled() == on


def test_threads_that_overlap() -> None:
    gc.enable()
    entered, left = Barrier(2), Barrier(2)
    seen = []

    def first() -> None:
        with Uncollected():
            entered.wait(10)
        seen.append(gc.isenabled())
        left.wait(10)

    def second() -> None:
        with Uncollected():
            entered.wait(10)
            left.wait(10)
            seen.append(gc.isenabled())

    threads = [Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [False, False]
    assert gc.isenabled()


def test_it_is_on_after_a_mistake() -> None:
    gc.enable()
    with pytest.raises(archcalc.SpecError):
        archcalc.loads("name: x")
    assert gc.isenabled()
