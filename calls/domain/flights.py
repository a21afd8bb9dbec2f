"""An update on its way: what was sent, under which ids, and which error refuses it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from calls.domain.configuration import Configuration
from calls.domain.events import ModelError
from calls.domain.records import Route

RESEND_AFTER = 3.0  # seconds after the first sending
GIVE_UP_AFTER = 8.0
REFUSALS = frozenset(
    {
        "invalid_event",
        "invalid_value",
        "missing_required_parameter",
        "unknown_parameter",
        "cannot_update_voice",
    }
)


class Notice(Struct, frozen=True):
    """A revision that the call came to know of: what it says, by which way, and when."""

    configuration: Configuration
    route: Route
    received: float
    committed: float | None = None
    receipt_id: UUID | None = None  # of the receipt that a person waits for
    force: bool = False  # send it also where the same words stand already
    has_result: bool = False  # its receipt is written: another session gets it without a second

    @property
    def fingerprint(self) -> str:
        """The name of its text."""
        return self.configuration.instructions.fingerprint


class InFlight(Struct, frozen=True):
    """An update that was sent, once or twice, and not answered yet."""

    notice: Notice
    session: Mapping[str, Any]
    first_sent: float
    event_ids: tuple[str, ...] = ()
    altered: str = ""  # the hash of a text that is not ours, which came back instead
    is_due: bool = False  # to be sent once more, as soon as the gate is open

    def sent_as(self, event_id: str) -> "InFlight":
        """The same, sent once more."""
        return replace(self, event_ids=(*self.event_ids, event_id), is_due=False)

    @property
    def deadline(self) -> float:
        """When to send it again, or to give it up."""
        waits = len(self.event_ids) < 2 and not self.is_due
        return self.first_sent + (RESEND_AFTER if waits else GIVE_UP_AFTER)

    def refused_by(self, error: ModelError) -> bool:
        """Whether an error is about this update; without our id, its parameter or code tells."""
        if error.event_id:
            return error.event_id in self.event_ids
        if error.param:
            return error.param.split(".")[0] == "session"
        return error.code in REFUSALS
