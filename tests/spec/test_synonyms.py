"""Words of other programs, and the type or key that is suggested for them."""

from __future__ import annotations

import pytest
from language import diagnostics, file

from archcalc.archfile.keys import GROUP, INSTANCE, MERGE
from archcalc.network.layers import LAYERS
from archcalc.network.synonyms import KEYS, TYPES


def suggestions(entry: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.rule, each.suggestions) for each in diagnostics(file(f"  - {entry}\n"))]


@pytest.mark.parametrize(
    ("word", "name"),
    [("dense", "linear"), ("Linear", "linear"), ("FC", "linear"), ("Conv2d", "conv"),
     ("conv2DTranspose", "conv_transpose"), ("BN", "batchnorm"), ("max-pool", "maxpool"),
     ("MaxPool2d", "maxpool"), ("swish", "silu"), ("cat", "concat"), ("reluu", "relu")],
)  # fmt: skip
def test_a_type_of_another_program(word: str, name: str) -> None:
    assert suggestions(f"{{type: {word}}}") == [("unknown-type", (f"did you mean `{name}`?",))]


def test_keys_of_another_program() -> None:
    """The keys that are meant are not missing as well."""
    entry = "{type: conv, out_channels: 8, kernel_size: 3, Strides: 2, use_bias: false}"
    assert suggestions(entry) == [
        ("unknown-key", (f"did you mean `{name}`?",))
        for name in ("filters", "kernel", "stride", "bias")
    ]


def test_a_word_with_two_meanings_means_what_the_layer_has() -> None:
    hint = ("did you mean `units`?",)
    assert suggestions("{type: linear, num_output: 8}") == [("unknown-key", hint)]
    assert suggestions("{type: linear, units: 8, num_output: 8}") == [("unknown-key", ())]


def test_words_stand_for_what_there_is() -> None:
    keys = set[str]().union(*(layer.keys() for layer in LAYERS.values()))
    known = keys | GROUP.keys() | INSTANCE.keys() | MERGE.keys() | {"activation"}
    assert set(TYPES.values()) <= set(LAYERS)
    assert not set(TYPES) & set(LAYERS)
    assert {name for names in KEYS.values() for name in names} <= known
    assert not any(word in names for word, names in KEYS.items())
    assert all(word == word.lower() and "-" not in word for word in (*TYPES, *KEYS))
