"""Builds the tree of a file from the events of a YAML parser."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

import yaml

from archcalc.archfile.marks import place, whole, within
from archcalc.archfile.nodes import (
    COLUMN,
    LINE,
    LONGEST,
    UNKNOWN,
    MappingNode,
    Place,
    ScalarNode,
    SequenceNode,
    YamlNode,
    spanned,
)
from archcalc.archfile.text import (
    not_well_formed,
    place_after,
)
from archcalc.diagnostics import Fault, Span
from archcalc.limits import FILE_DEPTH_LIMIT, NODES_LIMIT
from archcalc.wording import quoted

_FLOW_SIGNS = frozenset("[]{}?")
# Patterns that few files need are compiled when they are.
_TAB_OR_COMMENT = r"(?m)\t|(?:(?<=[\s])|^)#[^\r\n\x85\u2028\u2029]*"
_TIGHT_TAG = r"(?:&\S+\s+)?!(?!<)[^\s,]*,"
_TIGHT_COMMENT = r"[|>][-+0-9]*#"
_TIGHT_COLON = r"\s*:[,?\[\]{}]"
_TIGHT_SIGNS = tuple(f":{sign}" for sign in ",?[]{}")


class TreeBuilder:
    """Builds the tree event by event; `stack` holds what is open.

    The parsers of YAML disagree about tabs, brackets, commas and `?` in tags, comments behind `|`,
    and `?` and `:` within flow collections; there the stricter one is followed, so that a file is
    the same with both.
    ``faults`` are mistakes in a file that is well-formed.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.flow = 0
        self.plain_until = 0
        self.spaces: list[tuple[int, int]] = []
        self.last: Any = None  # the last event
        self.root: YamlNode | None = None
        self.parent: MappingNode | SequenceNode | None = None
        self.key: str | None = None
        self.key_place: Place = 0
        self.stack: list[tuple[MappingNode | SequenceNode | None, str | None, Place]] = []
        self.documents = 0
        self.nodes = 0
        self.tagged = "&" in text or "!" in text
        self.strict = "?" in text or any(signs in text for signs in _TIGHT_SIGNS)

    def build(self, loader: Any) -> TreeBuilder:
        """Take all events of a parser; the builder itself.

        Raises:
            Fault: ``invalid-yaml``, or ``limit-exceeded``, whichever comes first in the text.
        """
        try:
            self.take_all(loader(self.text).get_event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            stop = mark.index if mark else 0
            # A parser reads ahead of its events, and some refuse deep nesting while they do. The
            # text before the place where it gave up has the events that were still to come.
            if self._may_pass_limit(stop):
                with contextlib.suppress(yaml.MarkedYAMLError):
                    TreeBuilder(self.text).take_all(loader(self.text[:stop]).get_event)
            raise not_well_formed(self.text, place(mark) if mark else Span(1, 1)) from None
        self.check_tabs()
        return self

    def _may_pass_limit(self, stop: int) -> bool:
        """Whether the brackets between the last event and there may nest too deeply."""
        start = self.last.end_mark.index if self.last is not None else 0
        signs = self.text.count("[", start, stop) + self.text.count("{", start, stop)
        return len(self.stack) + signs > FILE_DEPTH_LIMIT

    def take_all(self, get_event: Callable[[], Any]) -> None:
        """Take events until the last. The path of a plain word is short: most events are one.

        Files have up to a million scalars: equal words are one object.
        """
        scalar_event: Any = yaml.ScalarEvent
        make: Any = tuple.__new__
        words = dict[str, str]()
        known = words.get
        row, line, nodes, odd = -1, 0, self.nodes, False
        key, key_place = self.key, self.key_place
        pairs: dict[str, YamlNode] | None = None
        event: Any = None
        try:
            for event in iter(get_event, None):
                if type(event) is not scalar_event:
                    self.key, self.key_place, self.nodes = key, key_place, nodes
                    if not self.take(event):
                        return
                    key, key_place, nodes = self.key, self.key_place, self.nodes
                    pairs = self.parent.pairs if isinstance(self.parent, MappingNode) else None
                    odd = self.tagged or (self.strict and self.flow > 0)
                    continue
                mark = event.start_mark
                if mark.line != row:
                    row = mark.line
                    line = (row + 1 << LINE) + (1 << COLUMN)
                text = event.value
                word = known(text)
                if word is None and _is_word(text):
                    word = words[text] = text
                if word is None or odd or event.style:
                    self.key, self.key_place = key, key_place
                    place: Place = self._odd_scalar(event, within(mark, event.end_mark))
                    word = text
                else:
                    place = line + (mark.column << COLUMN) + len(word)
                if pairs is None:
                    self.nodes = nodes
                    self._add(ScalarNode(word, place))
                    nodes = self.nodes
                elif key is None:
                    nodes += 1
                    key, key_place = word, place
                    if word == "<<":
                        self._unsupported("merge keys (`<<`) are not read", place)
                elif key in pairs or key == "<<" or nodes >= NODES_LIMIT:
                    self.key, self.key_place, self.nodes = key, key_place, nodes
                    self._add(ScalarNode(word, place))
                    key, nodes = self.key, self.nodes
                else:
                    nodes += 1
                    pairs[key] = make(ScalarNode, (word, place, key_place, None))
                    key = None
        finally:
            self.last = event

    def take(self, event: Any) -> bool:
        """Takes an event that is no scalar; False for the last."""
        kind = type(event)
        if kind is yaml.MappingStartEvent:
            self._open(MappingNode({}, place(event.start_mark), bool(event.flow_style)), event)
        elif kind is yaml.SequenceStartEvent:
            self._open(SequenceNode([], place(event.start_mark)), event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            in_flow = self.flow > 0
            self.flow -= in_flow
            closed = self.parent
            self.parent, self.key, self.key_place = self.stack.pop()
            assert closed is not None
            closed.span = whole(closed, event.end_mark if in_flow else None)
            self._add(closed)
        elif kind is yaml.AliasEvent:
            self._unsupported("aliases (`*`) are not read", place(event.start_mark))
            self._add(ScalarNode("", place(event.start_mark), value=UNKNOWN))
        elif kind is yaml.DocumentStartEvent:
            self._document(event)
        return kind is not yaml.StreamEndEvent

    def _odd_scalar(self, event: Any, span: Span) -> Span:
        """Checks a scalar that is empty, quoted, or has a tag or anchor; its place."""
        self._plain(event)
        start = event.start_mark.index
        if event.style in ("|", ">") and (
            comment := re.compile(_TIGHT_COMMENT).match(self.text, start)
        ):
            raise not_well_formed(self.text, place_after(self.text[: comment.end() - 1]))
        if event.style:  # only within quoted and block scalars a tab means a tab
            self.spaces.append((self.plain_until, start))
            self.plain_until = event.end_mark.index
            return span
        self._check_flow(event, span)
        # Of a value that is left out the place is its key's, as parsers differ there.
        is_left_out = self.key is not None and not event.value
        return spanned(self.key_place) if is_left_out else span

    def _check_flow(self, event: Any, span: Span) -> None:
        tight = self.flow and re.compile(_TIGHT_COLON).match(self.text, event.end_mark.index)
        if tight or (self.flow and "?" in event.value):
            raise not_well_formed(self.text, span)

    def check_tabs(self) -> None:
        """Refuse tabs outside of quoted and block scalars and comments.

        Raises:
            Fault: ``invalid-yaml``.
        """
        if "\t" not in self.text:
            return
        for start, stop in (*self.spaces, (self.plain_until, len(self.text))):
            for match in re.compile(_TAB_OR_COMMENT).finditer(self.text, start, stop):
                if match.group() == "\t":
                    raise not_well_formed(self.text, place_after(self.text[: match.start()]))

    def _open(self, node: MappingNode | SequenceNode, event: Any) -> None:
        self._plain(event)
        self.flow += self.flow > 0 or bool(event.flow_style)
        if len(self.stack) >= FILE_DEPTH_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"nested deeper than {FILE_DEPTH_LIMIT} levels",
                span=node.span,
            )
        self.stack.append((self.parent, self.key, self.key_place))
        self.parent, self.key = node, None

    def _add(self, node: YamlNode) -> None:
        self.nodes += 1
        if self.nodes > NODES_LIMIT:
            raise Fault(
                "limit-exceeded",
                f"more than {NODES_LIMIT:,} values, lists and mappings",
                span=node.span,
            )
        parent, key = self.parent, self.key
        if parent is None:
            if self.documents == 1:
                self.root = node
        elif isinstance(parent, SequenceNode):
            parent.items.append(node)
        elif key is None:
            fact = "a key is a word, not a list or mapping"
            if isinstance(node, ScalarNode):  # an alias, which was reported
                self.key, self.key_place = node.text, node.place
                return
            self.faults.append(Fault("wrong-value", fact, span=node.span))
            self.key, self.key_place = "<<", node.span
        else:
            self.key = None
            self._pair(parent, key, self.key_place, node)

    def _pair(self, parent: MappingNode, name: str, place: Place, node: YamlNode) -> None:
        known = parent.pairs.get(name)
        if name == "<<":
            return
        if known is None:
            if isinstance(node, ScalarNode):
                node = node._replace(key=place)
            else:
                node.key = place
            parent.pairs[name] = node
            return
        fact = f"the key {quoted(name)} stands here already, in line {known.key_span.line}"
        self.faults.append(Fault("duplicate-key", fact, span=spanned(place)))

    def _plain(self, event: Any) -> None:
        if event.anchor is not None:
            self._unsupported("anchors (`&`) are not read", place(event.start_mark))
        if event.tag is not None:
            tight = re.compile(_TIGHT_TAG).match(self.text, event.start_mark.index)
            if tight or not _FLOW_SIGNS.isdisjoint(event.tag):
                raise not_well_formed(self.text, place(event.start_mark))
            self._unsupported(f"tags ({quoted(event.tag)}) are not read", place(event.start_mark))

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents == 2:
            self._unsupported(
                "a second document: one file holds one architecture", place(event.start_mark)
            )

    def _unsupported(self, fact: str, place: Place) -> None:
        self.faults.append(
            Fault(
                "unsupported-yaml",
                fact,
                span=spanned(place),
                suggestions=("say it once under `blocks` or `variables` and use it from there",)
                if "not read" in fact and "tags" not in fact and "%" not in fact
                else (),
            )
        )


def _is_word(text: str) -> bool:
    """Whether a plain scalar stands in one line as it is."""
    return 0 < len(text) < LONGEST and " " not in text and "\n" not in text
