"""A call in plain text, for the business."""

import pytest
from django.test import Client

from calls.models import Call
from calls.services.notes import write_note
from calls.services.tags import add_tag
from prompts.models import Business
from prompts.services.profile import save_profile
from tests.calls.admin.calls.rows import GOING_ON, make_call, make_turn, page_of
from tests.calls.proof import shelf
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def summary(staff: Client, call: Call) -> str:
    page = staff.get(f"/admin/calls/call/{call.pk}/change/")
    text: str = page.context["summary"]
    return text


def test_the_summary_tells_who_when_and_what_was_said(staff: Client, business: Business) -> None:
    call = make_call(business)
    make_turn(call, 1, text="Shalom. How can I help?", heard="Shalom.", interrupted=True, version=2)
    make_turn(call, 2, speaker="caller", text="מה שעות הפתיחה?")
    make_turn(call, 3, speaker="caller", text="")
    assert summary(staff, call) == (
        "Call of Galil\n"
        "Nov. 20, 2026, 4:05 p.m. (Asia/Jerusalem), 1:15\n"
        "Customers call us: +972501234567\n"
        "The caller hung up.\n"
        "\n"
        "What was said (automatic transcript, may be wrong):\n"
        "16:05:00 Agent (v2): Shalom. [not heard: How can I help?]\n"
        "16:05:00 Caller: מה שעות הפתיחה?\n"
        "16:05:00 Caller: (no words were recognised)\n"
    )


def test_a_call_without_words_says_so(staff: Client) -> None:
    text = summary(staff, make_call(None, direction="outbound", to_number="", **GOING_ON))
    assert "Call of an unknown business" in text
    assert "We call customers\nIn progress\n" in text
    assert "Nothing was said, or nothing was written down." in text


def test_the_summary_has_publishes_and_no_inner_words_and_nothing_of_others(
    staff: Client,
) -> None:
    business = make_business("Harbor")
    publish_text(business, "The first words.")
    call = shelf.begin(business)
    call.now = 5.0
    publish_text(business, "The second words.", actor=make_user("ruth"))
    shelf.learn(call, business)
    shelf.echo(call)
    save_profile(
        business=business,
        number="+972509999999",
        values={"name": "Somebody Else"},
        actor=make_user("eve"),
        reason="Told on the phone",
    )
    shelf.learn(call, business)
    row = shelf.store(call, business)
    text = summary(staff, row)
    assert "* Published v2 – ruth: A test (Confirmed by the voice service)" in text
    for words in ("eve", "Somebody", "fingerprint", "revision", "push", row.fingerprint or "r3"):
        assert words not in text
    for turn in row.turns.all():
        assert turn.fingerprint[:12] not in text


def test_what_staff_wrote_is_not_for_the_business(staff: Client, business: Business) -> None:
    call = make_call(business)
    write_note(call=call, text="She waits for Ruth.", actor=None)
    add_tag(call=call, word="refund", actor=None)
    text = summary(staff, call)
    assert "Ruth" not in text
    assert "refund" not in text


def test_the_page_offers_the_summary_to_be_copied_without_a_script_too(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    make_turn(call, 1, speaker="caller", text="</textarea><b>bold</b>")
    text = page_of(staff, call)
    assert "Copy for the business" in text
    assert '<textarea id="summary" readonly' in text
    assert "</textarea><b>" not in text
