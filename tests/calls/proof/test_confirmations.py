"""What staff read after publishing, while calls go on."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from calls.models import Call, Receipt
from calls.proof import confirmations
from calls.proof.confirmations import Confirmation, Reached, confirmation
from prompts import receipts
from prompts.domain.kinds import Direction
from prompts.models import Business, Revision
from tests import factories

numbers = count(1)
IN = Direction.INBOUND


def told(*results: str, unannounced: bool = False) -> str:
    calls = tuple(
        Reached(f"CA{n}", result, "push", 84 if result == "acknowledged" else None)
        for n, result in enumerate(results)
    )
    return Confirmation(1, IN, 5, unannounced, calls).sentence


def test_the_sentences_of_every_state() -> None:
    assert told() == "Live now. No calls in progress; the next call uses it."
    assert told("waiting", "waiting") == "Confirmed in 0 of 2 calls in progress."
    assert told("waiting", unannounced=True) == (
        "Live. Calls in progress pick it up within 6 seconds."
    )
    assert told("acknowledged", "acknowledged", "call_ended") == (
        "Confirmed in 2 of 3 calls in progress, slowest 84 ms; 1 ended."
    )
    assert told("acknowledged", "waiting", unannounced=True) == (
        "Confirmed in 1 of 2 calls in progress, slowest 84 ms."
    )
    assert told("held", "held") == "Live for new calls. 2 calls in progress keep their words."
    assert told("acknowledged", "refused", "unverified", "held") == (
        "Confirmed in 1 of 4 calls in progress, slowest 84 ms; 1 kept on its words by choice; "
        "1 refused by the voice service; 1 not confirmed."
    )


@pytest.fixture
def business(db: None) -> Business:
    made = factories.make_business("Harbor")
    factories.publish_text(made, "One.")
    factories.publish_text(made, "Two.")
    made.refresh_from_db()
    return made


def make_call(business: Business, direction: Direction = IN, **fields: object) -> Call:
    now = timezone.now()
    details = {
        "status": "connected",
        "started_at": now - timedelta(minutes=1),
        "connected_at": now - timedelta(minutes=1),
        "started_revision": business.revision - 1,
    }
    return Call.objects.create(
        sid=f"CA{next(numbers):032x}",
        business=business,
        direction=direction.value,
        **(details | fields),
    )


def make_receipt(call: Call, revision: int, result: str, milliseconds: int = 0) -> None:
    committed = Revision.objects.get(business=call.business, number=revision).created_at
    is_confirmed = result.startswith("acknowledged")
    at = committed + timedelta(milliseconds=milliseconds) if is_confirmed else None
    Receipt.objects.create(
        call=call, revision=revision, result=result, route="push",
        committed_at=committed, acknowledged_at=at,
    )  # fmt: skip


def sentence(business: Business, revision: int = 0, direction: Direction = IN) -> str:
    now = Revision.objects.get(business=business, number=business.revision).created_at
    asked = now + timedelta(seconds=0.5)
    return confirmation(business.pk, direction, revision or business.revision, now=asked).sentence


def end(call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(
        status="ended", ended_at=timezone.now(), end_reason="caller_hung_up"
    )


@pytest.mark.both_databases
def test_receipts_are_counted_and_the_slowest_is_named(business: Business) -> None:
    first, second, third = (make_call(business) for _ in range(3))
    make_receipt(first, business.revision, "acknowledged", 20)
    make_receipt(second, business.revision, "acknowledged", 84)
    end(third)
    assert sentence(business) == "Confirmed in 2 of 3 calls in progress, slowest 84 ms; 1 ended."


def test_only_calls_of_this_direction_and_business_count(business: Business) -> None:
    make_call(business, Direction.OUTBOUND)
    make_call(factories.make_business("Other"), started_revision=0)
    assert sentence(business).startswith("Live now. No calls")


def test_a_call_that_began_under_the_change_is_not_waited_for(business: Business) -> None:
    make_call(business, started_revision=business.revision)
    make_call(business, connected_at=None, status="received")
    assert sentence(business).startswith("Live now. No calls")


def test_a_call_that_ended_before_the_change_does_not_count(business: Business) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    make_call(business, status="ended", ended_at=long_ago, end_reason="caller_hung_up")
    assert sentence(business).startswith("Live now. No calls")


def test_a_newer_revision_that_arrived_brings_the_older_along(business: Business) -> None:
    call = make_call(business, started_revision=business.revision - 2)
    make_receipt(call, business.revision - 1, "superseded")
    make_receipt(call, business.revision, "acknowledged", 30)
    for revision in (business.revision - 1, business.revision):
        assert sentence(business, revision).startswith("Confirmed in 1 of 1 call")


def test_a_call_that_was_confirmed_and_then_ended_stays_confirmed(business: Business) -> None:
    call = make_call(business)
    make_receipt(call, business.revision, "acknowledged", 9)
    end(call)
    assert sentence(business) == "Confirmed in 1 of 1 call in progress, slowest 9 ms."


def test_a_second_without_any_receipt_says_that_calls_will_find_it(business: Business) -> None:
    make_call(business)
    later = timezone.now() + timedelta(seconds=1.5)
    found = confirmation(business.pk, IN, business.revision, now=later)
    assert found.sentence == "Live. Calls in progress pick it up within 6 seconds."


def test_a_layer_that_is_away_is_said_at_once(
    business: Business, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    async def away(changed: object) -> None:
        raise OSError("no Redis")

    monkeypatch.setattr("calls.receivers.announce", away)
    make_call(business)
    with django_capture_on_commit_callbacks(execute=True):
        factories.publish_text(business, "Three.")
    business.refresh_from_db()
    try:
        assert sentence(business) == "Live. Calls in progress pick it up within 6 seconds."
    finally:
        confirmations.announced(business.pk)


def test_the_publisher_gets_one_entry_for_each_direction_that_moved(business: Business) -> None:
    make_call(business)
    (entry,) = receipts.read(business.pk, business.revision) or []
    assert (entry["direction"], entry["in_progress"], entry["waiting"]) == ("inbound", 1, 1)
    assert entry["settled"] is False
