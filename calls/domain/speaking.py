"""The agent's half of the call: the model's sound on its way to the caller, and back again.

Barge-in takes back all that was not heard: clear what is queued, cancel what is coming, let the
model forget the rest. What was heard is told by the playback ledger alone.
"""

from dataclasses import dataclass, field

from calls.domain import entries, events, frames
from calls.domain.commands import Command, Note, Record, ToCaller, Told, log
from calls.domain.history import History
from calls.domain.playback import Item, Playback, size_of
from calls.domain.responses import Response, Responses


@dataclass(slots=True)
class Speaking:
    """Passes sound on, keeps the ledger of it, and says what became of each answer."""

    stream_sid: str
    playback: Playback
    responses: Responses
    history: History
    _elsewhere: set[str] = field(default_factory=set)  # answers of sessions that were lost

    def audio(self, event: events.AudioDelta) -> list[Command]:
        """Some sound of an answer; nothing of a dead or unknown one reaches the caller."""
        size = size_of(event.delta)
        if size == 0:
            return []
        response = self.responses.generated(event.response_id, event.item_id, size)
        if response is None or response.muted:
            return []
        commands: list[Command] = []
        for piece in self.playback.add(event.response_id, event.item_id, event.delta):
            commands.append(ToCaller(frames.build_media(self.stream_sid, piece.payload)))
            if piece.mark:
                commands.append(ToCaller(frames.build_mark(self.stream_sid, piece.mark)))
        return commands

    def item_complete(self, item_id: str) -> list[Command]:
        """The model has no more sound for an item."""
        return self._marked([self.playback.complete(item_id)])

    def finished(self, event: events.ResponseDone) -> tuple[Response | None, list[Command]]:
        """The model is through with an answer; what was generated may still be playing."""
        commands = self._marked(self.playback.complete_response(event.response_id))
        response = self.responses.finished(event)
        if response is None:
            return None, commands
        # Items that came after the answer was cut: none of them reached the caller.
        late = [_forget(item_id) for item_id in sorted(response.unheard)]
        return response, [*commands, *self._row(response), *late]

    def lost(self) -> list[Command]:
        """The model's session is gone: what was sent plays on, and no more of it comes."""
        broken, commands = self.responses.lost(), list[Command]()
        if broken is not None:
            commands = self._marked(self.playback.complete_response(broken.response_id))
            commands += self._row(broken)
        self.history.forget_session()
        self._elsewhere = {one.response_id for one in self.responses.rest()}
        return commands

    def _marked(self, names: list[str]) -> list[Command]:
        marks = [ToCaller(frames.build_mark(self.stream_sid, name)) for name in names if name]
        return [*marks, *self._rows(self.playback.retire(), cut=False)]

    def mark_returned(self, name: str) -> list[Command]:
        """Twilio played up to a mark, or threw it out; a stale one changes nothing."""
        self.playback.echoed(name)
        return self._rows(self.playback.retire(), cut=False)

    def interrupt(self) -> list[Command]:
        """The caller speaks: all that was not heard is taken back, from Twilio and the model."""
        commands: list[Command] = []
        if self.playback.queued:
            commands += [ToCaller(frames.build_clear(self.stream_sid)), Note(entries.CLEARED)]
        cut = self.playback.clear()
        active = self.responses.mute()
        if active is not None:
            commands.append(cancel(active.response_id))
        self.responses.withdraw()
        known = [item for item in cut if item.response_id not in self._elsewhere]
        commands += [_forget_unheard(item) for item in known]
        commands += self._rows(cut, cut=True)
        if cut:
            heard, sent = sum(item.heard_ms for item in cut), sum(item.sent_ms for item in cut)
            commands.append(log("call.interrupted", heard_ms=heard, generated_ms=sent))
        return commands

    def cut_off(self) -> list[Command]:
        """The call is over: what is still queued was not heard, what was coming stops here."""
        left = [self.responses.heard(item, cut=True) for item in self.playback.clear()]
        return self._latest([*left, *self.responses.rest()])

    def _rows(self, items: list[Item], *, cut: bool) -> list[Command]:
        """The turns of items that left the playback ledger, as far as they are known now."""
        return (
            self._latest([self.responses.heard(item, cut=cut) for item in items]) if items else []
        )

    def _latest(self, responses: list[Response | None]) -> list[Command]:
        """One row for each answer."""
        by_name = {response.response_id: response for response in responses if response}
        return [command for response in by_name.values() for command in self._row(response)]

    def _row(self, response: Response) -> list[Command]:
        row = response.row()
        return [Record(row), *self.history.keep(row, is_over=response.is_over)]


def cancel(response_id: str) -> Told:
    """Stop an answer that is being generated, by its name."""
    event_id = f"cancel-{response_id}"
    return Told(events.build_cancel(event_id, response_id), entries.cancel_sent(response_id))


def _forget_unheard(item: Item) -> Told:
    """What the caller did not hear, the model did not say."""
    if item.heard_ms == 0:  # 0 ms cannot be truncated
        return _forget(item.item_id)
    truncate = events.build_truncate(f"truncate-{item.item_id}", item.item_id, item.heard_ms)
    return Told(truncate, entries.truncate_sent(item.item_id, item.heard_ms))


def _forget(item_id: str) -> Told:
    delete = events.build_delete(f"delete-{item_id}", item_id)
    return Told(delete, entries.delete_sent(item_id))
