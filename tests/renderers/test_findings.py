"""How findings are worded, with a layer and without, alone and of many copies."""

from __future__ import annotations

import pytest
from nets import net

from archcalc.api import written
from archcalc.diagnostics import Diagnostic, Severity, Source, Span
from archcalc.renderers import FINDING_FORMATS, FORMATS
from archcalc.views.findings import Checked

WITHOUT = Diagnostic("unused-block", Severity.WARNING, "nobody uses it", Span(3, 1))
COPIED = Diagnostic(
    "illegal-stride", Severity.WARNING, "too far apart", Span(4, 5), "a.0", copies=3
)
FOUND = "(and 2 more like it)"


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_a_finding_without_a_layer_names_none(form: str) -> None:
    analysis = net("{type: relu, name: a}", "2x2x1")
    text = written(FORMATS[form], analysis._replace(diagnostics=[WITHOUT]))
    assert "nobody uses it" in text
    assert "None" not in text


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_a_table_counts_the_copies_of_a_finding(form: str) -> None:
    analysis = net("{type: relu, name: a}", "2x2x1")
    assert written(FORMATS[form], analysis._replace(diagnostics=[COPIED])).count(FOUND) == 1


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit"])
def test_a_check_says_a_finding_alike_in_every_format(form: str) -> None:
    checked = Checked(Source("net.yaml", "name: n\n"), [WITHOUT, COPIED], [], 0)
    text = written(FINDING_FORMATS[form], [checked], True)
    assert "nobody uses it" in text
    assert "None" not in text
    assert f"a.0: too far apart {FOUND}" in text
