"""Receptive fields against positions followed one by one, and the definitions' own cases."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nets import last, net, text
from tracer import (
    Layered,
    Merged,
    Path,
    Step,
    adaptive,
    linear,
    nearest,
    pixel_shuffle,
    shifted,
    transposed,
    window,
)

import archcalc
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.following import Following
from archcalc.network.receptive_field import Field

LARGEST = 40
Draw = st.DrawFn


def a_window(draw: Draw, size: int) -> Step:
    return window(
        draw(st.sampled_from(["conv", "maxpool", "avgpool"])),
        size,
        kernel=draw(st.integers(1, 4)),
        stride=draw(st.integers(1, 3)),
        before=draw(st.integers(0, 2)),
        after=draw(st.integers(0, 2)),
        dilation=draw(st.integers(1, 2)),
    )


def a_transposed(draw: Draw, size: int) -> Step:
    return transposed(
        size,
        kernel=draw(st.integers(1, 4)),
        stride=draw(st.integers(1, 3)),
        padding=draw(st.integers(0, 1)),
        dilation=draw(st.integers(1, 3)),
    )


def a_resampling(draw: Draw, size: int) -> Step:
    how = draw(st.sampled_from([nearest, linear, adaptive]))
    return how(size, draw(st.sampled_from([2 * size, 3 * size, size + 2, max(2, size // 2)])))


def a_shift(draw: Draw, size: int) -> Step:
    by = draw(st.integers(-2, 2))
    return shifted(size, by, size - by - (draw(st.integers(0, 2)) if by >= 0 else 0))


def a_shuffle(draw: Draw, size: int) -> Step:
    return pixel_shuffle(size, 2)


STEPS = [a_window, a_window, a_transposed, a_resampling, a_shift, a_shuffle]


class Drawn:
    """Entries of a file, and beside each named node the path that it should see."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.nodes: list[tuple[str, Path, int]] = []

    def put(self, step: Step, feed: tuple[str, Path, int]) -> tuple[str, Path, int]:
        name, below, _ = feed
        if "pixel_shuffle" in step.entry:
            self.entries.append(
                f"{{type: conv, name: w{len(self.nodes)}, filters: 8, kernel: 1, from: {name}}}"
            )
            name = f"w{len(self.nodes)}"
        node = (f"n{len(self.nodes)}", Layered(step, below), step.size)
        self.entries.append(f"{{{step.entry}, name: {node[0]}, from: {name}}}")
        self.nodes.append(node)
        return node

    def merge(self, feeds: list[tuple[str, Path, int]]) -> tuple[str, Path, int]:
        node = (f"n{len(self.nodes)}", Merged([path for _, path, _ in feeds]), feeds[0][2])
        names = ", ".join(name for name, _, _ in feeds)
        self.entries.append(f"{{type: add, name: {node[0]}, from: [{names}]}}")
        self.nodes.append(node)
        return node


@st.composite
def chains(draw: Draw) -> tuple[int, Drawn]:
    """A chain of one to five layers."""
    size, drawn = draw(st.integers(3, 20)), Drawn()
    feed = ("input", Path(), size)
    for _ in range(draw(st.integers(1, 5))):
        step = draw(st.sampled_from(STEPS))(draw, feed[2])
        assume(1 <= step.size <= LARGEST)
        feed = drawn.put(step, feed)
    return size, drawn


@st.composite
def graphs(draw: Draw) -> tuple[int, Drawn]:
    """Two merges, each of two or three branches that are cropped or padded to one size."""
    size, drawn = draw(st.integers(4, 16)), Drawn()
    feed = ("input", Path(), size)
    for _ in range(2):
        branches = []
        for _ in range(draw(st.integers(2, 3))):
            branch = feed
            for _ in range(draw(st.integers(0, 2))):
                step = draw(st.sampled_from(STEPS))(draw, branch[2])
                assume(1 <= step.size <= LARGEST)
                branch = drawn.put(step, branch)
            branches.append(branch)
        target = branches[0][2]
        for index, branch in enumerate(branches):
            if branch[2] != target:
                more = branch[2] - target
                by = draw(st.integers(min(more, 0), max(more, 0)))
                branch = drawn.put(shifted(branch[2], by, target), branch)
            if branch[0] == "input" or "pixel" in branch[0]:
                branch = drawn.put(shifted(target, 0, target), branch)
            branches[index] = branch
        feed = drawn.merge(branches)
    return size, drawn


def compare(size: int, drawn: Drawn) -> None:
    entries = ["{type: conv, name: w, filters: 2, kernel: 1, from: input}", *drawn.entries]
    try:
        analysis = archcalc.analyze(archcalc.loads(text(entries, f"{size}x4")))
    except archcalc.SpecError as error:
        assume({found.rule for found in error.diagnostics} != {"limit-exceeded"})
        raise
    layers = {layer.name: layer for layer in analysis.layers}
    for name, path, width in drawn.nodes:
        layer = layers[name]
        assert layer.output.spatial == (width,)
        assert layer.field.axes is not None
        (field,) = layer.field.axes
        period = len(field.spans)
        assert field.stride == path.stride
        for output in range(-min(period, 40), min(2 * period, 80) + 2):
            assert field.at(output) == path.see(output), (name, output)
        seen = [span for output in range(period) if (span := path.see(output))]
        assert field.size == max((b - a + 1 for a, b in seen), default=0)
        first = path.see(0)
        assert field.start == (first[0] if first else None)
        assert layer.field.aligned == path.aligned
        assert not layer.field.is_global


RANDOM = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@RANDOM
@given(chains())
def test_chains_see_what_a_trace_finds(chain: tuple[int, Drawn]) -> None:
    compare(*chain)


@RANDOM
@given(graphs())
def test_graphs_see_what_a_trace_finds(graph: tuple[int, Drawn]) -> None:
    compare(*graph)


def local(layer: LayerAnalysis) -> list[tuple[int, Fraction, int | None]]:
    assert layer.field.axes is not None
    return [(field.size, field.stride, field.start) for field in layer.field.axes]


def test_the_recurrence_of_windows() -> None:
    """size += (extent - 1) x stride, start -= padding x stride, stride x= S."""
    layer = last(
        [
            "{type: conv, filters: 4, kernel: 7, stride: 2, padding: 3}",
            "{type: maxpool, kernel: 3, stride: 2, padding: 1}",
            "{type: conv, filters: 4, kernel: 3, dilation: 2, padding: 2}",
        ],
        "65x3",
    )
    size = 7 + (3 - 1) * 2 + (2 * (3 - 1)) * (2 * 2)
    assert local(layer) == [(size, Fraction(2 * 2), -3 - 1 * 2 - 2 * 4)]


def test_every_axis_has_its_own_field() -> None:
    layer = last(
        [
            "{type: conv, filters: 4, kernel: [3, 5, 1], stride: [2, 1, 1], padding: [1, 0, 0]}",
            "{type: conv, filters: 4, kernel: [3, 1, 2], stride: 2, "
            "padding: [[0, 1], [0, 0], [2, 0]]}",
        ],
        "17x16x15x3",
    )
    assert local(layer) == [
        (3 + 2 * 2, Fraction(4), -1),
        (5, Fraction(2), 0),
        (2, Fraction(2), -2),
    ]


@pytest.mark.parametrize("input", ["17x3", "17x17x3", "17x17x17x3", "17x18x17x3"])
def test_axes_that_are_alike_have_fields_that_are_alike(input: str) -> None:
    conv = "{type: conv, filters: 4, kernel: 3, stride: 2, padding: 1}"
    axes = input.count("x")
    assert local(last([conv, conv], input)) == [(3 + 2 * 2, Fraction(4), -1 - 2)] * axes


def test_upsampling_repeats_with_a_period() -> None:
    """Two outputs share a position of a map whose own fields are 3 wide and 2 apart."""
    entries = ["{type: conv, filters: 4, kernel: 3, stride: 2}", "{type: upsample, scale: 2}"]
    layer = last([*entries, "{type: conv, filters: 4, kernel: 3}"], "17x3")
    # Outputs 0..2 and 1..3 of the upsampled map stand on positions 0..1 of the map below.
    assert local(layer) == [(3 + 2, Fraction(2, 2), 0)]
    assert layer.field.axes is not None
    assert [layer.field.axes[0].at(o) for o in range(4)] == [(0, 4), (0, 4), (2, 6), (2, 6)]


def test_adaptive_pooling_has_the_mean_stride() -> None:
    layer = last("{type: adaptive_avgpool, output: 4}", "10x3")
    assert layer.field.axes is not None
    spans = [(0, 2), (2, 4), (5, 7), (7, 9)]
    assert [layer.field.axes[0].at(o) for o in range(4)] == spans
    assert local(layer) == [(3, Fraction(10, 4), 0)]


def test_an_output_may_read_nothing() -> None:
    """A 1x1 kernel at stride 2 writes every other row; with padding 1 the first is an empty one."""
    layer = last("{type: conv_transpose, filters: 4, kernel: 1, stride: 2, padding: 1}", "9x3")
    assert layer.output.spatial == ((9 - 1) * 2 - 2 + 1,)
    assert local(layer) == [(1, Fraction(1, 2), None)]
    assert layer.field.axes is not None
    assert [layer.field.axes[0].at(o) for o in range(4)] == [None, (1, 1), None, (2, 2)]


def test_linear_upsampling_reads_two_positions_where_it_is_between_them() -> None:
    layer = last("{type: upsample, scale: 3, mode: linear}", "5x3")
    assert layer.field.axes is not None
    spans = [layer.field.axes[0].at(o) for o in range(4)]
    assert spans == [(-1, 0), (0, 0), (0, 1), (0, 1)]


def test_the_document_holds_null_fractions_and_the_local_field() -> None:
    empty = "{type: conv_transpose, filters: 4, kernel: 1, stride: 2, padding: 1}"
    (row,) = net(empty, "9x3").to_dict()["layers"]
    local = {"size": [1], "stride": ["1/2"], "start": [None], "phases": [[None, [1, 1]]]}
    assert row["receptive_field"] == {**local, "aligned": True, "global": False, "local": local}
    row = net([empty, "{type: flatten}"], "9x3").to_dict()["layers"][-1]
    everything = {"size": [9], "stride": ["0"], "start": [0]}
    assert row["receptive_field"] == {
        **everything,
        "aligned": True,
        "global": True,
        "local": None,
    }


GLOBAL = [
    "{type: global_avgpool}",
    "{type: global_maxpool}",
    "{type: adaptive_avgpool, output: 1}",
    "{type: adaptive_maxpool, output: [1, 1]}",
    "{type: linear, units: 10}",
    "{type: rbf, units: 10}",
    "{type: flatten}",
    "{type: reshape, shape: 98x2}",
]


@pytest.mark.parametrize("entry", GLOBAL)
def test_what_mixes_positions_sees_everything(entry: str) -> None:
    layer = last(["{type: conv, filters: 4, kernel: 1}", entry], "7x7x3")
    assert layer.field.is_global
    assert layer.field.axes is None


def test_an_adaptive_pooling_to_one_on_one_axis_keeps_its_position_on_the_other() -> None:
    layer = last("{type: adaptive_avgpool, output: [1, 7]}", "14x14x3")
    assert not layer.field.is_global
    assert local(layer) == [(14, Fraction(14), 0), (2, Fraction(2), 0)]


def test_squeeze_and_excitation_keeps_a_local_field() -> None:
    analysis = net(
        [
            "{type: conv, name: a, filters: 8, kernel: 3, padding: 1}",
            "{type: multiply, name: se, branches: [[], [{type: global_avgpool}, "
            "{type: conv, filters: 8, kernel: 1, activation: sigmoid}]]}",
            "{type: conv, name: b, filters: 8, kernel: 3, stride: 2, padding: 1}",
        ],
        "9x9x3",
    )
    fields = {layer.name: layer for layer in analysis.layers}
    assert not fields["a"].field.is_global
    assert fields["se"].field.is_global
    assert local(fields["se"]) == [(3, Fraction(1), -1)] * 2
    assert fields["b"].field.is_global
    assert local(fields["b"]) == [(3 + 2, Fraction(2), -1 - 1)] * 2


@pytest.mark.parametrize("gate", ["{type: linear, units: 8}", "{type: global_maxpool}"])
def test_a_broadcast_makes_the_field_global(gate: str) -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, name: a}",
            gate[:-1] + ", name: g}",
            "{type: multiply, from: [g, a]}",
        ],
        "9x9x3",
    )
    assert layer.field.is_global
    assert local(layer) == [(3, Fraction(1), 0)] * 2


def test_a_one_by_one_map_that_keeps_its_position_is_broadcast_as_well() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 1, name: a}",
            "{type: conv, filters: 8, kernel: 9, name: g}",
            "{type: add, from: [a, g]}",
        ],
        "9x9x3",
    )
    assert layer.field.is_global
    assert local(layer) == [(1, Fraction(1), 0)] * 2


def test_a_pooled_branch_of_a_concat_is_global_beside_the_local_paths() -> None:
    branches = (
        "[{type: conv, filters: 8, kernel: 3, dilation: 2, padding: 2}], "
        "[{type: global_avgpool}, {type: upsample, size: 9}]"
    )
    layer = last(f"{{type: concat, branches: [{branches}]}}", "9x9x3")
    assert layer.field.is_global
    assert layer.field.aligned
    assert local(layer) == [(5, Fraction(1), -2)] * 2


def test_paths_of_different_centres_are_misaligned_from_there_on() -> None:
    analysis = net(
        [
            "{type: conv, filters: 8, kernel: 3, padding: [[0, 2], [1, 1]], name: a}",
            "{type: conv, filters: 8, kernel: 1, from: input, name: b}",
            "{type: add, from: [a, b], name: sum}",
            "{type: relu, name: after}",
        ],
        "9x9x3",
    )
    assert [layer.field.aligned for layer in analysis.layers] == [True, True, False, False]
    assert local(analysis.layers[2]) == [(3, Fraction(1), 0), (3, Fraction(1), -1)]


def test_paths_of_different_strides_move_on_with_the_largest() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, stride: 2, padding: 1, name: a}",
            "{type: conv, filters: 8, kernel: 1, from: input}",
            "{type: crop, crop: {like: a}, name: b}",
            "{type: add, from: [a, b]}",
        ],
        "9x3",
    )
    # Output 0: a reads -1..1, b after a crop of (9 - 5) // 2 = 2 rows reads 2.
    assert local(layer) == [(2 - -1 + 1, Fraction(2), -1)]
    assert not layer.field.aligned
    assert layer.field.axes is not None
    assert layer.field.axes[0].at(3) == (-1 + 3 * 2, 2 + 3 * 2)


@pytest.mark.parametrize(
    ("up", "aligned"),
    [
        ("upsample, scale: 2", True),
        ("upsample, scale: 2, mode: linear", True),
        ("conv_transpose, filters: 3, kernel: 2, stride: 2", True),
        ("conv_transpose, filters: 3, kernel: 4, stride: 2, padding: 1", True),
        ("conv_transpose, filters: 3, kernel: 3, stride: 2, output_padding: 1, padding: 1", False),
    ],
)
def test_down_and_up_again_is_aligned_where_centres_agree_on_average(
    up: str, aligned: bool
) -> None:
    """A U-Net's skip: both outputs of a pair see the pair, half a row off to either side."""
    down = "{type: maxpool, kernel: 2}"
    layer = last(f"{{type: concat, branches: [[], [{down}, {{type: {up}}}]]}}", "16x16x3")
    assert layer.field.aligned is aligned
    assert layer.field.axes is not None
    assert layer.field.axes[0].stride == 1


def test_normalisations_read_their_own_position() -> None:
    for entry in (
        "{type: instancenorm}",
        "{type: groupnorm, groups: 1}",
        "{type: layernorm}",
        "{type: softmax}",
        "{type: lrn}",
    ):
        layer = last(entry, "9x9x3")
        assert not layer.field.is_global
        assert local(layer) == [(1, Fraction(1), 0)] * 2


def test_a_period_that_is_too_long_is_refused() -> None:
    entry = "{type: adaptive_avgpool, output: 5003}"
    with pytest.raises(archcalc.SpecError, match="repeats only every 5,003 outputs"):
        net(entry, "5009x3")


def test_composing_with_nothing_reads_nothing() -> None:
    nothing, own = Field(2, (None,)), Field(3, ((0, 0),))
    composed = Following().composed
    assert composed(nothing, own) == composed(own, nothing) == Field(6, (None,))
    assert nothing.size == 0
    assert nothing.start is None
    assert nothing.centre is None


class TestPublishedGraphs:
    """The small graphs of the unit tests of google-research/receptive_field, with their figures
    (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", 2019).
    """

    LEFT = "[{type: conv, filters: 4, kernel: 1, stride: 4}]"
    PADDED = "{type: pad, padding: [[1, 0], [1, 0]]}"

    def graph(self, right: str, input: str = "32x32x1") -> LayerAnalysis:
        return last(f"{{type: add, branches: [{self.LEFT}, [{right}]]}}", input)

    def test_one(self) -> None:
        layer = self.graph(
            f"{self.PADDED}, {{type: conv, filters: 4, kernel: 3, stride: 2}}, "
            "{type: conv, filters: 4, kernel: 1, stride: 2}"
        )
        assert local(layer) == [(3, Fraction(4), -1)] * 2
        assert layer.field.aligned

    def test_two_with_poolings(self) -> None:
        layer = last(
            f"{{type: concat, branches: [{self.LEFT}, [{self.PADDED}, "
            "{type: maxpool, kernel: 3, stride: 2}, {type: maxpool, kernel: 1, stride: 2}]]}",
            "32x32x1",
        )
        assert local(layer) == [(3, Fraction(4), -1)] * 2
        assert layer.field.aligned

    def test_three_whose_strides_differ(self) -> None:
        layer = last(
            "{type: add, branches: ["
            "[{type: pad, padding: [[2, 1], [2, 1]]}, "
            "{type: conv, filters: 4, kernel: 5, stride: 2}], "
            "[{type: conv, filters: 4, kernel: 3}, {type: conv, filters: 4, kernel: 3}]]}",
            "7x7x1",
        )
        # floor((7 + 3 - 5)/2) + 1 = 3 = 7 - 2 - 2
        assert layer.output.spatial == (3, 3)
        assert not layer.field.aligned

    @pytest.mark.parametrize(("size", "start", "aligned"), [(9, -1, True), (8, 0, False)])
    def test_four_with_same_padding(self, size: int, start: int, aligned: bool) -> None:
        layer = self.graph(
            "{type: conv, filters: 4, kernel: 3, stride: 2, padding: same}, "
            "{type: conv, filters: 4, kernel: 1, stride: 2}",
            f"{size}x{size}x1",
        )
        assert local(layer) == [(3, Fraction(4), start)] * 2
        assert layer.field.aligned is aligned

    def test_five_with_other_heights_than_widths(self) -> None:
        layer = last(
            [
                "{type: conv, filters: 4, kernel: [3, 5], stride: 2}",
                "{type: conv, filters: 4, kernel: [3, 1], stride: 2}",
                "{type: relu}",
            ],
            "32x32x1",
        )
        assert local(layer) == [(3 + 2 * 2, Fraction(4), 0), (5, Fraction(4), 0)]


def test_one_axis_may_be_aligned_and_the_other_not() -> None:
    layer = last(
        [
            "{type: conv, filters: 8, kernel: 3, padding: [[1, 1], [2, 0]], name: a}",
            "{type: add, from: [a, input]}",
        ],
        "9x9x8",
    )
    assert not layer.field.aligned
    assert local(layer) == [(3, Fraction(1), -1), (3, Fraction(1), -2)]


def test_a_sparse_map_below_many_upsamplings_is_followed() -> None:
    # conv_transpose of kernel 1 and stride 2 reads an input every second output; each upsampling
    # by 2 doubles the period: 2 x 2^6 outputs.
    text = "name: x\ninput: 16x2\nlayers:\n"
    text += "  - {type: conv_transpose, filters: 2, kernel: 1, stride: 2}\n"
    text += "  - {type: upsample, scale: 2}\n" * 6
    (axis,) = archcalc.analyze(archcalc.loads(text)).layers[-1].field.axes or ()
    assert (axis.size, len(axis.spans), axis.step) == (1, 2 * 2**6, 1)
