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
from archcalc.server.document import Document
from archcalc.server.problems import problems
from archcalc.server.pump import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    NOT_INITIALIZED,
    Pump,
)
from archcalc.server.requests import Requests
from archcalc.server.settings import settings
from archcalc.server.text import EditedText, TextChange
from archcalc.version import __version__

REFUSED = -32803
TEXTS = ("textDocument/didOpen", "textDocument/didChange", "textDocument/didClose")


class Server:
    """The messages of one client; `Requests` has its documents and settings."""

    def __init__(self, output: BinaryIO) -> None:
        logging.getLogger("pygls").addHandler(logging.NullHandler())
        logging.getLogger("pygls").propagate = False
        self.output = output
        self.waiting: dict[str, None] = {}
        self.told: set[str] = set()
        self.is_ready = self.is_over = False
        self.page = answers.rules_page()
        self.pages: list[subprocess.Popen[bytes]] = []
        kind = lsp.TextDocumentSyncKind.Incremental
        self.pygls = LanguageServer("archcalc", __version__, text_document_sync_kind=kind)
        self.requests = Requests(self.pygls)
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
        for name, handler, options in self.requests.handlers():
            on(name, handler, options)

        def view(uri: Any) -> None:
            self.view(uri)

        self.pygls.command(answers.VIEW)(view)

    def _on(self, name: str, handler: Callable[[Any], Any], options: Any = None) -> None:
        self.pygls.feature(name, options)(partial(_guarded, handler))

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
        self.requests.settings, wrong = settings(_plain(sent))
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
        text = EditedText(new.text, self.units)
        self._take(Document(new.uri, new.version, text, new.language_id))

    def changed(self, params: Any) -> None:
        document = self.requests.document(params)
        text = document.text.changed(_change(one) for one in params.content_changes)
        version = params.text_document.version
        self._take(Document(document.uri, version, text, document.language))

    def closed(self, params: Any) -> None:
        document = self.requests.document(params)
        del self.requests.documents[document.uri]
        self.waiting.pop(document.uri, None)
        if document.uri in self.told:
            self.told.remove(document.uri)
            empty = lsp.PublishDiagnosticsParams(document.uri, [])
            self.pygls.text_document_publish_diagnostics(empty)

    def _take(self, document: Document) -> None:
        self.requests.documents[document.uri] = document
        self.waiting[document.uri] = None

    def publish(self) -> None:
        """Tells what is wrong with the documents that have changed."""
        while self.waiting:
            uri = next(iter(self.waiting))
            del self.waiting[uri]
            document = self.requests.documents[uri]
            if not document.is_ours and uri not in self.told:
                continue
            self.told.add(uri) if document.is_ours else self.told.discard(uri)
            found = [answers.diagnostic(document, p, self.page) for p in problems(document)]
            params = lsp.PublishDiagnosticsParams(uri, found, document.version)
            self.pygls.text_document_publish_diagnostics(params)

    def view(self, uri: Any) -> None:
        """Opens the page of a document that is open, by the command that a reader would type."""
        document = self.requests.documents.get(uri) if isinstance(uri, str) else None
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
    except navigation.RenameRefused as error:
        raise JsonRpcException(str(error), REFUSED) from None
    except JsonRpcException:
        raise
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    except RecursionError:
        raise JsonRpcInternalError("the file nests too deeply") from None
    except Exception as error:  # of ours: the client hears of it, and goes on
        raise JsonRpcInternalError(f"{type(error).__name__}: {error}") from None


def _change(change: Any) -> TextChange:
    place = getattr(change, "range", None)
    return TextChange(answers.asked(place) if place is not None else None, change.text)


def _plain(value: Any) -> Any:
    """Settings as plain data: pygls has objects with attributes where JSON has mappings."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
