"""A folder with the small network."""

from __future__ import annotations

from pathlib import Path

import pytest
from variants.small import FILE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.yaml").write_text(FILE)
    return tmp_path
