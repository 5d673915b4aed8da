"""``archcalc rules``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archcalc.cli.common import show
from archcalc.cli.options import VocabularyWords, format_option
from archcalc.reference import RULE_FORMATS
from archcalc.renderers import Format


def _ids() -> Iterable[str]:
    from archcalc.rules.catalogue import RULES

    return RULES


HELP = """\
List the rules, or describe one.

The list gives severity and one line each; with ID comes its manual, with a file that passes and
one that fails.
"""


@click.command("rules", help=HELP)
@click.argument("rule", required=False, type=VocabularyWords(_ids), metavar="[ID]")
@format_option(RULE_FORMATS)
def command(rule: str | None, form: Format) -> None:
    show(form, [rule] if rule else None)
