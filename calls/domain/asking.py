"""Asking the model for an answer, and what becomes of one that fails or never comes.

Where nothing more can be asked, an ``End`` is among the commands, and the session closes itself.
"""

from typing import Any

from msgspec.structs import replace

from calls.domain import entries, events
from calls.domain.commands import Command, End, Note, Record, log
from calls.domain.reasons import EndReason
from calls.domain.responses import Purpose, Responses, Wish
from calls.domain.speaking import cancel

FATAL_CODES = frozenset(
    {"insufficient_quota", "invalid_api_key", "beta_api_shape_disabled", "account_deactivated"}
)


class Asking:
    """An answer that fails is asked for once more; the second failure is the end."""

    def __init__(self, responses: Responses, latest: float) -> None:
        self.latest = latest  # until when a wish may wait for an update that nobody answers
        self._responses = responses

    def want(self, purpose: Purpose, instructions: str = "", **details: Any) -> None:
        """Wish for an answer; the gate lets it go. What has words of its own is only spoken."""
        details.setdefault("only_words", bool(instructions))
        self._responses.want(Wish(purpose, self.latest, instructions, **details))

    def failed(self, code: str, wish: Wish | None) -> list[Command]:
        """An answer failed: once more, then the caller gets the fallback; a goodbye is let go."""
        attempt = wish.attempt if wish else 1
        line = log("response.failed", code=code, attempt=attempt)
        if wish is not None and wish.purpose is Purpose.GOODBYE:
            return [line]
        if code in FATAL_CODES or attempt > 1:
            return [line, End(EndReason.MODEL_FAILED, f"The model failed: {code}.")]
        again = replace(wish, attempt=2) if wish else Wish(Purpose.RETRY, self.latest, attempt=2)
        self._responses.want(replace(again, latest=self.latest, note=""))
        return [line]

    def refused(self, event: events.ModelError, now: float) -> list[Command]:
        """An error; only one about the ``response.create`` on its way matters here."""
        request = self._responses.refused(event, now)
        if request is None or request.withdrawn or self._responses.wish is not None:
            return []
        return self.failed(event.code or event.kind, request.wish)

    def tick(self, now: float) -> list[Command]:
        """Give up the request that nobody answered, or the answer that does not end."""
        request, active = self._responses.request, self._responses.active
        commands: list[Command] = []
        if request is not None and now >= request.deadline:
            commands += [Note(entries.create_given_up(request.event_id)), *self._unanswered()]
        if active is not None and now >= active.done_by:
            commands += self._hung()
        return commands

    def _unanswered(self) -> list[Command]:
        """The answer that we asked for does not begin; a second one that fails is the end."""
        request, self._responses.request = self._responses.request, None
        if request is None or request.withdrawn or self._responses.wish is not None:
            return []
        if request.wish.purpose in (Purpose.RESUME, Purpose.TOOL):
            self.want(Purpose.RETRY)
        elif request.wish.purpose is Purpose.RETRY:
            return [End(EndReason.MODEL_FAILED, "The model did not answer in time.")]
        return []

    def _hung(self) -> list[Command]:
        """The model does not end an answer: stop it, so that updates and answers can go on."""
        response = self._responses.give_up()
        if response is None:
            return []
        given_up = Note(entries.answer_given_up(response.response_id))
        stopped: list[Command] = [given_up, cancel(response.response_id), Record(response.row())]
        if response.turn.interrupted:  # the caller has spoken since: the model's VAD answers that
            return stopped
        return [*stopped, *self.failed("hung", response.wish)]
