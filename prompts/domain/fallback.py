"""The polite sentences that a caller hears when the agent cannot speak."""

from .agent import Fallback
from .languages import primary

DEFAULT_LANGUAGE = "en"

WITH_NUMBER = {
    "en": "We are sorry, our assistant cannot take your call right now. "
    "Please hold on, we are putting you through to a member of our team.",
    "he": "אנו מצטערים, העוזר הקולי שלנו אינו זמין כרגע. נא להמתין על הקו, אנו מעבירים אתכם לנציג.",
    "ar": "نعتذر، المساعد الصوتي غير متاح حاليًا. "
    "يرجى البقاء على الخط، سنحوّل مكالمتكم إلى أحد موظفينا.",
}
WITHOUT_NUMBER = {
    "en": "We are sorry, our assistant cannot take your call right now. "
    "Please call us again a little later. Thank you, and goodbye.",
    "he": "אנו מצטערים, העוזר הקולי שלנו אינו זמין כרגע. "
    "נשמח אם תתקשרו שוב מעט מאוחר יותר. תודה ולהתראות.",
    "ar": "نعتذر، المساعد الصوتي غير متاح حاليًا. "
    "يرجى الاتصال بنا مرة أخرى بعد قليل. شكرًا لكم ومع السلامة.",
}


def build_fallback(*, words: str, number: str, language: str) -> Fallback:
    """The business's own words in its own language, or the default ones in a language they have."""
    if words.strip():
        return Fallback(words=words, number=number, language=language)
    defaults = WITH_NUMBER if number else WITHOUT_NUMBER
    spoken = primary(language)
    if spoken in defaults:
        return Fallback(words=defaults[spoken], number=number, language=language)
    return Fallback(words=defaults[DEFAULT_LANGUAGE], number=number, language=DEFAULT_LANGUAGE)
