"""What the log of a call remembers: events by their names on the wire, with facts and hashes.

No audio, no words, no numbers of people: a log is never erased. One entry for each event that
decides something; sound and single words pass without one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from calls.domain import events
from calls.domain.beginning import Beginning
from calls.domain.configuration import Configuration
from calls.domain.flights import InFlight, Notice
from calls.domain.texts import Found
from prompts.domain.layers import JOINT

REQUEST_KEY = "voiceagent_request"
FINGERPRINT_KEY = "voiceagent_fingerprint"


Facts = Mapping[str, Any]  # Any: what JSON can hold


class Entry(Struct, frozen=True):
    """One event of a call; its number and its time are given where it happens.

    Its facts are put together when they are written, which may be after what is more urgent.
    """

    event: str
    tell: Callable[[], Facts] = dict

    @property
    def facts(self) -> Facts:
        """What is to be known of it."""
        return self.tell()


def begun(beginning: Beginning) -> Entry:
    """The call begins; nothing stands before it."""
    return Entry("begin", lambda: beginning.facts)


# What we send


def update_sent(flight: InFlight) -> Entry:
    """A ``session.update``, with the layers of its text and the keys that it carries."""

    def tell() -> Facts:
        configuration = flight.notice.configuration
        return {
            "id": flight.event_ids[-1],
            "attempt": len(flight.event_ids),
            **_names(configuration),
            "keys": _keys(flight.session),
            "layers": [[p.layer.value, p.sha256] for p in configuration.instructions.parts],
            "joint": JOINT,
        }

    return Entry("session.update", tell)


def create_sent(event_id: str, *, purpose: str, own: str, opens: bool) -> Entry:
    """A ``response.create``; ``own`` is the hash of its own instructions, if it has any."""
    facts = {"id": event_id, "purpose": purpose, "own": own, "opens": opens}
    return Entry("response.create", lambda: facts)


def cancel_sent(response_id: str) -> Entry:
    """An answer that is to stop."""
    return Entry("response.cancel", lambda: {"response": response_id})


def truncate_sent(item_id: str, heard_ms: int) -> Entry:
    """An item of which the model is to forget what was not heard."""
    return Entry("conversation.item.truncate", lambda: {"item": item_id, "ms_heard": heard_ms})


def delete_sent(item_id: str) -> Entry:
    """An item of which nothing was heard."""
    return Entry("conversation.item.delete", lambda: {"item": item_id})


def item_told(role: str, position: int | None = None) -> Entry:
    """Words that a new session has to know: a turn of the call, or a note of ours."""
    return Entry("conversation.item.create", lambda: {"role": role, "turn": position})


def tool_answered(call_id: str, name: str, *, is_error: bool) -> Entry:
    """The answer to a tool call of the model."""
    facts = {"role": "tool", "call": call_id[:64], "tool": name[:64], "error": is_error}
    return Entry("conversation.item.create", lambda: facts)


CLEARED = Entry("clear")  # what Twilio still had to play was thrown out

# What we learn and decide


def learned(notice: Notice) -> Entry:
    """A revision that the call came to know of."""

    def tell() -> Facts:
        return {
            **_names(notice.configuration),
            "held": notice.configuration.instructions.held,
            "route": notice.route.value,
            "force": notice.force,
        }

    return Entry("notice", tell)


def update_given_up(flight: InFlight) -> Entry:
    """Nobody answered an update: it may be in force or not."""
    return Entry("update.given_up", lambda: {"fingerprint": flight.notice.fingerprint})


def create_given_up(event_id: str) -> Entry:
    """Nobody answered a ``response.create``."""
    return Entry("create.given_up", lambda: {"id": event_id})


def answer_given_up(response_id: str) -> Entry:
    """The model began an answer and does not end it."""
    return Entry("response.given_up", lambda: {"response": response_id})


def receipt_written(facts: Facts) -> Entry:
    """What became of a revision, as its row says it, to the microsecond."""
    return Entry("receipt", lambda: facts)


LOST = Entry("model.lost")  # with all that the session held; what follows is another session


def ended(reason: str) -> Entry:
    """The call is over; nothing follows."""
    return Entry("end", lambda: {"reason": reason})


# What the model's side says


def echo(shown: Found, denied: Sequence[str]) -> Entry:
    """A ``session.updated``: the hash of the text it shows, and which of ours that is.

    ``denied`` are settings sent with that text, by their names, which it shows not to be in force.
    """

    def tell() -> Facts:
        facts = {"received": shown.received, "shows": shown.fingerprint if shown.received else ""}
        return {**facts, "denied": list(denied)} if denied else facts

    return Entry("session.updated", tell)


def heard(event: events.ServerEvent) -> Entry:
    """The entry of a server event; only called for those in ``KEPT``."""
    name, facts_of = _SERVER[type(event)]
    return Entry(name, lambda: facts_of(event))


def _item(event: events.SpeechStarted | events.SpeechStopped | events.InputCommitted) -> Facts:
    return {"item": event.item_id}


def _created(event: events.ResponseCreated) -> Facts:
    return {"response": event.response_id, "request": event.metadata.get(REQUEST_KEY)}


def _done(event: events.ResponseDone) -> Facts:
    facts: dict[str, Any] = {
        "response": event.response_id,
        "status": event.status,
        "reason": event.reason,
        "code": event.error_code,
        "usage": event.usage,
    }
    if event.calls:
        facts["calls"] = [call.call_id[:64] for call in event.calls]
    return facts


def _error(event: events.ModelError) -> Facts:
    return {
        "code": event.code,
        "kind": event.kind,
        "about": event.event_id,
        "param": event.param,
    }


_SERVER: dict[type, tuple[str, Callable[[Any], Facts]]] = {
    events.SessionCreated: ("session.created", lambda _event: {}),
    events.SpeechStarted: ("speech_started", _item),
    events.SpeechStopped: ("speech_stopped", _item),
    events.InputCommitted: ("committed", _item),
    events.ResponseCreated: ("response.created", _created),
    events.ResponseDone: ("response.done", _done),
    events.ModelError: ("error", _error),
}

KEPT = frozenset(_SERVER)


def _names(configuration: Configuration) -> dict[str, Any]:
    instructions = configuration.instructions
    return {
        "revision": instructions.revision,
        "version": instructions.version,
        "version_id": instructions.version_id,
        "fingerprint": instructions.fingerprint,
        "settings": configuration.settings_name,
    }


def _keys(session: Mapping[str, Any]) -> list[str]:
    """The keys of an update by their names alone; those of the audio input one by one."""
    inputs = session.get("audio", {}).get("input", {})
    return sorted([*(key for key in session if key not in ("type", "audio")), *inputs])
