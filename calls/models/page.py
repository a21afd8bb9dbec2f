"""The log of a call: what was sent, what came back, in the order of the socket."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.domain.pages import Page
from calls.models.text import WrittenOnce


class EventPage(WrittenOnce):
    """Some entries of a call's log, chained to the page before by its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        "calls.Call",
        on_delete=models.PROTECT,
        related_name="pages",
        db_index=False,  # (call, number) serves it
        verbose_name=_("call"),
    )
    number = models.PositiveIntegerField(_("page"))
    lines = models.TextField(_("entries"))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("page of a call's log")
        verbose_name_plural = _("pages of call logs")
        ordering = ("call", "number")
        constraints = (
            models.UniqueConstraint(fields=["call", "number"], name="calls_pages_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.call_id}:{self.number}"

    @property
    def page(self) -> Page:
        """The row as a plain value."""
        return Page(self.number, self.lines, self.previous_hash, self.hash)
