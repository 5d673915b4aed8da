"""Random files, layer by layer against PyTorch: every type, and what files do with them."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from draft_forms import FORMS, formed
from drafts import MERGES, files
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

import archcalc
from archcalc.network.layers import LAYERS

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

EACH = 20
TRIED = 30


def agreeing(drafts: SearchStrategy[str], tried: int = TRIED) -> list[str]:
    """Random files that agree with PyTorch, all that are tried."""
    from twin import found, stored

    texts: list[str] = []

    @settings(
        max_examples=tried,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(drafts)
    def agree(text: str) -> None:
        for row, theirs in found(archcalc.analyze(archcalc.loads(text))):
            ours = (row.output, *stored(row), row.macs)
            assert ours == tuple(theirs), f"{row.name} in\n{text}"
        texts.append(text)

    agree()
    return texts


def test_random_files_agree_with_pytorch() -> None:
    seen: Counter[str] = Counter()
    for kind in LAYERS:
        for text in agreeing(files(kind, tuple(LAYERS))):
            seen.update({"files", *re.findall(r"\btype: (\w+)", text)})
    assert seen["files"] >= 1440
    assert {name for name in (*LAYERS, *MERGES) if seen[name] < EACH} == set()


@pytest.mark.parametrize("form", FORMS)
def test_files_that_share_repeat_and_choose_agree_with_pytorch(form: str) -> None:
    texts = set(agreeing(formed(form, tuple(LAYERS)), 2 * TRIED))
    assert sum(FORMS[form][1] in text for text in texts) >= EACH
