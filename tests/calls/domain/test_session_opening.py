"""From the socket to the greeting: nobody speaks before the right words are confirmed."""

import pytest

from calls.domain import events
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from calls.domain.records import KnownBy, Result
from tests.calls.domain import builders as b


def configuring(**agent: object) -> b.Call:
    call = b.Call(**agent)
    call.hear(events.SessionCreated())
    return call


def test_the_first_thing_sent_is_the_whole_session() -> None:
    call = b.Call()
    (update,) = call.hear(events.SessionCreated()).model
    assert update["type"] == "session.update"
    assert update["session"]["instructions"] == b.words(1).text
    assert update["session"]["audio"]["output"]["voice"] == "marin"


def test_the_greeting_is_asked_for_when_the_echo_agrees() -> None:
    call = configuring()
    (create,) = call.hear(b.echo(b.words(1).text)).model
    assert create["type"] == "response.create"
    assert create["response"]["instructions"] == b.words(1).opening


def test_the_greeting_is_stamped_with_its_own_text_and_the_sessions() -> None:
    call = b.configured()
    call.answers_create("r1")
    stamp = call.hear(b.done("r1")).turns[0].stamp
    assert stamp is not None
    assert stamp.known_by is KnownBy.METADATA
    assert stamp.fingerprint == b.hash_of(b.words(1).opening)
    assert stamp.base_fingerprint == b.words(1).fingerprint


@pytest.mark.parametrize("shown", ["other words", ""])
def test_altered_words_end_the_call_unspoken(shown: str) -> None:
    call = configuring()
    end = call.hear(b.echo(shown)).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED
    assert "response.create" not in call.all.types


def test_refused_words_end_the_call_unspoken() -> None:
    end = configuring().hear(b.error("invalid_value", "update-1")).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED


def test_a_missing_echo_ends_the_call_in_time_for_the_fallback() -> None:
    call = configuring()
    end = call.at(4.5).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED
    assert call.all.types == ["session.update", "session.update"]


def test_a_late_echo_is_good_enough_and_its_double_changes_nothing() -> None:
    call = configuring()
    call.at(3.5)
    assert call.hear(b.echo(b.words(1).text)).types == ["response.create"]
    assert call.hear(b.echo(b.words(1).text)).model == []


def test_normalised_words_are_spoken_and_flagged() -> None:
    sent = configuring().hear(b.echo(b.words(1).text + " \r\n"))
    assert sent.receipt.normalised
    assert sent.types == ["response.create"]


def test_words_that_the_echo_does_not_show_are_spoken_and_flagged() -> None:
    sent = configuring().hear(b.echo(None))
    assert sent.receipts == [(1, Result.ACKNOWLEDGED_UNSEEN)]
    assert sent.types == ["response.create"]


def test_a_model_that_never_says_anything_ends_as_unreachable() -> None:
    end = b.Call().at(4.5).end
    assert end is not None
    assert end.reason is EndReason.MODEL_UNREACHABLE


def test_a_greeting_without_sound_ends_within_the_limit() -> None:
    call = b.configured()
    call.answers_create("r1")
    end = call.at(5.5).end
    assert end is not None
    assert end.reason is EndReason.MODEL_FAILED


def test_a_caller_who_speaks_before_the_first_sound_has_the_word() -> None:
    call = b.configured()
    call.answers_create("r1")
    call.hear(b.speech())
    assert call.at(20.0).end is None


def test_an_answer_before_the_words_are_confirmed_is_cancelled_and_never_heard() -> None:
    call = configuring()
    assert call.hear(b.created("r1")).types == ["response.cancel"]
    assert call.hear(b.delta("r1", 800)).commands == []
    assert call.hear(b.done("r1", "cancelled")).commands == []


def test_news_before_the_first_sending_simply_become_the_start() -> None:
    call = b.Call()
    assert call.publish(b.notice(2)).commands == []
    (update,) = call.hear(events.SessionCreated()).model
    assert update["session"]["instructions"] == b.words(2).text


def test_news_during_the_opening_are_confirmed_before_the_greeting() -> None:
    call = configuring()
    call.publish(b.notice(2))
    assert call.hear(b.echo(b.words(1).text)).types == ["session.update"]
    (create,) = call.hear(b.echo(b.words(2).text)).model
    assert create["response"]["instructions"] == b.words(2).opening


def test_news_that_nobody_confirms_do_not_cost_the_caller_the_greeting() -> None:
    call = configuring()
    call.publish(b.notice(2))
    call.now = 2.0
    call.hear(b.echo(b.words(1).text))
    (create,) = call.at(4.5).to_model("response.create")
    assert create["response"]["instructions"] == b.words(1).opening


def test_refused_news_leave_the_greeting_as_it_was_confirmed() -> None:
    call = configuring()
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(1).text))
    (create,) = call.hear(b.error("invalid_value", "update-2")).to_model("response.create")
    assert create["response"]["instructions"] == b.words(1).opening


def test_early_sound_waits_for_the_greeting_and_is_at_most_three_seconds() -> None:
    call = b.configured()
    for _ in range(500):
        assert call.frame(b.media(160)).commands == []
    sent = call.answers_create("r1")
    assert sent.types == ["input_audio_buffer.append"] * 150
    assert call.frame(b.media(160)).types == ["input_audio_buffer.append"]


@pytest.mark.parametrize("side", ["input", "output"])
@pytest.mark.parametrize("shown", [{"type": "audio/pcm", "rate": 24000}, "g711_ulaw"])
def test_a_format_that_the_line_cannot_carry_ends_the_call(side: str, shown: object) -> None:
    end = configuring().hear(b.echo(b.words(1).text, **{side: {"format": shown}})).end
    assert end is not None
    assert "mu-law" in end.detail


def test_another_voice_is_only_written_down() -> None:
    sent = configuring().hear(b.echo(b.words(1).text, output={"voice": "ash"}))
    assert "session.other_voice" in sent.logged
    assert sent.types == ["response.create"]


def test_speech_before_the_model_hears_the_caller_changes_nothing() -> None:
    call = b.configured()
    assert call.hear(b.speech()).commands == []
    assert call.answers_create("r1").types == []
    assert call.session.phase is Phase.TALKING


@pytest.mark.parametrize("phase", [Phase.CONNECTING, Phase.CONFIGURING, Phase.GREETING])
def test_a_caller_may_hang_up_at_any_moment_of_the_opening(phase: Phase) -> None:
    calls = {
        Phase.CONNECTING: b.Call,
        Phase.CONFIGURING: configuring,
        Phase.GREETING: b.configured,
    }
    call = calls[phase]()
    end = call.hang_up().end
    assert end is not None
    assert end.reason is EndReason.CALLER_HUNG_UP
    assert call.session.deadline is None
