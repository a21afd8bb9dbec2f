"""Calls and what was said in them, for the pages of support."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from calls.models import Call, Receipt, Turn
from prompts.models import Business, PromptVersion

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
LIST = "admin:calls_call_changelist"
ENDED = {
    "status": "ended",
    "end_reason": "caller_hung_up",
    "ended_at": NOW + timedelta(seconds=75),
    "duration_seconds": 75,
}
GOING_ON = {"status": "connected", "end_reason": "", "ended_at": None, "duration_seconds": None}


def make_call(business: Business | None, number: int = 1, **fields: object) -> Call:
    values = {"direction": "inbound", "from_number": "+972501234567", "started_at": NOW, **ENDED}
    return Call.objects.create(sid=sid(number), business=business, **(values | fields))


def sid(number: int) -> str:
    return f"CA{number:032x}"


def make_turn(call: Call, position: int, **fields: object) -> Turn:
    values = {"speaker": "agent", "text": "Hello.", "started_at": NOW}
    return Turn.objects.create(call=call, position=position, **(values | fields))


def make_receipt(call: Call, revision: int, version: PromptVersion, **fields: object) -> Receipt:
    values = {
        "version": version.number,
        "prompt_version": version,
        "result": "acknowledged",
        "route": "push",
    }
    return Receipt.objects.create(call=call, revision=revision, **(values | fields))


def page_of(staff: Client, call: Call) -> str:
    response = staff.get(reverse("admin:calls_call_change", args=[call.pk]))
    assert response.status_code == 200
    return response.text


def look_for(staff: Client, **typed: object) -> HttpResponse:
    """The list, when this was typed into its form."""
    response: HttpResponse = staff.post(reverse(LIST), typed, follow=True)
    assert response.status_code == 200
    return response


def found(staff: Client, **typed: object) -> list[Call]:
    """The calls that were found."""
    return [row.call for row in look_for(staff, **typed).context["stretch"].rows]
