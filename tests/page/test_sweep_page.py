"""The page of a sweep as a file, and in Chromium: it sorts, filters, draws and asks for nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, axe, browser
from process import run
from webpage import Page, data_of

import archcalc
from archcalc.variants import workers
from archcalc.variants.journal import Journal, cells
from archcalc.variants.pareto import goal
from archcalc.variants.trying import plan

EVIL = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
FILE = """\
name: '@'
input: 16x16x3
variables: {width: 1, kernel: 3}
layers:
  - {type: conv, name: constructor, filters: $(8 * width), kernel: $kernel, activation: relu}
  - {type: global_avgpool, name: __proto__}
  - {type: linear, name: last, units: 10}
"""
VARY = ["--vary", "width=0.5,1,2,4", "--vary", "input=16,32", "--vary", "kernel=1,3,5",
        "--vary", "constructor.activation=relu,gelu"]  # fmt: skip


def written(folder: Path, *args: str) -> Path:
    (folder / "net.yaml").write_text(FILE.replace("@", EVIL.replace("'", "''")))
    args = ("net.yaml", *VARY, "-o", "rows.csv", "--html", "rows.html", *args)
    result = run("sweep", *args, cwd=folder)
    assert result.status == 0, result.err
    return folder / "rows.html"


def test_the_rows_are_those_of_the_file(tmp_path: Path) -> None:
    text = written(tmp_path, "--pareto", "macs,params:max").read_text("utf-8")
    header, *lines = [
        line.split(",") for line in (tmp_path / "rows.csv").read_text("utf-8").splitlines()
    ]
    data = data_of(text)
    assert data["names"] == header[:-1]
    assert data["rows"] == [line[:-1] for line in lines]
    assert data["best"] == [place for place, line in enumerate(lines) if line[-1] == "1"]
    assert (data["names"][data["across"]], data["names"][data["up"]]) == ("macs", "params")


def test_it_runs_nothing_of_a_stranger_and_asks_for_nothing(tmp_path: Path) -> None:
    text = written(tmp_path).read_text("utf-8")
    page = Page(text)
    assert not page.open
    assert len(page.all("script")) == 2
    assert not page.all("img")
    data, script = page.inside("script")
    assert "<" not in data
    found = b64encode(sha256(script.encode()).digest()).decode()
    assert page.policy.startswith(f"default-src 'none'; script-src 'sha256-{found}'; style-src")
    named = {key for _, attributes in page.elements for key in attributes}
    assert not {"style", "src", "href", "srcset"} & named
    assert not [key for key in named if key.startswith("on")]


def test_many_rows_are_thinned_and_the_front_is_whole(tmp_path: Path) -> None:
    layers = "[{type: linear, units: $a}, {type: linear, units: $b}]"
    text = f"name: Two\ninput: 3\nvariables: {{a: 1, b: 1}}\nlayers: {layers}\n"
    sweep = plan(archcalc.loads(text), {"a": "1..20", "b": "1..20"}, columns=["params", "biases"])
    journal = Journal(str(tmp_path / "a.csv"), sweep, [goal("params:max"), goal("biases")])
    journal.begin(False)
    for shard in workers.run(sweep):
        journal.write(shard)
    assert journal.front
    front = [cells(sweep, row) for row in journal.front.rows]
    drawn = journal.drawn(50)
    journal.finish()
    assert [row for row, is_best in drawn if is_best] == front
    rows = [cells(sweep, row) for shard in workers.run(sweep) for row in shard.rows]
    assert [row for row, is_best in drawn if not is_best] == [
        row for row in rows[::8] if row not in front
    ]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


def visit(chromium: Any, path: Path, wrong: list[str], **options: Any) -> Any:
    context = chromium.new_context(viewport={"width": 1300, "height": 900}, **options)
    page = context.new_page()
    page.on("console", lambda said: wrong.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url == path.as_uri() else wrong.append(sent.url))
    page.goto(path.as_uri())
    return page


IN_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def column(page: Any, number: int) -> list[str]:
    cells = "(rows, n) => rows.map((row) => row.cells[n].innerText)"
    found: list[str] = page.eval_on_selector_all("#rows tbody tr", cells, number)
    return found


@pytest.mark.browser
@IN_CHROMIUM
def test_it_sorts_filters_and_draws(chromium: Any, tmp_path: Path) -> None:
    wrong: list[str] = []
    page = visit(chromium, written(tmp_path, "--pareto", "macs,params:max"), wrong)
    assert page.title() == EVIL
    assert page.locator("img").count() == 0
    assert page.locator("#rows tbody tr").count() == 48
    page.click("button[data-column='4']")
    params = [int(cell.replace(",", "")) for cell in column(page, 4)]
    assert params == sorted(params)
    page.click("button[data-column='4']")
    params = [int(cell.replace(",", "")) for cell in column(page, 4)]
    assert params == sorted(params, reverse=True)
    page.fill("#filter-0", ">=1")
    page.fill("#filter-1", "16..20")
    page.fill("#filter-3", "gel")
    assert set(column(page, 0)) == {"1", "2", "4"}
    assert set(column(page, 1)) == {"16"}
    assert set(column(page, 3)) == {"gelu"}
    assert page.inner_text("#count") == "9 of 48 rows"
    page.fill("#filter-5", "<=1k")
    assert all(int(cell.replace(",", "")) <= 1000 for cell in column(page, 5))
    page.fill("#filter-5", "few")
    assert page.locator("#filter-5:invalid").count() == 1
    page.click("#clear")
    assert page.inner_text("#count") == "48 of 48 rows"
    page.check("#front")
    front = page.locator("#rows tbody tr").count()
    assert 0 < front < 48
    assert page.locator("#rows tbody tr.best").count() == front
    assert page.get_attribute("#scatter", "aria-label") == f"params over macs of {front} variants"
    page.click("#rows tbody tr >> nth=0")
    assert "on the Pareto front" in page.inner_text("#picked")
    page.select_option("#across", label="width")
    assert page.get_attribute("#scatter", "aria-label") == f"params over width of {front} variants"
    painted = """(canvas) => new Set(
        new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)
    ).size"""  # noqa: E501
    assert page.eval_on_selector("#scatter", painted) > 8
    page.context.close()
    assert wrong == []


@pytest.mark.browser
@IN_CHROMIUM
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, tmp_path: Path, scheme: str) -> None:
    wrong: list[str] = []
    page = visit(chromium, written(tmp_path, "--pareto", "macs,params:max"), wrong,
                 color_scheme=scheme, bypass_csp=True)  # fmt: skip
    page.evaluate(axe())
    found = page.evaluate("() => axe.run().then((result) => result.violations.map((v) => v.id))")
    page.context.close()
    assert (found, wrong) == ([], [])


@pytest.mark.browser
@IN_CHROMIUM
def test_without_scripts_there_is_the_picture_and_a_table(chromium: Any, tmp_path: Path) -> None:
    wrong: list[str] = []
    page = visit(chromium, written(tmp_path), wrong, java_script_enabled=False)
    assert page.locator("#still svg").is_visible()
    assert page.locator("#still tbody tr").count() == 48
    assert not page.locator("#sweep").is_visible()
    page.context.close()
    assert [said for said in wrong if "script" not in said.lower()] == []
