"""Networks as somebody writes them who has only read the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from process import run

import archcalc
from archcalc.diagnostics import Severity

FOLDER = Path(__file__).parent / "newcomers"
FILES = sorted(path.name for path in FOLDER.glob("*.yaml"))


def analysis(name: str, **options: object) -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load(FOLDER / name), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in FILES if name != "se-resnet.yaml"])
def test_nothing_fails_a_strict_check_without_allowances(name: str) -> None:
    assert "allow:" not in (FOLDER / name).read_text()
    assert run("check", "--strict", name, cwd=FOLDER).status == 0


def test_only_real_input_that_is_lost_fails_a_strict_check() -> None:
    found = archcalc.check(analysis("se-resnet.yaml"))
    failing = [each for each in found if each.severity is not Severity.NOTE]
    assert [(each.rule, each.layer, each.copies) for each in failing] == [
        (rule, "stage2.0.add1.shortcut.conv1", 3) for rule in ("illegal-stride", "input-skipped")
    ]


def pairs() -> Iterator[tuple[int, int]]:
    """Channels in and out of the convolutions 3x3 of a U-Net."""
    yield from ((1, 64), (64, 64))
    for width in (64, 128, 256, 512):
        yield from ((width, 2 * width), (2 * width, 2 * width))
        yield from ((2 * width, width), (width, width))


@pytest.mark.parametrize(
    ("name", "size"), [("unet-valid", "388x388x2"), ("unet-padded", "512x512x2")]
)
def test_a_u_net_in_both_readings(name: str, size: str) -> None:
    unet = analysis(f"{name}.yaml")
    windows = sum(9 * into * out + out for into, out in pairs())
    ups = sum(4 * 2 * width * width + width for width in (64, 128, 256, 512))
    assert str(unet.layers[-1].output) == size
    assert unet.totals.params == windows + ups + 64 * 2 + 2


@pytest.mark.parametrize(("width", "params"), [(1, 3_504_872), ("1.4", 6_108_776)])
def test_a_width_as_in_torchvision(width: object, params: int) -> None:
    assert analysis("mobilenet-width.yaml", variables={"width": width}).totals.params == params


def test_a_sound_grows_shorter_by_32() -> None:
    assert str(analysis("audio.yaml").layers[-4].output) == "125x256"


def test_two_outputs() -> None:
    outputs = analysis("pyramid-two-outputs.yaml").outputs
    assert [(name, str(size)) for name, size in outputs] == [
        ("fine", "32x40x128"), ("coarse", "16x20x128")
    ]  # fmt: skip
