"""What Twilio's status callbacks tell us."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from calls.domain.reasons import EndReason
from calls.domain.webhooks import TERMINAL, StatusCallback, parse_status_callback
from calls.models import Call
from calls.models.choices import CallStatus
from calls.services.ending import close_locked


@transaction.atomic
def apply_status(*, form: Mapping[str, str], now: datetime) -> bool:
    """Take in a status callback of Twilio; ``False`` when it brings no news.

    Callbacks come twice, late and out of order: what Twilio counted lower is old, and a final
    status is never left. A call that nothing else has ended ends with it.
    """
    news = parse_status_callback(form)
    call = Call.objects.select_for_update().filter(sid=news.call_sid).first()
    if call is None or not _is_news(call, news):
        return False
    call.twilio_status = news.status
    if news.sequence is not None:
        call.twilio_sequence = news.sequence
    if news.is_final and news.seconds is not None:
        call.duration_seconds = news.seconds
    call.save(update_fields=["twilio_status", "twilio_sequence", "duration_seconds"])
    if news.is_final:
        _end_with_twilio(call, news, now)
    return True


def _is_news(call: Call, news: StatusCallback) -> bool:
    """Whether a callback is of this call's account, known in kind and newer than the last one."""
    if not news.is_known or call.twilio_status in TERMINAL:
        return False
    if call.account_sid and call.account_sid != news.account_sid:
        return False
    if news.sequence is None or call.twilio_sequence is None:
        return news.status != call.twilio_status
    return news.sequence > call.twilio_sequence


def _end_with_twilio(call: Call, news: StatusCallback, now: datetime) -> None:
    """End a call that is over for Twilio and still open for us."""
    connected = call.status == CallStatus.CONNECTED
    reason = EndReason.CALLER_HUNG_UP if connected else EndReason.NEVER_CONNECTED
    close_locked(call, reason, f"Twilio reported that the call is over ({news.status}).", now)
