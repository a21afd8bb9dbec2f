"""The first words of a call, read before the model's socket is opened."""

from collections.abc import Callable

from calls.domain.answers import Admission
from calls.domain.configuration import Configuration
from calls.live import reading
from calls.live.composing import configured
from calls.live.context import Context
from prompts.domain.layers import Wording, complete, share
from prompts.domain.profile import Profile

READINGS = 3  # a change that comes still later is brought by the hub
WITHOUT_PROFILE = (
    "The call began without its caller's profile, which could not be read; it follows on its own."
)


async def read_first_words(
    admission: Admission, context: Context, expected: Callable[[], int]
) -> Configuration:
    """The words as of the newest revision that was announced while they were read.

    Raises Unspeakable where there are none.
    """
    wording, profile = await _read(admission, expected())
    for _again in range(READINGS - 1):
        if wording.revision >= expected():
            break
        wording, profile = await _read(admission, expected())
    if profile is not None:
        context.learn(profile, wording.revision)
    instructions = complete(share(wording, admission.started), context.part(wording))
    missing = WITHOUT_PROFILE if profile is None else ""
    return configured(instructions, wording, missing)


async def _read(admission: Admission, at_least: int) -> tuple[Wording, Profile | None]:
    """The words, and what is known of the caller as of the same revision."""
    business_id = admission.business_id
    wording = await reading.first_wording(business_id, admission.direction, at_least)
    profile = await reading.first_profile(business_id, admission.caller, wording.revision)
    return wording, profile
