"""One line for an outage of the channel layer, whose library logs a traceback for each second."""

import logging

ANOTHER_AFTER = 10.0  # seconds of quiet after which a failure counts as a new outage


class OncePerOutage(logging.Filter):
    """Lets the first failure of an outage through, as a sentence, and holds back the others."""

    def __init__(self) -> None:
        super().__init__()
        self._last = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        """Say once what an operator needs; a record without an error passes as it is."""
        if not record.exc_info:
            return True
        begins, self._last = record.created - self._last > ANOTHER_AFTER, record.created
        error = record.exc_info[0]
        record.msg = "The channel layer is away (%s); calls go on and ask the database."
        record.args = (error.__name__ if error else "no reason",)
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return begins


def install() -> None:
    """Filter what the receiving task of the Redis layer logs in this process."""
    receiver = logging.getLogger("channels_redis.pubsub")
    if not any(isinstance(each, OncePerOutage) for each in receiver.filters):
        receiver.addFilter(OncePerOutage())
