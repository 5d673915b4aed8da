from __future__ import annotations

import pytest

from archcalc.network.volume import Volume


def test_a_volume_is_written_as_the_literature_writes_it() -> None:
    volume = Volume(3, (224, 200))
    assert str(volume) == "224x200x3"
    assert volume.described() == "224x200x3 (height x width x channels)"
    assert volume.positions == 224 * 200
    assert volume.elements == 224 * 200 * 3


@pytest.mark.parametrize(
    ("volume", "text"),
    [
        (Volume(784), "784 (channels)"),
        (Volume(1, (16000,)), "16000x1 (length x channels)"),
        (Volume(3, (16, 112, 96)), "16x112x96x3 (depth x height x width x channels)"),
    ],
)
def test_every_number_of_axes_has_names(volume: Volume, text: str) -> None:
    assert volume.described() == text


def test_a_vector_has_one_position() -> None:
    assert Volume(10).positions == 1
    assert Volume(10).elements == 10
