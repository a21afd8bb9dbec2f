"""Writes down what a call does: entries of its log, rows, and lines for the operator.

Nothing of it need happen before anything else does, so all of it goes by `afterwards`.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from time import time

from calls.domain import commands as c
from calls.domain.answers import Admission
from calls.domain.configuration import Configuration
from calls.live.afterwards import afterwards
from calls.live.library import library
from calls.live.notebook import Notebook
from calls.live.rows import Clock
from calls.live.writer import writer
from prompts.domain.layers import Instructions
from prompts.logs import event as log_event

logger = logging.getLogger(__name__)

Written = c.Note | c.Record | c.Log


class Scribe:
    """Takes what is to be written as of now, and keeps its order."""

    def __init__(self, admission: Admission, clock: Clock) -> None:
        self._admission = admission
        self._notebook = Notebook(admission, clock, writer().put, library())
        self._now = asyncio.get_running_loop().time
        self._afterwards = afterwards()

    def open(self, configuration: Configuration) -> None:
        """Keep what the call begins under."""
        self._notebook.open(configuration, self._now())

    def write(self, told: Sequence[Written], known: Instructions | None) -> None:
        """Write what happened, in its order; ``known`` are the words that the call stands on."""
        if told:
            self._afterwards.put(partial(self._write, told, known, self._now(), time()))

    async def close(self) -> None:
        """Nothing follows; waits until all of it is with the writer."""
        self._afterwards.put(self._notebook.close)
        await self._afterwards.done()

    def _write(
        self, told: Sequence[Written], known: Instructions | None, now: float, today: float
    ) -> None:
        for one in told:
            if isinstance(one, c.Record):
                self._notebook.keep(one.row, now)
            elif isinstance(one, c.Log):
                level = logging.WARNING if one.line.alarm else logging.INFO
                self._line(one.line.event, level, one.line.fields, known, today)
            else:
                self._notebook.note(one.entry, now)

    def _line(
        self,
        name: str,
        level: int,
        facts: Mapping[str, object],
        known: Instructions | None,
        today: float,
    ) -> None:
        base: dict[str, object] = {
            "call_sid": self._admission.call_sid,
            "business_id": self._admission.business_id,
            "direction": self._admission.direction,
            "revision": known.revision if known else None,
            "version": known.version if known else None,
            "fingerprint": known.fingerprint if known else "",
            "length": len(known.text) if known else None,
        }
        log_event(logger, name, level=level, when=today, **{**base, **facts})
