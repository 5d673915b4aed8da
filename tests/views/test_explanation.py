"""Explanations: every number is one of the analysis, and every equation holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from equations import SMALL, equations, numbers, volumes

from archcalc import api
from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.analysis.dtypes import DTYPES
from archcalc.api import written
from archcalc.network.counts import Sum, product
from archcalc.network.receptive_field import OWN_POSITION, Field
from archcalc.network.window import Window
from archcalc.renderers import EXPLANATION_FORMATS
from archcalc.views.document import to_dict
from archcalc.views.explanation import Explanation, arithmetic, explanations, find
from archcalc.wording import share


def analysed(text: str, **options: Any) -> Analysis:
    return api.analyze(api.loads(text), **options)


def text_of(analysis: Analysis, path: str, form: str = "text") -> str:
    return written(EXPLANATION_FORMATS[form], explanations(analysis, find(analysis, path)))


def known_numbers(
    analysis: Analysis, layer: LayerAnalysis, document: dict[str, Any]
) -> set[Fraction]:
    """What an explanation may say: the layer, its windows and factors, the fields that meet."""
    costs, batch = layer.costs, analysis.batch
    size = DTYPES[analysis.dtype]
    interim = layer.layer.interim(costs.shape).times(("batch", batch))
    elements = product(("output", layer.output.elements * batch)).plus(interim)
    products = (
        costs.weights, costs.biases, costs.buffers, costs.macs, costs.operations, elements,
    )  # fmt: skip
    below = [analysis.nodes[i].field.axes for i in layer.node.inputs]
    known: list[Any] = [
        document,
        [list(volume) for volume in layer.input_volumes],
        [[*_factors(factors)] for factors in products],
        [[*_shares(factors)] for factors in products],
        [_window(window) for window in layer.windows],
        [_field(f) for fields in (layer.field.axes, *below, costs.reach) for f in fields or ()],
        _field(OWN_POSITION),
        # a row without parameters of its own names what it shares
        [row.params for row in analysis.layers if row.name == document.get("shared_with")],
        [batch, size, costs.bias_uses, costs.activation_flops, layer.param_bytes],
        layer.output.positions,
        [*_matrix(layer, document, batch, size)],
    ]
    return {Fraction(number) for number in _flat(known)} | {Fraction(n) for n in (0, 1, 2)}


def _flat(value: Any) -> Iterator[Fraction]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | Fraction):
        yield abs(Fraction(value))
    elif isinstance(value, str):
        yield from numbers(value) if not value.isidentifier() else ()
        yield from (Fraction(part) for part in value.split("/") if part.lstrip("-").isdecimal())
    elif isinstance(value, dict):
        yield from _flat(list(value.values()))
    else:
        for each in value:
            yield from _flat(each)


def _factors(count: Sum) -> Iterator[int]:
    yield count.value
    yield from (number for each in count for _, number in each)
    if len(count) > 1:
        yield from (each.value for each in count)


def _shares(count: Sum) -> Iterator[Fraction]:
    """In percent, with one decimal place, of a sum of several products."""
    for each in count if len(count) > 1 else ():
        yield Fraction(share(each.value, count.value).lstrip("<").rstrip("%"))


def _window(w: Window) -> list[Any]:
    exact = w.exact
    rounded = round(exact * 100) / Fraction(100)
    return [*w[:6], w.before + w.after, w.travel, exact, exact.numerator, exact.denominator,
            rounded, w.output, w.output + 1]  # fmt: skip


def _field(field: Field) -> list[Any]:
    stride = field.stride
    parts = [stride.numerator, stride.denominator, len(field.spans)]
    return [field.size, stride, *parts, field.start, field.step]


def _matrix(layer: LayerAnalysis, known: dict[str, Any], batch: int, size: int) -> Iterator[Any]:
    """X_col: a row per weight of a filter, a column per output position."""
    if "groups" not in known:
        return
    volume = layer.input_volumes[0]
    groups, kernel = known["groups"], known["kernel"]
    transposed = layer.type == "conv_transpose"
    channels = layer.output.channels if transposed else volume.channels
    column = channels // groups
    for f in kernel:
        column *= f
    positions = volume.positions if transposed else layer.output.positions
    stored = column * groups * positions * batch
    held = volume.elements * batch
    yield from (groups, column, positions, stored, stored * size, held, channels // groups)
    yield from (layer.output.channels // groups, volume.channels // groups)
    # To three digits, the ratio has one of these numbers of decimal places.
    for places in range(8):
        scale = 10**places
        yield Fraction((2 * stored * scale + held) // (2 * held), scale)


def check(analysis: Analysis, layer: LayerAnalysis, document: dict[str, Any]) -> None:
    explanation = Explanation(layer, tuple(arithmetic(analysis, layer)))
    text = written(EXPLANATION_FORMATS["text"], [explanation])
    unknown = numbers(text) - known_numbers(analysis, layer, document)
    assert not unknown, f"{layer.name}: {sorted(map(str, unknown))}\n{text}"
    shapes = {str(v) for v in (*layer.input_volumes, layer.output)}
    whole = "x".join(map(str, analysis.input.spatial))
    assert volumes(text) <= shapes | {whole, "1x1"}, text
    for clause, sides in equations(text):
        assert len(set(sides)) == 1, f"{layer.name}: {clause}"


def check_all(analysis: Analysis) -> None:
    for layer, document in zip(analysis.layers, to_dict(analysis)["layers"], strict=True):
        check(analysis, layer, document)


@pytest.mark.parametrize("name", api.builtin_names())
def test_every_layer_of_every_architecture_is_explained_by_its_analysis(name: str) -> None:
    analysis = api.analyze(api.load(name))
    check_all(analysis)


@pytest.mark.parametrize("options", [{}, {"batch": 7, "dtype": "float64"}])
def test_layers_of_every_kind_are_explained_by_their_analysis(options: dict[str, Any]) -> None:
    analysis = analysed(SMALL, **options)
    check_all(analysis)


def test_alexnet_conv1_as_the_lecture_writes_it() -> None:
    text = text_of(api.analyze(api.load("alexnet")), "conv1")
    for line in (
        "(227 - 11)/4 + 1 = 55",
        "F x F x C x K = 11 x 11 x 3 x 96 = 34,848",
        "34,848 + 96 = 34,944",
        "11 x 11 x 3 x 96 x 55 x 55 = 105,415,200",
        "X_col 363 x 3025",
        "W_row 96 x 363",
        "b_col 96 x 3025",
        "output 96 x 3025: W_row X_col + b_col",
        "1,098,075 x 4 (float32) = 4,392,300",
    ):
        assert line in " ".join(text.split()), line


def single(entry: str, volume: str) -> str:
    return text_of(analysed(f"name: n\ninput: {volume}\nlayers:\n  - {entry}\n"), "a")


def test_a_stride_that_does_not_divide_is_shown_with_its_fraction_and_its_finding() -> None:
    text = single("{type: conv, name: a, filters: 10, kernel: 3, stride: 3}", "7x7x3")
    assert "(7 - 3)/3 + 1 = 7/3 ≈ 2.33, rounded down: 2" in text
    assert "Findings" in text
    assert "illegal-stride" in text


def test_a_finding_has_the_numbers_of_its_own_copy_of_a_block() -> None:
    net = api.analyze(api.load("resnet50"))
    assert "(56 - 1)/2 + 1 = 28.5 is not whole" in text_of(net, "layer2.0.sum.residual.conv1")
    later = text_of(net, "layer3.0.sum.residual.conv1")
    assert "(28 - 1)/2 + 1 = 14.5 is not whole" in later
    assert "(56 - 1)" not in later
    assert "allowed: " in later


def test_ceil_mode_rounds_up_and_drops_a_window_that_starts_behind_the_input() -> None:
    up = single("{type: maxpool, name: a, kernel: 3, stride: 2, ceil_mode: true}", "112x112x8")
    assert "111/2 = 55.5, rounded up: 56" in up
    less = single("{type: maxpool, name: a, kernel: 2, padding: 1, ceil_mode: true}", "3x3x1")
    assert "= 5/2 = 2.5, rounded up: 3, less one" in less
    assert "behind the input: 2" in less


def test_groups_and_connection_tables_have_their_own_matrices() -> None:
    conv2 = text_of(api.analyze(api.load("alexnet")), "conv2")
    assert "2 groups, each a product of its own" in conv2
    assert "1200 x 729" in conv2
    c3 = text_of(api.analyze(api.load("lenet5")), "c3")
    assert "16 x 150: the filters as rows, of which 1,500 entries are weights" in c3


def test_both_rows_of_a_separable_convolution_are_explained() -> None:
    text = text_of(analysed(SMALL), "separable")
    assert "separable.depthwise: depthwise_conv" in text
    assert "separable.pointwise: conv" in text


def test_memory_says_why_a_layer_has_none_or_one_of_its_own() -> None:
    analysis = analysed(SMALL)
    assert "a view of its input" in text_of(analysis, "flat")
    assert "computed in place" in text_of(analysis, "slope")
    assert "its input must be kept" in text_of(analysis, "kept")


def test_the_field_of_a_merge_is_the_union_of_its_paths() -> None:
    text = text_of(api.analyze(api.load("resnet50")), "layer2.0.sum")
    assert "layer2.0.sum.shortcut.bn" in text
    assert "union" in text
    gated = text_of(analysed(SMALL), "gated")
    assert "every output sees the whole input, 12x10" in gated
    assert "the whole input\n" in gated


def test_a_network_on_a_vector_has_no_receptive_field() -> None:
    text = single("{type: linear, name: a, units: 2}", "8")
    assert "Receptive field" not in text
    assert "2 x 8" in text


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("conv9", "did you mean `conv1`?"),
        ("layer" * 30, f'"{"layer" * 16}"'),
        ("layer1.0", "layer1.0.sum.shortcut.bn, …"),
        ("layer1.1", "layer1.1.sum.residual.bn3, layer1.1.sum"),
        ("layer1", '"layer1" holds 23 layers; name one: layer1.0.sum.residual.conv1'),
        ("\x1b[31m", "\\x1b[31m"),
    ],
)
def test_a_path_that_is_no_layer_is_answered_with_what_is_there(path: str, answer: str) -> None:
    with pytest.raises(ValueError, match="layer") as caught:
        find(api.analyze(api.load("resnet50")), path)
    assert answer in str(caught.value)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_kind_of_layer_reads_as_it_did(form: str, golden: Callable[[str, str], None]) -> None:
    analysis = analysed(SMALL, batch=2, dtype="float16")
    ending = "md" if form == "markdown" else "txt"
    explained = explanations(analysis, analysis.layers)
    golden(f"explain.{ending}", written(EXPLANATION_FORMATS[form], explained))


def test_markdown_says_the_same() -> None:
    analysis = api.analyze(api.load("alexnet"))
    text = text_of(analysis, "conv1", "markdown")
    assert text.startswith("## conv1: conv + relu\n")
    assert "- **weights**: F x F x C x K = 11 x 11 x 3 x 96 = 34,848" in text
