"""What is written as JSON is what Python's own module writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archcalc.renderers.json import encode, indented

TEXT = st.text(st.characters(codec=None, categories=None))
PLAIN = st.none() | st.booleans() | st.integers() | TEXT
DATA = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


@given(DATA)
def test_a_line_is_as_python_writes_it(data: Any) -> None:
    assert encode(data) == json.dumps(data)


@given(st.lists(DATA) | st.dictionaries(TEXT, DATA))
def test_lines_hold_the_same_data(data: Any) -> None:
    assert json.loads(indented(data)) == data


def test_every_character() -> None:
    signs = "".join(map(chr, (*range(0x3000), *range(0xD700, 0xE010), 0xFFFF, 0x10000, 0x10FFFF)))
    assert encode(signs) == json.dumps(signs)


@pytest.mark.parametrize("data", [1.5, {1, 2}, {"a": [b""]}])
def test_what_a_document_has_not(data: Any) -> None:
    with pytest.raises(KeyError):
        encode(data)
