import json
import logging
import sys

import pytest
from daphne.access import AccessLogGenerator

from prompts.logs import event
from prompts.requests import current_request
from voiceagent import logs

logger = logging.getLogger("calls.live")
PATH = "/media-stream/secret-token"


def lines(caplog: pytest.LogCaptureFixture, formatter: logging.Formatter) -> list[str]:
    return [formatter.format(record) for record in caplog.records]


@pytest.fixture(autouse=True)
def _everything_is_captured(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_an_event_is_one_line_of_name_and_facts(caplog: pytest.LogCaptureFixture) -> None:
    event(logger, "draft.saved", business_id=1, by="Dana Levi", version=None)
    (line,) = lines(caplog, logs.TextFormatter())
    assert line.endswith('INFO calls.live: draft.saved business_id=1 by="Dana Levi" version=-')


def test_a_line_about_words_or_calls_has_the_same_facts_always(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event(logger, "call.refused", business_id=7, fingerprint="", reason="repeated")
    (line,) = lines(caplog, logs.TextFormatter())
    assert line.endswith(
        "call.refused business_id=7 direction=- revision=- version=- fingerprint=- length=- "
        "reason=repeated"
    )


def test_json_holds_the_facts_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    event(logger, "prompt.published", business_id=1, name="שלום", version=None)
    (line,) = lines(caplog, logs.JsonFormatter())
    facts = json.loads(line)
    assert facts["event"] == "prompt.published"
    assert (facts["business_id"], facts["name"], facts["version"]) == (1, "שלום", None)
    assert (facts["level"], facts["logger"]) == ("INFO", "calls.live")


def test_a_hash_is_shortened_to_twelve_digits(caplog: pytest.LogCaptureFixture) -> None:
    event(logger, "session.updated", fingerprint="ab" * 32, received_hash="cd" * 32)
    (line,) = lines(caplog, logs.TextFormatter())
    assert f"fingerprint={'ab' * 6} " in line
    assert line.endswith("received_hash=" + "cd" * 6)


def test_a_line_break_in_a_fact_does_not_break_the_line(caplog: pytest.LogCaptureFixture) -> None:
    event(logger, "call.refused", reason="one\ntwo")
    (line,) = lines(caplog, logs.TextFormatter())
    assert "\n" not in line


def test_the_record_names_the_caller_of_event(caplog: pytest.LogCaptureFixture) -> None:
    event(logger, "call.connected")
    assert caplog.records[0].pathname == __file__


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (f"WebSocket {PATH} [accepted]", ()),
        ("%s - %s", ("127.0.0.1", PATH)),
        ("%(path)s", ({"path": PATH},)),
        ("%s", ({"type": "websocket", "path": PATH},)),
        ("%s", (ValueError(PATH),)),
        ("%r", (PATH.encode(),)),
    ],
)
@pytest.mark.parametrize("name", ["uvicorn.error", "uvicorn.access", "daphne.ws_protocol", "any"])
def test_the_token_of_a_media_socket_is_in_no_record(
    caplog: pytest.LogCaptureFixture, name: str, message: str, arguments: tuple[object, ...]
) -> None:
    logging.getLogger(name).error(message, *arguments)
    assert "secret-token" not in caplog.records[0].getMessage()
    assert "/media-stream/[redacted]" in caplog.records[0].getMessage()


def test_numbers_stay_numbers(caplog: pytest.LogCaptureFixture) -> None:
    logger.info("%s %05d", PATH, 7)
    assert caplog.records[0].getMessage() == "/media-stream/[redacted] 00007"


def test_the_token_is_in_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    try:
        {}[PATH]
    except KeyError:
        logger.exception("It failed.")
    for line in [*lines(caplog, logs.TextFormatter()), *lines(caplog, logs.JsonFormatter())]:
        assert "KeyError" in line
        assert "secret-token" not in line


def test_the_token_is_not_in_daphnes_own_access_log(capsys: pytest.CaptureFixture[str]) -> None:
    write = AccessLogGenerator(sys.stdout)
    write("websocket", "connected", {"client": "127.0.0.1:1", "path": PATH})
    assert capsys.readouterr().out.count("/media-stream/[redacted]") == 1


def test_installing_twice_changes_nothing() -> None:
    factory = logging.getLogRecordFactory()
    logs.install()
    assert logging.getLogRecordFactory() is factory


@pytest.mark.parametrize("formatter", [logs.TextFormatter(), logs.JsonFormatter()])
def test_a_line_names_its_request_where_there_is_one(
    caplog: pytest.LogCaptureFixture, formatter: logging.Formatter
) -> None:
    logger.info("hello")
    assert "request_id" not in lines(caplog, formatter)[0]
    token = current_request.set("name-of-request")
    assert "name-of-request" in lines(caplog, formatter)[0]
    current_request.reset(token)


@pytest.mark.parametrize("formatter", [logs.TextFormatter, logs.JsonFormatter])
def test_a_line_that_is_written_later_tells_when_it_happened(
    caplog: pytest.LogCaptureFixture, formatter: type[logging.Formatter]
) -> None:
    event(logger, "session.update_sent", when=1_700_000_000.25)
    (line,) = lines(caplog, formatter())
    assert "2023-11-14T22:13:20.250Z" in line
