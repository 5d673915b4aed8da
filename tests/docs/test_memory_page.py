"""The figures of the page on memory that are worked out by hand are those that are computed."""

from __future__ import annotations

import re
from pathlib import Path

import archcalc
from archcalc.analysis.training import train
from archcalc.network.layers import LAYERS
from archcalc.network.training import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "memory.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table after a heading."""
    after = PAGE.split(f"## {heading}\n")[1]
    lines = re.search(r"(\|.*\n)+", after)
    assert lines
    split = [line.split("|")[1:-1] for line in lines[0].splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in split]


def test_what_vgg16_keeps_adds_up() -> None:
    sizes = [int(row[-1].strip("*").replace(",", "")) for row in rows("VGG-16 by hand")]
    analysis = archcalc.analyze(archcalc.load("vgg16-torchvision"), batch=32, train=Settings())
    layers = [layer.saved_bytes or 0 for layer in analysis.layers]
    assert sum(sizes[:-1]) == sizes[-1] == sum(layers)


def test_twice_the_activations() -> None:
    for name, volumes, twice, peak in rows("Twice the activations"):
        analysis = archcalc.analyze(archcalc.load(name.strip("`")), batch=32)
        unit, digits = (10**9, 2) if volumes.endswith("GB") else (10**6, 1)
        total = analysis.totals.activation_bytes
        step = train(analysis, Settings(optimizer="adam")).course.peak(32).bytes
        for shown, size in ((volumes, total), (twice, 2 * total), (peak, step)):
            assert shown.split()[0] == f"{size / unit:.{digits}f}"


def test_every_type_that_it_names_is_there() -> None:
    named = {name for row in rows("What is kept") for name in re.findall(r"`(\w+)`", row[0])}
    assert named <= LAYERS.keys()
