"""Memory at inference over time."""

from __future__ import annotations

import pytest
from nets import net

from archcalc import api
from archcalc.views.alive import alive


def test_a_volume_that_is_read_again_outlives_what_is_made_meanwhile() -> None:
    layers = [
        "{type: conv, name: a, filters: 2, kernel: 1}",
        "{type: conv, name: b, filters: 3, kernel: 1}",
        "{type: conv, name: c, filters: 2, kernel: 1}",
        "{type: add, name: d, from: [c, a]}",
    ]
    view = alive(net(layers, "4x4x1"), 10)
    # In volumes of 4x4 numbers: a beside the input, then b, then c, then the sum.
    assert [(moment.bytes // 64, moment.outlive // 64) for moment in view.moments] == [
        (3, 2), (5, 2), (7, 2), (6, 2),
    ]  # fmt: skip
    assert (view.peak, view.layer) == (7 * 64, "c")


@pytest.mark.parametrize("name", ["unet", "googlenet", "densenet121", "yolov3"])
@pytest.mark.parametrize("most", [7, 125, 10_000])
def test_the_most_of_all_moments_is_the_peak(name: str, most: int) -> None:
    analysis = api.analyze(api.load(name), batch=2)
    view = alive(analysis, most)
    assert len(view.moments) == min(most, analysis.totals.layers)
    assert max(moment.bytes for moment in view.moments) == analysis.totals.peak_bytes == view.peak
    assert all(0 <= moment.outlive <= moment.bytes for moment in view.moments)
