"""What stands between the lines: a publish, when it was received, sent and confirmed."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from calls.models import Call, Receipt
from prompts.domain.kinds import Apply
from prompts.domain.layers import Started
from prompts.models import Business
from prompts.services.freshness import check_freshness
from prompts.services.settings import change_settings
from tests.calls.admin.calls.rows import make_call, make_receipt, make_turn, page_of
from tests.calls.domain import builders as b
from tests.calls.proof import shelf
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    business = make_business("Harbor")
    publish_text(business, "The first words.", greeting="Hello there.")
    return business


def rows(staff: Client, call: Call) -> list[str]:
    """The transcript, a row for each line and each sign, without markup."""
    listed = page_of(staff, call).partition('<ol class="va-lines">')[2].partition("</ol>")[0]
    parts = re.split(r'<li class="va-(?=line va-line-|sign )', listed)[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part.partition(">")[2])) for part in parts]


def test_a_publish_stands_between_the_lines_with_its_moments(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    call.now = 5.0
    shelf.answer(call, "before")
    call.now = 8.0
    publish_text(business, "The second words.", actor=make_user("ruth"))
    shelf.learn(call, business)
    call.now = 8.25
    shelf.echo(call)
    call.now = 9.0
    shelf.answer(call, "after")
    call.now = 12.0
    told = rows(staff, shelf.store(call, business))
    assert [row for row in told if "Agent" in row][1].split()[:4] == [
        "#2",
        "Agent",
        "09:30:05",
        "v1",
    ]
    (sign,) = (row for row in told if "Published v2" in row)
    assert told.index(sign) == 3
    assert "09:30:07" in sign
    for words in (
        "by ruth : A test",
        "Received by push (after 10 ms)",
        "Sent to the voice service (after 10 ms)",
        "Confirmed by the voice service (after 260 ms)",
    ):
        assert words in sign
    assert "v2" in told[4]
    assert "The call began under v1" in told[0]
    assert "The caller hung up." in told[-1]


def test_a_publish_during_an_answer_is_split_where_lines_stand_between_its_steps(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    publish_text(business, "The second words.")
    call.now = 5.0
    shelf.learn(call, business)
    call.now = 5.5
    call.hear(b.created("between"))
    call.now = 6.0
    shelf.echo(call)
    marks = call.hear(b.delta("between", 1600)).marks + call.hear(b.done("between")).marks
    call.played(*marks)
    told = rows(staff, shelf.store(call, business))
    signs = [row for row in told if "Published v2" in row]
    assert len(signs) == 2
    assert "Sent to the voice service" in signs[0]
    assert "Confirmed" not in signs[0]
    assert "Confirmed by the voice service (after 1010 ms)" in signs[1]
    between = told[told.index(signs[0]) + 1]
    assert "likely" in between
    assert "It was v2." in between


def test_an_update_that_nobody_answers_is_told_with_both_sendings(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    publish_text(business, "The second words.")
    call.now = 5.0
    shelf.learn(call, business)
    call.at(14.0)
    shelf.answer(call, "after")
    told = rows(staff, shelf.store(call, business))
    (sign,) = (row for row in told if "Published v2" in row)
    assert "Sent again (after 3010 ms)" in sign
    assert "Not confirmed (after 8010 ms)" in sign
    assert "not sure" in told[-2]


def test_an_update_that_is_refused_is_told(staff: Client, business: Business) -> None:
    call = shelf.begin(business)
    publish_text(business, "The second words.")
    call.now = 5.0
    update = shelf.learn(call, business).to_model("session.update")[-1]
    call.now = 5.2
    call.hear(b.error("invalid_value", update["event_id"]))
    (sign,) = (row for row in rows(staff, shelf.store(call, business)) if "Published v2" in row)
    assert "Refused by the voice service (after 210 ms)" in sign


def test_a_release_for_new_calls_is_told_as_kept(staff: Client, business: Business) -> None:
    call = shelf.begin(business)
    business.refresh_from_db()
    started = Started(business.revision, business.platform_revision)
    publish_text(business, "The second words.", apply=Apply.NEW_CALLS)
    held = shelf.configuration_of(business, started=started)
    call.publish(b.Notice(held, b.Route.PUSH, call.now, call.now))
    (sign,) = (row for row in rows(staff, shelf.store(call, business)) if "Published v2" in row)
    assert "Kept on its version by choice" in sign


def test_words_that_are_asked_for_by_hand_were_published_once(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    version = publish_text(business, "The second words.", actor=make_user("ruth"))
    business.refresh_from_db()

    def answer(seconds: int, revision: int, **fields: object) -> None:
        moment = call.started_at + timedelta(seconds=seconds)
        details = {"committed_at": call.started_at, "received_at": moment} | fields
        make_receipt(call, revision, version, **details)

    answer(0, business.revision - 1, route="start")
    answer(1, business.revision, acknowledged_at=call.started_at + timedelta(seconds=2))
    answer(8, business.revision, route="manual", result="unchanged")
    answer(9, business.revision - 1, route="manual", result="unchanged")
    make_turn(call, 1, started_at=call.started_at + timedelta(seconds=20))
    told = rows(staff, call)
    assert [row for row in told if "Published v2" in row] == [told[1]]
    assert "by ruth : A test" in told[1]
    assert [row for row in told if "The words were asked for again" in row] == told[2:4]
    assert "Asked for by hand Nothing to change" in told[2]


def test_words_that_no_call_hears_are_no_change_of_the_prompt(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    check_freshness(business=business, actor=None)
    shelf.learn(call, business)
    told = rows(staff, shelf.store(call, business))
    assert not [row for row in told if "Published" in row or "Taken back" in row]
    assert [row for row in told if "Freshness was checked" in row]


def test_a_lost_connection_is_told(staff: Client, business: Business) -> None:
    call = shelf.begin(business)
    call.now = 5.0
    call.lose()
    told = rows(staff, shelf.store(call, business))
    assert any("The connection to the voice service was lost." in row for row in told)


def test_settings_that_change_stand_in_the_transcript_and_under_the_settings(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    change_settings(
        business=business,
        changes={"silence_duration_ms": 900},
        actor=make_user("ruth"),
        reason="Callers think slowly",
    )
    shelf.learn(call, business)
    shelf.echo(call)
    row = shelf.store(call, business)
    Call.objects.filter(pk=row.pk).update(
        settings={"model": "m", "audio": {"output": {"voice": "x"}}}
    )
    (sign,) = (one for one in rows(staff, row) if "Settings changed" in one)
    assert "by ruth : Callers think slowly" in sign
    Receipt.objects.create(
        call=row, revision=row.receipts.latest("revision").revision, result="unchanged",
        route="manual", received_at=row.ended_at,
    )  # fmt: skip
    text = page_of(staff, row)
    assert "by ruth</h3>" in text
    assert '<ins dir="auto">900</ins>' in text
    below = text.partition("by ruth</h3>")[2].partition("<table")[0]
    assert "Confirmed by the voice service" in below


def test_a_log_that_cannot_be_read_leaves_the_call_readable(
    staff: Client, business: Business
) -> None:
    call = shelf.begin(business)
    row = shelf.store(call, business)
    shelf.change_byte("calls_eventpage", "lines", "number = 1")
    with shelf.unguarded():
        row.pages.filter(number=1).update(lines="not json")
    text = page_of(staff, row)
    assert "The log of this call cannot be read" in text
    assert "The call began under v1" in text


def test_a_change_of_the_other_direction_says_so(staff: Client, business: Business) -> None:
    call = make_call(business)
    make_turn(call, 1)
    version = publish_text(business, "Other.", direction="outbound")
    business.refresh_from_db()
    make_receipt(
        call,
        business.revision,
        version,
        result="unchanged",
        committed_at=call.started_at,
        received_at=call.started_at,
    )
    (sign,) = (row for row in rows(staff, call) if "other direction" in row)
    assert "Nothing to change" in sign


def test_a_detail_in_english_keeps_its_order_on_a_hebrew_page(
    staff: Client, business: Business
) -> None:
    detail = "The process gave no sign for 15 seconds."
    call = make_call(business, end_reason="interrupted", end_detail=detail)
    make_turn(call, 1)
    staff.cookies["django_language"] = "he"
    page = staff.get(f"/admin/calls/call/{call.pk}/change/").content.decode()
    assert f"<li><bdi>{detail}</bdi></li>" in page
