"""docs/accuracy.md is what its script writes, and says that every layer and field agrees."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"


def written() -> str:
    spec = spec_from_file_location("accuracy", DOCS / "accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    page: str = module.page()
    return page


def test_the_page_is_not_stale() -> None:
    """`python docs/generate.py` writes it anew."""
    assert (DOCS / "accuracy.md").read_text(encoding="utf-8") == written()


def test_every_layer_and_field_agrees() -> None:
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    counts = re.findall(r"(\d+) of (\d+) \|", page)
    assert len(counts) > 29
    assert [pair for pair in counts if pair[0] != pair[1]] == []
