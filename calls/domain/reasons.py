"""Why a call ended, in words that a row, a log line and a person share."""

from enum import StrEnum


class EndReason(StrEnum):
    """The one reason for which a call ended or was not answered by the agent."""

    CALLER_HUNG_UP = "caller_hung_up"
    AGENT_HUNG_UP = "agent_hung_up"
    MAX_LENGTH = "max_length"
    TRANSFER = "transfer"
    NO_PROMPT = "no_prompt"
    PAUSED = "paused"
    BUSY = "busy"
    REFUSED = "refused"
    NEVER_CONNECTED = "never_connected"
    MODEL_UNREACHABLE = "model_unreachable"
    INSTRUCTIONS_NOT_CONFIRMED = "instructions_not_confirmed"
    MODEL_LOST = "model_lost"
    MODEL_FAILED = "model_failed"
    INTERRUPTED = "interrupted"
    INTERNAL_ERROR = "internal_error"

    @property
    def is_normal(self) -> bool:
        """Whether the caller got all that a call promises, so that no fallback need follow it."""
        return self in NORMAL


NORMAL = frozenset(
    {
        EndReason.CALLER_HUNG_UP,
        EndReason.AGENT_HUNG_UP,
        EndReason.MAX_LENGTH,
        EndReason.TRANSFER,
    }
)
