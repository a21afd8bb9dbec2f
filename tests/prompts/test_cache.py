import contextvars
import functools
import logging
import time

import pytest
import redis
from django.core.cache import cache as store
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction

from prompts import cache, selectors
from prompts.domain.kinds import Channel, Direction
from prompts.domain.layers import compose
from prompts.models import Business
from prompts.selectors import current_revision
from prompts.services.hours import change_hours
from prompts.services.platform import publish_platform
from prompts.services.take_back import take_back
from prompts.signals import instructions_changed
from tests.factories import make_business, publish_text

INBOUND = Direction.INBOUND


@pytest.fixture
def business():
    business = make_business()
    publish_text(business, "Old words.")
    return business


@pytest.fixture(autouse=True)
def _works(monkeypatch):
    """Each test begins with a cache that works, and is that of its settings."""
    monkeypatch.setattr(cache, "_outage", cache.Outage())
    monkeypatch.setattr(cache, "_store", functools.cache(cache._store.__wrapped__))


def read(business, at_least=0):
    wording = cache.wording(business.pk, INBOUND, at_least=at_least)
    return compose(wording, context="").text


def use_redis(settings, url):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }
    cache._store.cache_clear()


def events(caplog) -> list[str]:
    return [record.event for record in caplog.records if hasattr(record, "event")]


@pytest.mark.django_db
def test_the_second_reader_asks_no_database(business, django_assert_num_queries, caplog):
    read(business)
    caplog.clear()
    caplog.set_level(logging.INFO)
    with django_assert_num_queries(0):
        assert "Old words." in read(business, at_least=current_revision_of(business))
    assert events(caplog) == ["prompt.cache_hit", "prompt.load"]
    assert caplog.records[0].facts["age"] >= 0


def current_revision_of(business) -> int:
    """The revision without a query, as a call knows it."""
    return 2


@pytest.mark.django_db
def test_an_entry_that_is_too_old_is_a_miss(business):
    read(business)
    publish_text(business, "New words.")
    assert "New words." in read(business, at_least=current_revision(business.pk))


@pytest.mark.django_db
def test_a_slow_reader_cannot_resurrect_old_words(business):
    slow = selectors.read_wording(business.pk, INBOUND)
    publish_text(business, "New words.")
    now = current_revision(business.pk)
    read(business, at_least=now)
    cache.keep(slow)  # arrives last, and overwrites the newer entry
    assert "New words." in read(business, at_least=now)


@pytest.mark.django_db
def test_words_of_a_future_that_a_restored_database_has_not_seen_are_a_miss(business):
    now = current_revision(business.pk)
    with transaction.atomic():
        publish_text(business, "Words that were lost with the disk.")
        read(business, at_least=now + 1)  # and are warm
        transaction.set_rollback(True)
    assert cache.peek(business.pk, INBOUND).wording.revision == now + 1
    assert "Old words." in read(business, at_least=now)
    assert cache.peek(business.pk, INBOUND).wording.revision == now


@pytest.mark.django_db(transaction=True)
def test_a_change_forgets_the_business_and_a_platform_release_forgets_all(business):
    other = make_business("Other")
    publish_text(other, "Their words.")
    keys = [cache._key(one.pk, INBOUND, Channel.CALLS) for one in (business, other)]
    change_hours(
        business=business, changes={"days": {"sunday": "closed"}}, actor=None, reason="A test"
    )
    assert [key in store for key in keys] == [False, True]
    read(business)
    publish_platform(direction=None, text="Rules.", base=1, note="A test", actor=None)
    assert [key in store for key in keys] == [False, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["publish", "take back"])
def test_who_hears_of_new_words_finds_them_in_the_cache(
    business, change, django_assert_num_queries
):
    publish_text(business, "New words.")
    publish_text(business, "Newer words.", direction=Direction.OUTBOUND)
    heard = []

    def listen(business_id, revision, **kwargs):
        with django_assert_num_queries(0):
            heard.append(cache.wordings(business_id, tuple(Direction), at_least=revision))

    instructions_changed.connect(listen)
    try:
        if change == "publish":
            publish_text(business, "Newest words.")
        else:
            take_back(business=business, direction=INBOUND, base=2, actor=None, reason="A test")
    finally:
        instructions_changed.disconnect(listen)
    assert heard == [selectors.read_wordings(business.pk, tuple(Direction))]
    expected = "Newest words." if change == "publish" else "Old words."
    assert expected in read(business, at_least=current_revision_of(business))


@pytest.mark.django_db(transaction=True)
def test_words_that_were_never_committed_are_in_no_cache(business):
    cache.forget(business.pk)
    with transaction.atomic():
        publish_text(business, "Never said.")
        transaction.set_rollback(True)
    assert cache.peek(business.pk, INBOUND) is None


@pytest.mark.django_db
def test_an_entry_under_a_wrong_key_is_never_used(business):
    other = make_business("Other")
    publish_text(other, "Their words.")
    entry = cache.Entry(selectors.read_wording(other.pk, INBOUND), 0.0)
    store.set(cache._key(business.pk, INBOUND, Channel.CALLS), entry)
    assert "Old words." in read(business)
    store.set(cache._key(business.pk, INBOUND, Channel.CALLS), "something else")
    assert "Old words." in read(business)


class Broken(LocMemCache):
    """A cache that counts how often it is asked in vain."""

    def __init__(self) -> None:
        super().__init__("broken", {})
        self.asked = 0

    def fail(self, *args, **kwargs):
        self.asked += 1
        raise ConnectionError("away")

    get = set = get_many = set_many = delete_many = fail


@pytest.mark.django_db
def test_a_cache_that_is_away_is_a_miss_a_pause_and_one_line(business, monkeypatch, caplog):
    broken = Broken()
    monkeypatch.setattr(cache, "_store", lambda: broken)
    for _ in range(3):
        assert "Old words." in read(business)
        cache.forget(business.pk)
    assert broken.asked == 1
    assert [one.levelname for one in caplog.records].count("WARNING") == 1
    assert "ConnectionError" in caplog.text


@pytest.mark.django_db
def test_a_cache_that_returns_is_used_again(business, monkeypatch, caplog):
    monkeypatch.setattr(cache, "PAUSE_SECONDS", 0.0)
    with monkeypatch.context() as away:
        broken = Broken()
        away.setattr(cache, "_store", lambda: broken)
        read(business)
    read(business)
    assert "The cache is back." in caplog.text
    assert cache._key(business.pk, INBOUND, Channel.CALLS) in store


@pytest.mark.django_db
def test_an_empty_slot_is_logged(business, caplog):
    caplog.set_level(logging.INFO)
    cache.wording(business.pk, Direction.OUTBOUND, at_least=0)
    missing = [one for one in caplog.records if getattr(one, "event", "") == "prompt.missing"]
    assert [one.facts["layer"] for one in missing] == ["business"]
    assert missing[0].facts["direction"] == "outbound"


@pytest.mark.django_db
def test_no_log_line_holds_a_prompts_text(business, caplog):
    caplog.set_level(logging.DEBUG, "prompts")
    publish_text(business, "Secret words.", greeting="Secret greeting.")
    read(business, at_least=3)
    cache.forget(business.pk)
    assert "Secret" not in caplog.text


@pytest.mark.django_db
def test_an_unknown_business_is_an_error():
    with pytest.raises(Business.DoesNotExist):
        cache.wording(404, INBOUND, at_least=0)


@pytest.mark.django_db
def test_all_requests_share_one_connection(business, redis_url, settings):
    use_redis(settings, redis_url)
    with redis.Redis.from_url(redis_url) as client:
        contextvars.Context().run(read, business)
        before = client.info("stats")["total_connections_received"]
        for _ in range(5):
            contextvars.Context().run(read, business)
        assert client.info("stats")["total_connections_received"] == before


@pytest.mark.django_db(transaction=True)
def test_a_frozen_redis_costs_a_publisher_one_short_wait(business, private_redis, settings):
    use_redis(settings, private_redis.url)
    read(business)
    assert cache._key(business.pk, INBOUND, Channel.CALLS) in store
    private_redis.freeze()
    began = time.monotonic()
    publish_text(business, "New words.")
    assert "New words." in read(business, at_least=current_revision(business.pk))
    assert time.monotonic() - began < 1.5
    private_redis.thaw()
