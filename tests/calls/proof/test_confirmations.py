"""What staff read after publishing, while calls go on."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Call, Receipt
from calls.proof import announcements
from calls.proof.arrivals import Arrival, change_of_release, change_of_revision
from calls.proof.confirmations import Confirmation, confirmation
from prompts.domain.kinds import Apply, Direction
from prompts.models import Business, Release, Revision
from prompts.services.platform import publish_platform
from prompts.services.settings import change_settings
from prompts.services.take_back import take_back
from tests import factories

numbers = count(1)
IN = Direction.INBOUND
OUT = Direction.OUTBOUND


def told(*results: str, unannounced: bool = False, past: bool = False) -> str:
    calls = tuple(
        Arrival(Call(), result, milliseconds=84 if result == "acknowledged" else None)
        for result in results
    )
    return Confirmation(unannounced, calls, is_past=past).sentence


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
    assert told("unchanged") == "Live now. Nothing changes for 1 call in progress."
    assert told("acknowledged", "refused", "unverified", "held", "superseded") == (
        "Confirmed in 1 of 5 calls in progress, slowest 84 ms; 1 on a newer version already; "
        "1 kept on its words by choice; 1 refused by the voice service; 1 not confirmed."
    )


@pytest.mark.parametrize("results", [(), ("held", "held"), ("unchanged",), ("acknowledged",)])
def test_what_is_live_no_more_is_not_said_to_be(results: tuple[str, ...]) -> None:
    assert "Live" not in told(*results, past=True)


@pytest.fixture
def business(db: None, monkeypatch: pytest.MonkeyPatch) -> Business:
    monkeypatch.setattr(announcements, "_told", {})  # ids come again from test to test
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


def make_receipt(
    call: Call,
    revision: int,
    result: str,
    milliseconds: int = 0,
    version: int = 0,
    **more: object,
) -> None:
    """A receipt; without a version it names the one that was live at its revision."""
    releases = Release.objects.filter(prompt__business=call.business, revision__lte=revision)
    versions = [one.to_version for one in releases.order_by("-revision")]
    stands = next(one for one in versions if version in (0, one.number))
    committed = Revision.objects.get(business=call.business, number=revision).created_at
    is_confirmed = result.startswith("acknowledged")
    at = committed + timedelta(milliseconds=milliseconds) if is_confirmed else None
    details: dict[str, object] = {
        "route": "push",
        "version": stands.number,
        "prompt_version": stands,
        "committed_at": committed,
        "received_at": committed,
        "acknowledged_at": at,
    }
    Receipt.objects.create(call=call, revision=revision, result=result, **(details | more))


def newest(business: Business, direction: Direction = IN) -> Release:
    slot = business.prompts.get(direction=direction.value)
    release: Release = slot.releases.select_related("prompt").latest("pk")
    return release


def sentence(release: Release, *, after: float = 0.5) -> str:
    change = change_of_release(release)
    return confirmation(change, change.committed_at + timedelta(seconds=after)).sentence


def results(release: Release) -> list[str]:
    return [one.result for one in confirmation(change_of_release(release), timezone.now()).calls]


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
    assert sentence(newest(business)) == (
        "Confirmed in 2 of 3 calls in progress, slowest 84 ms; 1 ended."
    )


def test_only_calls_of_this_direction_and_business_count(business: Business) -> None:
    make_call(business, OUT)
    make_call(factories.make_business("Other"), started_revision=0)
    assert sentence(newest(business)).startswith("Live now. No calls")


def test_a_call_whose_media_socket_has_not_come_yet_is_not_waited_for(business: Business) -> None:
    """It will begin with the newest words; one that never comes took part in nothing."""
    coming = timezone.now() + timedelta(minutes=1)
    make_call(business, status="received", connected_at=None, token_expires_at=coming)
    end(make_call(business, connected_at=None))
    assert sentence(newest(business)).startswith("Live now. No calls")


def test_a_call_kept_on_its_version_says_so_of_a_change_of_settings_too(business: Business) -> None:
    make_receipt(make_call(business), business.revision, "held", version=1)
    revision = Revision.objects.get(business=business, number=business.revision)
    (arrival,) = confirmation(change_of_revision(revision), timezone.now()).calls
    assert arrival.result == "held"


def test_a_call_that_began_under_the_change_is_not_waited_for(business: Business) -> None:
    make_call(business, started_revision=business.revision)
    make_call(business, connected_at=None, status="received")
    assert sentence(newest(business)).startswith("Live now. No calls")


def test_a_call_that_ended_before_the_change_does_not_count(business: Business) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    make_call(business, status="ended", ended_at=long_ago, end_reason="caller_hung_up")
    assert sentence(newest(business)).startswith("Live now. No calls")


def test_the_result_of_an_old_release_stays_as_it_was(business: Business) -> None:
    release, call = newest(business), make_call(business)
    make_receipt(call, business.revision, "acknowledged", 9)
    end(call)
    assert sentence(release, after=86400 * 400) == (
        "Confirmed in 1 of 1 call in progress, slowest 9 ms."
    )


def test_sending_the_words_again_by_hand_does_not_rewrite_what_became_of_a_release(
    business: Business,
) -> None:
    release, call = newest(business), make_call(business)
    make_receipt(call, business.revision, "acknowledged", 9)
    later = timezone.now() + timedelta(seconds=20)
    make_receipt(call, business.revision, "unchanged", route="manual", received_at=later)
    assert sentence(release) == "Confirmed in 1 of 1 call in progress, slowest 9 ms."


def test_a_newer_revision_of_the_same_words_brings_the_older_along(business: Business) -> None:
    release, call = newest(business), make_call(business)
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    make_receipt(call, release.revision, "superseded")
    make_receipt(call, release.revision + 1, "acknowledged", 30)
    assert results(release) == ["acknowledged"]


def test_a_call_that_went_on_to_newer_words_never_had_these(business: Business) -> None:
    release, call = newest(business), make_call(business)
    factories.publish_text(business, "Three.")
    make_receipt(call, release.revision, "superseded")
    assert results(release) == ["waiting"]  # nobody knows yet what comes of the newer ones
    make_receipt(call, release.revision + 1, "acknowledged", 30)
    assert results(release) == ["superseded"]
    assert results(newest(business)) == ["acknowledged"]


def test_a_version_taken_back_before_it_arrived_was_superseded(business: Business) -> None:
    release, call = newest(business), make_call(business)
    take_back(business=business, direction=IN, base=2, reason="Wrong", actor=None)
    make_receipt(call, release.revision + 1, "unchanged")
    assert results(release) == ["superseded"]
    assert results(newest(business)) == ["unchanged"]


def test_a_release_for_new_calls_holds_the_others_whatever_comes_later(business: Business) -> None:
    factories.publish_text(business, "Three.", apply=Apply.NEW_CALLS)
    release, call = newest(business), make_call(business)
    assert sentence(release) == "Live for new calls. 1 call in progress keeps its words."
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    make_receipt(call, release.revision, "held", version=2)
    make_receipt(call, release.revision + 1, "acknowledged", version=2)
    assert results(release) == ["held"]


def test_words_that_a_later_release_for_new_calls_left_in_force_arrived(
    business: Business,
) -> None:
    release, call = newest(business), make_call(business)
    factories.publish_text(business, "Three.", apply=Apply.NEW_CALLS)
    make_receipt(call, release.revision, "superseded")
    make_receipt(call, release.revision + 1, "acknowledged", version=2)
    assert results(release) == ["acknowledged"]


def test_a_late_confirmation_counts(business: Business) -> None:
    call = make_call(business)
    make_receipt(call, business.revision, "unverified")
    assert results(newest(business)) == ["unverified"]
    make_receipt(call, business.revision, "acknowledged_late", 9000)
    assert results(newest(business)) == ["acknowledged_late"]


def test_a_call_that_was_confirmed_and_then_ended_stays_confirmed(business: Business) -> None:
    call = make_call(business)
    make_receipt(call, business.revision, "acknowledged", 9)
    end(call)
    assert sentence(newest(business)) == "Confirmed in 1 of 1 call in progress, slowest 9 ms."


def test_it_is_known_which_version_a_call_still_has(business: Business) -> None:
    first = newest(business).prompt.releases.earliest("pk")
    call = make_call(business, started_revision=first.revision, version=1)
    make_receipt(call, first.revision, "acknowledged")
    make_receipt(call, business.revision, "refused")
    (found,) = confirmation(change_of_release(newest(business)), timezone.now()).calls
    assert (found.result, found.call.still_on) == ("refused", 1)  # type: ignore[attr-defined]  # annotated


@pytest.mark.both_databases
def test_a_release_of_the_platform_counts_the_calls_of_every_business(business: Business) -> None:
    other = factories.make_business("Other")
    calls = [
        make_call(business, OUT, started_platform_revision=business.platform_revision),
        make_call(other, OUT, started_platform_revision=business.platform_revision),
        make_call(other, IN, started_platform_revision=business.platform_revision),
    ]
    text = "Be kind to whom you call."
    version = publish_platform(direction=OUT, text=text, base=1, note="A test", actor=None)
    assert version is not None
    release = version.releases.select_related("prompt").get()
    assert results(release) == ["waiting", "waiting"]
    business.refresh_from_db()
    make_receipt(calls[0], business.revision, "acknowledged", 12)
    assert results(release) == ["acknowledged", "waiting"]
    make_call(other, OUT, started_platform_revision=release.revision)
    assert len(results(release)) == 2


def test_a_change_of_settings_counts_the_calls_of_both_directions(business: Business) -> None:
    for direction in Direction:
        make_call(business, direction)
    change_settings(business=business, changes={"threshold": 0.7}, actor=None, reason="A test")
    change = change_of_revision(Revision.objects.filter(business=business).latest("pk"))
    assert confirmation(change, timezone.now()).count("waiting") == 2


def test_a_second_without_any_receipt_says_that_calls_will_find_it(business: Business) -> None:
    make_call(business)
    expected = "Live. Calls in progress pick it up within 6 seconds."
    assert sentence(newest(business), after=1.5) == expected
    # Past the promised time it would no longer be true.
    assert sentence(newest(business), after=7) == "Confirmed in 0 of 1 call in progress."


def test_a_change_that_was_told_is_not_said_to_be_untold(business: Business) -> None:
    make_call(business)
    announcements.announced(business.pk, business.revision)
    assert sentence(newest(business), after=1.5) == "Confirmed in 0 of 1 call in progress."


def test_what_was_not_told_of_another_change_says_nothing_of_this_one(business: Business) -> None:
    make_call(business)
    announcements.not_announced(None, 1, OSError())
    try:
        assert sentence(newest(business)) == "Confirmed in 0 of 1 call in progress."
    finally:
        announcements.announced(None, 1)


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
        assert sentence(newest(business)) == "Live. Calls in progress pick it up within 6 seconds."
    finally:
        announcements.announced(business.pk, business.revision)


def test_the_queries_do_not_grow_with_the_calls(business: Business) -> None:
    change, counts = change_of_release(newest(business)), []
    for more in (1, 9):
        for _ in range(more):
            make_receipt(make_call(business), business.revision, "acknowledged", 5)
        with CaptureQueriesContext(connection) as queries:
            confirmation(change, timezone.now())
        counts.append(len(queries))
    assert counts == [3, 3]
