"""VGG as lectures print it (letters as in test_windows): table 2, and VGG-16 row by row."""

from __future__ import annotations

from fractions import Fraction

import pytest
from nets import net

import archcalc

COLUMNS = {
    "A": [[64], [128], [256, 256], [512, 512], [512, 512]],
    "B": [[64, 64], [128, 128], [256, 256], [512, 512], [512, 512]],
    "D": [[64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3],
    "E": [[64] * 2, [128] * 2, [256] * 4, [512] * 4, [512] * 4],
}

# input, then volume, memory and weights as printed (A, D)
ROWS = [
    ("224x224x64", "3.2M", 3 * 3 * 3 * 64, 1_728),
    ("224x224x64", "3.2M", 3 * 3 * 64 * 64, 36_864),
    ("112x112x64", "800K", 0, 0),
    ("112x112x128", "1.6M", 3 * 3 * 64 * 128, 73_728),
    ("112x112x128", "1.6M", 3 * 3 * 128 * 128, 147_456),
    ("56x56x128", "400K", 0, 0),
    ("56x56x256", "800K", 3 * 3 * 128 * 256, 294_912),
    ("56x56x256", "800K", 3 * 3 * 256 * 256, 589_824),
    ("56x56x256", "800K", 3 * 3 * 256 * 256, 589_824),
    ("28x28x256", "200K", 0, 0),
    ("28x28x512", "400K", 3 * 3 * 256 * 512, 1_179_648),
    ("28x28x512", "400K", 3 * 3 * 512 * 512, 2_359_296),
    ("28x28x512", "400K", 3 * 3 * 512 * 512, 2_359_296),
    ("14x14x512", "100K", 0, 0),
    ("14x14x512", "100K", 3 * 3 * 512 * 512, 2_359_296),
    ("14x14x512", "100K", 3 * 3 * 512 * 512, 2_359_296),
    ("14x14x512", "100K", 3 * 3 * 512 * 512, 2_359_296),
    ("7x7x512", "25K", 0, 0),
    ("4096", "4096", 7 * 7 * 512 * 4096, 102_760_448),
    ("4096", "4096", 4096 * 4096, 16_777_216),
    ("1000", "1000", 4096 * 1000, 4_096_000),
]
UNITS = {"K": 1_000, "M": 1_000_000}


def vgg(column: str) -> archcalc.Analysis:
    entries = []
    for stage in COLUMNS[column]:
        for filters in stage:
            entries.append(f"{{type: conv, filters: {filters}, kernel: 3, padding: 1}}")
        entries.append("{type: maxpool, kernel: 2}")
    entries += [f"{{type: linear, units: {units}}}" for units in (4096, 4096, 1000)]
    return net(entries, "224x224x3")


VGG16 = vgg("D")


def agrees(elements: int, printed: str) -> bool:
    """Whether a count is less than one unit of the last printed digit that is no zero away."""
    unit = UNITS.get(printed[-1], 1)
    digits = printed.rstrip("KM")
    value = Fraction(digits) * unit
    if "." in digits:
        return abs(elements - value) < unit // 10
    zeros = len(digits) - len(digits.rstrip("0"))
    return abs(elements - value) < unit * 10**zeros if unit > 1 else elements == value


@pytest.mark.parametrize("row", range(len(ROWS)))
def test_a_d_row_by_row(row: int) -> None:
    volume, memory, counted, weights = ROWS[row]
    layer = VGG16.layers[row]
    assert str(layer.output) == volume
    assert layer.weights == counted == weights
    assert agrees(layer.activation_elements, memory)


def test_a_d_the_rows_are_all() -> None:
    assert len(VGG16.layers) == len(ROWS)


def test_a_d_the_input_holds_150k() -> None:
    assert agrees(VGG16.input.elements, "150K")


def test_d_total_memory_is_15_2m_elements_and_61_mb() -> None:
    assert agrees(VGG16.totals.activation_elements, "15.2M")
    assert round(Fraction(VGG16.totals.activation_bytes, 10**6)) == 61


def test_b_vgg16_has_138m_parameters() -> None:
    assert agrees(VGG16.totals.params, "138M")


@pytest.mark.parametrize(("column", "millions"), [("A", 133), ("B", 133), ("D", 138), ("E", 144)])
def test_a_table_2(column: str, millions: int) -> None:
    assert round(Fraction(vgg(column).totals.params, 10**6)) == millions


def test_a_table_2_column_c() -> None:
    """D with 1x1 in the last convolution of the last three stages."""
    smaller = 8 * (256**2 + 512**2 + 512**2)
    assert round(Fraction(VGG16.totals.params - smaller, 10**6)) == 134
    assert archcalc.analyze(archcalc.load("vgg16-c")).totals.params == VGG16.totals.params - smaller
