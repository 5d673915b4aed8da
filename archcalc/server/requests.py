"""What is asked about a document: places of the protocol in, answers out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from archcalc.server import answers, navigation
from archcalc.server.actions import QUICK_FIX, SOURCE, actions
from archcalc.server.completion import completion
from archcalc.server.document import Document
from archcalc.server.hints import hints
from archcalc.server.hover import hover
from archcalc.server.lenses import lenses
from archcalc.server.outline import folds, symbols
from archcalc.server.settings import DEFAULTS
from archcalc.server.text import Position

Handler = Callable[[Any], Any]


class Requests:
    """Answers about the open documents, which are here by address, as the client has set it."""

    def __init__(self, pygls: LanguageServer) -> None:
        self.pygls = pygls
        self.documents: dict[str, Document] = {}
        self.settings = DEFAULTS

    def handlers(self) -> Iterator[tuple[str, Handler, Any]]:
        """Each request, what answers it, and the options that the client is told."""
        yield lsp.TEXT_DOCUMENT_INLAY_HINT, self.inlay_hints, None
        yield lsp.TEXT_DOCUMENT_HOVER, self.hover, None
        kinds = [lsp.CodeActionKind(QUICK_FIX), SOURCE]
        yield lsp.TEXT_DOCUMENT_CODE_ACTION, self.code_actions, lsp.CodeActionOptions(kinds)
        yield lsp.TEXT_DOCUMENT_CODE_LENS, self.code_lenses, lsp.CodeLensOptions()
        yield lsp.TEXT_DOCUMENT_DEFINITION, self.definition, None
        yield lsp.TEXT_DOCUMENT_REFERENCES, self.references, None
        yield lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, self.highlights, None
        yield lsp.TEXT_DOCUMENT_RENAME, self.rename, lsp.RenameOptions(prepare_provider=True)
        yield lsp.TEXT_DOCUMENT_PREPARE_RENAME, self.prepare_rename, None
        yield lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, self.symbols, None
        yield lsp.TEXT_DOCUMENT_FOLDING_RANGE, self.folds, None
        signs = lsp.CompletionOptions(trigger_characters=[" ", "$", "(", "{", ":", "["])
        yield lsp.TEXT_DOCUMENT_COMPLETION, self.completions, signs

    def document(self, params: Any) -> Document:
        uri = params.text_document.uri
        if uri not in self.documents:
            raise ValueError("the document is not open")
        return self.documents[uri]

    def place(self, params: Any) -> tuple[Document, int]:
        document = self.document(params)
        return document, document.text.offset_at(_position(params.position))

    def inlay_hints(self, params: Any) -> Any:
        document = self.document(params)
        asked = answers.asked(params.range)
        start = document.text.offset_at(asked.start)
        stop = document.text.offset_up_to(asked.end)
        found = hints(document, start, stop, self.settings)
        return [answers.inlay_hint(document, hint) for hint in found]

    def hover(self, params: Any) -> Any:
        document, offset = self.place(params)
        told = hover(document, document.text.place(offset))
        capabilities = self.pygls.client_capabilities.text_document
        formats = capabilities and capabilities.hover and capabilities.hover.content_format
        markdown = lsp.MarkupKind.Markdown in (formats or ())
        return told and answers.hover(document, told, markdown=markdown)

    def code_actions(self, params: Any) -> Any:
        document = self.document(params)
        asked = answers.asked(params.range)
        document.text.offset_at(asked.start)
        kinds = [getattr(kind, "value", kind) for kind in params.context.only or ()]
        sent = params.context.diagnostics
        return [answers.action(document, one, sent) for one in actions(document, asked, kinds)]

    def code_lenses(self, params: Any) -> Any:
        document = self.document(params)
        return [answers.lens(document, one) for one in lenses(document, self.settings)]

    def definition(self, params: Any) -> Any:
        document, offset = self.place(params)
        places = navigation.definition(document, document.text.place(offset))
        return [answers.location(document, place) for place in places]

    def references(self, params: Any) -> Any:
        document, offset = self.place(params)
        found = navigation.references(
            document,
            document.text.place(offset),
            with_definition=params.context.include_declaration,
        )
        return [answers.location(document, one.span) for one in found]

    def highlights(self, params: Any) -> Any:
        document, offset = self.place(params)
        found = navigation.references(document, document.text.place(offset))
        return [answers.highlight(document, one) for one in found]

    def prepare_rename(self, params: Any) -> Any:
        document, offset = self.place(params)
        at = navigation.symbol_at(document, document.text.place(offset))
        return at and answers.span(document, at.span)

    def rename(self, params: Any) -> Any:
        document, offset = self.place(params)
        place = document.text.place(offset)
        return answers.changes(document, navigation.rename(document, place, params.new_name))

    def symbols(self, params: Any) -> Any:
        document = self.document(params)
        return [answers.symbol(document, item) for item in symbols(document)]

    def folds(self, params: Any) -> Any:
        document = self.document(params)
        return [answers.fold(document, *lines) for lines in folds(document)]

    def completions(self, params: Any) -> Any:
        document, offset = self.place(params)
        completed = completion(document, offset) if self.settings.completes else None
        return answers.completions(document, offset, completed) if completed else []


def _position(place: Any) -> Position:
    return Position(place.line, place.character)
