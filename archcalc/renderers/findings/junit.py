"""Findings as JUnit XML: a suite per file, with a case for its rules and one for each figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from archcalc.diagnostics import Diagnostic
from archcalc.rules.figures import Held, written
from archcalc.views.against import RULE as MISMATCH
from archcalc.views.findings import Checked, failing, others, statement
from archcalc.wording import visible

FIGURES = ("expectation", "budget")


def render(files: Sequence[Checked], strict: bool, *, show_allow: bool = False) -> str:
    suites = [_suite(checked, strict, show_allow) for checked in files]
    tests, failures = sum(suite[1] for suite in suites), sum(suite[2] for suite in suites)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="archcalc" tests="{tests}" failures="{failures}">\n'
        f"{''.join(suite[0] for suite in suites)}</testsuites>\n"
    )


def _suite(checked: Checked, strict: bool, show_allow: bool) -> tuple[str, int, int]:
    """The XML of a file, its number of cases and of failures."""
    name = visible(checked.source.filename)
    fatal = failing(checked, strict)
    apart = (*FIGURES, MISMATCH) if checked.against else FIGURES
    broken = [finding for finding in fatal if finding.rule not in apart]
    rest = [finding for finding in others(checked, strict) if finding.rule not in FIGURES]
    cases = [_case("rules", name, _rules(broken, rest, show_allow))]
    # A figure that does not hold makes no check fail where it is ignored or allowed.
    counted = {finding.span for finding in fatal if finding.rule in FIGURES}
    failures = int(bool(broken))
    if checked.against:
        unlike = [finding for finding in fatal if finding.rule == MISMATCH]
        title = f"code: {checked.against.source}"
        cases.append(_case(title, name, "".join(_failures(unlike, show_allow))))
        failures += bool(unlike)
    for held in checked.figures:
        is_missed = not held.holds and held.figure.span in counted
        cases.append(_case(_title(held), name, _figure(held) if is_missed else ""))
        failures += is_missed
    head = f'<testsuite name={quoteattr(name)} tests="{len(cases)}" failures="{failures}">'
    return f"  {head}\n{''.join(cases)}  </testsuite>\n", len(cases), failures


def _case(name: str, classname: str, inside: str) -> str:
    head = f"    <testcase name={quoteattr(name)} classname={quoteattr(classname)}"
    return f"{head}>\n{inside}    </testcase>\n" if inside else f"{head}/>\n"


def _title(held: Held) -> str:
    where = f" of {held.path}" if held.path else ""
    within = f" ({held.only_with})" if held.only_with else ""
    return f"{held.kind}: {held.figure.quantity}{where} {written(held.stated)}{within}"


def _figure(held: Held) -> str:
    message = f"{held.figure.quantity} is {written(held.computed)}"
    return f"      <failure message={quoteattr(message)} type={quoteattr(held.kind)}/>\n"


def _rules(broken: Sequence[Diagnostic], rest: Sequence[Diagnostic], show_allow: bool) -> str:
    output = f"      <system-out>{escape(_lines(rest, show_allow))}</system-out>\n" if rest else ""
    return f"{''.join(_failures(broken, show_allow))}{output}"


def _failures(broken: Sequence[Diagnostic], show_allow: bool) -> Iterator[str]:
    if broken:
        rules = ", ".join(dict.fromkeys(finding.rule for finding in broken))
        yield (
            f"      <failure message={quoteattr(rules)} type={quoteattr(broken[0].rule)}>"
            f"{escape(_lines(broken, show_allow))}</failure>\n"
        )


def _lines(findings: Sequence[Diagnostic], show_allow: bool) -> str:
    return "\n".join(
        f"{finding.position}: {finding.label}: {statement(finding)}"
        + (f"\nallow:\n{finding.allow}" if show_allow and finding.allow else "")
        for finding in findings
    )
