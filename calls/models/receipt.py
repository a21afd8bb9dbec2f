"""What became of one change in one call."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.choices import UNCONFIRMED_RESULTS, ReceiptResult, ReceiptRoute
from prompts.domain.text import sha256


class Receipt(models.Model):
    """The answer of one call to one revision of its instructions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        "calls.Call",
        on_delete=models.CASCADE,
        related_name="receipts",
        db_index=False,  # (call, revision) serves it
        verbose_name=_("call"),
    )
    revision = models.PositiveBigIntegerField(_("revision"))
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    prompt_version = models.ForeignKey(
        "prompts.PromptVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("prompt version"),
    )
    result = models.CharField(_("result"), max_length=20, choices=ReceiptResult)
    route = models.CharField(_("route"), max_length=10, choices=ReceiptRoute)
    hash_sent = models.CharField(_("hash sent"), max_length=64, blank=True)
    hash_echoed = models.CharField(_("hash echoed"), max_length=64, blank=True)
    normalised = models.BooleanField(
        _("normalised"),
        default=False,
        help_text=_("The echo differed in spacing or Unicode form only."),
    )
    detail = models.TextField(_("detail"), blank=True)
    committed_at = models.DateTimeField(_("committed"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("call", "revision")
        indexes = (
            models.Index(fields=["call", "revision"], name="calls_receipts_in_order"),
            models.Index(
                fields=["call"],
                name="calls_receipts_unconfirmed",
                condition=Q(result__in=UNCONFIRMED_RESULTS),
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id} r{self.revision} {self.result}"

    @property
    def facts(self) -> dict[str, Any]:
        """All that it says, for the call's log."""
        return facts_of(self)


def facts_of(receipt: Any) -> dict[str, Any]:
    """The same of a row or its columns; a detail may quote words, so it is only named."""
    return {
        "id": receipt.id,
        "revision": receipt.revision,
        "version": receipt.version,
        "version_id": receipt.prompt_version_id,
        "result": receipt.result,
        "route": receipt.route,
        "hash_sent": receipt.hash_sent,
        "hash_echoed": receipt.hash_echoed,
        "normalised": receipt.normalised,
        "detail": sha256(receipt.detail) if receipt.detail else "",
        "committed_at": receipt.committed_at,
        "received_at": receipt.received_at,
        "sent_at": receipt.sent_at,
        "acknowledged_at": receipt.acknowledged_at,
    }
