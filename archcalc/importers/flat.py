"""A flat graph as a file with an entry a row."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from archcalc.importers.graph import Graph, Operation, flat_names
from archcalc.network.layers.keys import Keyed
from archcalc.network.volume import Volume


def flat(graph: Graph) -> str:
    """The text of a file that has each row of a graph, in their order, and nothing else."""
    names = ["input", *flat_names(graph)]
    lines = [f"name: {scalar(graph.name)}", f"input: {graph.input}"]
    paths = _paths(graph, names)
    if graph.outputs != (len(graph.operations),):
        lines.append(f"outputs: [{', '.join(paths[index] for index in graph.outputs)}]")
    lines.append("layers:")
    for index, operation in enumerate(graph.operations, 1):
        pairs = _entry(graph, names, paths, index, operation)
        if pairs:
            listed = ", ".join(f"{key}: {value}" for key, value in pairs)
            lines.append(f"  - {{{listed}}}")
    return "\n".join(lines) + "\n"


def is_packed(operation: Operation) -> bool:
    """Whether it attends to the queries, keys and values that one product made side by side."""
    return type(operation.layer).__name__ == "PackedAttention"


def _paths(graph: Graph, names: list[str]) -> list[str]:
    """What each row is called: the rows of `self_attention` are below the name of its entry."""
    paths = list(names)
    for index, operation in enumerate(graph.operations, 1):
        if is_packed(operation):
            paths[index] = names[index]
            paths[operation.inputs[0]] = f"{names[index]}.qkv"
    return paths


def _entry(
    graph: Graph, names: list[str], paths: list[str], index: int, operation: Operation
) -> list[tuple[str, str]]:
    """The keys of an entry; none for the product that the next one stands for as well."""
    layer: Keyed = operation.layer
    feeds, more = operation.inputs, list[tuple[str, str]]()
    following = graph.operations[index] if index < len(graph.operations) else None
    if following and is_packed(following) and following.inputs == (index,):
        return []
    if is_packed(operation):
        product = graph.operations[feeds[0] - 1]
        feeds, before = product.inputs, index - 2
        size = product.layer.units // _parts(layer)  # type: ignore[attr-defined]
        more = [("head_dim", str(size)), ("out_proj", "false")]
        if not product.layer.bias:  # type: ignore[attr-defined]
            more.append(("bias", "false"))
        operation = operation._replace(frozen=product.frozen)
    else:
        before = index - 1
    type = "self_attention" if more else layer.type
    pairs = [("type", type), ("name", names[index])]
    sources = [paths[feed] for feed in feeds]
    if getattr(layer, "merges", False) and len(feeds) > 1:
        pairs.append(("from", f"[{', '.join(sources)}]"))
    elif feeds and feeds[0] != before:
        pairs.append(("from", sources[0]))
    for key, declared in layer.keys().items():
        value = getattr(layer, key)
        if value != declared.default and key != "place":
            pairs.append((key, scalar(value)))
    pairs += more
    if operation.activation:
        pairs.append(("activation", operation.activation))
    if operation.frozen:
        pairs.append(("frozen", "true"))
    if operation.shares is not None:
        pairs.append(("share", paths[operation.shares]))
    return pairs


def _parts(layer: Any) -> int:
    """How many heads the queries, keys and values have together."""
    heads: int = layer.heads
    return heads + 2 * (layer.kv_heads or heads)


def scalar(value: Any) -> str:
    """A value as it stands in braces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return str(value) if value.spatial else f"{{channels: {value.channels}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else "".join(_decimal(value))
    text = str(value)
    if isinstance(value, str) and not all(c.isalnum() or c in "_-." for c in text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def _decimal(value: Fraction) -> Iterator[str]:
    """The digits of a fraction that ends; another one as a quotient."""
    places = next((n for n in range(1, 16) if 10**n % value.denominator == 0), 0)
    if not places:
        yield f'"$({value.numerator} / {value.denominator})"'
        return
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    yield f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
