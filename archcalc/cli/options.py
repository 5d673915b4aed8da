"""What arguments and options the commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archcalc.analysis.dtypes import DTYPES
from archcalc.limits import BATCH_LIMIT, HIGHEST_LAYER_LIMIT, LAYER_LIMIT
from archcalc.renderers import Format, Formats

F = TypeVar("F", bound=Callable[..., Any])


if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    ParamType = click.ParamType[Any]
    Choice = click.Choice[str]
else:
    ParamType = click.ParamType
    Choice = click.Choice


class ArchitectureArgument(ParamType):
    """A built-in name, a path, or ``-``; completes names and files."""

    name = "arch"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from archcalc.api import builtin_names

        if "@" in incomplete:
            before, _, name = incomplete.rpartition("@")
            return _settable(before, name, True, f"{before}@")
        names = [CompletionItem(n) for n in builtin_names() if n.startswith(incomplete)]
        return [*names, CompletionItem(incomplete, type="file")]


class Settable(ParamType):
    """NAME=VALUE; completes what values may be given for in the ARCH before it."""

    name = "text"

    def __init__(self, with_inputs: bool = False) -> None:
        self.with_inputs = with_inputs

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        # What stands before an option that is not complete is not parsed.
        target = next((word for word in ctx.args if not word.startswith("-")), None)
        return _settable(target, incomplete, self.with_inputs) if target else []


def _settable(
    target: str, incomplete: str, with_inputs: bool, start: str = ""
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from archcalc.variants.settable import settable

    names = settable(target.partition("@")[0], incomplete, with_inputs=with_inputs)
    return [CompletionItem(start + name) for name in names]


class QuantityAmount(ParamType):
    """QUANTITY=AMOUNT; completes the quantity."""

    name = "text"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(f"{name}=") for name in totals() if name.startswith(incomplete)]


class VocabularyWords(ParamType):
    """One word of a vocabulary, or several separated by commas.

    The vocabulary is a function, so that it is imported only when needed.
    """

    name = "name"

    def __init__(self, vocabulary: Callable[[], Iterable[str]], several: bool = False) -> None:
        self.vocabulary = vocabulary
        self.several = several
        if several:
            self.name = "name,name,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        words = [word.strip() for word in value.split(",")] if self.several else [value]
        vocabulary = list(self.vocabulary())
        for word in words:
            if word not in vocabulary:
                from archcalc.wording import nearest, quoted

                hints = "".join(f" {line.capitalize()}" for line in nearest(word, vocabulary))
                listed = ", ".join(vocabulary)
                self.fail(f"there is no {quoted(word)}.{hints} There are: {listed}.", param, ctx)
        return words if self.several else value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        before, _, word = incomplete.rpartition(",") if self.several else ("", "", incomplete)
        start = f"{before}," if before else ""
        begun = (name for name in self.vocabulary() if name.startswith(word))
        return [CompletionItem(start + name) for name in begun]


def totals() -> Iterable[str]:
    """The quantities that a network has a total of."""
    from archcalc.analysis.quantities import VOCABULARY

    return VOCABULARY.bounded


class Dtype(Choice):
    """An element type; another name of one gets it as a suggestion."""

    def __init__(self) -> None:
        super().__init__(list(DTYPES))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from archcalc.analysis.dtypes import meant_dtype
        from archcalc.wording import did_you_mean

        hints = did_you_mean(meant_dtype(value)) if value not in DTYPES else ()
        if hints:
            types = ", ".join(DTYPES)
            self.fail(f"there is no {value!r}; {hints[0]} There are: {types}.", param, ctx)
        return super().convert(value, param, ctx)


def variables(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """NAME=VALUE pairs as a mapping."""
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE", ctx, param)
    return dict(value.split("=", 1) for value in values)


def format_option(formats: Formats) -> Callable[[F], F]:
    """``--format`` with the formats of a table, of which the first is the default."""
    names = list(formats)

    def chosen(ctx: click.Context, param: click.Parameter, name: str) -> Format:
        return formats[name]

    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True,
        callback=chosen, help=f"{'; '.join(f'{f.name}: {f.summary}' for f in formats.values())}.",
    )  # fmt: skip


def sizes(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> str | dict[str, str] | None:
    """The size of the only input, or of several NAME=SIZE pairs as a mapping."""
    named: dict[str, str] = {}
    only: str | None = None
    for value in values:
        name, equals, size = (part.strip() for part in value.partition("="))
        if equals and name != "channels" and name.replace("-", "_").isidentifier():
            named[name] = size
        else:
            only = value
    if named and only is not None:
        raise click.BadParameter(f"{only!r} says no input, and others do", ctx, param)
    return named or only


SAMPLES = (
    click.option(
        "--batch", metavar="N", type=click.IntRange(1, BATCH_LIMIT),
        help="Samples; memory is that of the whole batch.  [default: that of `train`, or 1]",
    ),
    click.option(
        "--dtype", type=Dtype(), default=next(iter(DTYPES)), show_default=True,
        help="Element type, for sizes in bytes.",
    ),
)  # fmt: skip

set_option = click.option(
    "--set", "variables", metavar="NAME=VALUE", multiple=True, type=Settable(), callback=variables,
    help="Another value for a variable of the file, or for the key of a layer (conv1.stride=2) or "
    "the argument of a block. Repeatable.",
)  # fmt: skip
vary_option = click.option(
    "--vary", metavar="NAME=VALUE,...", multiple=True, type=Settable(with_inputs=True),
    help="Several values for what --set takes, or for `input`: 0.5,1 or 0.25..2:0.05. Repeatable: "
    "every combination.",
)  # fmt: skip
limit_option = click.option(
    "--limit-layers", metavar="N", type=click.IntRange(1, HIGHEST_LAYER_LIMIT),
    default=LAYER_LIMIT, show_default=True,
    help="The most layers a file may expand to.",
)  # fmt: skip
field_option = click.option(
    "--field-of", metavar="NAME",
    help="The input of which receptive fields are shown.  [default: the first]",
)  # fmt: skip
no_color_option = click.option("--no-color", is_flag=True, help="No colour, as with NO_COLOR.")

SHARED = (
    click.option(
        "--input", metavar="SIZE", multiple=True, callback=sizes,
        help="Another input size: 299, 299x320, or with other channels 299x320,channels=4; of "
        "several inputs NAME=SIZE. Repeatable.",
    ),
    *SAMPLES,
    set_option,
    limit_option,
    no_color_option,
)  # fmt: skip


def options(*chosen: Callable[[F], F]) -> Callable[[F], F]:
    """One decorator for several options, in the order of the help."""

    def decorate(command: F) -> F:
        for option in reversed(chosen):
            command = option(command)
        return command

    return decorate


shared_options = options(*SHARED)
