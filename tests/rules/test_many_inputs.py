"""What running sums would save: held against the same network with sums of two."""

from __future__ import annotations

import pytest
from nets import net, text

import archcalc

CONV = "{type: conv, name: c%d, from: input, filters: 4, kernel: 1}"


def messages(analysis: archcalc.Analysis) -> list[str]:
    found = archcalc.check(analysis)
    assert {each.severity.value for each in found} <= {"note"}
    return [each.message for each in found if each.rule == "many-inputs"]


def of_two(count: int) -> list[str]:
    """Every input but the first is followed by a sum of two."""
    rows = [CONV % 0]
    for number in range(1, count):
        before = f"s{number - 1}" if number > 1 else "c0"
        rows += [CONV % number, f"{{type: add, name: s{number}, from: [{before}, c{number}]}}"]
    return rows


@pytest.mark.parametrize("count", [3, 4, 30])
@pytest.mark.parametrize("batch", [1, 3])
def test_the_peak_of_running_sums_is_that_of_sums_of_two(count: int, batch: int) -> None:
    names = ", ".join(f"c{n}" for n in range(count))
    entries = [*(CONV % n for n in range(count)), f"{{type: add, from: [{names}]}}"]
    wide, narrow = (
        archcalc.analyze(archcalc.loads(text(rows, "8x8x4")), batch=batch, dtype="float16")
        for rows in (entries, of_two(count))
    )
    volume = 8 * 8 * 4 * 2 * batch
    # all inputs and the network's, then all of them and the sum; of two: input, two and their sum
    assert wide.totals.peak_bytes == (count + 1) * volume
    assert narrow.totals.peak_bytes == 4 * volume
    saved = f"the peak would be {4 * volume:,} bytes rather than {(count + 1) * volume:,}"
    found = messages(wide)
    assert len(found) == (count > 3)
    assert all(f"its {count} inputs" in message and saved in message for message in found)


def test_it_is_said_once_of_a_network() -> None:
    rows = [CONV % n for n in range(8)]
    first = "{type: add, name: first, from: [c0, c1, c2, c3]}"
    second = "{type: add, name: second, from: [c0, c4, c5, c6, c7]}"
    analysis = net([*rows, first, second, "{type: add, from: [first, second]}"], "8x8x4")
    (message,) = messages(analysis)
    assert message.startswith("its 5 inputs")


def test_nothing_is_said_where_another_layer_makes_the_peak() -> None:
    rows = [CONV % n for n in range(4)]
    big = "{type: conv, filters: 999, kernel: 1}"
    assert messages(net([*rows, "{type: add, from: [c0, c1, c2, c3]}", big], "8x8x4")) == []


def test_inputs_that_others_read_later_are_not_let_go_of() -> None:
    rows = [CONV % n for n in range(4)]
    late = "{type: concat, from: [sum, c0, c1, c2, c3]}"
    wide = "{type: add, name: sum, from: [c0, c1, c2, c3]}"
    assert messages(net([*rows, wide, late], "8x8x4")) == []
