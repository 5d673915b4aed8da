"""``from``: where a name is looked up, and what it stands for."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file, mistake, mistakes, wiring


def test_left_out_it_is_the_entry_before_and_first_the_input() -> None:
    layers = "  - {type: relu, name: a}\n  - {type: relu, name: b}\n"
    assert wiring(file(layers)) == {"a": ("input",), "b": ("a",)}


def test_the_first_of_a_group_block_or_branch_has_what_feeds_it() -> None:
    head = "blocks: {b: {layers: [{type: relu, name: r}]}}\n"
    layers = """
  - {type: relu, name: a}
  - {layers: [{type: relu, name: r}], name: g}
  - {block: b, name: i, from: a}
  - {type: add, name: s, from: g, branches: [[{type: relu, name: r}], []]}
"""
    assert wiring(file(layers, head)) == {
        "a": ("input",), "g.r": ("a",), "i.r": ("a",), "s.0.r": ("g.r",), "s": ("s.0.r", "g.r"),
    }  # fmt: skip


def test_own_scope_goes_before_the_scopes_around() -> None:
    layers = """
  - {type: relu, name: a}
  - {type: relu, name: b}
  - layers: [{type: relu, name: a}, {type: relu, name: c, from: a}, {type: relu, name: d, from: b}]
    name: g
  - {type: relu, name: e, from: a}
"""
    found = wiring(file(layers))
    assert (found["g.c"], found["g.d"], found["e"]) == (("g.a",), ("b",), ("a",))


def test_input_is_where_you_are() -> None:
    """In a block's body, what feeds that copy; at the top, groups and branches too, the network."""
    head = """blocks:
  b:
    layers:
      - {type: relu, name: r, from: input}
      - {layers: [{type: relu, name: s, from: input}], name: g}
      - {type: add, name: m, branches: {x: [{type: relu, name: t, from: input}], y: []}}
"""
    layers = """
  - {type: relu, name: first}
  - {block: b, name: i, repeat: 2}
  - {layers: [{block: b, name: j}, {type: relu, name: k, from: input}], name: h}
"""
    found = wiring(file(layers, head))
    assert [found[f"i.0.{name}"] for name in ("r", "g.s", "m.x.t")] == [("first",)] * 3
    assert [found[f"i.1.{name}"] for name in ("r", "g.s", "m.x.t")] == [("i.0.m",)] * 3
    assert [found[f"h.j.{name}"] for name in ("r", "g.s")] == [("i.1.m",)] * 2
    assert found["h.k"] == ("input",)


def test_input_is_read_where_it_is_written() -> None:
    """Under `with`, where the call stands; as a default, in the body, once per copy."""
    head = """blocks:
  b: {arguments: {source: input}, layers: [{type: relu, name: r, from: $source}]}
  outer: {layers: [{type: tanh, name: t}, {block: b, name: b, with: {source: input}}]}
"""
    layers = """
  - {type: relu, name: first}
  - {block: b, name: default, repeat: 2}
  - {block: b, name: given, with: {source: input}}
  - {block: outer, name: outer}
"""
    found = wiring(file(layers, head))
    assert (found["default.0.r"], found["default.1.r"]) == (("first",), ("default.0.r",))
    assert found["given.r"] == ("input",)
    assert found["outer.b.r"] == ("given.r",)


def test_names_under_a_false_condition_are_resolved() -> None:
    """Also against what is left out with them, but the body of an instance is not entered."""
    head = "blocks: {b: {layers: [{type: relu, name: r, from: nowhere, when: false}]}}\n"
    layers = """
  - {type: relu, name: a}
  - {type: tanh, name: gone, when: false, from: a}
  - {layers: [{type: relu, name: x}, {type: relu, from: [gonee]}], name: g, when: false}
  - {type: add, name: m, branches: {y: [{type: relu, from: aa}]}, when: false}
  - {type: relu, from: [gone], when: false}
  - {type: relu, from: [g.x], when: false}
  - {type: relu, from: [h], when: false}
"""
    text = file(layers)
    start = text[: text.index("  - {type: relu, name: a}")].count("\n") + 1
    assert [(rule, line - start) for rule, line, _ in mistakes(text)] == [
        ("unknown-name", 2), ("unknown-name", 3), ("unknown-name", 6),
    ]  # fmt: skip
    instance = "  - {type: relu}\n  - {block: b, name: i, when: false}\n"
    assert mistakes(file(instance + "  - {type: relu, from: i.r, when: false}\n", head)) == [
        ("unknown-name", 3, head.index("nowhere") + 1)  # in the body of a block that nothing uses
    ]


def test_dots_descend_into_groups_copies_branches_and_parts() -> None:
    layers = """
  - {layers: [{type: relu, name: r}, {type: tanh, name: t}], name: g}
  - {layers: [{type: relu, name: r}], name: h, repeat: 3}
  - {type: add, name: s, branches: {left: [{type: relu, name: r}], right: []}}
  - {type: separable_conv, name: p, filters: 3, kernel: 1}
  - {type: relu, name: a, from: g.r}
  - {type: relu, name: b, from: h.1}
  - {type: relu, name: c, from: h.0.r}
  - {type: relu, name: d, from: s.left.r}
  - {type: relu, name: e, from: s.left}
  - {type: relu, name: f, from: p.depthwise}
"""
    found = wiring(file(layers))
    assert [found[name] for name in "abcdef"] == [
        ("g.r",), ("h.1.r",), ("h.0.r",), ("s.left.r",), ("s.left.r",), ("p.depthwise",),
    ]  # fmt: skip


def test_a_group_or_block_stands_for_its_last_output() -> None:
    head = "blocks: {b: {layers: [{type: relu, name: x}, {type: relu, name: y}]}}\n"
    layers = """
  - {block: b, name: i, repeat: 2}
  - {layers: [{type: relu, name: z}], name: g}
  - {type: add, name: s, from: [i, g, input]}
"""
    assert wiring(file(layers, head))["s"] == ("i.1.y", "g.z", "input")


def test_an_empty_branch_is_the_identity() -> None:
    layers = "  - {type: relu, name: a}\n  - {type: add, name: s, branches: [[], []]}\n"
    assert wiring(file(layers))["s"] == ("a", "a")


def test_a_body_sees_itself_and_input_only() -> None:
    head = "blocks: {b: {layers: [{type: relu, from: outer}]}}\n"
    found = mistake(file("  - {type: relu, name: outer}\n  - {block: b}\n", head))
    assert (found.rule, found.place) == ("unknown-name", (3, 42))


@pytest.mark.parametrize("value", ["skip: outer", "skip: [outer, outer]"])
def test_a_layer_comes_in_as_an_argument_looked_up_where_the_instance_stands(value: str) -> None:
    head = """blocks:
  b:
    arguments: {skip: required}
    layers:
      - {type: relu, name: outer}
      - {type: add, name: s, from: [outer, $skip]}
"""
    layers = f"  - {{type: tanh, name: outer}}\n  - {{block: b, name: i, with: {{{value}}}}}\n"
    count = value.count("outer")
    assert wiring(file(layers, head))["i.s"] == ("i.outer", *["outer"] * count)


def test_an_argument_keeps_its_scope_through_blocks() -> None:
    head = """blocks:
  inner:
    arguments: {skip: required}
    layers: [{type: relu, name: a}, {type: add, name: s, from: [a, $skip]}]
  outer:
    arguments: {skip: required}
    layers: [{type: relu, name: a}, {block: inner, name: i, with: {skip: $skip}}]
"""
    layers = "  - {type: relu, name: a}\n  - {block: outer, name: o, with: {skip: a}}\n"
    assert wiring(file(layers, head))["o.i.s"] == ("o.i.a", "a")


def test_an_argument_of_a_group_s_block_is_looked_up_in_the_group() -> None:
    head = "blocks: {b: {arguments: {x: required}, layers: [{type: relu, name: r, from: $x}]}}\n"
    layers = """
  - {type: relu, name: a}
  - layers: [{type: tanh, name: a}, {type: tanh}, {block: b, name: i, with: {x: a}}]
    name: g
    repeat: 2
"""
    found = wiring(file(layers, head))
    assert (found["g.0.i.r"], found["g.1.i.r"]) == (("g.0.a",), ("g.1.a",))


def test_from_feeds_the_first_copy_and_the_others_follow() -> None:
    layers = """
  - {type: relu, name: a}
  - {type: relu, name: b}
  - {layers: [{type: conv, name: c, filters: 8, kernel: 3}], name: g, from: a, repeat: 3}
"""
    found = wiring(file(layers))
    assert [found[f"g.{i}.c"] for i in range(3)] == [("a",), ("g.0.c",), ("g.1.c",)]
    sizes = [layer.output.spatial for layer in analysis(file(layers)).layers[2:]]
    assert sizes == [(32 - 2, 32 - 2), (32 - 4, 32 - 4), (32 - 6, 32 - 6)]


@pytest.mark.parametrize(
    ("reference", "part", "hint"),
    [
        ("cnov1", "no layer before this one", ("did you mean `conv1`?",)),
        ("later", '"later" comes later, in line 9', ()),
        ("relu1", "running-number name of the entry in line 5", ()),
        ("gone", '"gone" is left out by its `when`', ()),
        ("g.tenh", '"g" has no "tenh" inside', ("did you mean `g.tanh`?",)),
        ("conv1.x", '"conv1" has no "x" inside', ()),
        ("inptu", "no layer before this one", ("did you mean `input`?",)),
    ],
)
def test_why_a_name_cannot_be_used(reference: str, part: str, hint: tuple[str, ...]) -> None:
    layers = f"""  - {{type: tanh, name: conv1}}
  - {{type: relu}}
  - {{layers: [{{type: tanh, name: tanh}}], name: g}}
  - {{type: relu, name: gone, when: false}}
  - {{type: relu, from: {reference}}}
  - {{type: relu, name: later}}
"""
    found = mistake(file(layers))
    assert found.rule == "unknown-name"
    assert part in found.message
    assert found.suggestions == hint


def test_only_merges_take_several_inputs() -> None:
    layers = "  - {type: tanh, name: a}\n  - {type: relu, from: [a, input]}\n"
    found = mistake(file(layers))
    assert (found.rule, found.place) == ("wrong-value", (5, 24))
    assert diagnostics(file(layers.replace("relu", "add"))) == []


def test_a_layer_with_an_activation_stands_for_the_activated_output() -> None:
    layers = """
  - {type: conv, name: a, filters: 8, kernel: 1, activation: relu}
  - {type: conv, name: b, filters: 8, kernel: 1, from: a}
"""
    found = analysis(file(layers))
    assert [layer.activation for layer in found.layers] == ["relu", None]
    assert found.layers[1].inputs == ("a",)


def test_crop_takes_the_size_of_a_named_layer() -> None:
    layers = """
  - {type: conv, name: small, filters: 8, kernel: 5}
  - {type: crop, name: c, crop: {like: small}, from: input}
"""
    assert analysis(file(layers)).layers[1].output.spatial == (32 - 4, 32 - 4)


def test_outputs_are_named_or_the_last_entry() -> None:
    layers = "  - {layers: [{type: tanh, name: t}], name: g}\n  - {type: relu, name: r}\n"
    assert [name for name, _ in analysis(file(layers)).outputs] == ["r"]
    for written in ("g", "[g, r]", "[r, g.t, input]"):
        found = analysis(file(layers, f"outputs: {written}\n")).outputs
        assert [name for name, _ in found] == written.strip("[]").split(", ")
