"""What the log of a call adds to its rows: which texts were sent, and when what failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from calls.domain.pages import Logged, read
from calls.models import Call, EventPage, Receipt

Facts = Mapping[str, Any]  # Any: what JSON can hold


@dataclass(frozen=True, slots=True)
class Log:
    """The entries of a call on the clock on the wall; nothing, where they cannot be read."""

    began: datetime
    entries: Sequence[Logged] = ()
    is_broken: bool = False
    sent: Mapping[str, Facts] = field(default_factory=dict)  # session texts by fingerprint
    purposes: Mapping[str, str] = field(default_factory=dict)  # of answers' own texts, by hash

    def at(self, entry: Logged) -> datetime:
        """When an entry was written."""
        return self.began + timedelta(milliseconds=entry.ms)

    def of(self, *events: str) -> Iterator[Logged]:
        """The entries of some kinds, in their order."""
        return (entry for entry in self.entries if entry.event in events)


def read_log(call: Call, receipts: Sequence[Receipt]) -> Log:
    """The log of a call; one query."""
    began = call.connected_at or call.started_at
    rows = EventPage.objects.filter(call=call).order_by("number")
    try:
        entries = read(row.page for row in rows)
        sent = _first_sent(entries)
        return Log(
            began=_began(entries, receipts) or began,
            entries=entries,
            sent={name: entry.facts for name, entry in sent.items()},
            purposes={
                entry.facts["own"]: entry.facts["purpose"]
                for entry in entries
                if entry.event == "response.create" and entry.facts["own"]
            },
        )
    except (ValueError, KeyError, TypeError):
        return Log(began=began, is_broken=True)


def _first_sent(entries: Sequence[Logged]) -> dict[str, Logged]:
    """The first update that carried each text."""
    sent: dict[str, Logged] = {}
    for entry in entries:
        if entry.event == "session.update":
            sent.setdefault(entry.facts["fingerprint"], entry)
    return sent


def _began(entries: Sequence[Logged], receipts: Sequence[Receipt]) -> datetime | None:
    """When the log's own clock began, told from an update that has a receipt too."""
    for receipt in receipts:
        for entry in entries:
            if (
                receipt.sent_at is not None
                and entry.event == "session.update"
                and entry.facts["attempt"] == 1
                and (entry.facts["fingerprint"], entry.facts["revision"])
                == (receipt.hash_sent, receipt.revision)
            ):
                return receipt.sent_at - timedelta(milliseconds=entry.ms)
    return None
