"""What is known of the request being answered, for the record of what it changes."""

from contextvars import ContextVar

# Set by the middleware; empty in commands and shells.
current_request: ContextVar[str] = ContextVar("current_request", default="")

# The name of a script that acts with a token of its own; empty where a person or a command acts.
current_client: ContextVar[str] = ContextVar("current_client", default="")
