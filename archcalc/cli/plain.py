"""Commands whose help option is ready: click looks for translations of its text at every start."""

from __future__ import annotations

import click


class PlainHelp(click.Command):
    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that prints the help page and ends."""
        return click.Option(
            self.get_help_option_names(ctx),
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="Show this message.",
            callback=_show_help,
        )


def _show_help(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()
