import time
from collections.abc import Callable

import pytest
import redis
from asgiref.sync import async_to_sync
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from tests.services import PrivateRedis


def uses_of(url: str) -> list[Callable[[], object]]:
    cache = RedisCache(url, {"OPTIONS": settings.REDIS_TIMEOUTS})
    layer = RedisPubSubChannelLayer(hosts=[{"address": url, **settings.REDIS_TIMEOUTS}])
    return [
        lambda: cache.get("key"),
        lambda: async_to_sync(layer.group_send)("group", {"type": "hint"}),
    ]


@pytest.mark.parametrize("fault", [PrivateRedis.kill, PrivateRedis.freeze])
def test_a_redis_that_is_away_is_known_within_a_second(
    private_redis: PrivateRedis, fault: Callable[[PrivateRedis], None]
) -> None:
    uses = uses_of(private_redis.url)
    for use in uses:
        use()
    fault(private_redis)
    for use in uses:
        began = time.monotonic()
        with pytest.raises(redis.RedisError):
            use()
        assert time.monotonic() - began < 1


def test_both_work_again_when_it_is_back(private_redis: PrivateRedis) -> None:
    uses = uses_of(private_redis.url)
    private_redis.kill()
    private_redis.start()
    for use in uses:
        use()


def test_the_shared_redis_is_lent_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.keys() == [b"voiceagent-tests"]
