"""Names in our own templates that no view gives: Django shows nothing for them, and says nothing.

Django's log does say so, at a level that nobody reads. `{% if %}` is told of as well, which
`string_if_invalid` is not asked about. Django's own templates may ask for what they like, and
what a view gives as nothing (None) is there.
"""

import logging
import sys
from types import FrameType

from django.conf import settings
from django.template import Node, Variable, VariableDoesNotExist

OURS = tuple(str(folder) for folder in settings.TEMPLATES[0]["DIRS"])
# The admin gives these to each of its pages; a page of an error has the same frame without them.
OF_THE_ADMIN = {"has_permission", "unseen_results"}
LOGGER = logging.getLogger("django.template")


class UnknownNames(logging.Filter):
    """Keeps what Django notes of a name that it did not find, and lets the note go no further."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def __enter__(self) -> "UnknownNames":
        self._level = LOGGER.level
        LOGGER.setLevel(logging.DEBUG)
        LOGGER.addFilter(self)
        return self

    def __exit__(self, *_error: object) -> None:
        LOGGER.removeFilter(self)
        LOGGER.setLevel(self._level)

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, VariableDoesNotExist) and error.params[1] is not None:
            self._note(sys._getframe())
        return record.levelno > logging.DEBUG

    def _note(self, frame: FrameType | None) -> None:
        """The innermost node knows its file, and the variable inside it its whole name."""
        name = ""
        while frame is not None:
            owner = frame.f_locals.get("self")
            if isinstance(owner, Variable):
                name = str(owner)
            if isinstance(owner, Node):
                place = str(owner.origin)
                if place.startswith(OURS) and name not in OF_THE_ADMIN:
                    self.found.add(f"{place} names {name}, which is not there.")
                return
            frame = frame.f_back
