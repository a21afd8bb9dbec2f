"""The agent ends the call: the goodbye is heard, then the line is closed."""

from calls.domain.reasons import EndReason
from calls.domain.tools import Arguments, Ending, Tool

GOODBYE = (
    "The call is over. In the language of the conversation, say one short, polite sentence of "
    "goodbye, and nothing else. Do not ask anything."
)
TOLD = "The call ends as soon as your goodbye was heard, unless the person speaks again."


def _end(_arguments: Arguments) -> Ending:
    return Ending(EndReason.AGENT_HUNG_UP, GOODBYE, TOLD)


END_CALL = Tool(
    name="end_call",
    description=(
        "End the phone call. Use it only when the person has said goodbye or clearly wants "
        "nothing more; say goodbye before you use it, once."
    ),
    parameters={"type": "object", "properties": {}, "required": []},
    carry_out=_end,
)
