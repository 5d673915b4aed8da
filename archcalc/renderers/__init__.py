"""Renderers turn views into strings. The tables here name every format there is."""

from __future__ import annotations

from collections.abc import Mapping

from archcalc.record import Record


class Format(Record):
    """A format: its name, what it is for, its function, and the options that the function takes.

    ``writer`` is MODULE:FUNCTION within ``archcalc``, which is imported on use (`archcalc.api`):
    JSON should not have to wait for rich.
    """

    name: str
    summary: str
    writer: str
    options: tuple[str, ...] = ()


Formats = Mapping[str, Format]


def by_name(*formats: Format) -> Formats:
    return {form.name: form for form in formats}


ROWS = ("columns", "fold", "sort", "top", "units")
SCREEN = ("width", "colour")
ALLOW = "show_allow"

# For an analysis.
FORMATS = by_name(
    Format("table", "a table for the terminal", "renderers.table:render", (*ROWS, *SCREEN)),
    Format("markdown", "a table for GitHub", "renderers.markdown:render", ROWS),
    Format("json", "the whole analysis, version 1", "renderers.json:render"),
    Format("csv", "rows of plain numbers", "renderers.csv:render", ROWS),
    Format("html", "a table for notebooks", "renderers.html:render"),
)

# For checked files, and whether warnings fail.
FINDING_FORMATS = by_name(
    Format("text", "as compilers print it", "renderers.findings.text:render", (*SCREEN, ALLOW)),
    Format("json", "version 1", "renderers.findings.json:render"),
    Format(
        "github", "annotations of a GitHub workflow", "renderers.findings.github:render", (ALLOW,)
    ),
    Format("sarif", "SARIF 2.1.0, for code scanning", "renderers.findings.sarif:render"),
    Format(
        "junit",
        "JUnit XML, a test case per file, expectation and budget",
        "renderers.findings.junit:render",
        (ALLOW,),
    ),
)

# For explanations, a difference, networks side by side, and what counters report for them.
EXPLANATION_FORMATS = by_name(
    Format("text", "for the terminal", "renderers.explanation:text", ("width",)),
    Format("markdown", "for GitHub", "renderers.explanation:markdown"),
)
DIFFERENCE_FORMATS = by_name(
    Format("text", "for the terminal", "renderers.difference:text", ("width",)),
    Format("markdown", "tables for a pull request", "renderers.difference:markdown"),
    Format("json", "version 1", "renderers.difference:json"),
    Format("html", "a page on which it is drawn", "renderers.page.changes:render"),
)
COMPARISON_FORMATS = by_name(
    Format("text", "a column for each", "renderers.comparison:text", ("width",)),
    Format(
        "rows",
        "a row for each, beside printed figures",
        "renderers.comparison_rows:text",
        ("width",),
    ),
    Format("bars", "bars in the terminal", "renderers.comparison_bars:text"),
    Format("svg", "bars as a picture", "renderers.comparison_bars:svg"),
    Format("markdown", "a table for GitHub", "renderers.comparison:markdown"),
    Format("csv", "rows of plain numbers", "renderers.comparison_rows:csv"),
    Format("json", "version 1", "renderers.comparison:json"),
)
COUNTER_FORMATS = by_name(
    Format("text", "a table for the terminal", "renderers.counters:text", ("width",)),
    Format("markdown", "a table for GitHub", "renderers.counters:markdown"),
    Format("json", "version 1", "renderers.counters:json"),
)

# For the memory of a training step.
MEMORY_FORMATS = by_name(
    Format("text", "for the terminal", "renderers.memory:text", ("width",)),
    Format("markdown", "for GitHub", "renderers.memory:markdown"),
    Format("json", "version 1", "renderers.memory:json"),
)

# For the input sizes at which a network fits.
SIZES_FORMATS = by_name(
    Format("text", "for the terminal", "renderers.input_sizes:text"),
    Format("json", "version 1", "renderers.input_sizes:json"),
)

# For networks, each with verdicts on its printed figures.
PUBLISHED_FORMATS = by_name(
    Format("table", "tables for the terminal", "renderers.published:table", ("width",)),
    Format("json", "version 1", "renderers.published:json"),
)
