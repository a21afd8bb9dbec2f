import logging

import pytest

from calls.live.outages import ANOTHER_AFTER, OncePerOutage


def failure(at: float) -> logging.LogRecord:
    error = ConnectionError("refused")
    info = (type(error), error, None)
    record = logging.LogRecord("redis", logging.ERROR, "", 1, "Unexpected exception", (), info)
    record.created = at
    return record


def test_an_outage_is_one_line_without_a_traceback() -> None:
    once = OncePerOutage()
    first = failure(at=100)
    assert [once.filter(record) for record in (first, failure(101), failure(102))] == [
        True,
        False,
        False,
    ]
    assert "The channel layer is away (ConnectionError)" in first.getMessage()
    assert (first.levelname, first.exc_info) == ("WARNING", None)


@pytest.mark.parametrize(("later", "passes"), [(ANOTHER_AFTER, False), (ANOTHER_AFTER + 1, True)])
def test_another_outage_is_another_line(later: float, passes: bool) -> None:
    once = OncePerOutage()
    once.filter(failure(at=100))
    assert once.filter(failure(at=100 + later)) is passes


def test_what_is_no_failure_passes_as_it_is() -> None:
    record = logging.LogRecord("redis", logging.INFO, "", 1, "Connected", (), None)
    assert OncePerOutage().filter(record)
    assert record.getMessage() == "Connected"
