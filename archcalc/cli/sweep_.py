"""``archcalc sweep``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import click

from archcalc.cli.common import refuse, show_mistakes, terminal_width
from archcalc.cli.options import (
    SAMPLES,
    ArchitectureArgument,
    QuantityAmount,
    VocabularyWords,
    limit_option,
    no_color_option,
    options,
    totals,
    vary_option,
)

POINTS = 8_000  # rows that are drawn

HELP = """\
Calculate every variant of ARCH, within bounds, and write a row for each.

The values of several --vary are combined, and with those under `sweep` in the file. Without -o the
rows go to standard output as CSV; the file of -o ends in .csv, .jsonl or .parquet. A sweep that was
interrupted goes on with --resume. The exit status is 1 if there is no row.
"""

bounds_option = click.option(
    "--max", "bounds", metavar="QUANTITY=AMOUNT", multiple=True, type=QuantityAmount(),
    help="Only variants with at most this: macs=300M, activation_bytes=8MiB. Repeatable.",
)  # fmt: skip


class Goals(VocabularyWords):
    """Quantities, each perhaps with ``:min`` or ``:max`` behind it."""

    def __init__(self) -> None:
        super().__init__(totals, several=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from archcalc.variants.pareto import goal

        try:
            return [goal(text) for text in value.split(",")]
        except ValueError as error:
            self.fail(str(error), param, ctx)


workers_option = click.option(
    "--workers", metavar="N", type=click.IntRange(1, 1024),
    help="Processes of this machine.  [default: one for each processor]",
)  # fmt: skip


def planned(
    arch: str, vary: tuple[str, ...], bounds: tuple[str, ...], no_color: bool, **more: Any
) -> Any:
    """The sweep that options ask for; a mistake is shown and ends the command."""
    from archcalc import api
    from archcalc.diagnostics import SpecError
    from archcalc.variants.space import space
    from archcalc.variants.sweeping import bound
    from archcalc.variants.trying import plan

    try:
        source = api.read_source(arch)
        architecture = api.loads(source.text, source.filename)
        given = space(vary)
        named = [axis.name for axis in given]
        own = [f"{name}={text}" for name, text in architecture.sweep.items() if name not in named]
        return plan(
            architecture, [*given, *space(own)], most=[bound(text) for text in bounds], **more
        )
    except SpecError as error:
        show_mistakes(error, no_color)
    except (OSError, ValueError) as error:
        refuse(error, "--vary")


def processes(workers: int | None, sweep: Any) -> int:
    """How many workers pay: starting one takes as long as a few shards."""
    return workers or min(os.cpu_count() or 1, 1 + sweep.shards // 10)


@click.command("sweep", help=HELP)
@click.argument("arch", type=ArchitectureArgument())
@vary_option
@bounds_option
@click.option(
    "--where",
    metavar="EXPRESSION",
    help="Only variants for which this holds, as in a file: 'width * depth < 4'.",
)
@click.option(
    "--columns",
    metavar="QUANTITY,...",
    type=VocabularyWords(totals, several=True),
    default="params,macs",
    show_default=True,
    help="The totals of a row.",
)
@click.option(
    "--pareto",
    metavar="QUANTITY,...",
    type=Goals(),
    help="Mark the rows that no other beats in all of these; less is better, but for QUANTITY:max.",
)
@click.option(
    "--sample", metavar="N", type=click.IntRange(1), help="Only N variants, drawn at random."
)
@click.option("--seed", metavar="S", type=int, default=0, show_default=True, help="For --sample.")
@click.option("-o", "output", metavar="FILE", help="The file to write.")
@click.option(
    "--svg", metavar="FILE", help="A picture of the rows, over the first two of --pareto."
)
@click.option(
    "--html",
    metavar="FILE",
    help="A page of the rows that sorts and filters, with a scatter of any two columns.",
)
@click.option("--force", is_flag=True, help="Overwrite the files.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted sweep.")
@workers_option
@click.option("--dask", metavar="ADDRESS", help="The scheduler of a Dask cluster to run on.")
@options(*SAMPLES, limit_option, no_color_option)
def command(
    arch: str,
    columns: list[str],
    pareto: list[Any] | None,
    output: str | None,
    svg: str | None,
    html: str | None,
    force: bool,
    resume: bool,
    workers: int | None,
    dask: str | None,
    no_color: bool,
    **asked: Any,
) -> None:
    goals = pareto or []
    names = list(dict.fromkeys([*columns, *(one.quantity for one in goals)]))
    sweep = planned(arch, columns=names, no_color=no_color, **asked)
    if resume and not output:
        raise click.UsageError("--resume goes on with the file of -o")
    if svg and len(goals) < 2:
        raise click.UsageError("--svg draws the first two quantities of --pareto")
    for path in (output, svg, html):
        if path and os.path.exists(path) and not force:
            raise click.UsageError(f"{path} exists; --force overwrites it")
    try:
        _run(
            sweep,
            goals,
            output,
            {"svg": svg, "html": html},
            resume,
            processes(workers, sweep),
            dask,
        )
    except (OSError, ValueError, RuntimeError) as error:
        refuse(error)


def _run(
    sweep: Any,
    goals: Any,
    output: str | None,
    pictures: dict[str, str | None],
    resume: bool,
    workers: int,
    dask: str | None,
) -> None:
    import tempfile

    from archcalc.renderers import sweep as drawing
    from archcalc.variants import tables
    from archcalc.variants.journal import Journal
    from archcalc.variants.space import variant
    from archcalc.variants.workers import run

    with ExitStack() as stack:
        path = output or os.path.join(stack.enter_context(tempfile.TemporaryDirectory()), "a.csv")
        tables.check(path)
        journal = Journal(path, sweep, goals)
        journal.begin(resume)
        # Rows are printed as they come, but for marks of a front, which is known at the end.
        growing = None
        if not output and not goals:
            growing = stack.enter_context(open(f"{path}.partial", encoding="utf-8", newline=""))
        shards = run(sweep, journal.shards, workers, dask)
        for shard in _progress(shards, sweep, journal.shards):
            journal.write(shard)
            if growing:
                click.echo(growing.read(), nl=False)
        if any(pictures.values()):
            _draw(journal, goals, **pictures)
        journal.finish()
        if not output and not growing:
            with open(path, encoding="utf-8") as file:
                for text in file:
                    click.echo(text, nl=False)
    became, front = journal.counted, journal.front
    misfits = {
        key: (times, variant(sweep.axes, place), said)
        for key, (times, place, said) in became.misfits.items()
    }
    shown = drawing.summary(
        sweep.total, became.rows, became.skipped, misfits, became.over,
        len(front.rows) if front else None,
    )  # fmt: skip
    click.echo(shown, err=True, nl=False)
    if not became.rows:
        sys.exit(1)


def _draw(journal: Any, goals: Any, svg: str | None, html: str | None) -> None:
    """Pictures of the rows, over the first two quantities that are best somewhere, or columns."""
    from archcalc import api
    from archcalc.renderers import sweep as drawing
    from archcalc.renderers.page import sweep as page
    from archcalc.variants.journal import header

    sweep, names = journal.sweep, header(journal.sweep)
    chosen = [*(one.quantity for one in goals), *sweep.columns, *names]
    across, up, *_ = dict.fromkeys(chosen)
    rows = journal.drawn(POINTS)
    picture = drawing.svg(names, rows, (across, up))
    if svg:
        _write(svg, picture)
    if html:
        name = api.loads(sweep.source.text, sweep.source.filename).name
        shown = page.render(name, names, rows, journal.counted.rows, (across, up), picture)
        _write(html, shown)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _progress(shards: Iterable[Any], sweep: Any, done: int) -> Iterator[Any]:
    """The shards, with a bar on a terminal."""
    if terminal_width(sys.stderr) is None:
        yield from shards
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from archcalc.variants.sweeping import SHARD

    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True),
        transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("variants", total=sweep.total, completed=done * SHARD)
        for shard in shards:
            yield shard
            bar.advance(task, SHARD)
