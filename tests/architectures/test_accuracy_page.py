"""docs/accuracy.md is what its script writes, and says that every layer and field agrees."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(DOCS))
    spec = spec_from_file_location("accuracy", DOCS / "accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    page: str = module.page()
    return page


def test_the_page_is_not_stale(written: str) -> None:
    """`python docs/generate.py` writes it anew."""
    assert (DOCS / "accuracy.md").read_text(encoding="utf-8") == written


def test_memory_of_training_agrees_with_pytorch(written: str) -> None:
    """Where it does not, the page says why."""
    words = " ".join(written.split())
    assert "120 of 124 are equal, all but those of `lenet5`" in words
    assert "116 of 120 without `lenet5`; and 60 of 62 at inference" in words
    assert "36 of 36 pairs are equal" in words
    assert "6 of 6 are equal but for 4 bytes" in words


def test_every_layer_and_field_agrees() -> None:
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    counts = re.findall(r"(\d+) of (\d+) \|", page)
    assert len(counts) > 29
    assert [pair for pair in counts if pair[0] != pair[1]] == []
