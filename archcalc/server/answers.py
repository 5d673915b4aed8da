"""What the functions of a document answer, as the protocol has it. Needs the extra."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp

from archcalc.diagnostics import Diagnostic, Severity, Span
from archcalc.server.actions import Action
from archcalc.server.completion import Completed
from archcalc.server.declarations import Occurrence
from archcalc.server.document import Document
from archcalc.server.hints import Hint
from archcalc.server.hover import Told
from archcalc.server.lenses import Lens
from archcalc.server.outline import Item
from archcalc.server.problems import Problem, place_of
from archcalc.server.text import Position, Range

VIEW = "archcalc.view"
SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
SYMBOLS = {
    "layer": lsp.SymbolKind.Object,
    "branch": lsp.SymbolKind.Namespace,
    "block": lsp.SymbolKind.Class,
    "argument": lsp.SymbolKind.Field,
    "variable": lsp.SymbolKind.Variable,
    "input": lsp.SymbolKind.Interface,
}
COMPLETIONS = {
    "type": lsp.CompletionItemKind.Class,
    "key": lsp.CompletionItemKind.Property,
    "word": lsp.CompletionItemKind.EnumMember,
    "block": lsp.CompletionItemKind.Module,
    "layer": lsp.CompletionItemKind.Reference,
    "argument": lsp.CompletionItemKind.Field,
    "variable": lsp.CompletionItemKind.Variable,
    "function": lsp.CompletionItemKind.Function,
}


def position(place: Position) -> Any:
    return lsp.Position(place.line, place.character)


def range_(place: Range) -> Any:
    return lsp.Range(position(place.start), position(place.end))


def asked(place: Any) -> Range:
    """A range that a client sends."""
    start, end = place.start, place.end
    return Range(Position(start.line, start.character), Position(end.line, end.character))


def span(document: Document, place: Span) -> Any:
    return range_(document.text.range(place))


def edit(document: Document, place: Span, text: str) -> Any:
    return lsp.TextEdit(span(document, place), text)


def changes(document: Document, edits: Iterable[tuple[Span, str]]) -> Any:
    """Edits of one version of a document."""
    return lsp.WorkspaceEdit({document.uri: [edit(document, *one) for one in edits]})


def rules_page() -> str | None:
    """The address of the page of rules: in the installed package, or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for page in (package / "rules.md", package.parent / "docs" / "rules.md"):
        if page.is_file():
            return page.as_uri()
    return None


def diagnostic(document: Document, problem: Problem, page: str | None) -> Any:
    related = [
        lsp.DiagnosticRelatedInformation(
            lsp.Location(document.uri, range_(other.range)), other.message
        )
        for other in problem.related
    ]
    return lsp.Diagnostic(
        range=range_(problem.range),
        message=problem.message,
        severity=SEVERITIES[problem.severity],
        code=problem.code,
        code_description=lsp.CodeDescription(f"{page}#{problem.code}") if page else None,
        source="archcalc",
        related_information=related or None,
    )


def inlay_hint(document: Document, hint: Hint) -> Any:
    return lsp.InlayHint(
        position(document.text.position(hint.offset)),
        hint.label,
        tooltip=hint.tooltip,
        padding_left=True,
    )


def hover(document: Document, told: Told, *, markdown: bool) -> Any:
    kind = lsp.MarkupKind.Markdown if markdown else lsp.MarkupKind.PlainText
    value = told.markdown() if markdown else told.text()
    return lsp.Hover(lsp.MarkupContent(kind, value), span(document, told.span))


def action(document: Document, one: Action, sent: Iterable[Any]) -> Any:
    """``sent`` are the diagnostics that the client asks about; a fix is of one of them."""
    of = [d for d in sent if one.finding and _is_of(document, one.finding, d)]
    return lsp.CodeAction(
        title=one.title,
        kind=one.kind,
        diagnostics=of or None,
        is_preferred=one.is_preferred or None,
        edit=changes(document, one.edits),
    )


def _is_of(document: Document, finding: Diagnostic, sent: Any) -> bool:
    return bool(sent.code == finding.rule and sent.range == range_(place_of(document, finding)))


def lens(document: Document, one: Lens) -> Any:
    command = lsp.Command(one.title, VIEW if one.opens else "", arguments=[document.uri])
    return lsp.CodeLens(span(document, one.span), command)


def location(document: Document, place: Span) -> Any:
    return lsp.Location(document.uri, span(document, place))


def highlight(document: Document, occurrence: Occurrence) -> Any:
    written, read = lsp.DocumentHighlightKind.Write, lsp.DocumentHighlightKind.Read
    kind = written if occurrence.is_definition else read
    return lsp.DocumentHighlight(span(document, occurrence.span), kind)


def symbol(document: Document, item: Item) -> Any:
    return lsp.DocumentSymbol(
        name=item.name,
        kind=SYMBOLS[item.kind],
        range=span(document, item.whole),
        selection_range=span(document, item.span),
        detail=item.detail,
        children=[symbol(document, inner) for inner in item.inside],
    )


def fold(document: Document, first: int, last: int) -> Any:
    text = document.text
    start = text.position(text.offset((first, 1))).line
    return lsp.FoldingRange(start, text.position(text.offset((last, 1))).line)


def completions(document: Document, offset: int, completed: Completed) -> list[Any]:
    place = range_(document.text.between(completed.start, offset))
    return [
        lsp.CompletionItem(
            label=option.label,
            kind=COMPLETIONS[option.kind],
            detail=option.detail or None,
            text_edit=lsp.TextEdit(place, option.label),
            insert_text_format=lsp.InsertTextFormat.PlainText,
        )
        for option in completed.options
    ]
