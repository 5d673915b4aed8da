"""Copies made from a copy against copies that are expanded one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from language import analysis, file, mistakes, network, wiring

from archcalc import api
from archcalc.archfile.copies import Series
from archcalc.archfile.expansion import expand
from archcalc.diagnostics import Findings, SpecError
from archcalc.network.network import Network

BLOCKS = """blocks:
  unit:
    arguments: {width: 4, source: input, project: false}
    layers:
      - {type: conv, name: c, filters: $width, kernel: 3, padding: 1}
      - type: concat
        name: sum
        branches:
          left: [{type: separable_conv, name: s, filters: 4, kernel: 1}, {type: relu, name: r}]
          right: [{type: relu, when: $project}]
          other: [{type: tanh, from: $source}]
      - {layers: [{type: relu, when: false}], name: nothing}
      - {type: add, name: skip, from: [sum, sum.left.r, nothing, $source], when: false}
      - {type: conv, name: out, filters: 3, kernel: 1, from: [nothing]}
"""

FILES = {
    "with another first copy": (
        "  - {block: unit, name: u, repeat: 13, with: {width: 4}, first: {project: true}}\n"
    ),
    "that read a layer before them": (
        "  - {type: relu, name: stem}\n"
        "  - {block: unit, name: u, repeat: 12, with: {source: stem}}\n"
    ),
    "of copies": (
        "  - name: g\n    repeat: 11\n    layers:\n"
        "      - {type: relu, name: a}\n"
        "      - {block: unit, name: u, repeat: 3}\n"
        "      - {type: add, from: [a, u, u.1.sum.left.s.pointwise, u.2.out], when: false}\n"
        "      - {type: add, from: [a, u.2, u.1.out]}\n"
    ),
    "that one by one have names": (
        "  - {block: unit, name: u, repeat: 25}\n"
        "  - {type: add, from: [u.0.out, u.3, u.24.c, u.19.nothing], when: false}\n"
        "  - {type: concat, from: [u.0.sum.left, u.7.sum.left.s.depthwise, u.23.nothing, u.5]}\n"
    ),
    "of nothing but names": (
        "  - name: g\n    repeat: 12\n    layers:\n"
        "      - {layers: [{type: relu, when: false}], name: empty}\n"
        "      - {type: relu, when: false}\n"
        "  - {type: add, from: [g.11.empty, input]}\n"
    ),
    "whose first one alone has layers": (
        "  - {block: unit, name: u, repeat: 4}\n"
        "  - {block: maybe, name: m, repeat: 9, first: {there: true}}\n"
        "  - {type: add, from: [m.8, m.0, u]}\n"
    ),
    "that crop to a layer of theirs": (
        "  - name: g\n    repeat: 15\n    layers:\n"
        "      - {type: pad, name: wide, padding: 2}\n"
        "      - {type: crop, crop: 2, name: same}\n"
        "      - {type: crop, crop: {like: same}, from: wide}\n"
    ),
}
FILES |= {
    "whose first and last ones differ": (
        "  - {block: unit, name: u, repeat: 15, first: {width: 5}, last: {project: true}}\n"
    ),
    "of a layer": (
        "  - {type: tanh, name: t, repeat: 14}\n  - {type: add, from: [t.3, t, t.13]}\n"
        "  - {type: separable_conv, name: s, filters: 3, kernel: 1, repeat: 14}\n"
        "  - {type: add, from: [s.12.depthwise, s.9]}\n"
    ),
    "of a merge": (
        "  - {type: add, name: a, repeat: 14, branches: {x: [{type: relu, name: r}], y: []}}\n"
        "  - {type: add, from: [a.5.x.r, a.12.y, a.13]}\n"
    ),
    "that are numbered": (
        "  - {repeat: 13, layers: [{type: conv, filters: $(1 + copy), kernel: 1}]}\n"
        "  - {repeat: 13, layers: [{type: conv, filters: $(1 + copy), kernel: 1, repeat: 3}]}\n"
    ),
}
MAYBE = "  maybe: {arguments: {there: false}, layers: [{type: relu, when: $there}]}\n"


@contextmanager
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(Series, "repeated", lambda *_: None)
        yield


def content(found: Network) -> list[Any]:
    return [found.nodes, found.regions, found.outputs, found.is_partial]


@pytest.mark.parametrize("name", FILES)
def test_copies_are_what_expanding_each_gives(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = file(FILES[name], BLOCKS + MAYBE)
    made = wiring(text)
    with one_by_one(monkeypatch):
        assert list(made.items()) == list(wiring(text).items())


@pytest.mark.parametrize("name", api.builtin_names())
def test_copies_of_shipped_networks(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    architecture = api.load(name)
    made = expand(architecture, Findings())
    with one_by_one(monkeypatch):
        assert content(made) == content(expand(architecture, Findings()))


def test_names_inside_a_copy() -> None:
    layers = FILES["that one by one have names"]
    nodes = {node.path: node for node in network(file(layers, BLOCKS)).nodes}
    paths = list(nodes)
    read = [paths[index] for index in nodes["concat1"].inputs]
    assert read == ["u.0.sum.left.r", "u.7.sum.left.s.depthwise", "u.23.sum", "u.5.out"]


def test_a_name_that_a_copy_has_not_is_a_mistake_with_the_nearest() -> None:
    layers = "  - {block: unit, name: u, repeat: 9}\n  - {type: relu, from: u.7.som}\n"
    assert mistakes(file(layers, BLOCKS)) == [("unknown-name", 19, 24)]


def test_a_mistake_in_copies_is_one() -> None:
    group = "  - {name: g, repeat: 40, layers: [{type: relu, from: nowhere}, {type: relu}]}\n"
    assert mistakes(file(group)) == [("unknown-name", 4, group.index("nowhere") + 1)]


@pytest.mark.parametrize("limit", [35, 36])
def test_a_limit_is_reached_where_it_was(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    layers = "  - {name: g, repeat: 12, layers: [{type: relu}, {type: tanh}, {type: elu}]}\n"

    def outcome() -> list[tuple[str, str]]:
        try:
            analysis(file(layers), limit_layers=limit)
        except SpecError as error:
            return [(each.message, each.position) for each in error.diagnostics]
        return []

    made = outcome()
    assert bool(made) == (limit < 36)
    with one_by_one(monkeypatch):
        assert outcome() == made
