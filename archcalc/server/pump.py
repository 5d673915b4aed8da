"""Messages over two pipes: read by a thread, answered in turn; what is no message gets an error.

Whatever has come meanwhile is taken before a document is calculated, so that fast typing leads to
one calculation and not to one for each key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

MESSAGE_LIMIT = 64 * 2**20  # bytes
_LENGTH = re.compile(rb"content-length\s*:\s*(\d{1,12})\s*\Z", re.IGNORECASE)
PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS = -32700, -32600, -32602
NOT_INITIALIZED = -32002

Reply = Callable[[Any, int, str], None]


class Nonsense(Exception):
    """Bytes that are no message, and why."""


def messages(stream: BinaryIO) -> Any:
    """The bodies in a stream; a `Nonsense` where one was to come. It ends with the stream."""
    while True:
        length: int | None = None
        wrong = ""
        while True:
            line = stream.readline(4096)
            if not line:
                return
            if not line.strip():
                break
            found = _LENGTH.match(line.strip())
            if found:
                length = int(found.group(1))
            elif b":" not in line:
                wrong = "a header is a name and a value with a colon between"
        if length is None or length > MESSAGE_LIMIT:
            yield Nonsense(wrong or "a message begins with Content-Length, of at most 64 MiB")
            continue
        body = stream.read(length)
        if len(body) < length:
            return
        yield body


class Pump:
    """Takes messages until there are none. ``take`` handles one, ``rest`` is called in a lull."""

    def __init__(
        self, take: Callable[[dict[str, Any]], None], rest: Callable[[], None], reply: Reply
    ) -> None:
        self.take = take
        self.rest = rest
        self.reply = reply
        self.queue: SimpleQueue[bytes | Nonsense | None] = SimpleQueue()

    def run(self, stream: BinaryIO) -> None:
        Thread(target=self._read, args=(stream,), daemon=True).start()
        while True:
            item = self.queue.get()
            while item is not None:
                self._one(item)
                try:
                    item = self.queue.get_nowait()
                except Empty:
                    break
            if item is None:
                return
            self.rest()

    def _read(self, stream: BinaryIO) -> None:
        try:
            for item in messages(stream):
                self.queue.put(item)
        except (OSError, ValueError):  # the pipe is gone
            pass
        self.queue.put(None)

    def _one(self, item: bytes | Nonsense) -> None:
        if isinstance(item, Nonsense):
            self.reply(None, PARSE_ERROR, str(item))
            return
        try:
            message = json.loads(item)
        except (ValueError, RecursionError):
            self.reply(None, PARSE_ERROR, "a message is JSON in UTF-8")
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self.reply(
                _id(message), INVALID_REQUEST, 'a message is an object with "jsonrpc": "2.0"'
            )
            return
        if "method" not in message and "result" not in message and "error" not in message:
            self.reply(
                _id(message), INVALID_REQUEST, "a message has a method, a result or an error"
            )
            return
        self.take(message)


def _id(message: Any) -> Any:
    found = message.get("id") if isinstance(message, dict) else None
    return found if isinstance(found, int | str) else None
