"""The name of the request being answered, for the record of what it changes."""

from contextvars import ContextVar

# Set by the middleware; empty in commands and shells.
current_request: ContextVar[str] = ContextVar("current_request", default="")
