"""Reports over all architectures: every link, table, picture and diagram."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from documents import commands, diagrams, headings, links, tables

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.renderers import index
from archcalc.renderers import report as page
from archcalc.renderers.flowchart import mermaid
from archcalc.rules.catalogue import CHECKS
from archcalc.views.flowchart import flowcharts

RESERVED = ("end", "graph", "subgraph", "style", "click", "default", "o", "x", "a--b", "class_1")
Pages = Mapping[str, Mapping[str, str]]


def analysed(name: str) -> Analysis:
    return api.run(api.read_source(name), chosen=CHECKS)


@pytest.fixture(scope="module")
def analyses() -> dict[str, Analysis]:
    return {name: analysed(name) for name in api.builtin_names()}


@pytest.fixture(scope="module")
def pages(analyses: Mapping[str, Analysis]) -> Pages:
    return {
        name: page.render(analysis, name, f"archcalc report {name} -o {name}.md")
        for name, analysis in analyses.items()
    }


def test_every_link_leads_to_a_file_that_is_written(
    pages: Pages, analyses: Mapping[str, Analysis]
) -> None:
    overview = index.render(list(analyses.items()), "archcalc report --all -o reports")
    written = {name for files in pages.values() for name in files} | {index.NAME}
    assert links(overview) == [f"{name}.md" for name in pages]
    for name, files in pages.items():
        targets = links(files[f"{name}.md"])
        assert set(targets) == set(files) - {f"{name}.md"}
        assert set(targets) <= written


def test_every_row_of_every_table_has_as_many_cells_as_headings(pages: Pages) -> None:
    for name, files in pages.items():
        found = list(tables(files[f"{name}.md"]))
        assert len(found) > 4
        for heading, *rows in found:
            assert rows
            assert {len(row) for row in rows} == {len(heading)}, (name, heading)


def test_the_layer_tables_have_every_layer_once_with_its_numbers(
    pages: Pages, analyses: Mapping[str, Analysis]
) -> None:
    for name, analysis in analyses.items():
        rows = [
            row
            for heading, *rows in tables(pages[name][f"{name}.md"])
            if heading[:2] == ["name", "type"]
            for row in rows
        ]
        assert [(row[0], row[3], row[4], row[5]) for row in rows] == [
            (f"`{x.name}`", str(x.output), f"{x.params:,}", f"{x.macs:,}") for x in analysis.layers
        ]


def test_every_svg_is_well_formed_and_of_the_width_of_a_telephone(pages: Pages) -> None:
    count = 0
    for files in pages.values():
        for name, text in files.items():
            if name.endswith(".svg"):
                root = ElementTree.fromstring(text)
                assert root.tag == "{http://www.w3.org/2000/svg}svg"
                assert int(root.attrib["width"]) <= 400 or name.endswith("-volumes.svg")
                count += 1
    assert count == sum(len(files) - 1 for files in pages.values()) > 100


def test_sections_come_in_one_order_and_only_figures_may_be_missing(pages: Pages) -> None:
    order = [
        "## Summary", "## Where the cost is", "## The graph", "## Along the depth",
        "## Memory of training", "## Layers", "## Receptive fields", "## Findings",
        "## Published figures", "## Expectations", "## Budgets", "## How it was counted",
    ]  # fmt: skip
    optional = {"## Published figures", "## Expectations", "## Budgets", "## Receptive fields"}
    for name, files in pages.items():
        found = [line for line in headings(files[f"{name}.md"]) if line.startswith("## ")]
        assert found == [line for line in order if line in found]
        assert set(order) - set(found) <= optional


def test_resnet152_stays_readable(pages: Pages, analyses: Mapping[str, Analysis]) -> None:
    text = pages["resnet152"]["resnet152.md"]
    assert len(text.encode()) < 200_000
    network, first, other = flowcharts(analyses["resnet152"])
    assert network.path == ""
    assert (first.path, other.path) == ("layer1.0", "layer1.1")
    assert "layer3: 36 x bottleneck<br/>14x14x1024" in mermaid(network)
    for chart in (network, first, other):
        assert mermaid(chart).count("<br/>") < 60


def test_the_same_analysis_gives_the_same_bytes(pages: Pages) -> None:
    again = page.render(
        analysed("googlenet"), "googlenet", "archcalc report googlenet -o googlenet.md"
    )
    assert again == pages["googlenet"]


def test_the_command_that_reproduces_a_report_stands_in_it(pages: Pages) -> None:
    assert commands(pages["vgg16"]["vgg16.md"]) == ["archcalc report vgg16 -o vgg16.md"]


def test_inline_reports_have_no_files_beside_them(analyses: Mapping[str, Analysis]) -> None:
    files = page.render(analyses["alexnet"], "alexnet", "archcalc report alexnet", inline=True)
    assert list(files) == ["alexnet.md"]
    assert links(files["alexnet.md"]) == []
    assert sum(text.count("xychart-beta") for text in diagrams(files["alexnet.md"])) == 5


def node_modules() -> str | None:
    """A folder with mermaid and jsdom: $ARCHCALC_NODE_MODULES, or npm's global one."""
    candidates = [os.environ.get("ARCHCALC_NODE_MODULES", "")]
    if shutil.which("npm"):
        done = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False)
        candidates.append(done.stdout.strip())
    needed = ("mermaid", "jsdom")
    for folder in candidates:
        if folder and all(os.path.isdir(os.path.join(folder, name)) for name in needed):
            return folder
    return None


def test_mermaid_accepts_every_diagram(pages: Pages, analyses: Mapping[str, Analysis]) -> None:
    """Skipped where node, or mermaid and jsdom from npm, are absent.

    `npm install mermaid jsdom` in a folder, and ARCHCALC_NODE_MODULES=FOLDER/node_modules.
    """
    folder = node_modules()
    if shutil.which("node") is None or folder is None:
        pytest.skip("node with mermaid and jsdom is not here")
    texts = [text for name, files in pages.items() for text in diagrams(files[f"{name}.md"])]
    for name in ("alexnet", "resnet152", "lenet300"):
        inline = page.render(analyses[name], name, "archcalc", inline=True)
        texts += diagrams(inline[f"{name}.md"])
    reserved = "".join(f"  - {{type: relu, name: {name}}}\n" for name in RESERVED)
    net = api.analyze(api.loads(f"name: n\ninput: 4\nlayers:\n{reserved}"))
    texts += diagrams(page.render(net, "net", "archcalc", inline=True)["net.md"])
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("parse.mjs")), folder],
        input=json.dumps([*texts, "flowchart TD\n  a[unclosed\n"]),
        capture_output=True,
        text=True,
        check=True,
    )
    *answers, broken = json.loads(done.stdout)
    assert broken.startswith("error")
    assert set(answers) == {"flowchart-v2", "xychart"}
