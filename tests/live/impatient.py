"""The application with a short patience for silent workers, so that a test need not wait."""

from voiceagent.asgi import application  # sets Django up

# isort: split
from datetime import timedelta

from calls import selectors
from calls.live import heart
from calls.services import workers

selectors.SILENT_AFTER = timedelta(seconds=2)
heart.SIGN_EVERY = 0.4
workers.SURE_AFTER = 0.6

__all__ = ["application"]
