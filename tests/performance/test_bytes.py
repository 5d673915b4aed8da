"""The same input gives the same bytes, whatever the order of hashes."""

from __future__ import annotations

import hashlib

import pytest
from process import run


@pytest.mark.parametrize("name", ["vgg16", "googlenet", "resnet152", "xception"])
def test_json_is_the_same_on_every_run(name: str) -> None:
    runs = [run("table", name, "--format", "json", PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert [each.status for each in runs] == [0, 0]
    first, second = (hashlib.sha256(each.out.encode()).hexdigest() for each in runs)
    assert first == second
