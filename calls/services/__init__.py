"""What happens to the row of a call, from the first webhook to its end."""

from calls.services.admission import consume_token, mark_connected
from calls.services.aftermath import answer_stream_ended
from calls.services.ending import end_call
from calls.services.reception import GENERAL, answer_call
from calls.services.refusals import record_refusal
from calls.services.status import apply_status

__all__ = [
    "GENERAL",
    "answer_call",
    "answer_stream_ended",
    "apply_status",
    "consume_token",
    "end_call",
    "mark_connected",
    "record_refusal",
]
