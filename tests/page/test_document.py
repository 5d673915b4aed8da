"""The document of a page: its numbers are those of the analysis, and its parts fit together."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from nets import net

import archcalc
from archcalc import api
from archcalc.rules.catalogue import CHECKS
from archcalc.views.page import document

NAMES = api.builtin_names()

WIDE = "{type: linear, name: fc, units: 1000000000}"


@cache
def analysed(name: str) -> archcalc.Analysis:
    return api.run(api.read_source(name), chosen=CHECKS)


@cache
def shown(name: str) -> Any:
    return json.loads(json.dumps(document(analysed(name), name)))


def tree_of(data: Any) -> Any:
    """The parts with the places of their parents, whole paths and kinds as words."""
    tree = data["tree"]
    parents = [at - back for at, back in enumerate(tree["parents"])]
    paths: list[str] = []
    for parent, own in zip(parents, tree["paths"], strict=True):
        paths.append(".".join(filter(None, (paths[parent] if paths else "", own))))
    kinds = [tree["words"][kind] for kind in tree["kinds"]]
    return {**tree, "parents": parents, "paths": paths, "kinds": kinds}


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_the_json_document(name: str) -> None:
    data, version_1 = shown(name), analysed(name).to_dict()
    assert data["names"][1:] == [layer["name"] for layer in version_1["layers"]]
    for node, layer in enumerate(version_1["layers"], 1):
        kind = data["kinds"][data["kind"][node]]
        output = layer["output"]
        assert kind["type"] == layer["type"]
        assert kind["out"] == [*output["spatial"], output["channels"]]
        for key, name_of_1 in (("params",) * 2, ("macs",) * 2, ("bytes", "activation_bytes")):
            assert int(kind.get(key, 0)) == layer[name_of_1]
        feeds = data["inputs"][node]
        feeds = feeds if isinstance(feeds, list) else [node - feeds]
        assert [data["names"][feed] for feed in feeds] == layer["inputs"]
        assert (data["lines"][node] or None) == layer["line"]
    totals = version_1["totals"]
    assert int(data["totals"]["params"]) == totals["params"]
    assert int(data["totals"]["macs"]) == totals["macs"]
    assert int(data["totals"]["bytes"]) == totals["activation_bytes"]
    assert int(data["totals"]["peak"]) == totals["peak_bytes"]


@pytest.mark.parametrize("name", NAMES)
def test_parts_nest_and_cover_the_layers(name: str) -> None:
    data, tree = shown(name), tree_of(shown(name))
    nodes = len(data["names"])
    assert (tree["starts"][0], tree["stops"][0], tree["parents"][0]) == (1, nodes, -1)
    inside: dict[int, list[int]] = {}
    for part, parent in enumerate(tree["parents"][1:], 1):
        assert parent < part
        inside.setdefault(parent, []).append(part)
    for parent, parts in inside.items():
        starts, stops = tree["starts"], tree["stops"]
        assert starts[parent] <= starts[parts[0]]
        assert stops[parts[-1]] <= stops[parent]
        assert all(stops[one] <= starts[other] for one, other in pairwise(parts))
        prefix = f"{tree['paths'][parent]}." if parent else ""
        assert all(tree["paths"][part].startswith(prefix) for part in parts)
        assert all(starts[part] < stops[part] or tree["kinds"][part] == "branch" for part in parts)


@pytest.mark.parametrize("name", NAMES)
def test_sums_of_parts_are_those_of_their_layers(name: str) -> None:
    data, tree = shown(name), shown(name)["tree"]
    for quantity in ("params", "macs", "bytes"):
        each = [int(data["kinds"][kind].get(quantity, 0)) for kind in data["kind"]]
        for part, told in enumerate(tree[quantity]):
            assert int(told) == sum(each[tree["starts"][part] : tree["stops"][part]])


def peak_of(lives: Any) -> int:
    """The most that is alive while one node after the other runs, the input aside."""
    last = max(lives["nodes"])
    return max(
        sum(
            int(held)
            for start, until, held in zip(
                lives["nodes"], lives["until"], lives["bytes"], strict=True
            )
            if start <= node <= until
        )
        for node in range(min(1, last), last + 1)
    )


@pytest.mark.parametrize("name", NAMES)
def test_lives_of_volumes_give_the_peak_and_the_sum(name: str) -> None:
    data, totals = shown(name), analysed(name).totals
    assert peak_of(data["lives"]) == totals.peak_bytes
    assert sum(map(int, data["lives"]["bytes"])) == totals.activation_bytes
    assert data["names"][data["lives"]["at"]] == totals.peak_layer


@pytest.mark.parametrize("name", NAMES)
def test_spans_are_those_of_the_fields(name: str) -> None:
    data, analysis = shown(name), analysed(name)
    for place, node in zip(data["field"], analysis.nodes, strict=True):
        told = data["fields"][place].get("axes")
        if node.field.axes is None:
            assert told is None
            continue
        for axis, (step, spans) in zip(node.field.axes, told, strict=True):
            for output in (0, 1, 7, 23):
                turns, phase = divmod(output, len(spans))
                span = spans[phase]
                moved = span and tuple(int(end) + turns * int(step) for end in span)
                assert moved == axis.at(output)


@pytest.mark.parametrize("name", ["alexnet", "unet", "googlenet", "vit-b16"])
def test_arithmetic_is_what_explain_says(name: str) -> None:
    data = shown(name)
    for layer, places in zip(data["names"][1:], data["explained"], strict=True):
        said = []
        for title, lines in (data["sections"][place] for place in places):
            said += ["", data["words"][title]] if data["words"][title] else []
            for label, fact in (data["said"][line] for line in lines):
                said += f"{data['words'][label]} {data['words'][fact]}".split()
        told = archcalc.explain(analysed(name), layer).split("\n", 1)[1]
        assert " ".join(said).split() == told.split()


def test_numbers_beyond_what_scripts_hold_are_text() -> None:
    entries = ["{type: flatten, name: f}", WIDE]
    data = document(net(entries, "10000x10000x3"), "wide.yaml")
    kind = data["kinds"][data["kind"][2]]
    assert kind["params"] == str(300_000_000 * 10**9 + 10**9)
    assert data["totals"]["params"] == kind["params"]
    assert data["tree"]["macs"][0] == kind["macs"] == str(300_000_000 * 10**9)


def test_of_too_many_layers_the_command_explains_one() -> None:
    entries = ["{type: relu, name: a, repeat: 4001}"]
    data = document(net(entries, "2x2x1"), "many.yaml")
    assert data["explained"] is None
    assert "archcalc explain many.yaml LAYER" in data["unexplained"]


@pytest.mark.parametrize("count", [41, 1600, 1601, 4000])
def test_many_parts_are_joined_into_runs(count: int) -> None:
    data = document(net([f"{{type: relu, name: a, repeat: {count}}}"], "2x2x1"), "many.yaml")
    tree = tree_of(data)
    sizes: dict[int, int] = {}
    for part, parent in enumerate(tree["parents"]):
        sizes[parent] = sizes.get(parent, 0) + 1
        own = tree["stops"][part] - tree["starts"][part]
        if part not in tree["parents"]:
            assert own <= 40
    assert all(size <= 40 for size in sizes.values())


def test_an_empty_branch_stands_among_its_siblings() -> None:
    branches = "{a: [], b: [{type: relu, name: r}], c: []}"
    data = document(
        net(["{type: relu, name: first}", f"{{type: add, name: sum, branches: {branches}}}"],
            "2x2x1"), "x.yaml",
    )  # fmt: skip
    tree = tree_of(data)
    assert tree["paths"] == ["", "sum", "sum.a", "sum.b", "sum.c"]
    assert tree["kinds"] == ["group", "merge", "branch", "branch", "branch"]
    assert list(zip(tree["starts"], tree["stops"], strict=True))[2:] == [(2, 2), (2, 3), (3, 3)]
