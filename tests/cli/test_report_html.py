"""``archcalc report`` with pages for a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import run
from webpage import Page, data_of

NET = "name: small\ninput: 8x8x3\nlayers:\n  - {type: conv, name: a, filters: 4, kernel: 3}\n"


@pytest.fixture
def nets(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(NET, "utf-8")
    return tmp_path


def test_the_ending_says_what_is_written(nets: Path) -> None:
    assert run("report", "a.yaml", "-o", "net.html", cwd=nets).status == 0
    assert data_of((nets / "net.html").read_text("utf-8"))["name"] == "small"
    assert run("report", "a.yaml", "-o", "net.html", "--check", cwd=nets).status == 0
    (nets / "a.yaml").write_text(NET.replace("4", "5"), "utf-8")
    done = run("report", "a.yaml", "-o", "net.html", "--check", cwd=nets)
    assert done.status == 1
    assert "net.html is stale" in done.err


def test_several_pages_have_an_index_that_leads_to_them(nets: Path) -> None:
    done = run("report", "a.yaml", "b.yaml", "-o", "site", "--format", "html", cwd=nets)
    assert done.status == 0, done.err
    assert sorted(path.name for path in (nets / "site").iterdir()) == [
        "a.html", "b.html", "index.html",
    ]  # fmt: skip
    read = Page((nets / "site" / "index.html").read_text("utf-8"))
    assert not read.open
    assert [link["href"] for link in read.all("a")] == ["./a.html", "./b.html"]
    assert not read.all("script")
    again = run("report", "a.yaml", "b.yaml", "-o", "site", "--format", "html", "--check", cwd=nets)
    assert again.status == 0, again.err
    assert "3 files up to date" in again.err


def test_pages_and_markdown_share_a_folder(nets: Path) -> None:
    for form in ("html", "markdown"):
        done = run("report", "a.yaml", "-o", "both/", "--format", form, "--prune", cwd=nets)
        assert done.status == 0, done.err
        assert "left over" not in done.err
    assert {"a.html", "a.md"} <= {path.name for path in (nets / "both").iterdir()}


def test_a_page_that_is_left_over_is_named_and_removed(nets: Path) -> None:
    run("report", "a.yaml", "b.yaml", "-o", "site", "--format", "html", cwd=nets)
    done = run("report", "a.yaml", "-o", "site", "--format", "html", cwd=nets)
    assert "b.html is left over" in done.err.replace("site/", "")
    run("report", "a.yaml", "-o", "site", "--format", "html", "--prune", cwd=nets)
    assert not (nets / "site" / "b.html").exists()


def test_a_page_is_printed_where_no_file_is_named(nets: Path) -> None:
    done = run("report", "a.yaml", "--format", "html", cwd=nets)
    assert done.status == 0
    assert data_of(done.out)["file"] == "a.yaml"


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (["a.yaml", "b.yaml", "-o", "x.html"], "2 reports need a folder"),
        (["a.yaml", "-o", "x.md", "--format", "html"], "ends in .html"),
        (["a.yaml", "-o", "x.html", "--format", "markdown"], "ends in .md"),
        (["a.yaml", "-o", ".html"], "-o needs a name before .html"),
        (["a.yaml", "-o", "x.html", "--inline"], "--inline is for Markdown"),
        (["a.yaml", "-o", "x.txt"], "ends in .md or .html"),
    ],
)
def test_what_does_not_go_together_is_refused(nets: Path, arguments: list[str], fact: str) -> None:
    done = run("report", *arguments, cwd=nets)
    assert done.status == 2
    assert fact in done.err
    assert len(list(nets.iterdir())) == 2


def test_a_page_of_somebody_else_is_not_overwritten(nets: Path) -> None:
    (nets / "net.html").write_text("<p>mine</p>\n", "utf-8")
    done = run("report", "a.yaml", "-o", "net.html", cwd=nets)
    assert done.status == 2
    assert (nets / "net.html").read_text("utf-8") == "<p>mine</p>\n"
