"""Whether people can log in."""

import shlex
from collections.abc import Iterator

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from voiceagent.remedies import manage

from .findings import Finding, good, note


def look_at_people() -> Iterator[Finding]:
    """Who is locked out now, and where links for passwords go."""
    locked = sorted(_locked_out())
    for username in locked:
        unlock = manage(f"axes_reset_username {shlex.quote(username)}")
        sentence = f"{username} typed too many wrong passwords and waits."
        yield note("Logins", sentence, f"It ends by itself, or run `{unlock}`.")
    if not locked:
        yield good("Logins", "Nobody is locked out.")
    if not settings.EMAIL_URL:
        sentence = "Links to choose a password are printed by the server."
        yield note("Mail", sentence, "Set EMAIL_URL to mail them.")


def _locked_out() -> set[str]:
    """The user names that some address may not try now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    counted = (
        AccessAttempt.objects.filter(attempt_time__gte=since)
        .order_by()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
    )
    return {one["username"] for one in counted if one["failures"] >= settings.AXES_FAILURE_LIMIT}
