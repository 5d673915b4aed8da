"""The server of pages that follow files: on this machine alone, for whoever knows its address.

It has three routes below a secret part of the address, serves no file, and answers nothing that
another site may have asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hmac import compare_digest
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archcalc.live.followed import Followed
from archcalc.renderers.page import page

HOST = "127.0.0.1"
HEARTBEAT = 10.0  # seconds after which a page that has heard nothing hears that we are here


class PageServer(ThreadingHTTPServer):
    """Serves the pages of followed files."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, files: Sequence[Followed], port: int = 0) -> None:
        self.files = files
        self.token = secrets.token_urlsafe(16)
        super().__init__((HOST, port), Handler)
        self.hosts = {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed while it was answered is no news."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    server_version = "archcalc"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        start, slash, name = asked.path.removeprefix("/").partition("/")
        route = {"": self._page, "events": self._events, "arithmetic": self._arithmetic}.get(name)
        is_ours = compare_digest(start.encode(), self.server.token.encode())
        if not self._is_from_here() or not (is_ours and slash) or route is None:
            self._refuse(HTTPStatus.FORBIDDEN if not self._is_from_here() else HTTPStatus.NOT_FOUND)
            return
        query = parse_qs(asked.query)
        number = query.get("file", ["0"])[0]
        files = {str(place): file for place, file in enumerate(self.server.files)}
        if number not in files:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        route(files[number], query)

    def _is_from_here(self) -> bool:
        """Whether the request names this server, and no other site has made it."""
        site = self.headers.get("Sec-Fetch-Site", "none")
        return self.headers.get("Host") in self.server.hosts and site in ("none", "same-origin")

    def _page(self, file: Followed, query: Any) -> None:
        self._answer(shell(self.server.files, file), "text/html; charset=utf-8")

    def _arithmetic(self, file: Followed, query: Any) -> None:
        told = file.arithmetic(query.get("layer", [""])[0])
        if told is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._answer(told, "application/json")

    def _events(self, file: Followed, query: Any) -> None:
        """What there is to say of a file, for as long as somebody listens."""
        self._start(HTTPStatus.OK, "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        after = 0
        while not file.is_stopped:
            news = file.news(after, HEARTBEAT)
            told = "".join(f"event: {kind}\ndata: {text}\n\n" for _, kind, text in news)
            self.wfile.write((told or ": here\n\n").encode())
            after = news[-1][0] if news else after
            self.wfile.flush()
        self.close_connection = True

    def _answer(self, text: str, kind: str) -> None:
        data = text.encode()
        self._start(HTTPStatus.OK, kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _start(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")

    def _refuse(self, status: HTTPStatus) -> None:
        self._start(status, "text/plain; charset=utf-8")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def __getattr__(self, name: str) -> Any:
        """Every method but GET is refused."""
        if name.startswith("do_"):
            return lambda: self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody asked for a log."""


def shell(files: Sequence[Followed], shown: Followed) -> str:
    """The page without a document: the first one comes as news."""
    links = "".join(
        f'<a href="?file={place}"{" aria-current=page" if file is shown else ""}>'
        f"{escape(file.name)}</a>"
        for place, file in enumerate(files)
    )
    tabs = f'<nav class="files" aria-label="files">{links}</nav>\n' if len(files) > 1 else ""
    above = (
        f'{tabs}<p id="live" role="status">reading {escape(shown.name)} …</p>\n'
        '<div id="mistakes" role="alert" hidden></div>\n'
    )
    return page(None, "<p>A page that follows a file needs scripts.</p>", above, shown.name)
