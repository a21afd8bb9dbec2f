"""The list of calls and the page of one, as support reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from calls.admin.view import CallsView
from calls.models import Call, Receipt, Turn
from prompts.domain.kinds import Direction
from prompts.models import Business, PromptVersion, ReadEntry
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
LIST = "admin:calls_call_changelist"


@pytest.fixture
def business() -> Business:
    return make_business("Galil", time_zone="Asia/Jerusalem")


@pytest.fixture
def version(business: Business) -> PromptVersion:
    return publish_text(business, "Be kind.")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client


def make_call(business: Business, number: int = 1, **fields: object) -> Call:
    ended = {
        "status": "ended",
        "end_reason": "caller_hung_up",
        "ended_at": NOW + timedelta(seconds=75),
        "duration_seconds": 75,
    }
    values = {"direction": "inbound", "from_number": "+972501234567", "started_at": NOW, **ended}
    return Call.objects.create(sid=f"CA{number}", business=business, **(values | fields))


def make_turn(call: Call, position: int, **fields: object) -> Turn:
    values = {"speaker": "agent", "text": "Hello.", "started_at": NOW}
    return Turn.objects.create(call=call, position=position, **(values | fields))


def page(staff: Client, call: Call) -> str:
    response = staff.get(reverse("admin:calls_call_change", args=[call.pk]))
    assert response.status_code == 200
    return response.text


def test_whoever_reads_what_was_said_is_written_down(staff: Client, business: Business) -> None:
    call = make_call(business)
    page(staff, call)
    look = ReadEntry.objects.get()
    assert (look.action, look.object_type, look.object_id) == (
        "transcript.read",
        "call",
        str(call.pk),
    )
    assert (look.business, look.actor_name) == (business, "dana")


def test_the_list_tells_each_call_in_a_line(staff: Client, business: Business) -> None:
    make_call(business, version=7)
    refused = {"status": "refused", "end_reason": "no_prompt", "duration_seconds": None}
    make_call(business, 2, **refused)
    make_call(business, 3, status="connected", end_reason="", ended_at=None)
    text = staff.get(reverse(LIST)).text
    for words in (
        "Galil",
        '<bdi dir="ltr">+972501234567</bdi>',
        "1:15",
        "The caller hung up.",
        "v7",
        "Not answered by the agent: no inbound prompt is published.",
        "In progress",
    ):
        assert words in text


def test_the_list_shows_what_a_call_was_last_spoken_under(
    staff: Client, business: Business
) -> None:
    call = make_call(business, version=1)
    for position, number in enumerate((1, 2, None)):
        make_turn(call, position, version=number)
    text = staff.get(reverse(LIST)).text
    assert '<td class="field-begun_under">v1</td>' in text
    assert '<td class="field-spoken_under">v2</td>' in text
    assert "Started (UTC)" in text


def test_the_calls_in_progress_have_a_list_of_their_own(staff: Client, business: Business) -> None:
    make_call(business)
    going_on = {"status": "connected", "end_reason": "", "ended_at": None}
    make_call(business, 2, started_at=timezone.now(), **going_on)
    prompt = reverse("admin:prompts_business_prompt", args=[business.pk, "inbound"])
    publish_text(business)
    address = CallsView().live_calls_page(business.pk, Direction.INBOUND)
    assert f'<a href="{escape(address)}">1 call in progress.</a>' in staff.get(prompt).text
    found = staff.get(address).context["cl"].result_list
    assert [call.sid for call in found] == ["CA2"]


def test_the_list_is_filtered_and_searched(staff: Client, business: Business) -> None:
    other = make_business("Other")
    make_call(business)
    make_call(other, 2, direction="outbound", from_number="+15005550199")

    def rows(**filters: object) -> list[str]:
        found = staff.get(reverse(LIST), filters).context["cl"].result_list
        return [call.sid for call in found]

    assert rows() == ["CA2", "CA1"]
    assert rows(business__id__exact=other.pk) == ["CA2"]
    assert rows(direction__exact="inbound") == ["CA1"]
    assert rows(q="5550199") == ["CA2"]


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
    text = page(staff, call)
    assert text.index("Shalom.") < text.index("מה שעות הפתיחה?")
    link = reverse("admin:prompts_promptversion_text", args=[version.pk])
    assert f'<a href="{link}">v1</a>' in text
    assert f">{'a' * 12}<" in text
    assert "Sure: no change was on its way." in " ".join(text.split())
    assert "Automatic transcript, may be wrong." in text
    assert "Nov. 20, 2026, 4:05 p.m. (Asia/Jerusalem)" in text


def test_an_interrupted_answer_shows_what_was_heard_and_what_was_meant(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    make_turn(call, 1, text="A check-up costs sixty dollars.", heard="A check-up", interrupted=True)
    text = page(staff, call)
    assert "Interrupted by the caller" in text
    assert '<p class="va-words-said" dir="auto">A check-up</p>' in text
    assert "<bdi>A check-up costs sixty dollars.</bdi>" in text


def test_the_page_shows_receipts_and_the_settings_of_the_call(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business, settings={"voice": "cedar", "languages": ["he", "en"]})
    Receipt.objects.create(
        call=call,
        revision=3,
        version=1,
        prompt_version=version,
        result="acknowledged",
        route="push",
        hash_echoed="b" * 64,
        committed_at=NOW,
        acknowledged_at=NOW + timedelta(seconds=1),
    )
    text = page(staff, call)
    for words in ("Confirmed by the voice service", "By push", "b" * 12, "cedar", "16:05:01"):
        assert words in text
    assert "b" * 13 not in text


def test_text_of_callers_is_never_markup(staff: Client, business: Business) -> None:
    call = make_call(business, from_number="<i>x</i>")
    make_turn(call, 1, speaker="caller", text="<script>alert(1)</script>")
    text = page(staff, call)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<i>x</i>" not in staff.get(reverse(LIST)).text


def test_a_call_of_no_known_business_has_a_page(staff: Client) -> None:
    call = Call.objects.create(
        sid="CA9",
        direction="inbound",
        started_at=NOW,
        status="refused",
        end_reason="refused",
        ended_at=NOW,
        end_detail="No business has the number in this webhook address.",
    )
    text = page(staff, call)
    assert "Unknown" in text
    assert text.count("No business has the number in this webhook address.") == 1


def test_longer_calls_and_longer_lists_need_no_more_queries(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    call = make_call(business)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        return len(queries)

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            make_turn(call, number, version=1, prompt_version=version)
            Receipt.objects.create(
                call=call,
                revision=number,
                version=1,
                prompt_version=version,
                result="acknowledged",
                route="push",
            )
            make_call(business, 100 + number)

    addresses = (reverse(LIST), reverse("admin:calls_call_change", args=[call.pk]))
    grow(0, 2)
    page(staff, call)  # the first look of all makes the head of their chain
    few = [count(address) for address in addresses]
    grow(2, 32)
    assert [count(address) for address in addresses] == few


@pytest.mark.parametrize("method", ["get", "post"])
def test_calls_are_neither_added_nor_deleted_nor_changed(
    staff: Client, business: Business, method: str
) -> None:
    call = make_call(business)
    send = getattr(staff, method)
    for name, arguments in (("add", []), ("delete", [call.pk])):
        address = reverse(f"admin:calls_call_{name}", args=arguments)
        assert send(address).status_code == 403
    staff.post(reverse("admin:calls_call_change", args=[call.pk]), {"from_number": "1"})
    call.refresh_from_db()
    assert call.from_number == "+972501234567"
