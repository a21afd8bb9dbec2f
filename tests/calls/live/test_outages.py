import logging

from calls.live.outages import OurLineIsEnough


def record_of(error: Exception | None) -> logging.LogRecord:
    info = (type(error), error, None) if error else None
    return logging.LogRecord("redis", logging.ERROR, "", 1, "Unexpected exception", (), info)


def test_failures_of_the_library_are_held_back() -> None:
    assert not OurLineIsEnough().filter(record_of(ConnectionError("refused")))


def test_what_is_no_failure_passes() -> None:
    assert OurLineIsEnough().filter(record_of(None))
