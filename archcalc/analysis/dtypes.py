"""Element types, and how many bytes an element of each takes; the first is the default."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.wording import closest

DTYPES: Mapping[str, int] = {
    "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "float64": 8,
}  # fmt: skip

_OTHER_NAMES: Mapping[str, str] = {
    word: name
    for name, words in {
        "float32": "fp32 f32 float single",
        "float16": "fp16 f16 half",
        "bfloat16": "bf16",
        "int8": "i8 uint8 char byte",
        "float64": "fp64 f64 double",
    }.items()
    for word in words.split()
}


def meant_dtype(word: object) -> str | None:
    """The element type that another word probably means."""
    text = str(word).lower()
    return _OTHER_NAMES.get(text.removeprefix("torch.")) or closest(text, DTYPES)
