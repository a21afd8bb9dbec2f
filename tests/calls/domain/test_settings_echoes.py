"""Updates of settings alone: the words are the same, so only the settings of an echo tell."""

from typing import Any

import pytest

from calls.domain import events
from calls.domain.configuration import carried_settings
from calls.domain.flights import Notice
from calls.domain.records import Result, Route
from calls.tools import offered
from prompts.domain.agent import Fallback
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

TEXT = b.words(1).text
TOOLS = offered(Fallback("Sorry.", "+15005550111", "en"))


def showing(text: str | None = TEXT, **settings: Any) -> events.SessionUpdated:
    """An echo of the whole session, as ours is with these settings."""
    carried = carried_settings(b.configuration(1, **settings))
    tools = {"tools": carried.pop("tools")}
    words = {} if text is None else {"instructions": text}
    return events.SessionUpdated(words | tools | {"audio": {"input": carried}})


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", None])
def test_an_echo_that_shows_the_settings_of_before_confirms_no_newer_ones(text: str | None) -> None:
    call = b.talking()
    call.publish(b.notice(2, TEXT, threshold=0.6))
    assert call.hear(showing(text, threshold=0.5)).receipts == []
    (update,) = call.all.to_model("session.update")[1:]
    refused = call.hear(b.error("invalid_value", update["event_id"]))
    assert refused.receipts == [(2, Result.REFUSED)]
    assert proofs.faults(call) == []


@pytest.mark.parametrize("text", [TEXT, None])
def test_the_echo_that_shows_the_newer_settings_confirms_them(text: str | None) -> None:
    call = b.talking()
    call.publish(b.notice(2, TEXT, threshold=0.6))
    call.hear(showing(text, threshold=0.5))
    (receipt,) = call.hear(showing(text, threshold=0.6)).receipts
    assert receipt[0] == 2
    assert receipt[1].startswith("acknowledged")
    assert proofs.faults(call) == []


def test_an_echo_that_shows_the_tools_of_before_confirms_no_newer_ones() -> None:
    call = b.talking()
    call.publish(Notice(b.configuration(2, TEXT, tools=TOOLS), Route.PUSH, 0.0, 0.0))
    assert call.hear(showing()).receipts == []
    assert call.hear(showing(tools=TOOLS)).receipts == [(2, Result.ACKNOWLEDGED)]


@pytest.mark.parametrize("shown", [0.6000000238418579, 0.7, None])
def test_settings_in_other_words_of_the_model_are_confirmed_with_the_words(
    shown: float | None,
) -> None:
    """A server may round a value, or leave it out; only the value of before is a denial."""
    call = b.talking()
    call.publish(b.notice(2, TEXT, threshold=0.6))
    turns = {"type": "server_vad"} | ({} if shown is None else {"threshold": shown})
    heard = call.hear(b.echo(TEXT, input={"turn_detection": turns}))
    assert heard.receipts == [(2, Result.ACKNOWLEDGED)]


def test_a_part_of_a_value_that_is_not_shown_denies_nothing() -> None:
    call = b.talking(languages=())
    call.publish(b.notice(2, TEXT, languages=("he",)))
    heard = call.hear(b.echo(TEXT, input={"transcription": {"model": "gpt-transcribe"}}))
    assert heard.receipts == [(2, Result.ACKNOWLEDGED)]


def test_newer_words_are_confirmed_whatever_settings_come_with_them() -> None:
    call = b.talking()
    call.publish(b.notice(2, "newer", threshold=0.6))
    assert call.hear(showing("newer", threshold=0.5)).receipts == [(2, Result.ACKNOWLEDGED)]


def test_settings_that_were_given_up_are_late_only_by_an_echo_that_shows_them() -> None:
    call = b.talking()
    call.publish(b.notice(2, TEXT, threshold=0.6))
    call.at(9.0)
    assert call.hear(showing(threshold=0.5)).receipts == []
    assert call.hear(showing(threshold=0.6)).receipts == [(2, Result.ACKNOWLEDGED_LATE)]
    assert proofs.faults(call) == []


def test_of_two_settings_on_their_way_the_echo_confirms_the_one_that_it_shows() -> None:
    call = b.talking()
    call.publish(b.notice(2, TEXT, threshold=0.6))
    call.at(9.0)  # sent twice and given up
    call.publish(b.notice(3, TEXT, threshold=0.7))
    assert call.hear(showing(threshold=0.6)).receipts == [(2, Result.ACKNOWLEDGED_LATE)]
    assert call.hear(showing(threshold=0.6)).receipts == []
    assert call.hear(showing(threshold=0.7)).receipts == [(3, Result.ACKNOWLEDGED)]
    assert proofs.faults(call) == []
