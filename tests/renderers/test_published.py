"""How printed figures are shown: the command, its JSON, and the line below a table."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nets import net
from process import run

import archcalc
from archcalc.analysis.published import Verdict, verdicts
from archcalc.renderers.published import json as as_json
from archcalc.renderers.published import table
from archcalc.views import totals as summary
from archcalc.views import verdicts as words

LAYER = "{type: linear, name: a, units: 10}"
CLAIMS = (
    '[{quantity: params, value: 110, source: "first"}, '
    '{at: a, quantity: macs, value: 25, source: "second", note: "10 x 10 = 100"}, '
    '{quantity: output, value: 11, source: "third", input: 20}]'
)


def found(claims: str = CLAIMS) -> list[Verdict]:
    return verdicts(net(LAYER, "10", published=claims))


def test_a_table_with_notes_below_for_what_differs() -> None:
    claims = CLAIMS.replace("value: 110,", "value: 110, note: unused,")
    title, empty, headings, line, *rows = table([("n", found(claims))]).splitlines()
    assert (title, empty) == ("n: 1 of 3 printed figures agree", "")
    assert headings.split() == ["where", "quantity", "printed", "computed", "verdict", "source"]
    assert set(line) == {"─"}
    assert [row.split("  ")[-1].strip() for row in rows[:3]] == ["first", "second", "third"]
    assert " ".join(rows[1].split()) == "a macs 25 100 differs, 4 x second"
    assert rows[2].startswith("network at 20  output ")
    assert rows[3:] == ["", "a macs 25: 10 x 10 = 100"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_it_fits_a_width_by_leaving_out_the_least_useful(width: int) -> None:
    (analysis,) = (archcalc.analyze(archcalc.load(name)) for name in ("googlenet",))
    shown = table([("googlenet", verdicts(analysis))], width=width).splitlines()
    assert max(map(len, shown)) <= width
    assert sum("differs" in line for line in shown) >= 10


def test_what_is_left_out_is_named() -> None:
    wide, narrow = (table([("n", found())], width=width) for width in (100, 60))
    assert "no room" not in wide
    assert "no room for source\n" in narrow
    assert "second" in wide
    assert "second" not in narrow


def test_a_network_without_figures() -> None:
    assert table([("n", [])]) == "n: no published figures\n"


def test_json() -> None:
    document: dict[str, Any] = json.loads(as_json([("n", found())]))
    (network,) = document["networks"]
    assert (document["version"], network["name"]) == (1, "n")
    first, second, third = network["figures"]
    assert first == {
        "at": None, "quantity": "params", "printed": "110", "input": None,
        "variables": {}, "source": "first", "computed": 10 * (10 + 1), "verdict": "agrees",
        "ratio": None, "note": None, "line": first["line"],
    }  # fmt: skip
    assert (second["at"], second["note"]) == ("a", "10 x 10 = 100")
    assert third["computed"] == {"channels": 10, "spatial": []}
    assert third["input"] == {"channels": 20, "spatial": []}
    assert third["verdict"] == "differs"


def test_a_ratio_is_an_exact_fraction() -> None:
    (verdict,) = found("[{quantity: params, value: 30, source: s}]")
    figure = json.loads(as_json([("n", [verdict])]))["networks"][0]["figures"][0]
    assert (figure["verdict"], figure["ratio"]) == ("differs", "11/3")
    assert words.word(verdict) == "differs, 3.67 x"


def test_what_cannot_be_computed_says_so() -> None:
    (verdict,) = verdicts(
        net(
            "{type: conv, filters: 1, kernel: 3}",
            "8x8x1",
            published="[{quantity: macs, value: 1, input: 2x2x1, source: s}]",
        )
    )
    assert words.word(verdict) == "not computed"
    assert "network at 2x2x1" in table([("n", [verdict])])


def test_control_characters_of_a_file_are_visible() -> None:
    hostile = '[{quantity: params, value: 1, source: "\\e[31mred", note: "\\e]0;x"}]'
    shown = table([("n\x1b", found(hostile))])
    assert "\x1b" not in shown
    assert shown.count("\\x1b") == 3


def test_the_line_below_a_table() -> None:
    analysis = net(LAYER, "10", published=CLAIMS)
    (line,) = summary.published(analysis)
    assert line == (
        "1 of 3 printed figures agree; a macs 25: 4 x; network at 20 output 11: differs"
    )
    assert ("published", line) in summary.totals(analysis, str)


def test_the_line_names_four_and_counts_the_rest() -> None:
    claims = ", ".join(f"{{quantity: params, value: {n}, source: s}}" for n in range(1, 7))
    line = words.brief(found(f"[{claims}]"))
    assert line.startswith("0 of 6 printed figures agree; network params 1: 110 x; ")
    assert line.count(" x") == 4
    assert line.endswith("; 2 more")


def test_no_line_without_figures() -> None:
    assert list(summary.published(net(LAYER, "10"))) == []


def test_the_command_shows_one_architecture_or_all() -> None:
    one, every = run("published", "vgg16-c"), run("published")
    assert (one.status, every.status) == (0, 0)
    assert one.out.startswith("vgg16-c: 1 of 1 printed figures agree\n")
    assert one.out in every.out
    assert "zfnet: " not in every.out
    assert run("published", "zfnet").out == "zfnet: no published figures\n"


def test_the_command_shows_a_file_by_its_name_and_json() -> None:
    text = f"name: mine\ninput: 10\nlayers: [{LAYER}]\npublished: {CLAIMS}\n"
    done = run("published", "-", "--format", "json", stdin=text)
    assert json.loads(done.out)["networks"][0]["name"] == "mine"


@pytest.mark.parametrize(("target", "status"), [("no-such-network", 2), ("-", 1)])
def test_exit_status(target: str, status: int) -> None:
    assert run("published", target, stdin="name: n\n").status == status
