"""Starts and ends the server, and what follows each file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from archcalc.live.followed import Followed
from archcalc.live.server import PageServer


def serve(
    paths: Sequence[str],
    port: int,
    options: Mapping[str, Any],
    browse: Callable[[str], None] | None,
    say: Callable[[str], None],
) -> None:
    """Serves the pages of files until it is interrupted.

    Raises:
        OSError: where nothing can be served at the port.
    """
    files = [Followed(path, options) for path in paths]
    with PageServer(files, port) as server:
        for file in files:
            threading.Thread(target=file.follow, daemon=True).start()
        with suppress(KeyboardInterrupt):  # which may come as soon as the address is there
            say(server.address)
            if browse:
                browse(server.address)
            server.serve_forever(poll_interval=0.1)
        for file in files:
            file.stop()
