"""Pages in Chromium: nothing overlaps, nothing is asked for, and keys reach everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from chromium import AUDIT, MARKS, TABS, browser, visit, written
from nets import text

pytestmark = MARKS
EVIL = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as made:
        yield made


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a network; a message on the console or a request fails the test."""
    wrong: list[str] = []
    pages: list[Any] = []

    def opened(named: str, link: str = "", **options: Any) -> Any:
        pages.append(visit(chromium, written(named, tmp_path), wrong, link, **options))
        return pages[-1]

    yield opened
    for page in pages:
        page.context.close()
    assert wrong == []


# A part that nothing reads, tensors that nothing feeds, edges into branches and out of them,
# branches in branches, empty ones, and sizes that are read.
TANGLE = """name: tangle
input: 16x16x8
layers:
  - {type: conv, name: a, filters: 8, kernel: 1}
  - {name: side, layers: [{type: conv, name: x, filters: 4, kernel: 1}, {type: relu, name: y}]}
  - {type: relu, name: b, from: a}
  - {name: other, layers: [{type: relu, name: z}]}
  - {type: parameter, name: p, shape: 16x16x8}
  - {type: add, name: c, from: [b, p]}
  - type: concat
    name: m
    branches:
      one: []
      two:
        - {type: conv, name: t, filters: 8, kernel: 1}
        - type: add
          name: inner
          branches:
            left: [{type: relu, name: l}]
            right:
              - {type: conv, name: r, filters: 8, kernel: 1}
              - {type: add, name: s, from: [r, a]}
            none: []
      three:
        - {type: add, name: far, from: [a, c]}
  - {type: conv, name: d, filters: 8, kernel: 2, stride: 2}
  - {type: upsample, name: u, size: {like: a}}
  - {type: add, name: e, from: [u, m.two.inner.right.r, b, a]}
"""


def test_edges_of_every_kind_find_their_way(opened: Open) -> None:
    page = opened(TANGLE)
    for view in ("boxes", "volumes"):
        page.select_option("#view", view)
        for button in ("#fold-all", "#open-all"):
            page.click(button)
            assert page.evaluate(AUDIT) == []


@pytest.mark.parametrize("name", ["alexnet", "googlenet", "resnet50"])
def test_rows_of_the_table_add_up_to_its_last(opened: Open, name: str) -> None:
    page = opened(name)
    page.click("button[data-column='3']")
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText))"
    rows = page.eval_on_selector_all("#rows tbody tr", cells)
    total = page.eval_on_selector_all("#rows tfoot tr", cells)[0]
    for column, last in ((3, 1), (4, 2)):
        amounts = [int(row[column].replace(",", "")) for row in rows]
        assert sum(amounts) == int(total[last].replace(",", ""))
    amounts = [int(row[3].replace(",", "")) for row in rows]
    assert amounts == sorted(amounts, reverse=True)


def test_a_link_opens_what_a_layer_is_folded_in(opened: Open) -> None:
    page = opened("resnet50", "#layer2.1.sum.residual.conv2")
    assert page.inner_text("#about-layer") == "layer2.1.sum.residual.conv2"
    assert page.locator(".box.selected").count() == 1
    assert page.inner_text("tr.selected .pick") == "conv2"


def test_clicks_fold_unfold_filter_and_select(opened: Open) -> None:
    page = opened("googlenet")
    before = page.locator(".box").count()
    page.locator("[data-open]").first.click()
    assert page.locator(".box").count() == before + 7
    page.get_by_role("button", name="fold inception3a").first.click()
    assert page.locator(".box").count() == before
    page.fill("#filter", "lrn")
    assert page.locator("#rows tbody tr").count() == 2
    page.click("#rows .pick >> nth=1")
    assert page.inner_text("#about-layer") == "norm2"
    assert page.evaluate("location.hash") == "#norm2"


def test_keys_reach_every_box_and_tab(opened: Open) -> None:
    page = opened("googlenet")
    page.focus(".box[tabindex='0']")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    assert page.inner_text("#about-layer").startswith("inception3a")
    page.keyboard.press("Enter")
    assert page.inner_text("#about-layer") == "inception3a.output.1x1.conv"
    page.keyboard.press("Escape")
    assert page.inner_text("#about-layer").startswith("inception3a (")
    page.focus("[role=tab][tabindex='0']")
    for name in (*TABS[1:], TABS[0]):
        page.keyboard.press("ArrowRight")
        assert page.get_attribute(f"#tab-{name}", "aria-selected") == "true"
    page.keyboard.press("ArrowRight")
    page.focus("input[type=range]")
    page.keyboard.press("ArrowRight")
    assert "Output (14, 13)" in page.inner_text("#panel") or "Output (1" in page.inner_text(
        "#panel"
    )
    assert page.evaluate("document.activeElement.type") == "range"


def test_the_receptive_field_is_that_of_the_output_under_the_pointer(opened: Open) -> None:
    page = opened("alexnet", "#conv3")
    page.click("#tab-field")
    assert page.inner_text("#panel p") == (
        "Output (6, 6) sees rows 64 to 162, columns 64 to 162 of the input; "
        "the next output moves by 16."
    )
    place = page.locator("svg.picks").bounding_box()
    page.mouse.click(place["x"] + place["width"] * 0.99, place["y"] + 2)
    assert page.inner_text("#panel p").startswith(
        "Output (0, 12) sees rows -32 to 66, columns 160 to 258 of the input"
    )


def test_windows_show_what_none_of_them_reaches(opened: Open) -> None:
    page = opened(text("{type: conv, name: c, filters: 10, kernel: 3, stride: 3}", "7x7x3"))
    page.click("#tab-windows")
    assert "no window reaches the last position of the input" in page.inner_text("#panel")
    assert page.locator(".strip .missed").count() == 1
    assert page.locator(".counts .missed").count() == 13
    page.click("#findings")
    assert "illegal-stride" in page.inner_text(".finding")


def test_a_saved_picture_stands_alone(opened: Open) -> None:
    page = opened("unet")
    page.select_option("#view", "volumes")
    with page.expect_download() as waited:
        page.click("#save")
    assert waited.value.suggested_filename == "unet-volumes.svg"
    image = ElementTree.fromstring(Path(waited.value.path()).read_text("utf-8"))
    assert image.tag == "{http://www.w3.org/2000/svg}svg"
    used = {name for node in image.iter() for name in node.attrib}
    assert not {"class", "style", "role", "tabindex"} & used
    assert "rgb" in str(image.find(".//{http://www.w3.org/2000/svg}rect").get("fill"))  # type: ignore[union-attr]


def test_what_a_file_says_is_not_run(opened: Open) -> None:
    quoted = "'" + EVIL.replace("'", "''") + "'"
    page = opened(
        f"name: {quoted}\ndescription: {quoted}\nsource: {quoted}\ninput: 7x7x3\n# {EVIL}\n"
        "layers:\n  - {type: conv, name: constructor, filters: 1, kernel: 3, stride: 3}\n"
        "  - {type: relu, name: __proto__}\n  - {type: relu, name: toString}\n"
        f"allow:\n  - {{rule: illegal-stride, because: {quoted}}}\n",
        "#__proto__",
    )
    for tab in TABS:
        page.click(f"#tab-{tab}")
    assert page.title() == EVIL
    assert page.inner_text("#about-layer") == "__proto__"
    assert page.locator("img").count() == 0
    assert page.evaluate(AUDIT) == []


def test_the_policy_blocks_a_script_that_came_in(chromium: Any, opened: Open) -> None:
    path = Path(opened("lenet5").url.removeprefix("file://"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("<footer>", "<script>document.title='run'</script><footer>"))
    page = chromium.new_page()
    page.goto(path.as_uri())
    assert page.title() == "LeNet-5"
    page.close()


def test_too_many_boxes_leave_the_table(opened: Open) -> None:
    branches = ", ".join(f"b{number}: [{{type: relu}}]" for number in range(3100))
    page = opened(text(f"{{type: add, name: wide, branches: {{{branches}}}}}", "2x2x1"))
    page.locator("[data-open]").first.click()
    assert "at most 3,000" in page.inner_text("#canvas")
    assert page.locator("#rows tbody tr").count() == 400
    page.click("#fold-all")
    assert page.evaluate(AUDIT) == []


def test_without_scripts_the_page_is_there(opened: Open) -> None:
    page = opened("resnet50", "", java_script_enabled=False)
    assert page.locator("#still table tbody tr").count() > 10
    assert page.locator("#still svg").is_visible()
    assert not page.locator("#app").is_visible()


def test_the_most_layers_that_a_file_has_are_shown(opened: Open) -> None:
    page = opened(text("{type: relu, name: a, repeat: 99999}", "2x2x1"))
    assert page.evaluate(AUDIT) == []
    assert page.locator(".box").count() <= 42
    page.fill("#filter", "a.4242")
    assert page.locator("#rows tbody tr").count() == 11
    page.click("#rows .pick >> nth=0")
    assert page.locator(".box.selected").count() == 1
