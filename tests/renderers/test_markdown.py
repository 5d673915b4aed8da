from __future__ import annotations

import pytest
from nets import net

import archcalc
from archcalc.renderers.markup import escaped, prose


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ResNet-50 (2015): 1.5 x 2 = 3!", "ResNet-50 (2015): 1.5 x 2 = 3!"),
        ("a|b", r"a\|b"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("*a* _b_ `c` [d](e) ~f~ $g$ \\", r"\*a\* \_b\_ \`c\` \[d\](e) \~f\~ \$g\$ \\"),
        ("two\nlines\r\n", "two lines"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("1. item", r"1\. item"),
        ("1) item", r"1\) item"),
        ("# title", r"\# title"),
        ("===", r"\==="),
        ("> quote", r"\> quote"),
        ("\x1b[2J\u202e", r"\\x1b\[2J\\u202e"),
        ("see https://x.org/a", "see https:&#8203;//x.org/a"),
        ("www.x.org", "www&#8203;.x.org"),
        ("by @octocat, a@b.org", "by @&#8203;octocat, a@&#8203;b.org"),
        ("mailto:a XMPP:b", "mailto:&#8203;a XMPP:&#8203;b"),
        (":white_check: #12", r":&#8203;white\_check: \#&#8203;12"),
        ("arXiv:1409.1556, page 3: a @ b", "arXiv:1409.1556, page 3: a @ b"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`stride: 1` gives 4x4", "`stride: 1` gives 4x4"),
        ("use `a_b` or *c*", r"use `a_b` or \*c\*"),
        ("`[[1, 0]]`", "`[[1, 0]]`"),
        ("one ` alone", r"one \` alone"),
        ("empty `` code", r"empty \`\` code"),
        ('did you mean `a`? not "`"', r'did you mean \`a\`? not "\`"'),
    ],
)
def test_code_in_our_own_text_stays_code(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_every_row_has_as_many_cells_as_the_heading() -> None:
    analysis = archcalc.analyze(archcalc.load("resnet50"))
    text = archcalc.render(analysis, "markdown")
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 2 + len(analysis.layers)
    assert len({line.count("|") for line in table}) == 1
    assert table[1].split(" | ")[7:10] == ["---:"] * 3


def test_what_a_file_says_stays_text() -> None:
    analysis = net(
        "{type: relu, name: a}",
        "2x2x1",
        description='"<img src=x> | **b** [c](javascript:d) \\e[31m"',
        source='"1. `x` \\n- y"',
    )
    title, _, source, *_ = archcalc.render(analysis, "markdown").splitlines()
    assert title == (
        "## net: \\<img src=x\\> \\| \\*\\*b\\*\\* \\[c\\](javascript:d) \\\\x1b\\[31m"
    )
    assert source == "1\\. \\`x\\` - y  "


def test_findings_are_a_list_with_their_suggestions() -> None:
    analysis = net("{type: conv, name: c, filters: 1, kernel: 3, stride: 3}", "7x7x3")
    found = archcalc.render(analysis, "markdown").partition("### Findings\n\n")[2].splitlines()
    assert found[0].startswith("- line 4, `c`: **warning** illegal-stride: ")
    assert "  - `stride: 2` gives 3x3 and changes the network's resolution" in found
