"""Why no call can be given some words, whatever the cause in particular."""


class Unspeakable(Exception):
    """The words cannot be put together; a call gets the fallback, and never other words."""
