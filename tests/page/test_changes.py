"""The page on which a difference is drawn."""

from __future__ import annotations

from pathlib import Path

from nets import net
from process import run
from webpage import Page, data_of

import archcalc
from archcalc.renderers.page.changes import render
from archcalc.views.difference import difference

OLD = ["{type: conv, name: a, filters: 4, kernel: 3}", "{type: relu, name: gone}",
       "{type: linear, name: last, units: 5}"]  # fmt: skip
NEW = ["{type: conv, name: a, filters: 8, kernel: 3}", "{type: dropout, name: more}",
       "{type: linear, name: last, units: 5}"]  # fmt: skip


def test_changed_added_and_removed_layers_are_marked() -> None:
    old, new = net(OLD, "8x8x3"), net(NEW, "8x8x3")
    text = render(difference(old, new))
    changes = data_of(text)["changes"]
    assert changes["added"] == ["more"]
    assert [path for path, _ in changes["changed"]] == ["a", "last"]
    assert ["output", "6x6x4", "6x6x8"] in changes["changed"][0][1]
    assert [row[:3] for row in changes["removed"]] == [["a", "gone", "relu"]]
    grown = dict(changes["cards"])
    assert grown["MACs"] == "+100%"
    assert not Page(text).open
    assert "~ a: output 6x6x4 -> 6x6x8" in " ".join(Page(text).inside("pre"))


def test_the_command_prints_the_page(tmp_path: Path) -> None:
    done = run("diff", "vgg16", "vgg19", "--format", "html", cwd=tmp_path)
    assert done.status == 0
    data = data_of(done.out)
    assert data["name"] == "VGG-16 → VGG-19"
    assert data["file"] == "vgg19.yaml"
    assert data["changes"]["added"] == ["conv3_4", "conv4_4", "conv5_4"]


def test_networks_that_are_alike_have_no_changes() -> None:
    analysis = archcalc.analyze(archcalc.load("lenet5"))
    changes = data_of(render(difference(analysis, analysis)))["changes"]
    assert changes == {"cards": [], "added": [], "changed": [], "removed": []}
