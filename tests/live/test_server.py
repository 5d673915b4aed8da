"""The server of `archcalc view`: who may ask, for what, and what is told while a file changes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from following import BROKEN, NET, Served
from process import COMMAND, environment
from webpage import Page


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    path = tmp_path / "net.yaml"
    path.write_text(NET, "utf-8")
    made = Served(path)
    made.hear("findings")
    yield made
    made.close()


def test_the_page_is_served_to_whoever_knows_its_address(served: Served) -> None:
    status, text, headers = served.ask()
    assert status == 200
    assert "connect-src 'self'" in Page(text).policy
    assert str(served.path.parent) not in text
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, text, _ = served.ask("arithmetic?file=0&layer=a")
    assert status == 200
    assert "7 x 7" in text or "6 x 6" in text


@pytest.mark.parametrize(
    ("route", "headers", "expected"),
    [
        ("", {"Host": "evil.example"}, 403),
        ("", {"Host": "127.0.0.1:1"}, 403),
        ("", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("", {"Sec_Fetch_Site": "same-site"}, 403),
        ("/", {}, 404),
        ("/wrong/", {}, 404),
        ("/wrong/events", {}, 404),
        ("../../etc/passwd", {}, 404),
        ("%2e%2e/net.yaml", {}, 404),
        ("net.yaml", {}, 404),
        ("events/", {}, 404),
        ("?file=1", {}, 404),
        ("?file=-1", {}, 404),
        ("arithmetic?layer=none", {}, 404),
    ],
)
def test_everything_else_is_refused(
    served: Served, route: str, headers: dict[str, str], expected: int
) -> None:
    status, text, _ = served.ask(route, **headers)
    assert (status, text) == (expected, "")


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "DELETE"])
def test_only_asking_is_allowed(served: Served, method: str) -> None:
    assert served.ask(method=method)[0] == 405


def test_the_address_cannot_be_guessed(served: Served) -> None:
    assert len(served.server.token) >= 22  # of 64 signs: 128 bits
    assert urlsplit(served.server.address).hostname == "127.0.0.1"
    assert served.server.server_address[0] == "127.0.0.1"


def test_a_change_is_told_with_its_numbers_first(served: Served) -> None:
    served.path.write_text(NET.replace("filters: 4", "filters: 5"), "utf-8")
    data = served.hear("document")
    assert data["totals"]["params"] == 5 * 28
    assert data["file"] == "net.yaml"
    assert served.hear("mistakes") is None
    assert served.hear("findings") == []


def test_mistakes_wait_until_the_file_lies_still(served: Served) -> None:
    served.path.write_text("", "utf-8")
    served.path.write_text(NET.replace("4", "6"), "utf-8")
    assert served.hear("document")["totals"]["params"] == 6 * 28
    assert served.hear("mistakes") is None
    served.path.write_text(BROKEN, "utf-8")
    told = served.hear("mistakes")
    assert {one["line"] for one in told["mistakes"]} == {4}
    assert told["source"] == BROKEN


def test_a_file_that_is_gone_and_comes_back_is_followed(served: Served) -> None:
    served.path.unlink()
    assert "No such file" in served.hear("mistakes")["fact"]
    served.path.write_text(NET, "utf-8")
    assert served.hear("document")["name"] == "small"


@pytest.mark.parametrize("text", [BROKEN, "\x00", "name: [", ""])
def test_it_starts_on_a_broken_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(text, "utf-8")
    made = Served(path)
    assert made.hear("mistakes")["mistakes"]
    made.close()


def test_an_interrupt_ends_the_command_well(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(NET, "utf-8")
    with subprocess.Popen(
        [*COMMAND, "view", "a.yaml", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment({}),
        # As a shell in the foreground leaves it: in the background it is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        os.kill(process.pid, signal.SIGINT)
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()
        assert process.stderr is not None
        assert process.stderr.read() == b""
