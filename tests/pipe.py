"""The language server at the other end of a pipe, byte for byte: it may be sent nonsense."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from process import COMMAND, environment

PATIENCE = 300.0
URI = "file:///nets/net.yaml"


class Failed(Exception):
    """The error that the server answered with."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Pipe:
    """A server's client. ``told`` are the diagnostics that were published, by version."""

    def __init__(
        self,
        units: str = "utf-16",
        formats: Sequence[str] = ("markdown", "plaintext"),
        **settings: Any,
    ) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment({}),
        )
        self.number = 0
        self.version = 0
        self.said: list[dict[str, Any]] = []
        self.told: dict[tuple[str, int | None], list[Any]] = {}
        self.buffer = b""
        capabilities = {
            "textDocument": {"hover": {"contentFormat": [*formats]}},
            "general": {"positionEncodings": [units]},
        }
        started = self.ask(
            "initialize",
            processId=None, rootUri=None, capabilities=capabilities,
            initializationOptions=settings or None,
        )  # fmt: skip
        self.capabilities = started["capabilities"]
        self.notify("initialized")

    def __enter__(self) -> Pipe:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            self.ask("shutdown")
            self.notify("exit")
            assert self.process.wait(10) == 0
            assert self.process.stderr
            assert self.process.stderr.read() == b""
        self.process.kill()
        self.process.communicate()

    def send(self, **message: Any) -> None:
        self.raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def notify(self, method: str, **params: Any) -> None:
        self.send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        number = self.number
        self.send(id=number, method=method, params=params)
        return self.answer(number)

    def answer(self, number: int | None) -> Any:
        message = self.until(lambda m: m.get("id") == number and "method" not in m)
        if "error" in message:
            raise Failed(message["error"])
        return message["result"]

    def until(self, holds: Any) -> dict[str, Any]:
        """Reads on until a message is as it is waited for."""
        stop = time.monotonic() + PATIENCE
        while True:
            message = self.read(stop)
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.told[params["uri"], params.get("version")] = params["diagnostics"]
            self.said.append(message)
            if holds(message):
                return message

    def read(self, stop: float) -> dict[str, Any]:
        assert self.process.stdout
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                length = int(head.split(b":")[1].split(b"\r")[0])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    message: dict[str, Any] = json.loads(rest[:length])
                    return message
            ready, _, _ = select.select([self.process.stdout], [], [], stop - time.monotonic())
            data = os.read(self.process.stdout.fileno(), 2**16) if ready else b""
            if not data:
                assert self.process.stderr
                self.process.kill()
                raise AssertionError(f"no answer; {self.process.stderr.read().decode()}")
            self.buffer += data

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

    def problems(self, uri: str = URI) -> list[Any]:
        """The diagnostics of the last version."""
        while (uri, self.version) not in self.told:
            self.until(lambda m: m.get("method") == "textDocument/publishDiagnostics")
        return self.told[uri, self.version]

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
