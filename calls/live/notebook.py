"""What a call remembers, on its way to the database: its log, its rows, its first session."""

from collections.abc import Callable
from functools import partial

from django.conf import settings

from calls.domain import entries
from calls.domain.answers import Admission
from calls.domain.beginning import begun
from calls.domain.commands import Row
from calls.domain.configuration import Configuration
from calls.domain.entries import Entry
from calls.domain.pages import Page, Pages
from calls.domain.records import ForeignText, ReceiptRecord, TextRecord, TurnRecord
from calls.live.library import Library
from calls.live.rows import Clock, page_row, receipt_row, turn_row
from calls.live.writer import Job, Rows
from calls.services.erasure import erase_the_rest
from calls.services.progress import (
    record_beginning,
    record_first_audio,
    record_foreign_text,
)


class Notebook:
    """Numbers the entries of one call and hands every row to the writer; nothing here waits.

    What a row stands on goes before it: the pages of its entries, and before these the texts that
    they name. So what a crash leaves, wherever it cuts, agrees with itself.
    """

    def __init__(
        self, admission: Admission, clock: Clock, put: Callable[[Job], bool], library: Library
    ) -> None:
        self._admission = admission
        self._call_id = admission.call_id
        self._clock = clock
        self._pages = Pages(admission.call_sid, clock.monotonic)
        self._put, self._library = put, library

    def open(self, configuration: Configuration, at: float) -> None:
        """Keep what the call begins under."""
        model = "simulated" if settings.SIMULATE_MODEL else configuration.agent.model
        beginning = begun(self._admission, configuration, model)
        self._put(partial(record_beginning, self._call_id, beginning))
        self.note(entries.begun(beginning), at)

    def note(self, entry: Entry, at: float) -> None:
        """Write an entry into the call's log."""
        self._keep_page(self._pages.add(entry, at))

    def keep(self, row: Row, at: float) -> None:
        """Remember a row."""
        call_id, clock, put = self._call_id, self._clock, self._put
        if isinstance(row, TextRecord):
            self._library.keep(row, put)
        elif isinstance(row, TurnRecord):
            if self._pages.tell_of(row.response_id):
                self._keep_page(self._pages.turn())
            put(Rows(lambda: [turn_row(call_id, row, clock)]))
        elif isinstance(row, ReceiptRecord):
            receipt = receipt_row(call_id, row, clock)
            self.note(entries.receipt_written(receipt.facts), at)
            self._keep_page(self._pages.turn())
            put(receipt)
        elif isinstance(row, ForeignText):
            put(partial(record_foreign_text, call_id, row.fingerprint))
        else:
            put(partial(record_first_audio, call_id, clock.at(row.at)))

    def close(self) -> None:
        """Keep what stands on the last page; the caller may have been forgotten before it."""
        self._keep_page(self._pages.turn())
        self._put(partial(erase_the_rest, self._call_id))

    def _keep_page(self, page: Page | None) -> None:
        if page is not None:
            call_id = self._call_id
            self._put(Rows(lambda: [page_row(call_id, page)]))
