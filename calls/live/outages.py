"""Quiet during an outage of the channel layer, whose library logs a traceback for each second."""

import logging


class OurLineIsEnough(logging.Filter):
    """Holds back the library's failures: the hub notices an outage and says so once."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass that is no failure."""
        return not record.exc_info


def install() -> None:
    """Filter what the receiving task of the Redis layer logs in this process."""
    receiver = logging.getLogger("channels_redis.pubsub")
    if not any(isinstance(each, OurLineIsEnough) for each in receiver.filters):
        receiver.addFilter(OurLineIsEnough())
