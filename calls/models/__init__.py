"""The rows that a call leaves behind."""

from calls.models import guards
from calls.models.call import Call
from calls.models.note import CallTag, Note, Tag
from calls.models.page import EventPage
from calls.models.receipt import Receipt
from calls.models.refusal import WebhookRefusal
from calls.models.text import ComposedText, ContextText, StoredText
from calls.models.turn import Turn
from calls.models.worker import Worker

__all__ = [
    "Call",
    "CallTag",
    "ComposedText",
    "ContextText",
    "EventPage",
    "Note",
    "Receipt",
    "StoredText",
    "Tag",
    "Turn",
    "WebhookRefusal",
    "Worker",
]

guards.register_all()  # the tables and their rules are always known together
