"""The TwiML documents that we answer with."""

from typing import Final

from twilio.twiml.voice_response import Connect, VoiceResponse  # type: ignore[import-untyped]

from calls.twilio.signatures import public_url, stream_url
from prompts.domain.agent import Fallback
from prompts.domain.fallback import WITHOUT_NUMBER

STREAM_ENDED = "/twilio/stream-ended"
STREAM_STATUS = "/twilio/stream-status"

# Twilio refuses a <Say> whose voice does not speak its language, so both are always named.
ENGLISH: Final = ("en-US", "Polly.Joanna-Neural")
VOICES: Final[dict[str, tuple[str, str]]] = {
    "ar": ("arb", "Polly.Zeina"),
    "de": ("de-DE", "Polly.Vicki-Neural"),
    "en": ENGLISH,
    "es": ("es-ES", "Polly.Lucia-Neural"),
    "fr": ("fr-FR", "Polly.Lea-Neural"),
    "he": ("he-IL", "Google.he-IL-Standard-A"),
    "iw": ("he-IL", "Google.he-IL-Standard-A"),
    "it": ("it-IT", "Polly.Bianca-Neural"),
    "pt": ("pt-BR", "Polly.Camila-Neural"),
    "ru": ("ru-RU", "Polly.Tatyana"),
}
GOODBYES: Final[dict[str, str]] = {
    "arb": "مع السلامة.",
    "de-DE": "Auf Wiederhören.",
    "en-US": "Goodbye.",
    "es-ES": "Adiós.",
    "fr-FR": "Au revoir.",
    "he-IL": "להתראות.",
    "it-IT": "Arrivederci.",
    "pt-BR": "Até logo.",
    "ru-RU": "До свидания.",
}


def connect(token: str, business_id: int) -> str:
    """Open the media socket that ``token`` opens; afterwards ask us how the call goes on."""
    stream = Connect()
    stream.stream(
        url=stream_url(f"/media-stream/{token}"),
        status_callback=public_url(STREAM_STATUS),
        status_callback_method="POST",
    )
    response = VoiceResponse()
    response.append(stream)
    response.redirect(public_url(STREAM_ENDED, f"business={business_id}"), method="POST")
    return str(response)


def speak(fallback: Fallback) -> str:
    """Say the fallback words, then put the caller through or say goodbye."""
    language, voice = voice_for(fallback.language)
    response = VoiceResponse()
    response.say(fallback.words, language=language, voice=voice)
    if fallback.number:
        response.dial(fallback.number)
        return str(response)
    if fallback.words not in WITHOUT_NUMBER.values():  # ours end with a goodbye
        response.say(GOODBYES[language], language=language, voice=voice)
    response.hangup()
    return str(response)


def put_through(number: str) -> str:
    """Connect the caller to a person; when they are done, the call is over."""
    response = VoiceResponse()
    response.dial(number)
    return str(response)


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def voice_for(language: str) -> tuple[str, str]:
    """Twilio's language and voice for a BCP 47 tag; English where it has none of ours."""
    return VOICES.get(language.replace("_", "-").split("-")[0].lower(), ENGLISH)
