"""The reference of rules, from their declarations, with the examples that are their tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archcalc.renderers.markup import escaped
from archcalc.renderers.wrapping import fitted
from archcalc.rules.base import Rule
from archcalc.rules.catalogue import RULES


def markdown(names: Iterable[str] | None = None) -> str:
    """The whole manual of every rule, or of those named."""
    rules = [RULES[name] for name in names or RULES]
    return "\n".join(line for rule in rules for line in _markdown(rule)) + "\n"


def text(names: Iterable[str] | None = None, *, width: int | None = None) -> str:
    """A line per rule, or the whole manual of those named."""
    if names is not None:
        return (
            fitted("\n".join(line for name in names for line in _text(RULES[name])), width) + "\n"
        )
    room = max(map(len, RULES))
    lines = (
        f"{rule.id:<{room}}  {rule.severity.value:<7}  {rule.summary}\n" for rule in RULES.values()
    )
    return fitted("".join(lines), width)


def _nature(rule: Rule) -> str:
    if rule.check is None:
        return "A mistake: it can be neither ignored nor allowed."
    fails = {
        "error": "It fails a check.",
        "warning": "It fails a check with --strict.",
        "note": "It never fails a check.",
    }
    return fails[rule.severity.value]


def _examples(rule: Rule) -> tuple[tuple[str, str], ...]:
    return (("passes", rule.passes), ("fails", rule.fails)) if rule.fails else ()


def _text(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}: {rule.severity.value}"
    yield f"{rule.summary}. {_nature(rule)}"
    if rule.manual:
        yield ""
        yield rule.manual
    for title, example in _examples(rule):
        yield ""
        yield f"{title}:"
        yield from (f"    {line}" for line in example.splitlines())


def _markdown(rule: Rule) -> Iterator[str]:
    yield f"## {rule.id}"
    yield ""
    yield f"{rule.severity.value.capitalize()}: {escaped(rule.summary)}. {_nature(rule)}"
    yield ""
    if rule.manual:
        yield rule.manual
        yield ""
    for title, example in _examples(rule):
        yield f"{title.capitalize()}:"
        yield ""
        yield f"```yaml\n{example}```"
        yield ""
