"""The reference of layer types."""

from __future__ import annotations

import pytest

from archcalc.api import written
from archcalc.network.layers import LAYERS
from archcalc.reference import LAYER_FORMATS, layers


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_type_with_all_its_keys(name: str, form: str) -> None:
    page = written(LAYER_FORMATS[form], [name])
    kind = LAYERS[name]
    assert kind.example.entry in " ".join(page.split())
    for key in list(kind.keys()):
        assert f"`{key}`" in page or f"\n  {key}" in page


def test_the_whole_page_holds_each_in_order() -> None:
    page = layers.markdown()
    headings = [line[3:].replace("\\", "") for line in page.splitlines() if line.startswith("## ")]
    assert headings == list(LAYERS)


def test_factors_are_written_out() -> None:
    lines = layers.text(["conv"]).splitlines()
    weights = next(line for line in lines if " weights: " in line)
    symbols, numbers, value = weights.partition("weights: ")[2].split(" = ")
    assert "x" in symbols
    product = 1
    for factor in numbers.split(" x "):
        product *= int(factor.replace(",", ""))
    assert product == int(value.replace(",", ""))


def test_examples_make_the_rows_of_their_type() -> None:
    parts = {
        "separable_conv": ["depthwise_conv", "conv"],
        "self_attention": ["linear", "attention", "linear"],
        "split": ["slice", "slice"],
        "squeeze_excite": ["global_avgpool", "conv", "conv", "multiply"],
    }
    for name, kind in LAYERS.items():
        types = [row.type for row in layers.example(kind)]
        assert types == parts.get(name, [name])


@pytest.mark.parametrize("width", [50, None])
def test_text_fits_a_page_and_loses_no_word(width: int | None) -> None:
    page = layers.text(["conv", "upsample"], width=width)
    assert max(map(len, page.splitlines())) <= (width or layers.WIDTH)
    assert page.split() == layers.text(["conv", "upsample"], width=70).split()
