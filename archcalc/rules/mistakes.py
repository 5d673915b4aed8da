"""What is found while a file is read and its shapes are calculated: rows of data, no checks."""

from __future__ import annotations

from archcalc.diagnostics import Severity
from archcalc.rules.base import Rule

CONV = "{type: conv, filters: 8, kernel: 3}"


def _rule(
    name: str, summary: str, before: str, passes: str, fails: str, caret: int, manual: str = ""
) -> Rule:
    """A mistake whose two files differ in one line."""
    marked = f"{fails}\n#{' ' * (caret - 2)}^\n"
    return Rule(name, Severity.ERROR, summary, manual, f"{before}{passes}\n", f"{before}{marked}")


def _layer(name: str, summary: str, size: str, passes: str, fails: str, caret: int = 5) -> Rule:
    """A mistake in the last layer of a network."""
    before = f"name: example\ninput: {size}\nlayers:\n"
    return _rule(name, summary, before, f"  - {passes}", f"  - {fails}", caret)


def _after_conv(
    name: str, summary: str, passes: str, fails: str, caret: int = 5, manual: str = ""
) -> Rule:
    before = "name: example\ninput: 8x8x3\nlayers:\n"
    before += "  - {type: conv, name: a, filters: 8, kernel: 3}\n"
    return _rule(name, summary, before, f"  - {passes}", f"  - {fails}", caret, manual)


NET = f"name: example\ninput: 8x8x3\nlayers: [{CONV}]\n"
BLOCK = """\
name: example
input: 8x8x3
blocks:
  b: {arguments: {n: required}, layers: [{type: conv, filters: $n, kernel: 3}]}
layers:
"""

MISTAKES = (
    _rule(
        "invalid-yaml", "the file is not well-formed YAML, or not UTF-8", NET,
        "description: text", "description: } text", 14,
    ),
    _rule(
        "unsupported-yaml", "anchors, aliases, merge keys, tags, directives, several documents",
        NET, "description: text", "description: !!str text", 14,
        "Blocks and variables do the work of anchors; a value's type is its key's.",
    ),
    _rule(
        "limit-exceeded", "the file asks for more than is calculated",
        "name: example\ninput: 8x8x3\nlayers:\n",
        "  - {type: linear, units: 1000000}", "  - {type: linear, units: 1000000000000}", 27,
        "Every size is bounded, so that no file can exhaust the machine; docs/language.md lists "
        "the limits.",
    ),
    _layer("unknown-key", "a key that is not known here", "8x8x3",
           "{type: conv, filters: 8, kernel: 3, stride: 1}",
           "{type: conv, filters: 8, kernel: 3, strid: 1}", 41),
    _layer("missing-key", "a key that is needed is not there", "8x8x3",
           CONV, "{type: conv, filters: 8}"),
    _layer("duplicate-key", "a key stands twice in one mapping", "8x8x3",
           CONV, "{type: conv, filters: 8, kernel: 3, kernel: 5}", 41),
    _layer("conflicting-keys", "keys that exclude each other", "8x8x3",
           "{type: upsample, scale: 2}", "{type: upsample, scale: 2, size: 16}", 38),
    _layer("unknown-type", "a layer type that does not exist", "8x8x3",
           CONV, "{type: convolution, filters: 8, kernel: 3}", 12),
    _layer("wrong-value", "a value of another kind than the key takes", "8x8x3",
           CONV, "{type: conv, filters: many, kernel: 3}", 27),
    _layer("not-an-integer", "a fraction where an integer is needed", "8x8x3",
           "{type: conv, filters: $(7 // 2), kernel: 3}",
           "{type: conv, filters: $(7 / 2), kernel: 3}", 27),
    _layer("size-below-one", "a size below one", "8x8x3",
           CONV, "{type: conv, filters: 8, kernel: 0}", 38),
    _after_conv("unknown-name", "`from`, `outputs` or a path names nothing that is there",
                "{type: relu, from: a}", "{type: relu, from: aa}", 24),
    _rule("name-clash", "two entries of a scope have the same name",
          "name: example\ninput: 8x8x3\nlayers:\n  - {type: relu, name: a}\n",
          "  - {type: relu, name: b}", "  - {type: relu, name: a}", 24),
    _layer("undefined-variable", "an expression reads a name that has no value", "8x8x3",
           CONV, "{type: conv, filters: $width, kernel: 3}", 27),
    _layer("invalid-expression", "an expression that cannot be read", "8x8x3",
           "{type: conv, filters: $(2 + 6), kernel: 3}",
           "{type: conv, filters: $(2 + ), kernel: 3}", 27),
    _layer("division-by-zero", "a division by zero in an expression", "8x8x3",
           "{type: conv, filters: $(8 / 1), kernel: 3}",
           "{type: conv, filters: $(8 / 0), kernel: 3}", 27),
    _rule("unknown-block", "a block that does not exist", BLOCK,
          "  - {block: b, with: {n: 8}}", "  - {block: c, with: {n: 8}}", 13),
    _rule("unknown-argument", "an argument that the block has not", BLOCK,
          "  - {block: b, with: {n: 8}}", "  - {block: b, with: {n: 8, m: 9}}", 29),
    _rule("missing-argument", "a required argument is not given", BLOCK,
          "  - {block: b, with: {n: 8}}", "  - {block: b}", 13),
    _rule("recursive-block", "a block contains itself without end",
          "name: example\ninput: 8x8x3\nlayers: [{block: b}]\nblocks:\n"
          f"  a: {{layers: [{CONV}]}}\n",
          "  b: {layers: [{block: a}]}", "  b: {layers: [{block: b}]}", 24),
    _layer("axis-count", "a list does not fit the axes of the input", "8x8x3",
           "{type: conv, filters: 8, kernel: [3, 3]}",
           "{type: conv, filters: 8, kernel: [3, 3, 3]}", 38),
)  # fmt: skip

SHAPES = (
    _layer("window-too-large", "the window is larger than its padded input", "8x8x3",
           "{type: conv, filters: 8, kernel: 7}", "{type: conv, filters: 8, kernel: 9}"),
    _rule("weights-mismatch", "weights that do not fit those that `share` names",
          "name: example\ninput: 8x8x3\nlayers:\n"
          "  - {type: conv, name: a, filters: 3, kernel: 3}\n",
          "  - {type: conv, filters: 3, kernel: 3, share: a}",
          "  - {type: conv, filters: 4, kernel: 3, share: a}", 48),
    _after_conv("merge-mismatch", "channels or sizes differ at a merge",
                "{type: add, from: [a, a]}", "{type: add, from: [a, input]}", manual=(
                    "Where a height or a width differs, the message names the windows on the way "
                    "whose stride does not divide the size, which no upsampling restores, or else "
                    "those without padding; and the nearest smaller and larger input with which "
                    "the whole network can be built, each tried."
                )),
    _layer("indivisible-groups", "groups do not divide both input channels and filters", "8x8x4",
           "{type: conv, filters: 8, kernel: 3, groups: 2}",
           "{type: conv, filters: 8, kernel: 3, groups: 3}", 49),
    _layer("indivisible-size", "channels that pieces, groups or a scale do not divide", "8x8x8",
           "{type: maxout, pieces: 2}", "{type: maxout, pieces: 3}", 28),
    _layer("reshape-mismatch", "a reshape to another number of elements", "8x8x3",
           "{type: reshape, shape: 4x4x12}", "{type: reshape, shape: 4x4x11}", 28),
    _layer("slice-out-of-range", "a slice of channels that are not there", "8x8x3",
           "{type: slice, start: 0, stop: 3}", "{type: slice, start: 0, stop: 4}", 35),
    _layer("crop-too-large", "a crop that leaves nothing", "8x8x3",
           "{type: crop, crop: 3}", "{type: crop, crop: 4}", 24),
    _layer("connection-table", "a connection table that does not fit filters or input", "8x8x2",
           "{type: conv, filters: 2, kernel: 3, connection_table: [[0], [0, 1]]}",
           "{type: conv, filters: 2, kernel: 3, connection_table: [[0], [0, 2]]}", 59),
)  # fmt: skip
