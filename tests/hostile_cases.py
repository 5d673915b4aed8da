"""Files that a stranger might send to crash, stall or exhaust whoever reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from hostile_files import (
    HEAD,
    LAYERS,
    RELU,
    alias_bomb,
    doubling_blocks,
    entries,
    inside_itself,
    layer,
    lists,
    long_paths,
    many_arguments,
    nested,
    ones,
    patterns,
    sized,
    units,
    unknown_variables,
    wide_merges,
)


class Case(NamedTuple):
    """A file and the rules of the mistakes that answer it; none where it is a valid network."""

    name: str
    make: Callable[[], bytes]
    rules: frozenset[str]


def case(name: str, make: Callable[[], str | bytes], *rules: str) -> Case:
    def encoded() -> bytes:
        text = make()
        return text if isinstance(text, bytes) else text.encode()

    return Case(name, encoded, frozenset(rules))


def _cases() -> Iterator[Case]:
    yaml, limit, wrong = "invalid-yaml", "limit-exceeded", "wrong-value"
    yield case("alias-bomb", alias_bomb, "unsupported-yaml", "unknown-key", limit)
    yield case("a-million-anchors", lambda: "&a " * 300_000, yaml)
    yield case("a-million-brackets", lambda: "[" * 1_000_000, limit)
    yield case("a-million-mappings", lambda: "{a: " * 250_000, limit)
    yield case("a-million-dashes", lambda: "- " * 500_000, limit)
    yield case("a-million-question-marks", lambda: "? " * 500_000, limit)
    yield case("deep-indentation", lambda: "".join(f"{' ' * i}a:\n" for i in range(1400)), limit)
    yield case("deep-in-a-file", lambda: f"{LAYERS}  - {'[' * 900_000}", limit)
    yield case("repeat-a-billion", lambda: nested("{type: relu}", 10**9), limit)
    yield case("repeats-that-multiply", lambda: nested("{type: relu}", 1000, 1000, 1000), limit)
    left_out = "{type: relu, when: false}"
    yield case("repeats-of-nothing", lambda: nested(left_out, 9000, 9000, 9000), limit)
    merge = f"{{type: add, branches: [{', '.join(['[]'] * 9)}]}}"
    yield case("repeats-of-branches", lambda: nested(merge, 9000, 9000), limit)
    conditions = ", ".join(["{type: relu, when: $(1 + 1 + 1 + 1 == 3)}"] * 2000)
    yield case("repeats-of-conditions", lambda: nested(conditions, 9000), limit)
    yield case(
        "blocks-that-double",
        lambda: doubling_blocks("{type: relu}", lambda i: f"{{block: b{i}}}"),
        limit,
    )
    yield case(
        "blocks-that-double-with-arguments",
        lambda: doubling_blocks(
            "{type: linear, units: $(n % 1000 + 1)}",
            lambda i: f"{{block: b{i}, with: {{n: $((3 * n + {i}) % 1000003)}}}}",
            20,
        ),
        limit,
    )
    yield case(
        "blocks-in-a-circle",
        lambda: (
            f"{HEAD}blocks:\n"
            + "".join(f"  b{i}: {{layers: [{{block: b{(i + 1) % 2000}}}]}}\n" for i in range(2000))
            + "layers: [{block: b0}]\n"
        ),
        limit,
    )
    yield case("inside-itself", lambda: inside_itself(1), "recursive-block")
    yield case("twice-inside-itself", lambda: inside_itself(2), "recursive-block")
    yield case(
        "ends-after-a-billion-layers",
        lambda: (
            f"{HEAD}blocks:\n  b:\n    arguments: {{n: 30}}\n    layers:\n"
            + "      - {block: b, with: {n: $(n - 1)}, when: $(n > 0)}\n" * 2
            + "      - {type: relu}\nlayers: [{block: b}]\n"
        ),
        limit,
    )
    yield case("power-tower", units("$(9**9**9**9)"), limit)
    yield case("power-of-power", units("$((10**300)**300)"), limit)
    yield case("power-of-fraction", units("$((1/3)**100**100)"), limit)
    yield case("products", units(f"$({' * '.join(['999999999'] * 80)})"), limit)
    yield case("ten-thousand-digits", units("9" * 10_000), limit)
    yield case("ten-thousand-digits-in-arithmetic", units(f"$({'9' * 10_000})"), limit)
    yield case("digits-after-the-point", units(f"0.{'9' * 10_000}"), limit)
    digits = f"{{block: b1, with: {{n: {'9' * 5000}}}}}"
    yield case(
        "digits-in-a-call", lambda: doubling_blocks("{type: relu}", lambda i: digits, 1), limit
    )
    yield case(
        "digits-of-a-size", lambda: f"name: x\ninput: {'9' * 5000}x3\n", limit, "missing-key"
    )
    yield case(
        "digits-of-a-figure",
        lambda: f"{LAYERS}  - {{type: relu}}\nexpect: {{params: {'9' * 5000}}}\n",
        wrong,
    )
    yield case("three-thousand-parentheses", units(f'"$({"(" * 3000}1{")" * 3000})"'), limit)
    yield case("four-hundred-parentheses", units(f'"$({"(" * 400}1{")" * 400})"'), limit)
    yield case("nine-hundred-minuses", units(f'"$({"-" * 900}1)"'), limit)
    yield case("long-sum", units(f'"$(1{"+1" * 490})"'))
    yield case("long-power", units(f'"$(1{"**1" * 300})"'), limit)
    yield case(
        "python-object",
        lambda: "!!python/object/apply:os.system ['touch pwned']\n",
        "unsupported-yaml",
        wrong,
    )
    yield case(
        "python-name", lambda: f"{HEAD}layers: !!python/name:os.system\n", "unsupported-yaml", wrong
    )
    yield case(
        "own-tag", lambda: f"{HEAD}layers: !include /etc/passwd\n", "unsupported-yaml", wrong
    )
    yield case("tag-directive", lambda: f"%TAG ! tag:x,2000:\n---\n{LAYERS}", "unsupported-yaml")
    yield case(
        "duplicate-keys",
        lambda: LAYERS + "  - {type: relu, type: relu}\nname: y\n",
        "duplicate-key",
    )
    yield case(
        "many-duplicates",
        lambda: HEAD + "layers: [{type: relu}]\n" * 10_000,
        "duplicate-key",
        limit,
    )
    yield case("not-utf-8", lambda: b"name: caf\xe9\n", yaml)
    yield case("utf-16", lambda: HEAD.encode("utf-16"), yaml)
    yield case("random-bytes", lambda: bytes(range(256)) * 100, yaml)
    yield case("nul", lambda: b"name: a\x00b\n", yaml)
    yield case("escape-character", lambda: b"name: a\x1b[31mb\n", yaml)
    yield case("fifty-megabytes", lambda: b"# \n" * (50 * 2**20 // 3), limit)
    yield case(
        "fifty-megabytes-of-layers", lambda: LAYERS + "  - {type: relu}\n" * 3_000_000, limit
    )
    yield case("empty", lambda: "", wrong)
    yield case("blank", lambda: "\n" * 500_000, wrong)
    yield case("comments", lambda: "#\n" * 500_000, wrong)
    yield case(
        "several-documents", lambda: f"{LAYERS}  - {{type: relu}}\n---\n{HEAD}", "unsupported-yaml"
    )
    yield case(
        "many-documents",
        lambda: f"{LAYERS}  - {{type: relu}}\n" + "---\na\n" * 30_000,
        "unsupported-yaml",
    )
    yield case("list-at-the-top", lambda: "- a\n- b\n", wrong)
    for number, text in enumerate((".nan", ".inf", "-.inf", "yes", "010", "1:30", "~", "0x1F")):
        yield case(f"no-integer-{number}", units(text), wrong)
    sizes = ("1000000000000x1000000000000x3", "{channels: 3, size: 1000000000000}")
    for number, text in enumerate(sizes):
        yield case(
            f"input-{number}",
            sized(text),
            limit,
        )
    yield case(
        "large-input",
        lambda: (
            "name: x\ninput: 1000000000x1000000000x9\nlayers:\n"
            "  - {type: conv, filters: 1000000000, kernel: 1}\n"
        ),
        limit,
    )
    for number, text in enumerate(
        (
            "type: upsample, scale: 1000000000",
            "type: upsample, size: 999999937, mode: linear",
            "type: adaptive_avgpool, output: 999999937",
            "type: conv_transpose, filters: 3, kernel: 999999999, stride: 4000",
            "type: conv_transpose, filters: 3, kernel: 3, stride: 1000000000",
        )
    ):
        yield case(f"large-field-{number}", layer(text), limit)
    yield case(
        "large-stride",
        lambda: (
            f"{LAYERS}  - {{type: conv, filters: 3, kernel: 1000000, "
            "padding: 1000000000, stride: 999999937}\n"
        ),
    )
    yield case(
        "large-pool",
        lambda: (
            f"{LAYERS}  - {{type: maxpool, kernel: 1000000000, "
            "padding: 500000000, stride: 999999937, ceil_mode: true}\n"
        ),
    )
    halving = "{type: conv, filters: 3, kernel: 2, stride: 2, padding: [[16, 16], [16, 16]]}"
    yield case("strides-that-multiply", lambda: nested(halving, 15_000), limit)
    yield case(
        "many-unknown-keys",
        lambda: HEAD + "".join(f"layer{i}: 1\n" for i in range(40_000)),
        "unknown-key",
        limit,
    )
    yield case(
        "many-unknown-types", entries(lambda i: f"type: cnv{i}", 25_000), "unknown-type", limit
    )
    yield case(
        "many-unknown-names",
        entries(lambda i: f"type: relu, name: name{i}, from: nome{i}", 10_000),
        "unknown-name",
        limit,
    )
    yield case("many-unknown-variables", unknown_variables, "undefined-variable", limit)
    yield case("many-variables", lambda: f"{HEAD}variables:\n{ones(40_000)}{RELU}", limit)
    yield case("many-arguments", many_arguments, limit)
    yield case("many-nodes", lambda: f"{LAYERS}  [{'[],' * 300_000}]\n", limit, wrong)
    yield case("lists-of-lists", lambda: lists("{type: linear, units: $a59}"), limit)
    yield case("lists-of-names", lambda: lists("{type: add, from: $a59}"), limit)
    yield case("lists-compared", lambda: lists("{type: relu, when: $(a59 == b59)}"), limit)
    yield case("lists-in-lists", lambda: lists("{type: linear, units: $a59}", 1), limit)
    yield case("wide-merges", wide_merges, limit)
    yield case("patterns", patterns, "unknown-name", limit)
    yield case("long-paths", long_paths, limit)
    yield case("long-key", lambda: f"{HEAD}{'k' * 900_000}: 1\n", yaml)
    yield case(
        "long-name", lambda: f"name: {'n' * 900_000}\ninput: 8\nlayers: [{{type: relu}}]\n", limit
    )
    text = f"{HEAD}description: '{'a ' * 400_000}'\n{RELU}"
    yield case("long-text", lambda: text, limit)
    yield case("open-quote", lambda: f"{HEAD}source: '" + "a\n" * 300_000, yaml)
    yield case("tabs", lambda: f"{HEAD}layers:\n" + "\t- {type: relu}\n" * 50_000, yaml)


CASES = tuple(_cases())
