"""Texts that are large, deep or wide in one way each."""

from __future__ import annotations

from collections.abc import Callable

HEAD = "name: x\ninput: 32x32x3\n"
LAYERS = f"{HEAD}layers:\n"
RELU = "layers: [{type: relu}]\n"


def units(value: str) -> Callable[[], str]:
    return lambda: f"{LAYERS}  - {{type: linear, units: {value}}}\n"


def sized(size: str) -> Callable[[], str]:
    return lambda: f"name: x\ninput: {size}\n{RELU}"


def layer(keys: str) -> Callable[[], str]:
    return lambda: f"{LAYERS}  - {{{keys}}}\n"


def alias_bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    return "\n".join(lines)


def doubling_blocks(body: str, call: Callable[[int], str], levels: int = 60) -> str:
    """Blocks of which each instantiates the one below twice."""
    blocks = "".join(
        f"  b{i}: {{arguments: {{n: 1}}, layers: [{call(i + 1)}, {call(i + 1)}]}}\n"
        for i in range(levels)
    )
    last = f"  b{levels}: {{arguments: {{n: 1}}, layers: [{body}]}}\n"
    return f"{HEAD}blocks:\n{blocks}{last}layers: [{{block: b0}}]\n"


def nested(entry: str, *repeats: int) -> str:
    for repeat in repeats:
        entry = f"{{layers: [{entry}], repeat: {repeat}}}"
    return f"{LAYERS}  - {entry}\n"


def inside_itself(times: int) -> str:
    calls = ", ".join(["{block: b, with: {n: $(n + 1)}, when: $(n > 0)}"] * times)
    return (
        f"{HEAD}blocks: {{b: {{arguments: {{n: 1}}, layers: [{calls}]}}}}\nlayers: [{{block: b}}]\n"
    )


def lists(use: str, width: int = 2) -> str:
    """Variables of which each is a list of the one before, several times."""
    names = "".join(
        f"  {name}{i}: [{', '.join([f'${name}{i - 1}'] * width)}]\n"
        for i in range(1, 60)
        for name in "ab"
    )
    return f"{HEAD}variables:\n  a0: [1, 2]\n  b0: [1, 2]\n{names}layers:\n  - {use}\n"


def long_paths() -> str:
    entry = "{type: relu}"
    for depth in range(28):
        repeat = ", repeat: 2" if depth < 16 else ""
        entry = f"{{name: {'n' * 64}, layers: [{entry}]{repeat}}}"
    return f"{LAYERS}  - {entry}\n"


def entries(entry: Callable[[int], str], count: int) -> Callable[[], str]:
    return lambda: LAYERS + "".join(f"  - {{{entry(i)}}}\n" for i in range(count))


def ones(count: int) -> str:
    return "".join(f"  v{i}: 1\n" for i in range(count))


def unknown_variables() -> str:
    uses = "".join(f"  - {{type: linear, units: $w{i}}}\n" for i in range(15_000))
    return f"{HEAD}variables:\n{ones(200)}layers:\n{uses}"


def many_arguments() -> str:
    block = f"{HEAD}blocks:\n b:\n  layers: [{{type: relu}}]\n  arguments:\n"
    return block + ones(40_000).replace("  v", "    v") + "layers: [{block: b}]\n"


def wide_merges() -> str:
    merge = f"{{type: concat, from: [{'a,' * 3000}]}}"
    return f"{LAYERS}  - {{type: relu, name: a}}\n  - {{layers: [{merge}], repeat: 1200}}\n"


def patterns() -> str:
    stars = "".join(f"    '{'*.' * (i % 3)}*.r{i}': {{params: 0}}\n" for i in range(20_000))
    return nested("{type: relu, name: r}", 9000) + f"expect:\n  layers:\n{stars}"
