"""The tools of the agent, one file for each, and which of them a call has."""

from calls.domain.tools import Tool
from calls.tools.end_call import END_CALL
from calls.tools.transfer_to_person import TRANSFER_TO_PERSON
from prompts.domain.agent import Fallback


def offered(fallback: Fallback) -> tuple[Tool, ...]:
    """The tools of a call; nobody is promised a person where there is no number for one."""
    return (END_CALL, TRANSFER_TO_PERSON) if fallback.number else (END_CALL,)
