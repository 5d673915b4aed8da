"""The server: messages of the protocol in, answers of a document out. Needs the extra."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.io_ import StdoutWriter
from pygls.lsp.server import LanguageServer

from archcalc.server import answers, navigation
from archcalc.server.actions import QUICK_FIX, SOURCE, actions
from archcalc.server.completion import completion
from archcalc.server.document import Document
from archcalc.server.hints import hints
from archcalc.server.hover import hover
from archcalc.server.lenses import lenses
from archcalc.server.outline import folds, symbols
from archcalc.server.problems import problems
from archcalc.server.pump import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    NOT_INITIALIZED,
    Pump,
)
from archcalc.server.settings import DEFAULTS, settings
from archcalc.server.text import Change, Position, Text
from archcalc.version import __version__

REFUSED = -32803
TEXTS = ("textDocument/didOpen", "textDocument/didChange", "textDocument/didClose")


class Server:
    """Open documents by address, and what the client has set."""

    def __init__(self, output: BinaryIO) -> None:
        logging.getLogger("pygls").addHandler(logging.NullHandler())
        logging.getLogger("pygls").propagate = False
        self.output = output
        self.documents: dict[str, Document] = {}
        self.settings = DEFAULTS
        self.waiting: dict[str, None] = {}
        self.told: set[str] = set()
        self.is_ready = self.is_over = False
        self.page = answers.rules_page()
        self.pages: list[subprocess.Popen[bytes]] = []
        kind = lsp.TextDocumentSyncKind.Incremental
        self.pygls = LanguageServer("archcalc", __version__, text_document_sync_kind=kind)
        for name in TEXTS:  # its own would read a file that is not open
            self.pygls.protocol.fm.builtin_features.pop(name)
        self.pygls.protocol.set_writer(StdoutWriter(output))
        self._register()

    # What it answers to.

    def _register(self) -> None:
        on = self._on
        on(lsp.INITIALIZE, self.initialize)
        on(lsp.TEXT_DOCUMENT_DID_OPEN, self.opened)
        on(lsp.TEXT_DOCUMENT_DID_CHANGE, self.changed)
        on(lsp.TEXT_DOCUMENT_DID_CLOSE, self.closed)
        on(lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, self.configured)
        on(lsp.TEXT_DOCUMENT_INLAY_HINT, self.inlay_hints)
        on(lsp.TEXT_DOCUMENT_HOVER, self.hover)
        kinds = [lsp.CodeActionKind(QUICK_FIX), SOURCE]
        on(lsp.TEXT_DOCUMENT_CODE_ACTION, self.code_actions, lsp.CodeActionOptions(kinds))
        on(lsp.TEXT_DOCUMENT_CODE_LENS, self.code_lenses, lsp.CodeLensOptions())
        on(lsp.TEXT_DOCUMENT_DEFINITION, self.definition)
        on(lsp.TEXT_DOCUMENT_REFERENCES, self.references)
        on(lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, self.highlights)
        on(lsp.TEXT_DOCUMENT_RENAME, self.rename, lsp.RenameOptions(prepare_provider=True))
        on(lsp.TEXT_DOCUMENT_PREPARE_RENAME, self.prepare_rename)
        on(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, self.symbols)
        on(lsp.TEXT_DOCUMENT_FOLDING_RANGE, self.folds)
        signs = lsp.CompletionOptions(trigger_characters=[" ", "$", "(", "{", ":", "["])
        on(lsp.TEXT_DOCUMENT_COMPLETION, self.completions, signs)

        def view(uri: Any) -> None:
            self.view(uri)

        self.pygls.command(answers.VIEW)(view)

    def _on(self, name: str, handler: Callable[[Any], Any], options: Any = None) -> None:
        self.pygls.feature(name, options)(partial(_guarded, handler))

    def _document(self, params: Any) -> Document:
        uri = params.text_document.uri
        if uri not in self.documents:
            raise ValueError("the document is not open")
        return self.documents[uri]

    def _place(self, params: Any) -> tuple[Document, int]:
        document = self._document(params)
        return document, document.text.offset_at(_position(params.position))

    # The client and its documents.

    def initialize(self, params: Any) -> None:
        self._set(params.initialization_options)
        self.is_ready = True

    @property
    def units(self) -> str:
        return str(getattr(self._encoding, "value", self._encoding))

    @property
    def _encoding(self) -> Any:
        return self.pygls.workspace.position_encoding or "utf-16"

    def _set(self, sent: Any) -> None:
        self.settings, wrong = settings(_plain(sent))
        for fault in wrong:
            self._say(fault)

    def _say(self, fault: str) -> None:
        kind = lsp.MessageType.Error
        self.pygls.window_show_message(lsp.ShowMessageParams(kind, f"archcalc: {fault}"))

    def configured(self, params: Any) -> None:
        self._set(params.settings)
        workspace = self.pygls.client_capabilities.workspace
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.pygls.workspace_inlay_hint_refresh(None)

    def opened(self, params: Any) -> None:
        new = params.text_document
        text = Text(new.text, self.units)
        self._take(Document(new.uri, new.version, text, new.language_id))

    def changed(self, params: Any) -> None:
        document = self._document(params)
        text = document.text.changed(_change(one) for one in params.content_changes)
        version = params.text_document.version
        self._take(Document(document.uri, version, text, document.language))

    def closed(self, params: Any) -> None:
        document = self._document(params)
        del self.documents[document.uri]
        self.waiting.pop(document.uri, None)
        if document.uri in self.told:
            self.told.remove(document.uri)
            empty = lsp.PublishDiagnosticsParams(document.uri, [])
            self.pygls.text_document_publish_diagnostics(empty)

    def _take(self, document: Document) -> None:
        self.documents[document.uri] = document
        self.waiting[document.uri] = None

    def publish(self) -> None:
        """Tells what is wrong with the documents that have changed."""
        while self.waiting:
            uri = next(iter(self.waiting))
            del self.waiting[uri]
            document = self.documents[uri]
            if not document.is_ours and uri not in self.told:
                continue
            self.told.add(uri) if document.is_ours else self.told.discard(uri)
            found = [answers.diagnostic(document, p, self.page) for p in problems(document)]
            params = lsp.PublishDiagnosticsParams(uri, found, document.version)
            self.pygls.text_document_publish_diagnostics(params)

    # What is asked about a document.

    def inlay_hints(self, params: Any) -> Any:
        document = self._document(params)
        asked = answers.asked(params.range)
        start = document.text.offset_at(asked.start)
        stop = document.text.offset_up_to(asked.end)
        found = hints(document, start, stop, self.settings)
        return [answers.inlay_hint(document, hint) for hint in found]

    def hover(self, params: Any) -> Any:
        document, offset = self._place(params)
        told = hover(document, document.text.place(offset))
        capabilities = self.pygls.client_capabilities.text_document
        formats = capabilities and capabilities.hover and capabilities.hover.content_format
        markdown = lsp.MarkupKind.Markdown in (formats or ())
        return told and answers.hover(document, told, markdown=markdown)

    def code_actions(self, params: Any) -> Any:
        document = self._document(params)
        asked = answers.asked(params.range)
        document.text.offset_at(asked.start)
        kinds = [getattr(kind, "value", kind) for kind in params.context.only or ()]
        sent = params.context.diagnostics
        return [answers.action(document, one, sent) for one in actions(document, asked, kinds)]

    def code_lenses(self, params: Any) -> Any:
        document = self._document(params)
        return [answers.lens(document, one) for one in lenses(document, self.settings)]

    def definition(self, params: Any) -> Any:
        document, offset = self._place(params)
        places = navigation.definition(document, document.text.place(offset))
        return [answers.location(document, place) for place in places]

    def references(self, params: Any) -> Any:
        document, offset = self._place(params)
        found = navigation.references(
            document,
            document.text.place(offset),
            with_definition=params.context.include_declaration,
        )
        return [answers.location(document, one.span) for one in found]

    def highlights(self, params: Any) -> Any:
        document, offset = self._place(params)
        found = navigation.references(document, document.text.place(offset))
        return [answers.highlight(document, one) for one in found]

    def prepare_rename(self, params: Any) -> Any:
        document, offset = self._place(params)
        at = navigation.symbol_at(document, document.text.place(offset))
        return at and answers.span(document, at.span)

    def rename(self, params: Any) -> Any:
        document, offset = self._place(params)
        place = document.text.place(offset)
        return answers.changes(document, navigation.rename(document, place, params.new_name))

    def symbols(self, params: Any) -> Any:
        document = self._document(params)
        return [answers.symbol(document, item) for item in symbols(document)]

    def folds(self, params: Any) -> Any:
        document = self._document(params)
        return [answers.fold(document, *lines) for lines in folds(document)]

    def completions(self, params: Any) -> Any:
        document, offset = self._place(params)
        completed = completion(document, offset) if self.settings.completes else None
        return answers.completions(document, offset, completed) if completed else []

    def view(self, uri: Any) -> None:
        """Opens the page of a document that is open, by the command that a reader would type."""
        document = self.documents.get(uri) if isinstance(uri, str) else None
        parts = urlsplit(document.uri) if document else None
        if document is None or parts is None or parts.scheme != "file" or not document.is_ours:
            raise JsonRpcInvalidParams("a page is opened of a file that is open and ours")
        self.pages = [page for page in self.pages if page.poll() is None]
        nothing = subprocess.DEVNULL
        command = [sys.executable, "-m", "archcalc", "view", "--", unquote(parts.path)]
        self.pages.append(subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing))

    # Messages.

    def take(self, message: dict[str, Any]) -> None:
        """Handles one message. A request always gets an answer."""
        is_request, method = "method" in message and "id" in message, message.get("method")
        if method == "exit":
            sys.exit(0 if self.is_over else 1)
        if is_request and not self.is_ready and method != "initialize":
            self.reply(message["id"], NOT_INITIALIZED, "initialize comes first")
        elif is_request and (self.is_over or (self.is_ready and method == "initialize")):
            self.reply(message["id"], INVALID_REQUEST, f"{method} comes too late")
        elif self.is_ready or is_request:
            self._handle(message, is_request=is_request)
            self.is_over = self.is_over or (is_request and method == "shutdown")

    def _handle(self, message: dict[str, Any], *, is_request: bool) -> None:
        protocol = self.pygls.protocol
        try:
            if isinstance(message.get("method", ""), str):
                protocol.handle_message(protocol.structure_message(message))
                return
            fault = "a method is a word"
        except JsonRpcException:
            fault = f"the parameters of {message.get('method', 'an answer')} are wrong"
        if is_request:
            self.reply(message["id"], INVALID_PARAMS, fault)
        else:
            self._say(fault)

    def reply(self, id_: Any, code: int, fault: str) -> None:
        error = {"jsonrpc": "2.0", "id": id_, "error": {"code": code, "message": fault}}
        body = json.dumps(error).encode()
        self.output.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.output.flush()

    def close(self) -> None:
        for page in self.pages:
            page.terminate()


def serve(stream: BinaryIO, output: BinaryIO) -> None:
    """Answers a client until it says ``exit`` or closes the pipe."""
    server = Server(output)
    try:
        Pump(server.take, server.publish, server.reply).run(stream)
    finally:
        server.close()


def _guarded(handler: Callable[[Any], Any], params: Any) -> Any:
    """An answer, or an error of the protocol in words."""
    try:
        return handler(params)
    except navigation.Refused as error:
        raise JsonRpcException(str(error), REFUSED) from None
    except JsonRpcException:
        raise
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    except RecursionError:
        raise JsonRpcInternalError("the file nests too deeply") from None
    except Exception as error:  # of ours: the client hears of it, and goes on
        raise JsonRpcInternalError(f"{type(error).__name__}: {error}") from None


def _position(place: Any) -> Position:
    return Position(place.line, place.character)


def _change(change: Any) -> Change:
    place = getattr(change, "range", None)
    return Change(answers.asked(place) if place is not None else None, change.text)


def _plain(value: Any) -> Any:
    """Settings as plain data: pygls has objects with attributes where JSON has mappings."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
