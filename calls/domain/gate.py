"""The one gate to the model: updates and answers leave it one at a time, an update first.

No update leaves while an answer is being generated or was asked for; one that is only still
being played does not delay it. No answer leaves while an update is unanswered, but for one that
has waited for it long enough. The echo of an update's repetition may still be owed then: both were
sent before the answer is asked for, with the same words, which so stand in any case.
"""

from msgspec.structs import replace

from calls.domain import entries, events
from calls.domain.commands import Command, Record, Told
from calls.domain.records import TextRecord
from calls.domain.responses import Purpose, Responses, Wish
from calls.domain.updates import Updates

PATIENCE = 3.0  # seconds that an answer waits for an update that nobody answers


def next_step(updates: Updates, responses: Responses, now: float) -> list[Command]:
    """Let the next update or answer go, if any may."""
    if responses.busy:
        return []
    wish = responses.wish
    if wish is not None:  # what is about to be said is said under the newest words
        updates.hurry()
    if updates.sendable:
        return updates.send(now)
    if wish is None or now < _opens(wish, updates, responses):
        return []
    if wish.purpose is Purpose.GREETING and updates.standing.applied is not None:
        # The confirmed words as they are now, not those of when it was wished.
        wish = replace(wish, instructions=updates.standing.applied.instructions.opening)
    commands: list[Command] = [_note(wish.note)] if wish.note else []
    if wish.instructions:  # what an entry names is kept before it
        commands.append(Record(TextRecord(wish.own_fingerprint, wish.instructions)))
    return [*commands, responses.ask(wish, now)]


def _note(text: str) -> Told:
    return Told(events.build_message("note", "system", text), entries.item_told("system"))


def deadline(updates: Updates, responses: Responses) -> float | None:
    """When the gate has to be looked at again, if nothing happens before."""
    if responses.request is not None:
        return responses.request.deadline
    if responses.active is not None:
        return responses.active.done_by
    if responses.wish is None or responses.busy:
        return None
    return _opens(responses.wish, updates, responses)


def _opens(wish: Wish, updates: Updates, responses: Responses) -> float:
    flight = updates.in_flight
    answered = 0.0 if flight is None else min(flight.first_sent + PATIENCE, wish.latest)
    return max(answered, responses.blocked_until or 0.0)
