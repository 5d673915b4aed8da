"""The language server with a client of pytest-lsp, which holds its answers against the protocol."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Any

from lsprotocol import types as lsp
from process import COMMAND, environment
from pygls.exceptions import JsonRpcException
from pytest_lsp.client import client_capabilities, make_test_lsp_client

PATIENCE = 300.0
URI = "file:///nets/net.yaml"


class Failed(Exception):
    """The error that the server answered with."""

    def __init__(self, error: JsonRpcException) -> None:
        super().__init__(error.message)
        self.code = error.code


class Editor:
    """A client, called in turn. ``told`` are the diagnostics that were published, by version.

    What the server says is read as the protocol's types, and handed on as plain data. ``like`` is
    an editor whose capabilities it has.
    """

    def __init__(
        self,
        units: str = "utf-16",
        formats: Sequence[str] = ("markdown", "plaintext"),
        like: str | None = None,
        **settings: Any,
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = make_test_lsp_client()
        self.plain = self.client.protocol._converter.unstructure
        self.typed = self.client.protocol._converter.structure
        self.version = 0
        self.told: dict[tuple[str, int | None], list[Any]] = {}
        self.client.protocol.fm.features.pop(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._hear))
        # Its own would write what the server says on stderr to ours.
        self.errors = NamedTemporaryFile()  # noqa: SIM115
        start = ["/bin/sh", "-c", 'exec "$@" 2>"$0"', self.errors.name, *COMMAND, "server"]
        self.wait(self.client.start_io(*start, env=environment({}), limit=2**26))
        own = {
            "textDocument": {"hover": {"contentFormat": [*formats]}},
            "general": {"positionEncodings": [units]},
        }
        capabilities = (
            client_capabilities(like) if like else self.typed(own, lsp.ClientCapabilities)
        )
        params = lsp.InitializeParams(capabilities, initialization_options=settings or None)
        started = self.wait(self.client.initialize_session(params))
        self.capabilities = self.plain(started.capabilities)

    def __enter__(self) -> Editor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        process = self.client._server
        if kind is None:
            self.wait(self.client.shutdown_session())
        elif process.returncode is None:
            process.kill()
        self.wait(self.client.stop())
        process._transport.close()
        self.loop.close()
        self.errors.seek(0)
        said = self.errors.read()
        self.errors.close()
        if kind is None:
            assert process.returncode == 0
            assert said == b""
        else:
            sys.stderr.write(said.decode())

    @property
    def process(self) -> Any:
        return self.client._server

    @property
    def messages(self) -> list[str]:
        """What the server has shown to its user."""
        return [message.message for message in self.client.messages]

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    def _hear(self, params: Any) -> None:
        self.told[params.uri, params.version] = self.plain(params.diagnostics)

    def _params(self, method: str, params: dict[str, Any]) -> Any:
        kind = lsp.METHOD_TO_TYPES[method][2]
        return self.typed(params, kind) if params and kind else params or None

    def notify(self, method: str, **params: Any) -> None:
        self.client.protocol.notify(method, self._params(method, params))

    def ask(self, method: str, **params: Any) -> Any:
        request = self.client.protocol.send_request_async(method, self._params(method, params))
        try:
            return self.plain(self.wait(request))
        except JsonRpcException as error:
            raise Failed(error) from None

    def open(self, text: str, uri: str = URI) -> list[Any]:
        """Opens a file of ours; what is wrong with it."""
        self.show(text, uri)
        return self.problems(uri)

    def show(self, text: str, uri: str = URI, language: str = "yaml") -> None:
        self.version += 1
        item = {"uri": uri, "languageId": language, "version": self.version, "text": text}
        self.notify("textDocument/didOpen", textDocument=item)

    def change(self, *changes: dict[str, Any], uri: str = URI) -> None:
        self.version += 1
        document = {"uri": uri, "version": self.version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=list(changes))

    def close(self, uri: str = URI) -> None:
        self.notify("textDocument/didClose", textDocument={"uri": uri})

    def problems(self, uri: str = URI) -> list[Any]:
        """The diagnostics of the last version."""
        return self.published(uri, self.version)

    def published(self, uri: str, version: int | None) -> list[Any]:
        while (uri, version) not in self.told:
            self.wait(self.client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS))
        return self.told[uri, version]

    def at(self, method: str, line: int, character: int, uri: str = URI, **more: Any) -> Any:
        where = {"line": line, "character": character}
        name = f"textDocument/{method}"
        return self.ask(name, textDocument={"uri": uri}, position=where, **more)

    def of(self, method: str, uri: str = URI, **more: Any) -> Any:
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, **more)

    def hints(self, first: int = 0, last: int = 10**6, uri: str = URI) -> list[Any]:
        start, end = {"line": first, "character": 0}, {"line": last, "character": 0}
        found: list[Any] = self.of("inlayHint", uri, range={"start": start, "end": end})
        return found


def labels(hints: list[Any]) -> dict[int, str]:
    return {hint["position"]["line"]: hint["label"] for hint in hints}


def network(name: str) -> str:
    folder = Path(__file__).resolve().parent.parent / "architectures"
    return (folder / f"{name}.yaml").read_text("utf-8")
