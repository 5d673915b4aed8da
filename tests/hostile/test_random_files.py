"""Whatever is read, there is an analysis or a `SpecError` whose diagnostics have a place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archcalc import api
from archcalc.archfile.keys import BRANCH, FILE, GROUP, INSTANCE, MERGE
from archcalc.archfile.text import decode
from archcalc.diagnostics import Diagnostic, Fault, Source, SpecError
from archcalc.network.layers import LAYERS
from archcalc.renderers import FORMATS, diagnostics

SHIPPED = [
    path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[2] / "architectures").glob("*.yaml"))
]
WORDS = sorted(
    {*FILE, *MERGE, *GROUP, *INSTANCE, *BRANCH, *LAYERS}.union(
        *(kind.keys() for kind in LAYERS.values())
    )
)
VALUES = (
    "0", "1", "2", "3", "-1", "0.5", "7.0", "010", "1e3", "yes", "true", "false", "~", "''", "same",
    "half", "$n", "$(n + 1)", "$copy", "$(copy + n)", "$w",
    "{when: $n, layers: []}", "$(n / 0)", "$(2 ** 99)", "$(", "[1, 2]", "[[1, 1], [0, 2]]", "{}",
    "[]", "{like: a}", "a", "a.b", "input", "[a, input]", "32x32x3", "1000000000", "{n: 3}", "*a",
    "&a b", "!!str c", "999999999999999999999", "{channels: 3, size: 4}", "'\\x1b[31m'", "5M",
)  # fmt: skip


def answer(source: str) -> None:
    """Analyses and shows a text; anything but a `SpecError` is a failure of the test."""
    found: list[Diagnostic] = []
    try:
        analysis = api.run(Source("a.yaml", source), limit_layers=2000)
    except SpecError as error:
        found = error.diagnostics
        shown = diagnostics.render(found, error.source)
    else:
        shown = "".join(api.written(form, analysis) for form in FORMATS.values())
    assert "\x1b" not in shown
    assert all(each.span and each.span >= (1, 1) for each in found)


def decoded(data: bytes) -> str | Fault:
    try:
        return decode(data)
    except Fault as fault:
        return fault


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    source = decoded(data)
    if isinstance(source, Fault):
        assert source.rule == "invalid-yaml"
        assert source.span is not None
    else:
        answer(source)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=200))
@example("\ud800")
@example("\ufeffname: x\n")
def test_random_text(source: str) -> None:
    answer(source)


_SCALARS = st.sampled_from(WORDS) | st.sampled_from(["a", "$n", "1", "0.5", "input", "\x1b[31m"])
_TREES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.just("a"), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(_TREES)
def test_random_yaml(tree: object) -> None:
    answer(yaml.safe_dump(tree))


@st.composite
def entries(draw: st.DrawFn, depth: int = 0) -> str:
    """An entry of the right form, with keys that its type has and values that it may not take."""
    way = draw(st.sampled_from(["type", "type", "type", "layers", "block"]))
    name = draw(st.sampled_from(["", "", ", name: a", ", name: b", ", from: a", ", from: input"]))
    if way == "block":
        given_ = draw(
            st.sampled_from(["", "with: {n: 2}", "repeat: 2", "repeat: 2, first: {n: 3}"])
        )
        return f"{{block: b{name}{given_ and ', '}{given_}}}"
    if way == "layers" and depth < 2:
        inner = draw(st.lists(entries(depth + 1), min_size=1, max_size=3))
        return f"{{layers: [{', '.join(inner)}]{name}, repeat: {draw(st.sampled_from('012n'))}}}"
    kind = draw(st.sampled_from(sorted(LAYERS)))
    keys = LAYERS[kind].keys()
    values = "".join(
        f", {key}: {draw(st.sampled_from(VALUES))}"
        for key, declared in keys.items()
        if declared.required or draw(st.booleans())
    )
    if LAYERS[kind].merges and depth < 2:
        inner = draw(st.lists(entries(depth + 1), max_size=2))
        values += f", branches: [[{', '.join(inner)}], []]"
    return f"{{type: {kind}{name}{values}}}"


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.lists(entries(), min_size=1, max_size=5),
    st.lists(entries(1), min_size=1, max_size=2),
    st.sampled_from(["16x16x4", "16x4", "8x8x8x2", "12", "1x1x1", "1000000000x1"]),
)
def test_random_entries(layers: list[str], body: list[str], size: str) -> None:
    block = f"blocks: {{b: {{arguments: {{n: 1}}, layers: [{', '.join(body)}]}}}}"
    listed = "".join(f"  - {entry}\n" for entry in layers)
    answer(f"name: x\ninput: {size}\nvariables: {{n: 2}}\n{block}\nlayers:\n{listed}")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped architecture with words, numbers and lines exchanged, left out or put in."""
    source = draw(st.sampled_from(SHIPPED))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(source)))
        end = at + draw(st.integers(0, 12))
        piece = draw(st.sampled_from(VALUES) | st.sampled_from(WORDS) | st.text(max_size=3))
        source = source[:at] + piece + source[end:]
    return source


@settings(derandomize=True, max_examples=150, deadline=None)
@given(mutated())
def test_mutated_architectures(source: str) -> None:
    answer(source)


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_hold_commands_for_terminals_and_pages(form: str) -> None:
    name = '"a\\e[31m[bold]|<b>`::error::\\r\\nb\\u202ec"'
    analysis = api.analyze(api.loads(f"name: {name}\ninput: 8\nlayers: [{{type: relu}}]\n"))
    shown = api.render(analysis, form)
    for raw in ("\x1b", "\u202e", "\r"):
        assert raw not in shown
    if form in ("markdown", "html"):
        assert "<b>" not in shown
