"""A followed file with its server, as tests of `archcalc view` use it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path
from typing import Any

from archcalc.live.followed import Followed
from archcalc.live.server import PageServer

NET = "name: small\ninput: 8x8x3\nlayers:\n  - {type: conv, name: a, filters: 4, kernel: 3}\n"
BROKEN = NET.replace("filters", "filtres")


class Served:
    """A followed file, its server, and what it tells."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = Followed(str(path), {})
        self.server = PageServer([self.file])
        for action in (self.file.follow, self.server.serve_forever):
            threading.Thread(target=action, daemon=True).start()
        self.heard = 0

    def ask(self, route: str = "", method: str = "GET", **headers: str) -> tuple[int, str, Any]:
        port = self.server.server_port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = route if route.startswith("/") else f"/{self.server.token}/{route}"
        connection.putrequest(method, path, skip_host="Host" in named)
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        found = answer.status, answer.read().decode(), answer.headers
        connection.close()
        return found

    def hear(self, kind: str, patience: float = 10.0) -> Any:
        """The next news of a kind; all before it are dropped."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for number, told, text in self.file.news(self.heard, 0.1):
                self.heard = number
                if told == kind:
                    return json.loads(text)
        raise AssertionError(f"no news of {kind}")

    def close(self) -> None:
        self.file.stop()
        self.server.shutdown()
        self.server.server_close()
