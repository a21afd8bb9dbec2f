"""The model asks for tools: each call gets exactly one answer, whatever it looks like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from calls.domain import entries, events
from calls.domain.asking import Asking
from calls.domain.commands import Command, Told, log
from calls.domain.errors import BadArguments
from calls.domain.responses import Purpose
from calls.domain.tools import Arguments, Ending, Tool

AGAIN = 1  # answer that may call a tool once more, after a call that could not be carried out
TOO_LATE = "The person spoke meanwhile, so nothing was done."
ENDING_ALREADY = "The call is ending already."


@dataclass(slots=True)
class Answered:
    """The answers to the calls of one response, and the end of the call if one asked for it."""

    commands: list[Command] = field(default_factory=list)
    ending: Ending | None = None

    def add(self, call: events.FunctionCall, told: str, *, is_error: bool = False) -> None:
        """Answer one call."""
        output = orjson.dumps({"error" if is_error else "result": told}).decode()
        self.commands += [
            Told(
                events.build_output(f"output-{call.call_id}"[:64], call.call_id, output),
                entries.tool_answered(call.call_id, call.name, is_error=is_error),
            ),
            log("tool.called", tool=call.name[:64], done=not is_error),
        ]


class ToolCalls:
    """Answers the calls of one response after the other, and lets the model speak again."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._in_vain = 0  # responses in a row whose calls could not be carried out

    def answer(
        self, calls: Sequence[events.FunctionCall], tools: Sequence[Tool], *, is_wanted: bool
    ) -> Answered:
        """Carry out what can be; anything else is answered with an error that says why."""
        answered, by_name = Answered(), {tool.name: tool for tool in tools}
        for call in calls:
            try:
                ending = _carry_out(call, by_name, answered, is_wanted=is_wanted)
            except BadArguments as bad:
                answered.add(call, str(bad), is_error=True)
            else:
                answered.ending = ending
                answered.add(call, ending.told)
        if is_wanted and answered.ending is None:
            self._in_vain += 1
            only_words = self._in_vain > AGAIN
            self._asking.want(Purpose.TOOL, only_words=only_words)
        return answered

    def spoken(self) -> None:
        """An answer without a call: the model has found its words again."""
        self._in_vain = 0


def _carry_out(
    call: events.FunctionCall, tools: Mapping[str, Tool], answered: Answered, *, is_wanted: bool
) -> Ending:
    tool = tools.get(call.name)
    if tool is None:
        raise BadArguments(f"There is no tool named {call.name[:64]!r}.")
    if not is_wanted:
        raise BadArguments(TOO_LATE)
    if answered.ending is not None:
        raise BadArguments(ENDING_ALREADY)
    return tool.carry_out(_parse(call.arguments))


def _parse(text: str) -> Arguments:
    try:
        arguments = orjson.loads(text or "{}")
    except ValueError:
        raise BadArguments("The arguments are not JSON.") from None
    if not isinstance(arguments, dict):
        raise BadArguments("The arguments are not a JSON object.")
    return arguments
