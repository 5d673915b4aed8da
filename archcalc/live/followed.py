"""A file that is followed: calculated anew whenever it changes, for those who wait for news."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from archcalc import api
from archcalc.diagnostics import Diagnostic, Source, SpecError
from archcalc.importers.graph import Refused
from archcalc.importers.sources import Request, imported, input_of, is_foreign_model, kind_of
from archcalc.limits import FILE_LIMIT
from archcalc.rules import grouped
from archcalc.rules.catalogue import CHECKS
from archcalc.rules.describing import described
from archcalc.views.page import document, words
from archcalc.views.page.course import course
from archcalc.wording import visible

PERIOD = 0.02  # seconds between two looks at the file
STILL = 0.06  # seconds without a change after which mistakes are told
PATIENCE = 0.15  # seconds of calculation after which that is said

State = tuple[int, int, int] | None


class Followed:
    """What is known of a file: the last good document, and the mistakes that came after it.

    Whoever shows it waits on `news` with the number of the last one that he has.
    """

    def __init__(self, path: str, options: Mapping[str, Any]) -> None:
        self.path, self.options = path, options
        self.name = path.replace("\\", "/").rsplit("/", 1)[-1]
        self.analysis: api.Analysis | None = None
        self._known = threading.Condition()
        self._number = 0
        self._said: dict[str, tuple[int, str]] = {}
        self._stopped = False

    def news(self, after: int, patience: float) -> list[tuple[int, str, str]]:
        """What has been said since, oldest first: its number, its kind and its JSON."""
        with self._known:
            self._known.wait_for(lambda: self._number > after or self._stopped, patience)
            said = [(number, kind, text) for kind, (number, text) in self._said.items()]
        return sorted(news for news in said if news[0] > after)

    def stop(self) -> None:
        with self._known:
            self._stopped = True
            self._known.notify_all()

    @property
    def is_stopped(self) -> bool:
        return self._stopped

    def _say(self, kind: str, value: Any) -> None:
        with self._known:
            self._number += 1
            self._said[kind] = (self._number, json.dumps(value, separators=(",", ":")))
            self._known.notify_all()

    def follow(self) -> None:
        """Looks at the file until it is to stop. Whatever happens to the file, it goes on."""
        seen: State = None
        is_first, waiting, since = True, None, 0.0
        while not self._stopped:
            now = self._state()
            if now != seen or is_first:
                is_first, seen, since = False, now, time.monotonic()
                waiting = self._calculate()
            elif waiting and time.monotonic() - since >= STILL:
                self._say("mistakes", waiting)
                waiting = None
            time.sleep(PERIOD)

    def _state(self) -> State:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _calculate(self) -> dict[str, Any] | None:
        """Says what is new of a file that is well; the mistakes of one that is not."""
        slow = threading.Timer(PATIENCE, lambda: self._say("busy", self.name))
        slow.daemon = True
        slow.start()
        try:
            self._tell()
        except OSError as error:
            return self._mistakes([], "", f"{visible(self.name)}: {error.strerror or error}")
        except SpecError as error:
            return self._mistakes(error.diagnostics, error.source.text)
        # A source that no file can say, or an option, such as a variable, that it has no more.
        except (Refused, ValueError) as error:
            return self._mistakes([], "", visible(str(error)))
        finally:
            slow.cancel()
        return None

    def _tell(self) -> None:
        options = {**self.options}
        analysis = api.run(self._source(options), chosen=(), **options)
        self.analysis = analysis
        self._say("document", document(analysis, self.name, is_whole=False))
        self._say("mistakes", None)
        found = described(analysis, grouped(analysis, CHECKS), CHECKS)
        self._say("findings", words.told(found))
        self._say("training", course(analysis))

    def _source(self, options: dict[str, Any]) -> Source:
        """The text of the file, or of what is imported, at the input among the options."""
        kind = kind_of(self.path)
        if kind is None:
            with open(self.path, "rb") as file:
                source = api.source_of(file.read(FILE_LIMIT + 1), self.path)
            if not is_foreign_model(source.text):
                return source
        size = input_of(options["input"])
        options["input"] = None
        return Source(self.path, imported(Request(self.path, input=size), kind).text)

    @staticmethod
    def _mistakes(found: Sequence[Diagnostic], text: str, fact: str = "") -> dict[str, Any]:
        return {"fact": fact, "source": text, "mistakes": words.told(found)}

    def arithmetic(self, path: str) -> str | None:
        """The sections of a layer as JSON; None where there is no such layer."""
        analysis = self.analysis
        sections = words.sections_of(analysis, path) if analysis else None
        return None if sections is None else json.dumps(sections)
