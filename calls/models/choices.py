"""The closed sets of words that call rows use, with what staff read for each."""

from collections.abc import Iterable
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.domain.reasons import EndReason
from prompts.domain.kinds import Direction


class CallStatus(models.TextChoices):
    """How far a call has come."""

    RECEIVED = "received", _("Ringing")
    CONNECTED = "connected", _("In progress")
    ENDED = "ended", _("Ended")
    REFUSED = "refused", _("Not answered")


class Speaker(models.TextChoices):
    """Who spoke."""

    CALLER = "caller", _("Caller")
    AGENT = "agent", _("Agent")


class KnownBy(models.TextChoices):
    """How it is known under which instructions a response stood."""

    METADATA = "metadata", _("We asked for it and it came back")
    ORDER = "order", _("Nothing was on its way")
    ORDER_IN_FLIGHT = "order_in_flight", _("Newer instructions were on their way")
    UNVERIFIED = "unverified", _("Not confirmed")


class ReceiptResult(models.TextChoices):
    """What became of one revision in one call."""

    ACKNOWLEDGED = "acknowledged", _("Confirmed by the voice service")
    ACKNOWLEDGED_UNSEEN = "acknowledged_unseen", _("Confirmed, text not shown")
    ACKNOWLEDGED_LATE = "acknowledged_late", _("Confirmed late")
    UNCHANGED = "unchanged", _("Nothing to change")
    HELD = "held", _("Kept on its version by choice")
    SUPERSEDED = "superseded", _("Overtaken by a newer change")
    REFUSED = "refused", _("Refused by the voice service")
    UNVERIFIED = "unverified", _("Not confirmed")
    CALL_ENDED = "call_ended", _("The call ended first")


class ReceiptRoute(models.TextChoices):
    """How a revision reached a call."""

    START = "start", _("At the start")
    PUSH = "push", _("By push")
    RECONCILE = "reconcile", _("By the regular check")
    MANUAL = "manual", _("By hand")
    RECONNECT = "reconnect", _("After a reconnection")


# The answers and the changes of a call that was spoken while something was not confirmed.
UNCONFIRMED_ANSWERS = [KnownBy.ORDER_IN_FLIGHT.value, KnownBy.UNVERIFIED.value]
UNCONFIRMED_RESULTS = [ReceiptResult.REFUSED.value, ReceiptResult.UNVERIFIED.value]

DIRECTIONS: list[tuple[str, Promise]] = [
    (Direction.INBOUND.value, _("Inbound")),
    (Direction.OUTBOUND.value, _("Outbound")),
]

END_REASONS: list[tuple[str, Promise]] = [
    (EndReason.CALLER_HUNG_UP.value, _("The caller hung up")),
    (EndReason.AGENT_HUNG_UP.value, _("The agent hung up")),
    (EndReason.MAX_LENGTH.value, _("The longest call length was reached")),
    (EndReason.TRANSFER.value, _("The caller was put through to a person")),
    (EndReason.NO_PROMPT.value, _("No prompt is published")),
    (EndReason.PAUSED.value, _("The agent is paused")),
    (EndReason.BUSY.value, _("Too many calls at once")),
    (EndReason.REFUSED.value, _("Refused")),
    (EndReason.NEVER_CONNECTED.value, _("Never connected")),
    (EndReason.MODEL_UNREACHABLE.value, _("The voice service could not be reached")),
    (EndReason.INSTRUCTIONS_NOT_CONFIRMED.value, _("The instructions were not confirmed")),
    (EndReason.MODEL_LOST.value, _("The voice service was lost")),
    (EndReason.MODEL_FAILED.value, _("The voice service failed")),
    (EndReason.INTERRUPTED.value, _("Interrupted")),
    (EndReason.INTERNAL_ERROR.value, _("Internal error")),
]


def values(words: Iterable[StrEnum | models.TextChoices]) -> list[str]:
    """The bare values, as constraints and migrations keep them."""
    return [str(word.value) for word in words]
