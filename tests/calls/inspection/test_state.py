"""What database, cache and calls hold, and when they count as different."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from calls.domain.records import Result
from calls.inspection.state import prompt_state
from calls.models import Call, Receipt
from prompts import cache
from prompts.domain.kinds import Apply, Direction
from prompts.models import Business
from prompts.selectors import current_revision, read_wording
from prompts.tokens import make_command_token
from tests.calls.live_rows import make_call, make_receipt
from tests.calls.proof import shelf
from tests.factories import make_business, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    made = make_business()
    publish_text(made, "First.")
    made.refresh_from_db()
    return made


@pytest.fixture
def call(business: Business) -> Call:
    made = make_call(business, 1, NOW)
    make_receipt(made, business.revision, Result.ACKNOWLEDGED)
    return made


def inbound(business: Business) -> dict[str, object]:
    found: dict[str, object] = prompt_state(business.pk, NOW)["directions"]["inbound"]
    return found


def test_all_three_agree_and_looking_warms_nothing(business: Business, call: Call) -> None:
    found = inbound(business)
    assert (found["agrees"], found["cache"]) == (True, None)
    assert cache.peek(business.pk, Direction.INBOUND) is None
    cache.wording(business.pk, Direction.INBOUND, at_least=0)
    assert inbound(business)["cache"]["words"] == found["database"]["words"]  # type: ignore[index]


def test_a_call_that_has_not_the_newest_revision_differs(business: Business, call: Call) -> None:
    publish_text(business, "Second.")
    assert not inbound(business)["agrees"]
    make_receipt(call, current_revision(business.pk), Result.UNVERIFIED)
    assert not inbound(business)["agrees"]
    make_receipt(call, current_revision(business.pk), Result.ACKNOWLEDGED)
    assert inbound(business)["agrees"]


def test_a_call_that_holds_other_words_than_its_revision_says_differs(business: Business) -> None:
    row = shelf.store(shelf.begin(business), business, ends=False)
    Call.objects.filter(pk=row.pk).update(
        started_at=NOW, started_revision=1, token_used_at=NOW, ended_at=None, end_reason="",
        status="connected", duration_seconds=None,
    )  # fmt: skip
    found = inbound(business)
    (held,) = found["calls"]  # type: ignore[misc]
    assert (found["agrees"], held["words"]) == (True, found["database"]["words"])  # type: ignore[index]
    publish_text(business, "Second.")
    # As a fault of ours would leave it: the newest revision under the words of an older one.
    receipt = make_receipt(row, current_revision(business.pk), Result.ACKNOWLEDGED)
    Receipt.objects.filter(pk=receipt.pk).update(hash_sent=held["fingerprint"])
    assert not inbound(business)["agrees"]
    Receipt.objects.filter(pk=receipt.pk).update(result=Result.HELD.value)
    assert not inbound(business)["agrees"]  # nor was it for new calls only


def test_a_call_that_keeps_its_version_by_choice_does_not_count(
    business: Business, call: Call
) -> None:
    publish_text(business, "Second.", apply=Apply.NEW_CALLS)
    make_receipt(call, current_revision(business.pk), Result.HELD, version=1)
    found = inbound(business)
    assert found["agrees"]
    assert found["calls"][0]["held"]  # type: ignore[index]


def test_old_words_in_the_cache_differ(business: Business) -> None:
    old = read_wording(business.pk, Direction.INBOUND)
    publish_text(business, "Second.")
    cache.keep(old)
    assert not prompt_state(business.pk, NOW)["agrees"]


def test_an_empty_slot_says_why(business: Business) -> None:
    outbound = prompt_state(business.pk, NOW)["directions"]["outbound"]
    assert "business is empty" in outbound["database"]["fault"]
    assert outbound["agrees"]


def test_the_server_tells_its_own(client: Client, business: Business) -> None:
    bearer = {"Authorization": f"Bearer {make_command_token()}"}
    answer = client.get(f"/realtime/business/{business.pk}/state", headers=bearer)
    assert (answer.status_code, answer.json()["agrees"]) == (200, True)
    assert client.get("/realtime/business/99/state", headers=bearer).status_code == 404
