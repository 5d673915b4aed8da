"""The walk over a network with mistakes: each is said once, at its place, and nothing follows."""

from __future__ import annotations

from nets import broken, rules, text

import archcalc


def places(entries: list[str], input: str) -> list[tuple[str, int, int]]:
    """Rule, line and column of what is wrong; the first entry stands in line 4."""
    try:
        archcalc.analyze(archcalc.loads(text(entries, input)))
    except archcalc.SpecError as error:
        return [(d.rule, d.span.line, d.span.column) for d in error.diagnostics if d.span]
    return []


def test_what_depends_on_a_mistake_is_not_one() -> None:
    entries = [
        "{type: conv, filters: 4, kernel: 9}",
        "{type: conv, filters: 4, kernel: 99}",
        "{type: linear, units: 10}",
    ]
    assert places(entries, "7x7x3") == [("window-too-large", 4, 5)]


def test_every_mistake_that_stands_alone_is_found() -> None:
    entries = [
        "{type: conv, name: a, filters: 4, kernel: 9}",
        "{type: groupnorm, groups: 2, from: input}",
        "{type: slice, start: 0, stop: 4, from: input}",
    ]
    assert [rule for rule, _, _ in places(entries, "7x7x3")] == [
        "window-too-large",
        "indivisible-groups",
        "slice-out-of-range",
    ]


def test_a_mistake_points_at_its_key() -> None:
    entry = "{type: conv, filters: 4, kernel: 3, groups: 2}"
    column = len("  - ") + entry.index("2}") + 1
    assert places([entry], "7x7x3") == [("indivisible-groups", 4, column)]


def test_lists_are_held_against_the_axes_where_sizes_are_not_known() -> None:
    entries = [
        "{type: conv, filters: 4, kernel: 9}",
        "{type: maxpool, kernel: [2, 2, 2]}",
        "{type: flatten}",
        "{type: reshape, shape: 2x2x1}",
        "{type: maxpool, kernel: [2, 2, 2]}",
    ]
    found = places(entries, "7x7x3")
    assert [(rule, line) for rule, line, _ in found] == [("window-too-large", 4), ("axis-count", 5)]


def test_a_merge_names_its_inputs_with_their_volumes() -> None:
    (found,) = broken(
        ["{type: global_avgpool, name: a}", "{type: concat, from: [input, a]}"], "7x7x3"
    )
    assert found == (
        "merge-mismatch",
        "height 7 against 1; width 7 against 1; its inputs: input 7x7x3, a 1x1x3",
    )


def test_a_merge_of_many_names_the_first_eight() -> None:
    entries = ["{type: global_avgpool, name: a}", f"{{type: concat, from: [input{', a' * 9}]}}"]
    ((_, message),) = broken(entries, "7x7x3")
    assert message.endswith("its inputs: input 7x7x3" + ", a 1x1x3" * 7 + ", …")


def test_copies_that_fail_alike_are_one_mistake() -> None:
    group = "{name: g, repeat: 3, layers: [{type: conv, filters: 4, kernel: 3, padding: 1}, "
    entry = group + "{type: crop, crop: 9}]}"
    assert rules(entry, "7x7x3") == ["crop-too-large"]


def test_volumes_that_no_machine_holds_are_refused() -> None:
    wide = "{type: conv, filters: 1000000000, kernel: 1}"
    assert rules([wide], "1000000x1000000x3") == ["limit-exceeded"]
    assert rules([wide], "1000000x1000x3") == []


def test_a_field_of_more_than_thirty_digits_is_refused() -> None:
    """Every convolution multiplies the step by 10^9, and padding makes room for the next."""
    step = [
        "{type: pad, padding: 1000000000}",
        "{type: conv, filters: 1, kernel: 1, stride: 1000000000}",
    ]
    assert rules(step * 3, "9x1") == []
    assert rules(step * 4, "9x1") == ["limit-exceeded"]
