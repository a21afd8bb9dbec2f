"""The agent puts the caller through to a person: to the business's own number, and no other."""

from calls.domain.errors import BadArguments
from calls.domain.reasons import EndReason
from calls.domain.tools import Arguments, Ending, Tool

LONGEST_REASON = 200
GOODBYE = (
    "In the language of the conversation, say in one short sentence that you are putting the "
    "person through to somebody now, and nothing else. Do not ask anything."
)
TOLD = "The person is put through as soon as your words were heard, unless they speak again."


def _transfer(arguments: Arguments) -> Ending:
    reason = arguments.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise BadArguments("'reason' has to be a sentence.")
    detail = " ".join(reason.split())[:LONGEST_REASON]
    return Ending(EndReason.TRANSFER, GOODBYE, TOLD, detail)


TRANSFER_TO_PERSON = Tool(
    name="transfer_to_person",
    description=(
        "Put the person on the phone through to a member of the team. Use it when they ask for a "
        "person, or need something that you cannot do; say so before you use it."
    ),
    parameters={
        "type": "object",
        "properties": {"reason": {"type": "string", "description": "Why, in one short sentence."}},
        "required": ["reason"],
    },
    carry_out=_transfer,
)
