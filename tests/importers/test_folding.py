"""Files from flat graphs: what is folded is expanded into the same rows again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from drafts import files
from hypothesis import given, settings
from hypothesis import strategies as st
from importers.flattening import flattened

import archcalc
from archcalc.importers.graph import Graph, Module, Operation, flat_network
from archcalc.importers.readable import folded, readable, unfolded
from archcalc.network.layers import LAYERS
from archcalc.network.network import Network
from archcalc.network.volume import Volume

SHIPPED = sorted(Path("architectures").glob("*.yaml"))
KINDS = sorted(set(LAYERS) - {"rbf", "maxout", "prelu"})


def rows(network: Network) -> list[Any]:
    """What must be the same, row by row, and of the whole."""
    analysis = archcalc.analyze(network)
    per_row = [
        (
            layer.type,
            layer.activation,
            layer.output,
            layer.params,
            layer.macs,
            layer.node.inputs,
            layer.node.shares,
            layer.node.frozen,
        )
        for layer in analysis.layers
    ]
    totals = analysis.totals._replace(peak_layer="")
    return [*per_row, [index for _, index in network.outputs], totals]


def read_back(text: str) -> Network:
    return archcalc.analyze(archcalc.loads(text)).network


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_a_shipped_architecture_is_folded_into_the_same_rows(path: Path) -> None:
    network = archcalc.analyze(archcalc.load(path)).network
    graph = flattened(network)
    for text in (folded(graph), unfolded(graph)):
        assert rows(read_back(text)) == rows(flat_network(graph))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_a_folded_file_is_hardly_longer_than_the_one_that_people_wrote(path: Path) -> None:
    text = path.read_text()
    for section in ("\nallow:", "\npublished:", "\nexpect:", "\ntrain:"):
        text = text.partition(section)[0]
    network = archcalc.analyze(archcalc.load(path)).network
    assert len(readable(flattened(network)).splitlines()) <= len(text.splitlines()) + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS).flatmap(lambda kind: files(kind, KINDS)))
def test_a_random_file_is_folded_into_the_same_rows(text: str) -> None:
    graph = flattened(read_back(text))
    for again in (folded(graph), unfolded(graph)):
        assert rows(read_back(again)) == rows(flat_network(graph))


def random_graph(seed: int) -> Graph:
    """Convolutions and sums in random modules, some of which are called again and again."""
    chance = random.Random(seed)
    operations: list[Operation] = []
    modules: list[Module] = []
    for _ in range(chance.randrange(2, 60)):
        if modules and chance.random() < 0.35:
            modules.pop()
        if len(modules) < 4 and chance.random() < 0.5:
            kind = chance.choice(["A", "B", "Sequential", ""])
            modules.append(Module(str(chance.randrange(3)), kind, chance.randrange(2)))
        at = len(operations)
        feeds = [at if chance.random() < 0.8 else chance.randrange(max(0, at - 6), at + 1)]
        layer: Any = LAYERS["conv"](filters=4, kernel=chance.choice([1, 3]), padding="half")
        if chance.random() < 0.3:
            feeds.append(chance.randrange(max(0, at - 6), at + 1))
            layer = LAYERS["add"]()
        elif chance.random() < 0.3:
            layer = LAYERS["batchnorm"]()
        activation = chance.choice([None, None, "relu"])
        operations.append(Operation(layer, tuple(feeds), tuple(modules), activation))
    return Graph(f"random {seed}", Volume(4, (8, 8)), tuple(operations), (len(operations),))


@pytest.mark.parametrize("seed", range(60))
def test_a_graph_of_random_modules_is_folded_into_the_same_rows(seed: int) -> None:
    graph = random_graph(seed)
    assert rows(read_back(readable(graph))) == rows(flat_network(graph))
    assert readable(graph) == readable(random_graph(seed))
