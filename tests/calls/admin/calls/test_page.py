"""The page of one call, as support reads it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion, ReadEntry
from tests.calls.admin.calls.rows import NOW, make_call, make_receipt, make_turn, page_of
from tests.factories import make_business, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_whoever_reads_what_was_said_is_written_down(staff: Client, business: Business) -> None:
    call = make_call(business)
    page_of(staff, call)
    look = ReadEntry.objects.get()
    read = (look.action, look.object_type, look.object_id)
    assert read == ("transcript.read", "call", str(call.pk))
    assert (look.business, look.actor_name) == (business, "dana")


def test_the_page_shows_turns_in_order_with_the_version_of_each_answer(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business)
    make_turn(call, 2, speaker="caller", text="מה שעות הפתיחה?")
    stamp = {
        "version": version.number,
        "prompt_version": version,
        "fingerprint": "a" * 64,
        "known_by": "order",
    }
    make_turn(call, 1, text="Shalom.", heard="Shalom.", **stamp)
    text = page_of(staff, call)
    assert text.index("Shalom.") < text.index("מה שעות הפתיחה?")
    link = reverse("admin:calls_call_line", args=[call.pk, 1])
    assert f'<a class="va-version" href="{link}"' in text
    assert f">{'a' * 12}<" in text
    assert "Sure: no change was on its way." in text
    assert "Automatic transcript, may be wrong." in text
    assert 'Nov. 20, 2026, 4:05 p.m. <bdi dir="ltr">(Asia/Jerusalem)</bdi>' in text
    assert "Times: Asia/Jerusalem." in text


def test_an_interrupted_answer_shows_what_was_heard_and_what_was_meant(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    text, heard = "A check-up costs sixty dollars.", "A check-up"
    played = {"interrupted": True, "generated_ms": 3000, "heard_ms": 900}
    make_turn(call, 1, text=text, heard=heard, fingerprint="a" * 64, **played)
    make_turn(call, 2, text="Goodbye now.", interrupted=True)
    text = page_of(staff, call)
    assert "Interrupted" in text
    assert '<p class="va-words-said" dir="auto">A check-up <span class="va-unheard">' in text
    assert " </span>costs sixty dollars.</span></p>" in text
    assert "900 of 3000 ms were played." in text
    assert "Nothing of this was heard." in text


def test_numbers_in_free_text_keep_their_order_in_every_script(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    make_turn(call, 1, speaker="caller", text="הטלפון שלי הוא +972 50-123-4567, תודה")
    assert 'הוא <bdi dir="ltr">+972 50-123-4567</bdi>, תודה' in page_of(staff, call)


def test_each_line_has_a_link_of_its_own(staff: Client, business: Business) -> None:
    call = make_call(business)
    make_turn(call, 7)
    text = page_of(staff, call)
    assert 'id="line-7"' in text
    assert 'href="#line-7"' in text
    assert 'aria-label="Link to line 7"' in text


def test_an_answer_tells_what_the_voice_service_counted(staff: Client, business: Business) -> None:
    call = make_call(business)
    usage = {"total_tokens": 1234, "input_tokens": 1000, "output_tokens": 234}
    usage |= {"input_token_details": {"cached_tokens": 640}}
    make_turn(call, 1, fingerprint="a" * 64, usage=usage)
    make_turn(call, 2, fingerprint="a" * 64, usage={"total_tokens": "many"})
    make_turn(call, 3, fingerprint="a" * 64, usage=["odd"])
    told = "1234 tokens: 1000 in (640 of them from before), 234 out"
    assert page_of(staff, call).count(told) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, ""),
        (
            {"end_reason": "model_lost"},
            "A caller who was still on the line then heard the fallback",
        ),
        ({"status": "refused", "end_reason": "paused"}, "The caller heard the fallback words."),
    ],
)
def test_a_call_tells_whether_the_fallback_was_heard(
    staff: Client, business: Business, fields: dict[str, str], sentence: str
) -> None:
    text = page_of(staff, make_call(business, **fields))
    assert sentence in text
    assert ("fallback" in text) == bool(sentence)


def test_the_page_shows_receipts_and_the_settings_of_the_call(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business, settings={"voice": "cedar", "languages": ["he", "en"]})
    make_receipt(
        call,
        3,
        version,
        hash_echoed="b" * 64,
        committed_at=NOW,
        acknowledged_at=NOW + timedelta(seconds=1),
    )
    text = page_of(staff, call)
    for words in ("Confirmed by the voice service", "By push", "b" * 12, "cedar", "16:05:01"):
        assert words in text
    assert "b" * 13 not in text


def test_text_of_callers_is_never_markup(staff: Client, business: Business) -> None:
    call = make_call(business, from_number="<i>x</i>")
    make_turn(call, 1, speaker="caller", text="<script>alert(1)</script>")
    text = page_of(staff, call)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<i>x</i>" not in text


def test_a_call_of_no_known_business_has_a_page(staff: Client) -> None:
    detail = "No business has the number in this webhook address."
    refused = {"status": "refused", "end_reason": "refused", "end_detail": detail}
    call = make_call(None, **refused)
    text = page_of(staff, call)
    assert "Unknown" in text
    assert text.partition("</textarea>")[2].count(detail) == 1


def test_a_longer_call_needs_no_more_queries(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(staff, call)
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            make_turn(call, number, version=1, prompt_version=version)
            make_receipt(call, number, version)

    grow(0, 2)
    page_of(staff, call)  # the first look of all makes the head of their chain
    few = count()
    grow(2, 400)
    assert count() == few


def test_a_call_is_not_changed_by_its_page(staff: Client, business: Business) -> None:
    call = make_call(business)
    address = reverse("admin:calls_call_change", args=[call.pk])
    staff.post(address, {"from_number": "1"})
    call.refresh_from_db()
    assert call.from_number == "+972501234567"


def test_a_call_that_is_not_there_is_404_with_a_sentence(staff: Client) -> None:
    response = staff.get(reverse("admin:calls_call_change", args=[12345]))
    assert response.status_code == 404
    assert "There is no such page" in response.text


def test_a_stranger_sees_no_call_and_a_viewer_reads_which_role_is_missing(
    client: Client, business: Business
) -> None:
    call = make_call(business)
    address = reverse("admin:calls_call_change", args=[call.pk])
    client.force_login(make_member(make_business("Other"), Role.SUPPORT, username="stranger"))
    assert client.get(address).status_code == 404
    client.force_login(make_member(business, Role.VIEWER, username="viewer"))
    response = client.get(address)
    assert response.status_code == 403
    assert "support" in response.text
    client.force_login(make_member(business, Role.SUPPORT, username="support"))
    assert client.get(address).status_code == 200
