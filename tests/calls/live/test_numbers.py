"""The numbers that the promise is made with: whoever changes one changes the promise."""

from django.conf import settings

from calls import groups, selectors
from calls.domain import flights
from calls.live import bridge, delivery, heart, reconcile, refreshing, subscription


def test_the_hub_notices_an_outage_and_comes_back_as_promised() -> None:
    assert subscription.BEAT_EVERY == 2.0
    for part in (subscription, reconcile):
        assert (part.FIRST_PAUSE, part.LONGEST_PAUSE) == (0.2, 5.0)


def test_a_call_waits_little_for_its_hub_and_a_slice_is_five_calls() -> None:
    assert bridge.JOIN_WITHIN == 0.2
    assert delivery.CALLS_PER_SLICE == 5


def test_an_update_is_sent_again_after_three_seconds_and_given_up_after_eight() -> None:
    assert (flights.RESEND_AFTER, flights.GIVE_UP_AFTER) == (3.0, 8.0)


def test_whoever_asks_for_a_refresh_waits_eight_seconds_at_most() -> None:
    assert refreshing.ANSWERED_WITHIN == 8.0


def test_a_frozen_redis_costs_the_publisher_at_most_a_second() -> None:
    assert max(settings.REDIS_TIMEOUTS.values()) + groups.ANNOUNCED_WITHIN <= 1.0


def test_a_worker_gives_several_signs_before_it_counts_as_gone() -> None:
    assert selectors.SILENT_AFTER.total_seconds() == 15
    assert heart.SIGN_EVERY * 3 <= 15


async def test_jitter_only_shortens_the_time_between_two_questions(monkeypatch, settings) -> None:
    settings.RECONCILE_SECONDS = 0.01
    bounds = []

    def shortest(low: float, high: float) -> float:
        bounds.append((low, high))
        return low

    monkeypatch.setattr(reconcile.random, "uniform", shortest)
    await reconcile.Reconciler(dict, lambda _standing: None)._wait()
    assert bounds == [(0.6, 1.0)]
