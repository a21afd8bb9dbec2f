"""Rows that a server's own process writes for a browser test: `python manage.py shell -c`."""

import sys
from collections.abc import Mapping
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from calls.domain.reasons import EndReason
from calls.domain.records import Result
from calls.models import Call, Turn
from calls.models.choices import CallStatus
from calls.services.notes import correct_note, remove_note, write_note
from calls.services.tags import add_tag
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, Release, Revision, UnseenRelease
from prompts.services.platform import publish_platform
from prompts.services.slots import Text, platform_slot, write_version
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_member, make_user, publish_text

BUSINESS, HEBREW_BUSINESS = 1, 3
WRITER, SUPPORT = "front-desk", "support"
CALLER = "+15008887766"


def begin_release(calls: int) -> None:
    """Publish as the demo's person while calls go on, and write the number of the release."""
    text = f"Words for {calls} calls, from call {begin_calls(calls)} on."
    business, demo = Business.objects.get(pk=BUSINESS), User.objects.get(username="demo")
    version = publish_text(business, text, actor=demo)
    sys.stdout.write(f"{version.releases.get().pk}\n")


def begin_calls(count: int) -> int:
    """Let as many calls go on, and no others; the number of the first."""
    _end_every_call()
    UnseenRelease.objects.all().delete()
    business = Business.objects.get(pk=BUSINESS)
    first, at = Call.objects.count() + 1, timezone.now() - timedelta(minutes=1)
    older = {"started_revision": business.revision, "version": 1}
    older["started_platform_revision"] = business.platform_revision
    for number in range(first, first + count):
        make_call(business, number, at, **older)
    return first


def answer(release_pk: int, result: Result = Result.ACKNOWLEDGED) -> None:
    """Every call answers, and is over."""
    release = Release.objects.select_related("prompt", "to_version").get(pk=release_pk)
    revision = _revision_of(release)
    confirmed_at = revision.created_at + timedelta(milliseconds=84)
    facts = {"version": release.to_version.number, "prompt_version": release.to_version}
    for call in Call.objects.filter(status=CallStatus.CONNECTED):
        make_receipt(call, revision.number, result, acknowledged_at=confirmed_at, **facts)
    _end_every_call()


def ship(text: str) -> None:
    """Let an upgrade bring a platform prompt, which waits; write its number."""
    version = write_version(platform_slot(None), Text(text), "Shipped with voiceagent", None)
    sys.stdout.write(f"{version.number}\n")


def publish_for_everybody(text: str, direction: Direction | None = None) -> None:
    """Publish on top of what is live, as somebody else than the demo's person."""
    current = platform_slot(direction).current
    base = current.number if current else None
    publish_platform(direction=direction, text=text, base=base, note="Shorter", actor=None)


def _revision_of(release: Release) -> Revision:
    """The business's own, also where the platform raised it."""
    own = Revision.objects.filter(business=BUSINESS)
    if release.prompt.business_id is None:
        return own.get(platform_revision=release.revision)
    return own.get(number=release.revision)


def let_in(name: str) -> None:
    """An account for a second person, whose password is “secret”."""
    if not User.objects.filter(username=name).exists():
        make_user(name)


def _end_every_call() -> None:
    over = {"status": CallStatus.ENDED, "end_reason": EndReason.CALLER_HUNG_UP}
    Call.objects.filter(status=CallStatus.CONNECTED).update(ended_at=timezone.now(), **over)


def write_call() -> None:
    """A call with notes and tags in two scripts, and write its number."""
    business, demo = Business.objects.get(pk=BUSINESS), User.objects.get(username="demo")
    at = timezone.now() - timedelta(minutes=5)
    over = {"status": CallStatus.ENDED, "end_reason": EndReason.CALLER_HUNG_UP, "ended_at": at}
    call = make_call(business, 9000 + Call.objects.count(), at, from_number=CALLER, **over)
    words = (("caller", "Can I have my money back?"), ("agent", "I will ask a colleague."))
    for position, (speaker, text) in enumerate(words, start=1):
        Turn.objects.create(call=call, position=position, speaker=speaker, text=text, started_at=at)
    write_note(call=call, text="She waits for a refund.\nCall her on Sunday.", actor=demo)
    correct_note(call=call, number=1, text="The refund is paid.", base=1, actor=demo)
    write_note(call=call, text="ביקשה החזר, הטלפון 050-1234567", actor=None)
    write_note(call=call, text="A mistake.", actor=demo)
    remove_note(call=call, number=3, actor=demo)
    for word in ("refund", "לקוחה ותיקה", "a word of nearly forty letters and signs"):
        add_tag(call=call, word=word, actor=demo)
    sys.stdout.write(f"{call.pk}\n")


def let_staff_in() -> None:
    """Somebody who writes and publishes at two businesses, and somebody who looks into calls."""
    for pk in (BUSINESS, HEBREW_BUSINESS):
        make_member(Business.objects.get(pk=pk), Role.PUBLISHER, username=WRITER)
    make_member(Business.objects.get(pk=BUSINESS), Role.SUPPORT, username=SUPPORT)


def reword(sid: str, lines: Mapping[int, str]) -> None:
    """Let a simulated call sound as people do, with a note and a tag; write the way to its page."""
    call, support = Call.objects.get(sid=sid), User.objects.get(username=SUPPORT)
    for position, text in lines.items():
        assert call.turns.filter(position=position).update(text=text, heard=text)
    write_note(call=call, text="Decides on Monday; prefers mornings.", actor=support)
    add_tag(call=call, word="price", actor=support)
    sys.stdout.write(f"/admin/calls/call/{call.pk}/change/\n")
