"""The same webhook, token or note from several threads at once, on real databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections

from calls.domain.answers import Connect, Speak
from calls.live.writer import write
from calls.models import Call, ContextText
from calls.services import answer_call, consume_token
from calls.services.notes import StaleNote, correct_note, write_note
from calls.services.tags import add_tag
from prompts.domain.kinds import Direction
from prompts.models import AuditEntry
from prompts.services.profile import erase_profile, save_profile
from tests.calls.admin.calls import rows
from tests.calls.desk import make_business, sid, voice_form
from tests.calls.proof import shelf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at_once(*works: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def ask(business_id: int, number: int) -> Callable[[], object]:
    return lambda: answer_call(
        business_id=business_id,
        direction=Direction.INBOUND,
        form=voice_form(sid(number)),
        now=NOW,
    )


def test_five_identical_webhooks_leave_one_row_and_one_usable_token():
    business = make_business(Direction.INBOUND)
    answers = at_once(*[ask(business.pk, 1)] * 5)
    assert all(isinstance(answer, Connect) for answer in answers)
    assert Call.objects.count() == 1
    tokens = {answer.token for answer in answers}
    assert len([token for token in tokens if consume_token(token, NOW)]) == 1


def test_five_identical_webhooks_to_an_empty_slot_say_the_same():
    business = make_business()
    answers = at_once(*[ask(business.pk, 1)] * 5)
    assert all(isinstance(answer, Speak) and answer == answers[0] for answer in answers)
    assert Call.objects.count() == 1


def test_a_token_is_consumed_once_however_many_try():
    business = make_business(Direction.INBOUND)
    token = ask(business.pk, 1)().token
    admissions = at_once(*[lambda: consume_token(token, NOW)] * 6)
    assert len([admission for admission in admissions if admission]) == 1


def test_a_caller_who_is_forgotten_as_the_last_rows_come_is_forgotten_whole():
    business, caller = shelf.make_business(), "+15005550177"
    why = {"actor": None, "reason": "Asked by letter"}
    for number in range(5):
        name = f"Dana {number}"
        save_profile(business=business, number=caller, values={"name": name}, **why)
        told = shelf.begin(business, context=shelf.OF_SOMEBODY.replace("Dana", name))
        told.hang_up()
        jobs = shelf.jobs_of(told, shelf.make_row(business, caller=caller))
        at_once(
            lambda: write(jobs),  # noqa: B023 - both are through before the next number
            lambda: erase_profile(business=business, number=caller, **why),
        )
    assert set(ContextText.objects.values_list("text", flat=True)) == {""}
    assert ContextText.objects.count() == 5


def test_the_limit_of_calls_is_not_exceeded_by_one(settings):
    settings.MAX_CONCURRENT_CALLS = 3
    business = make_business(Direction.INBOUND)
    ask(business.pk, 99)()  # the words are warm, so that all arrive at the count together
    answers = at_once(*[ask(business.pk, number) for number in range(1, 9)])
    assert len([answer for answer in answers if isinstance(answer, Connect)]) == 2
    assert Call.objects.filter(status="received").count() == 3
    assert Call.objects.filter(end_reason="busy").count() == 6


def test_notes_and_tags_written_at_once_are_all_kept_once():
    call = rows.make_call(make_business())
    write = [lambda: write_note(call=call, text="Mine", actor=None)] * 4
    mark = [lambda: add_tag(call=call, word="refund", actor=None)] * 4
    at_once(*write, *mark)
    assert [note.number for note in call.notes.order_by("number")] == [1, 2, 3, 4]
    assert call.tags.count() == 1
    assert AuditEntry.objects.filter(object_type="call").count() == 5


def test_of_two_corrections_at_once_one_follows_the_other_knowingly():
    call = rows.make_call(make_business())
    write_note(call=call, text="She waits.", actor=None)

    def correct(text: str) -> Callable[[], object]:
        def work() -> object:
            try:
                return correct_note(call=call, number=1, text=text, base=1, actor=None)
            except StaleNote as stale:
                return stale

        return work

    done = at_once(correct("One"), correct("Two"))
    assert sorted(type(one).__name__ for one in done) == ["Note", "StaleNote"]
    assert call.notes.count() == 2
