"""What a tool of the agent is: how the model is told of it, and what a call of it leads to."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from calls.domain.reasons import EndReason

Arguments = Mapping[str, Any]  # Any: what JSON can hold


class Ending(Struct, frozen=True):
    """The call is to end, once the caller has heard a goodbye."""

    reason: EndReason
    words: str  # the instructions of the goodbye, where the model has not said one yet
    told: str = ""  # what the model is told
    detail: str = ""  # for the call's row


class Tool(Struct, frozen=True, eq=False):
    """One thing that the agent can do beside speaking; there is one of each."""

    name: str
    description: str
    parameters: Mapping[str, Any]  # a JSON schema
    carry_out: Callable[[Arguments], Ending]  # raises BadArguments

    @property
    def definition(self) -> dict[str, Any]:
        """The tool as a session of the model lists it."""
        return {
            "type": "function",
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }
