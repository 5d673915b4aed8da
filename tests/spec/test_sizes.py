"""Sizes of layers in expressions, items of lists, words, and what is said where they are none."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file

HEAD = """variables: {widths: [16, 32, 64], norm: batchnorm}
blocks:
  se:
    arguments: {ratio: 4}
    layers:
      - type: multiply
        branches:
          map: []
          gate:
            - {type: global_avgpool}
            - {type: conv, name: reduce, filters: $(input.channels // ratio), kernel: 1}
            - {type: conv, name: expand, filters: $(input.channels), kernel: 1}
  inverted:
    arguments: {filters: $(input.channels), stride: 1}
    layers:
      - {type: depthwise_conv, name: d, kernel: 3, stride: $stride, padding: 1}
      - {type: conv, name: p, filters: $filters, kernel: 1}
      - {type: add, name: a, from: [p, input], when: $(stride == 1 and input.channels == filters)}
  like: {arguments: {skip: required}, layers: [{type: linear, units: $(skip.channels + 1)}]}
"""


def outputs(layers: str) -> dict[str, str]:
    return {layer.name: str(layer.output) for layer in analysis(file(layers, HEAD)).layers}


def test_a_block_knows_the_channels_of_what_feeds_it() -> None:
    found = outputs("""
  - {type: conv, name: stem, filters: 8, kernel: 1}
  - {block: se, name: a}
  - {type: conv, filters: 12, kernel: 1}
  - {block: se, name: b}
""")
    assert found["a.multiply1.gate.reduce"] == f"1x1x{8 // 4}"
    assert found["b.multiply1.gate.reduce"] == f"1x1x{12 // 4}"
    assert found["b.multiply1.gate.expand"] == "1x1x12"


def test_a_default_and_a_condition_read_sizes_once_per_copy() -> None:
    found = outputs("""
  - {type: conv, name: stem, filters: 8, kernel: 1}
  - {block: inverted, name: i, repeat: 3, first: {filters: 12}}
  - {block: inverted, name: j, with: {stride: 2}}
""")
    assert "i.0.a" not in found  # 8 channels come in, and 12 go out
    assert (found["i.1.p"], found["i.2.a"]) == ("32x32x12", "32x32x12")
    assert "j.a" not in found
    assert found["j.p"] == "16x16x12"


def test_sizes_of_layers_by_path_and_of_arguments_that_name_one() -> None:
    found = outputs("""
  - {layers: [{type: conv, name: 3x3, filters: 8, kernel: 3}], name: g}
  - {type: conv, name: narrow, filters: $(g.3x3.height + g.positions), kernel: 1}
  - {type: upsample, size: ["$(input.height)", "$(input.width)"]}
  - {block: like, with: {skip: g}}
""")
    assert found["narrow"] == f"30x30x{30 + 30 * 30}"
    assert found["upsample1"] == f"32x32x{30 + 30 * 30}"
    assert found["like1.linear1"] == str(8 + 1)


def test_items_of_lists_words_and_make_divisible() -> None:
    found = outputs("""
  - {type: conv, name: a, filters: "$(widths[1])", kernel: 1}
  - {type: conv, name: b, filters: $(len(widths)), kernel: 1, when: $(norm == 'batchnorm')}
  - {type: conv, name: c, filters: 2, kernel: 1, when: $(norm != 'batchnorm')}
""")
    assert (found["a"], found["b"], found.get("c")) == ("32x32x32", "32x32x3", None)


@pytest.mark.parametrize(
    ("value", "wanted"), [("4", 8), ("12", 16), ("44.8", 48), ("8", 8), ("33", 32), ("10.9", 16)]
)
def test_make_divisible_is_mobilenets(value: str, wanted: int) -> None:
    found = outputs(f'  - {{type: linear, name: x, units: "$(make_divisible({value}, 8))"}}\n')
    assert found["x"] == str(wanted)


@pytest.mark.parametrize(
    ("expression", "rule", "part"),
    [
        ("stem.chanels", "invalid-expression", "names no size"),
        ("stm.channels", "unknown-name", 'named "stm"'),
        ("later.channels", "unknown-name", "comes later"),
        ("vector.height", "wrong-value", '"vector" is 10 (channels), and has no height'),
        ("widths.channels", "wrong-value", "and no layer"),
        ("widths[3]", "wrong-value", "there is no item 3 of 3; they are 0 to 2"),
        ("widths[0.5]", "wrong-value", "there is no item 0.5 of 3"),
        ("norm[0]", "wrong-value", "is no list"),
        ("len(norm)", "wrong-value", "len takes a list"),
        ("make_divisible(8, 0)", "wrong-value", "make_divisible takes an integer from 1"),
    ],
)
def test_what_is_no_size_or_item_is_said_once(expression: str, rule: str, part: str) -> None:
    layers = f"""
  - {{type: conv, name: stem, filters: 8, kernel: 1}}
  - {{type: linear, name: vector, units: 10}}
  - {{type: linear, units: "$({expression})"}}
  - {{type: linear, name: later, units: 2}}
"""
    (found,) = diagnostics(file(layers, HEAD))
    assert found.rule == rule
    assert part in found.message


def test_what_hides_behind_a_mistake_stays_unknown() -> None:
    layers = """
  - {type: conv, name: big, filters: 8, kernel: 99}
  - {type: conv, name: x, filters: $(big.channels), kernel: 1, when: $(big.height > 3)}
  - {block: se}
  - {type: linear, units: $(x.channels)}
"""
    assert [found.rule for found in diagnostics(file(layers, HEAD))] == ["window-too-large"]
