"""The commands about calls in progress, as an operator meets them."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from calls.domain.records import Result
from calls.management.commands import live_calls, refresh_calls
from calls.models import Call
from prompts.models import Business
from tests import services
from tests.calls.desk import sid
from tests.calls.live_rows import make_call, make_receipt, make_worker
from tests.factories import make_business, publish_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business()


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def nowhere() -> str:
    return f"http://127.0.0.1:{services.free_port()}"


def test_live_calls_lists_and_says_when_there_are_none(business: Business) -> None:
    assert run("live_calls").strip() == "No calls are in progress."
    make_receipt(make_call(business, 1, timezone.now()), 1, Result.ACKNOWLEDGED)
    make_call(make_business("Other"), 2, timezone.now())
    assert f"{sid(1)}  business {business.pk}  inbound  connected" in run("live_calls")
    found = json.loads(run("live_calls", "--json", "--business", business.pk))["sessions"]
    assert [row["id"] for row in found] == [sid(1)]


@pytest.mark.parametrize("command", ["live_calls", "refresh_calls"])
def test_a_business_that_is_not_there_is_said(business: Business, command: str) -> None:
    with pytest.raises(CommandError, match="There is no business 99"):
        run(command, "--business", 99)


def test_live_calls_closes_the_calls_of_a_worker_that_stays_silent(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_calls, "SURE_AFTER", 0)
    monkeypatch.setattr("calls.services.workers.SURE_AFTER", 0)
    long_ago = timezone.now() - timedelta(minutes=2)
    make_call(business, 1, long_ago, worker_id=make_worker(long_ago).pk)
    assert "closed as interrupted: 1" in run("live_calls")
    assert Call.objects.get().end_reason == "interrupted"


def test_refresh_calls_with_several_and_none_named_lists_them(business: Business) -> None:
    make_call(business, 1, timezone.now())
    make_call(business, 2, timezone.now())
    with pytest.raises(CommandError, match=f"(?s)name one.*{sid(1)}"):
        run("refresh_calls")


def test_refresh_calls_without_any_or_with_an_unknown_one(business: Business) -> None:
    assert run("refresh_calls").strip() == "No calls are in progress."
    with pytest.raises(CommandError, match=f"There is no call {sid(9)}"):
        run("refresh_calls", sid(9))


def test_refresh_calls_takes_no_call_for_one_of_another_business(business: Business) -> None:
    make_call(business, 1, timezone.now())
    with pytest.raises(CommandError, match=f"one of business {business.pk}"):
        run("refresh_calls", sid(1), "--business", str(business.pk + 1))


def test_refresh_calls_takes_the_only_call_and_prints_its_answer(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_call(business, 1, timezone.now())
    asked = []

    def ask(*given: object) -> tuple[int, dict[str, object]]:
        asked.append(given[1:])
        return 504, {"message": "Nobody confirmed.", "receipt": None}

    monkeypatch.setattr(refresh_calls, "ask_server", ask)
    out = StringIO()
    with pytest.raises(CommandError, match="Not every call"):
        call_command("refresh_calls", "--force", stdout=out)
    assert out.getvalue().strip() == f"{sid(1)}  Nobody confirmed."
    assert asked == [("POST", f"/realtime/session/{sid(1)}/refresh", {"force": True})]


@pytest.mark.parametrize("command", ["prompt_state", "check_freshness"])
def test_a_server_that_is_not_there_is_a_sentence(
    business: Business, nowhere: str, command: str
) -> None:
    with pytest.raises(CommandError, match=f"The server does not answer at {nowhere}"):
        run(command, business.pk, "--url", nowhere)


def test_with_redis_the_commands_look_for_themselves(
    business: Business, settings: pytest.FixtureRequest
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"  # type: ignore[attr-defined]
    publish_text(business, "Words.")
    make_call(business, 1, timezone.now())
    with pytest.raises(CommandError, match="They differ"):
        run("prompt_state", business.pk)
    Call.objects.all().delete()
    assert "cache     nothing kept" in run("prompt_state", business.pk)
    assert json.loads(run("prompt_state", business.pk, "--json"))["agrees"]
    assert "WRONG" not in run("check_freshness", business.pk)
    for command in ("prompt_state", "check_freshness"):
        with pytest.raises(CommandError, match="There is no business 99"):
            run(command, 99)


def test_check_directions_tells_every_place(business: Business) -> None:
    publish_text(business, "Words.")
    told = run("check_directions")
    assert f"{business.pk} Bloom & Stem, inbound: universal v1, business v1, call_type v1" in told
    assert "outbound: Business" in told
    assert "No past call names words of another" in told
