"""Calls on the tests' database: told by hand, written by the product's own writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from msgspec.structs import replace

from calls.domain.configuration import Configuration
from calls.domain.flights import Notice
from calls.domain.reasons import EndReason
from calls.domain.records import Route
from calls.live.writer import Job, write
from calls.models import Call
from calls.proof.verification import verify
from calls.services import end_call
from prompts import triggers
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started, compose
from prompts.domain.profile import Profile, render_profile
from prompts.models import Business
from prompts.selectors import read_wording
from prompts.services.profile import erase_profile
from tests import factories
from tests.calls.domain import builders as b
from tests.calls.domain import proofs
from tests.calls.domain.proofs import BEGAN

CONTEXT = "The call began on Sunday 09:30, 1 March 2026 (time zone UTC)."
OF_SOMEBODY = f"{CONTEXT}\n\n{render_profile(Profile(name='Dana'))}"
CALLER = "+15005550177"
_numbers = count(1)


def make_business() -> Business:
    business = factories.make_business("Harbor")
    factories.publish_text(business, "The first words.", greeting="Hello there.")
    return business


def configuration_of(
    business: Business, *, context: str = CONTEXT, started: Started | None = None
) -> Configuration:
    wording = read_wording(business.pk, Direction.INBOUND)
    return Configuration(compose(wording, context=context, started=started), wording.settings)


def begin(business: Business, *, context: str = CONTEXT) -> b.Call:
    """A call whose greeting was heard."""
    return b.talking(configuration_of(business, context=context))


def learn(call: b.Call, business: Business, *, context: str = CONTEXT) -> b.Sent:
    """What is in force now reaches the call."""
    news = configuration_of(business, context=context)
    return call.publish(Notice(news, Route.PUSH, call.now, call.now - 0.01))


def echo(call: b.Call) -> b.Sent:
    """The model's side takes what was sent last."""
    sent = [e for e in call.all.to_model("session.update") if "instructions" in e["session"]]
    return call.hear(b.echo(sent[-1]["session"]["instructions"]))


def answer(call: b.Call, name: str) -> None:
    """The model answers the caller, heard to the end."""
    call.hear(b.created(name))
    marks = call.hear(b.delta(name, 1600)).marks
    marks += call.hear(b.done(name)).marks
    call.played(*marks)


def store(call: b.Call, business: Business, *, ends: bool = True) -> Call:
    """The rows that the bridge would have left."""
    row = make_row(business)
    if ends:
        call.hang_up()
    write(jobs_of(call, row, ends=ends))
    end_call(row.pk, EndReason.CALLER_HUNG_UP, "", BEGAN + timedelta(minutes=1))
    row.refresh_from_db()
    return row


def make_row(business: Business, *, caller: str = "") -> Call:
    """A call in progress of which nothing is written yet but itself."""
    return Call.objects.create(
        sid=f"CA{next(_numbers):032x}",
        business=business,
        direction=Direction.INBOUND.value,
        from_number=caller,
        status="connected",
        started_at=BEGAN,
        connected_at=BEGAN,
        first_audio_at=BEGAN,
        started_revision=1,
        started_platform_revision=business.platform_revision,
    )


def jobs_of(call: b.Call, row: Call, *, ends: bool = True) -> list[Job]:
    """What the writer is handed of a call."""
    assert row.business is not None
    admission = replace(
        proofs.ADMISSION,
        call_id=row.pk,
        call_sid=row.sid,
        business_id=row.business.pk,
        started=Started(1, row.business.platform_revision),
    )
    return proofs.jobs_of(call, end=ends, admission=admission, new_id=partial(fresh, row.pk))


def fresh(call_id: int, number: UUID) -> UUID:
    """The numbered ids of the builders are the same in every call."""
    return UUID(int=number.int + (call_id << 32))


def forget(row: Call) -> list[str]:
    """Have the caller of a call forgotten, as support does; answers what went."""
    Call.objects.filter(pk=row.pk).update(from_number=CALLER)
    actor, _is_new = User.objects.get_or_create(username="support")
    assert row.business is not None
    return erase_profile(business=row.business, number=CALLER, actor=actor, reason="By letter")


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers, as somebody with the database's password is."""
    triggers.remove()
    try:
        yield
    finally:
        triggers.install()


def change_byte(table: str, column: str, where: str) -> str:
    """Change one letter in the middle of a stored value; answers the value before."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {where}")
        (before,) = cursor.fetchone()
        text = str(before)
        place = len(text) // 2
        while not text[place].isalnum():
            place += 1
        other = "1" if text[place] != "1" else "2"
        after = text[:place] + other + text[place + 1 :]
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", [after])
    return text


def faults() -> list[str]:
    return verify().faults
