"""The TwiML documents, read back with an XML parser."""

from xml.etree import ElementTree as ET

import pytest

from calls.twilio import twiml
from prompts.domain.agent import Fallback
from prompts.domain.fallback import build_fallback


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_BASE_URL = "https://voice.example.com"


def test_connect_opens_the_media_socket_and_then_asks_how_to_go_on():
    response = ET.fromstring(twiml.connect("tok-en_1", 7))
    connect, redirect = response
    (stream,) = connect
    assert (response.tag, connect.tag, connect.attrib) == ("Response", "Connect", {})
    assert stream.tag == "Stream"
    assert stream.attrib == {
        "url": "wss://voice.example.com/media-stream/tok-en_1",
        "statusCallback": "https://voice.example.com/twilio/stream-status",
        "statusCallbackMethod": "POST",
    }
    assert (redirect.tag, redirect.attrib) == ("Redirect", {"method": "POST"})
    assert redirect.text == "https://voice.example.com/twilio/stream-ended?business=7"


def test_plain_http_gives_a_ws_address(settings):
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
    stream = ET.fromstring(twiml.connect("t", 7))[0][0]
    assert stream.attrib["url"] == "ws://127.0.0.1:8000/media-stream/t"


def test_the_fallback_words_are_followed_by_the_fallback_number():
    say, dial = ET.fromstring(twiml.speak(Fallback("רגע & <בבקשה>", "+97225550101", "he")))
    assert (say.tag, say.text) == ("Say", "רגע & <בבקשה>")
    assert say.attrib == {"language": "he-IL", "voice": "Google.he-IL-Standard-A"}
    assert (dial.tag, dial.attrib, dial.text) == ("Dial", {}, "+97225550101")


def test_without_a_number_the_caller_hears_a_goodbye():
    say, goodbye, hang_up = ET.fromstring(twiml.speak(Fallback("We are closed.", "", "en-GB")))
    assert (say.text, goodbye.text, hang_up.tag) == ("We are closed.", "Goodbye.", "Hangup")
    assert say.attrib == goodbye.attrib == {"language": "en-US", "voice": "Polly.Joanna-Neural"}


@pytest.mark.parametrize("language", ["en", "he", "ar"])
def test_our_own_words_say_goodbye_themselves(language):
    fallback = build_fallback(words="", number="", language=language)
    say, hang_up = ET.fromstring(twiml.speak(fallback))
    assert (say.text, hang_up.tag) == (fallback.words, "Hangup")


@pytest.mark.parametrize(
    ("tag", "pair"),
    [
        ("he-IL", ("he-IL", "Google.he-IL-Standard-A")),
        ("ar", ("arb", "Polly.Zeina")),
        ("AR-sa", ("arb", "Polly.Zeina")),
        ("tlh", ("en-US", "Polly.Joanna-Neural")),
        ("", ("en-US", "Polly.Joanna-Neural")),
    ],
)
def test_every_language_gets_a_voice_that_speaks_it(tag, pair):
    assert twiml.voice_for(tag) == pair


def test_every_voice_has_a_goodbye():
    assert {language for language, _voice in twiml.VOICES.values()} == set(twiml.GOODBYES)


def test_hang_up_is_a_hang_up():
    (verb,) = ET.fromstring(twiml.hang_up())
    assert (verb.tag, verb.attrib) == ("Hangup", {})


def test_a_caller_who_is_put_through_hears_nobody_between():
    (verb,) = ET.fromstring(twiml.put_through("+15005550111"))
    assert (verb.tag, verb.text) == ("Dial", "+15005550111")
