"""``archcalc rules``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archcalc.cli.common import Words
from archcalc.cli.plain import PlainHelp


def _ids() -> Iterable[str]:
    from archcalc.rules.catalogue import RULES

    return RULES


@click.command("rules", cls=PlainHelp)
@click.argument("rule", required=False, type=Words(_ids), metavar="[ID]")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown"]), default="text",
    show_default=True, help="What to print.",
)  # fmt: skip
def command(rule: str | None, form: str) -> None:
    """Every rule: id, severity, one line; or the manual of ID, with its two examples."""
    from archcalc.reference import rules

    click.echo(rules.render([rule] if rule else None, form), nl=False)
