"""What a row says beside the reason for which a call ended, in the language of whoever reads it.

Rows keep the sentence as it was written during the call; these are all that the project writes.
Others, such as what the agent was asked when it put a caller through, are shown as they are.
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from prompts.sentences import Sentence

WRITTEN = (
    _("No business has the number in this webhook address."),
    _("The business is switched off."),
    _("The request names a Twilio account that is not TWILIO_ACCOUNT_SID."),
    _("Our number of this call belongs to another business."),
    _("A prompt and the details of the business do not fit together: review the prompt."),
    _("The agent of this business is paused."),
    _("As many calls as MAX_CONCURRENT_CALLS allows were in progress."),
    _("The database was too slow to answer in time, so the caller heard the fallback words."),
    _("The webhook came again after its time."),
    _("The media stream ended and nobody recorded why."),
    _("The media stream never reached us."),
    _("The process that carried the call gave no sign for 15 seconds."),
    _("The server stopped during the call."),
    _("No start message came within ten seconds."),
    _("The socket closed before its start message."),
    _("The start message names another call."),
    _("The start message names another account."),
    _("A second start message came."),
    _("A frame over 64 KiB came; the media socket was closed."),
    _("The media socket was lost without a stop."),
    _("The prompt went away as the call began."),
    _("The prompt could not be read."),
    _("Something went wrong on our side."),
    _("The model's side stopped taking what we send."),
    _("The model's session expired."),
    _("The model did not answer in time."),
    _("The model did not begin to speak in time."),
    _("The model's side did not confirm our instructions in time."),
    _("The model's side answered with other instructions than ours."),
    _("Another session with the model did not stand in time."),
)
WITH_A_VALUE = (
    _("Over %(count)s bad frames came; the media socket was closed."),
    _("The model's side refused the connection with status %(status)s."),
    _("The model's side could not be reached (%(error)s)."),
    _("The model's socket closed with code %(code)s."),
    _("The model's side speaks %(format)s where the line needs mu-law."),
    _("The model's side refused our instructions: %(code)s."),
    _("The model refused: %(code)s."),
    _("The model failed: %(code)s."),
)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Finds the values of a sentence that was written with some."""
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL)


_PATTERNS: Mapping[str, re.Pattern[str]] = {one: _pattern(one) for one in WITH_A_VALUE}


def in_words(detail: str) -> str:
    """The detail as a reader is to see it."""
    if detail in WRITTEN:
        return gettext(detail)
    for sentence, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(detail):
            return Sentence.of(gettext(sentence), **found.groupdict())
    return Sentence.alone(detail) if detail else ""
