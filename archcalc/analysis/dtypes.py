"""Element types, and how many bytes an element of each takes; the first is the default."""

from __future__ import annotations

from collections.abc import Mapping

DTYPES: Mapping[str, int] = {
    "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "float64": 8,
}  # fmt: skip
