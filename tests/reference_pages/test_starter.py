"""The file to start from."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.reference import starter


def test_it_is_an_architecture_without_findings() -> None:
    analysis = archcalc.analyze(archcalc.loads(starter.render("mine")))
    assert analysis.network.name == "mine"
    assert analysis.diagnostics == []
    assert analysis.outputs == [("probability", archcalc.Volume(10))]


@pytest.mark.parametrize("name", ["a b", "", "a/b", "12", "input", "x" * 65, "é", "a\nb", "{name}"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="is no name: "):
        starter.render(name)


@pytest.mark.parametrize("name", ["a", "3a", "res-net_50", "true", "null", "no", "1e3", "0x10"])
def test_every_name_is_read_as_it_is_written(name: str) -> None:
    assert archcalc.loads(starter.render(name)).name == name
