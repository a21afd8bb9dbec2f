"""The closed sets of words that name where a prompt belongs."""

from enum import StrEnum


class Direction(StrEnum):
    """Who called whom; set once by the webhook's route."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Channel(StrEnum):
    """Where the words are used; calls read ``calls`` only, and nobody hears ``test``."""

    CALLS = "calls"
    WHATSAPP = "whatsapp"
    TEST = "test"


class Layer(StrEnum):
    """The four layers of the instructions, in the order in which they stand."""

    UNIVERSAL = "universal"
    BUSINESS = "business"
    CALL_TYPE = "call_type"
    CONTEXT = "context"


class Apply(StrEnum):
    """Which calls a release moves."""

    LIVE = "live"
    NEW_CALLS = "new_calls"
