"""Receptive fields of random networks against positions followed one by one."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nets import text
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
