"""What is told of the word or entry under the cursor."""

from __future__ import annotations

from collections.abc import Iterator

from archcalc.archfile import keys
from archcalc.archfile.layer_values import ACTIVATION
from archcalc.archfile.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from archcalc.diagnostics import Span
from archcalc.network.layers import LAYERS
from archcalc.record import Record
from archcalc.renderers.markup import escaped
from archcalc.server.declarations import Occurrence
from archcalc.server.document import BlockInstance, Document, calls_of
from archcalc.server.figures import Figures
from archcalc.server.scopes import Symbol
from archcalc.server.settings import QUANTITIES
from archcalc.views.explanation import Explanation, arithmetic
from archcalc.wording import exact, shown, visible

SHOWN = 6  # instances that are named
LISTS: dict[str, keys.Section] = {
    "allow": keys.ALLOWANCE, "published": keys.PUBLISHED, "train": keys.TRAIN, "code": keys.CODE,
}  # fmt: skip


class Told(Record):
    """Paragraphs of our own words and of the file's, which stand for themselves; no markup."""

    span: Span
    title: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    def text(self) -> str:
        lines = [visible(self.title)]
        for title, facts in self.sections:
            lines += ["", visible(title)] if title else [""]
            lines += [visible(f"  {label}: {fact}" if label else fact) for label, fact in facts]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        lines = [f"**{escaped(self.title)}**"]
        for title, facts in self.sections:
            lines += ["", f"*{escaped(title)}*"] if title else []
            lines.append("")
            lines += [
                f"- {escaped(label)}: {escaped(fact)}" if label else escaped(fact)
                for label, fact in facts
            ]
        return "\n".join(lines) + "\n"


def hover(document: Document, place: tuple[int, int]) -> Told | None:
    if not document.is_ours:
        return None
    occurrence = document.names.at(place)
    if occurrence and not (occurrence.is_definition and occurrence.symbol.kind == "layer"):
        told = _of_symbol(document, occurrence)
        if told:
            return told
    found = _scalar_at(document.tree, place)
    if found is not None:
        told = _of_word(document, *found, place)
        if told:
            return told
    span = document.entry_at(place)
    return _of_entry(document, span, span) if span else None


def _of_entry(document: Document, span: Span, at: Span) -> Told | None:
    """The arithmetic of a layer; of a call or group the sums of its layers."""
    instances = document.instances.get(span, [])
    figures, first = Figures(document), next(iter(instances), None)
    if first is None:
        return None
    several = f" (the first of {len(instances):,} instances)" if len(instances) > 1 else ""
    row = document.known.layers[first.output] if first.output >= 0 else None
    analysis = document.known.analysis
    if analysis and row and first.is_layer:
        explained = Explanation(row, tuple(arithmetic(analysis, row)))
        sections = tuple((s.title, tuple(s.lines)) for s in explained.sections)
        return Told(at, f"{explained.title}{several}", sections)
    facts = [] if row is None else [("output", str(row.output))]
    facts += _sums(figures, first)
    if not facts:
        facts = [("", "not known: a mistake hides it")]
    block = f": the block {first.block}" if first.block else ""
    told = [("", tuple(facts))]
    if len(instances) > 1:
        told.append(("Instances", tuple(_instances(figures, instances))))
    return Told(at, f"{first.path}{block}{several}", tuple(told))


def _sums(figures: Figures, instance: BlockInstance) -> list[tuple[str, str]]:
    counts = ((name, figures.count(name, instance)) for name in QUANTITIES if _is_count(name))
    return [(name.replace("_", " "), exact(count)) for name, count in counts if count is not None]


def _is_count(name: str) -> bool:
    return name not in ("output", "receptive_field")


def _instances(figures: Figures, instances: list[BlockInstance]) -> Iterator[tuple[str, str]]:
    for instance in instances[:SHOWN]:
        yield instance.path, figures.label([instance], ("output", "params", "macs")) or "not known"
    if len(instances) > SHOWN:
        yield "", f"and {len(instances) - SHOWN:,} more"


def _of_symbol(document: Document, occurrence: Occurrence) -> Told | None:
    symbol, span = occurrence.symbol, occurrence.span
    if symbol.kind == "input":
        index, rows = document.nodes.get(symbol.name), document.known.layers
        row = rows[index] if index is not None and index < len(rows) else None
        facts_of_input = (("output", str(row.output)),) if row else (("", "not known"),)
        return Told(span, f"the input {symbol.name}", (("", facts_of_input),))
    if symbol.kind == "layer":
        return _volume(document, symbol, span)
    if symbol.kind == "block":
        figures = Figures(document)
        calls = calls_of(document, symbol.name)
        facts = tuple(_instances(figures, calls)) or (("", "it has no instance"),)
        return Told(span, f"the block {symbol.name}", (("", facts),))
    if symbol.kind in ("argument", "variable"):
        return Told(span, f"the {symbol.kind} {symbol.name}", (("", _values(document, symbol)),))
    return None


def _values(document: Document, symbol: Symbol) -> tuple[tuple[str, str], ...]:
    """What an argument or variable is written as, wherever it is given a value."""
    network, facts = document.known.network, list[tuple[str, str]]()
    if symbol.kind == "variable" and network and symbol.name in network.variables:
        facts.append(("value", shown(network.variables[symbol.name])))
    for where, value in _given(document.tree, document, symbol):
        facts.append((where, value))
    return tuple(facts[: SHOWN + 1]) or (("", "it has no value"),)


def _given(tree: YamlNode | None, document: Document, symbol: Symbol) -> Iterator[tuple[str, str]]:
    for occurrence in document.names.of(symbol):
        value = _value_of_key(tree, occurrence.span.start)
        if isinstance(value, ScalarNode):
            what = "written" if symbol.kind == "variable" else "default"
            label = what if occurrence.is_definition else f"line {occurrence.span.line}"
            yield label, value.text or "required"


def _value_of_key(node: YamlNode | None, place: tuple[int, int]) -> YamlNode | None:
    """The value whose key begins at a place."""
    for inner in _children(node):
        if inner.key_span.start == place:
            return inner
        if inner.key_span.start <= place and place <= inner.span.end:
            return _value_of_key(inner, place)
    return None


def _volume(document: Document, symbol: Symbol, span: Span) -> Told | None:
    """The volume and the receptive field of a layer that is named."""
    instances = document.instances.get(symbol.whole, [])
    facts = list[tuple[str, str]]()
    for instance in instances[:SHOWN]:
        row = document.known.layers[instance.output] if instance.output >= 0 else None
        if row is None:
            facts.append((instance.path, "not known"))
            continue
        field = row.field.axes
        size = "x".join(str(axis.size) for axis in field) if field else "everything"
        facts.append((instance.path, f"{row.output}, receptive field {size}"))
    if len(instances) > SHOWN:
        facts.append(("", f"and {len(instances) - SHOWN:,} more"))
    return Told(span, symbol.name, (("", tuple(facts)),)) if facts else None


def _children(node: YamlNode | None) -> list[YamlNode]:
    if isinstance(node, MappingNode):
        return list(node.pairs.values())
    return node.items if isinstance(node, SequenceNode) else []


Path = tuple[tuple[str, MappingNode], ...]


def _scalar_at(tree: MappingNode | None, place: tuple[int, int]) -> tuple[Path, bool] | None:
    """The keys that lead to a place, each with its mapping, and whether it is on the last's key."""
    node: YamlNode | None = tree
    path: Path = ()
    while node is not None:
        after: YamlNode | None = None
        if isinstance(node, MappingNode):
            for name, inner in node.pairs.items():
                key = inner.key_span
                if key.start <= place <= key.end:
                    return (*path, (name, node)), True
                if key.start <= place <= inner.span.end:
                    path, after = (*path, (name, node)), inner
        elif isinstance(node, SequenceNode):
            after = next((i for i in node.items if i.span.start <= place <= i.span.end), None)
        elif node.span.start <= place <= node.span.end:
            return path, False
        node = after
    return None


def _of_word(document: Document, path: Path, is_key: bool, place: tuple[int, int]) -> Told | None:
    """The reference of a key, a layer type, an activation; the values of an expression."""
    name, mapping = path[-1]
    value = mapping.pairs[name]
    span = value.key_span if is_key else value.span
    kind = mapping.get("type")
    layer_type = LAYERS.get(kind.text) if isinstance(kind, ScalarNode) else None
    if not is_key:
        text = value.text if isinstance(value, ScalarNode) else ""
        if "$" in text:
            return _expression(document, text, name, span, place)
        if name == "type" and layer_type:
            facts = [("output", layer_type.formula)]
            declared = layer_type.keys().values()
            facts += [(key.name, f"{key.doc}; {key.takes.text}") for key in declared]
            return Told(span, f"{layer_type.type}: {layer_type.summary}", (("", tuple(facts)),))
        return None
    key = layer_type.keys().get(name) if layer_type else None
    if layer_type and key:
        default = () if key.required or key.default is None else (("default", shown(key.default)),)
        facts_of_key = (("", f"{key.doc}; {key.takes.text}"), *default)
        return Told(span, f"{name} of {layer_type.type}", (("", facts_of_key),))
    if name == "activation" and layer_type:
        return Told(span, name, (("", (("", ACTIVATION.text),)),))
    section = _section(path)
    if name in section:
        doc = section[name]
        takes = f"; {doc.takes.text}" if doc.takes else ""
        return Told(span, name, (("", (("", f"{doc.doc}{takes}"),)),))
    return None


def _section(path: Path) -> keys.Section:
    """The keys that the mapping of a place may have."""
    names = [name for name, _ in path[:-1]]
    if not names:
        return keys.FILE
    if names[0] in LISTS:
        return LISTS[names[0]] if len(names) == 1 else {}
    if names[0] not in ("blocks", "layers") or names[-1] in ("with", "first", "last", "arguments"):
        return {}
    if names == ["blocks"]:
        return {}
    mapping = path[-1][1]
    if len(names) == 2 and names[0] == "blocks":
        return keys.BLOCK
    if "type" in mapping.pairs:
        return keys.MERGE
    return keys.INSTANCE if "block" in mapping.pairs else keys.GROUP


def _expression(
    document: Document, text: str, name: str, span: Span, place: tuple[int, int]
) -> Told | None:
    """An expression and what it gives in the instances of its entry."""
    entry = document.entry_at(place)
    facts = list[tuple[str, str]]()
    network = document.known.network
    instances = document.instances.get(entry, []) if entry else []
    for instance in instances[:SHOWN] if network else []:
        layer = network.nodes[instance.output].layer if network and instance.output >= 0 else None
        value = getattr(layer, name, None) if layer and layer.keys().get(name) else None
        if value is not None:
            facts.append((instance.path, shown(value)))
    if len(instances) > SHOWN and facts:
        facts.append(("", f"and {len(instances) - SHOWN:,} more"))
    return Told(span, f"{name}: {text}", (("", tuple(facts)),)) if facts else None
