"""The limits of one call in time: its opening and its length."""

from dataclasses import dataclass

from calls.domain.phases import Phase
from calls.domain.reasons import EndReason

CONFIGURED_WITHIN = 4.5  # seconds from the start of the stream, connecting included
FIRST_SOUND_WITHIN = 5.5
NO_SOUND = (EndReason.MODEL_FAILED, "The model did not begin to speak in time.")
NOT_RESTORED = (EndReason.MODEL_LOST, "Another session with the model did not stand in time.")
OPENING_FAILURES = {
    Phase.CONNECTING: (EndReason.MODEL_UNREACHABLE, "The model did not answer in time."),
    Phase.CONFIGURING: (
        EndReason.INSTRUCTIONS_NOT_CONFIRMED,
        "The model's side did not confirm our instructions in time.",
    ),
    Phase.GREETING: NO_SOUND,
    Phase.TALKING: NO_SOUND,
    Phase.CLOSING: NO_SOUND,
}


@dataclass(slots=True)
class Limits:
    """When a call has waited long enough, in seconds of its monotonic clock."""

    started: float
    opened: bool = False  # the caller heard something, or has the word

    @property
    def configured_by(self) -> float:
        """Until when the words have to be confirmed.

        The greeting is kept no longer by an update that nobody answers: the words it needs are
        confirmed, and the caller hears nothing.
        """
        return self.started + CONFIGURED_WITHIN

    def opening(self, phase: Phase) -> float | None:
        """Until when the next step of the opening has to be done; None once it is over."""
        if phase in (Phase.CONNECTING, Phase.CONFIGURING):
            return self.configured_by
        return None if self.opened else self.started + FIRST_SOUND_WITHIN

    def length(self, max_call_seconds: int) -> float:
        """Until when the call may last."""
        return self.started + max_call_seconds
