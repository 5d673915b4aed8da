"""The entry that accepts a finding: pasted into the file, it silences this one and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from process import run

import archcalc
from archcalc.diagnostics import Diagnostic
from archcalc.rules.base import Rule
from archcalc.rules.catalogue import CHECKS, RULES

DOWN = "{type: conv, name: conv, filters: 4, kernel: 2, stride: 2}"
NET = f"""\
name: copies
input: 59x59x4
blocks:
  down: {{layers: [{DOWN}]}}
  other:
    layers: [{DOWN}]
layers:
"""


def findings(text: str) -> list[Diagnostic]:
    return archcalc.check(archcalc.analyze(archcalc.loads(text)))


def net(*entries: str) -> str:
    return NET + "".join(f"  - {entry}\n" for entry in entries)


def pasted(text: str, allow: str) -> str:
    """The file with entries at the end of its list of accepted findings."""
    entries = "".join(f"  {line}\n" for line in allow.splitlines())
    return text + ("" if "\nallow:" in text else "allow:\n") + entries


@pytest.mark.parametrize("rule", CHECKS, ids=[rule.id for rule in CHECKS])
def test_the_entry_silences_the_failing_example_of_every_rule(rule: Rule, tmp_path: Path) -> None:
    (found,) = findings(rule.fails)
    assert found.allow is not None
    assert findings(pasted(rule.fails, found.allow)) == []
    file = tmp_path / "net.yaml"
    file.write_text(pasted(rule.fails, found.allow))
    assert run("check", "--strict", str(file)).out.startswith("1 file checked: nothing found")


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.check is None])
def test_a_mistake_has_no_entry(rule: Rule) -> None:
    with pytest.raises(archcalc.SpecError) as caught:
        findings(rule.fails)
    assert [found.allow for found in caught.value.diagnostics] == [None]


@pytest.mark.parametrize(
    ("entries", "at"),
    [
        (["{block: down, name: a}"], "a.conv"),
        (["{block: down, name: a, repeat: 2}"], '"a.*.conv"'),
        (["{block: down, name: a}", "{block: down, name: b}"], '"*.conv"'),
        ([DOWN.replace("name: conv", "name: no")], '"no"'),
    ],
)
def test_copies_are_covered_by_stars(entries: list[str], at: str) -> None:
    # 59 -> 29.5, 29 -> 14.5
    blocks = f"blocks: {{down: {{layers: [{DOWN}]}}}}\n" if "block" in entries[0] else ""
    layers = "".join(f"  - {entry}\n" for entry in entries)
    text = f"name: copies\ninput: 59x59x4\n{blocks}layers:\n{layers}"
    (found,) = findings(text)
    assert found.allow is not None
    assert f"at: {at}, " in found.allow
    assert findings(pasted(text, found.allow)) == []


def test_a_pattern_covers_no_finding_of_another_place() -> None:
    text = net(
        "{block: down, name: a}",
        "{block: other, name: b}",
        "{block: down, name: c, from: input}",
        "{type: add, from: [b, c], name: d, when: false}",
        "{block: other, name: e, from: input}",
    )
    text += "outputs: [b, c, e]\n"
    down, other = findings(text)
    assert down.allow is not None
    assert [line.split("at: ")[1] for line in down.allow.splitlines()] == [
        'a.conv, because: "..."}',
        'c.conv, because: "..."}',
    ]
    (left,) = findings(pasted(text, down.allow))
    assert left.layer == other.layer


def test_an_entry_that_covers_more_says_so() -> None:
    text = "name: two\ninput: 8x8x3\nvariables: {a: 1, b: 2}\nlayers: [{type: relu}]\n"
    first, _ = findings(text)
    assert first.allow == '- {rule: unused-variable, because: "..."}  # covers other findings too'
    assert findings(pasted(text, first.allow)) == []


def test_what_is_accepted_already_has_no_entry_and_is_covered_by_none() -> None:
    text = net("{block: down, name: a}", "{block: other, name: b}")
    text += "allow:\n  - {rule: illegal-stride, at: b, because: known}\n"
    shown = archcalc.analyze(archcalc.loads(text)).diagnostics
    assert [found.allow for found in shown] == [
        '- {rule: illegal-stride, at: a.conv, because: "..."}',
        None,
    ]


def test_copies_of_two_places_side_by_side_get_one_entry_that_says_what_it_covers() -> None:
    entries = [f"{{block: down, name: a{n}, from: input}}" for n in range(300)]
    entries += [f"{{block: other, name: b{n}, from: input}}" for n in range(300)]
    text = (
        net(*entries)
        + f"outputs: [{', '.join(e.split('name: ')[1].split(',')[0] for e in entries)}]\n"
    )
    first, second = findings(text)
    assert first.allow == (
        '- {rule: illegal-stride, at: "*.conv", because: "..."}  # covers other findings too'
    )
    assert second.copies == 300
