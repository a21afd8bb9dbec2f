"""The record of who looked at what is known of callers: a chain of its own."""

from datetime import UTC

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.domain.changes import Link, canonical_json

from .business import Business


class ReadHead(models.Model):
    """The one row whose lock orders the reads; it holds the head and the length of their chain."""

    count = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        """There is one chain."""

        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="prompts_reads_are_one_chain"),
        )

    def __str__(self) -> str:
        """Say how long the chain is."""
        return f"{self.count} reads"


class ReadEntry(models.Model):
    """One look at personal data or one export; it names the rows and never what they say."""

    number = models.PositiveBigIntegerField(_("entry"), unique=True)
    business = models.ForeignKey(
        Business,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("business"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    actor_name = models.CharField(_("by"), max_length=150)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("object"), max_length=60)
    object_id = models.CharField(_("object id"), max_length=60)
    detail = models.TextField(_("detail"), blank=True)
    request_id = models.CharField(_("request"), max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """The newest first."""

        verbose_name = _("read")
        verbose_name_plural = _("reads")
        ordering = ("-pk",)

    def __str__(self) -> str:
        """Name the entry."""
        return f"{self.action} #{self.number}"

    @property
    def content(self) -> str:
        """What the hash covers beside the previous hash."""
        return canonical_json(
            {
                "number": self.number,
                "business": self.business_id,
                "actor": self.actor_id,
                "actor_name": self.actor_name,
                "action": self.action,
                "object_type": self.object_type,
                "object_id": self.object_id,
                "detail": self.detail,
                "request_id": self.request_id,
                "at": self.at.astimezone(UTC).isoformat(),
            }
        )

    @property
    def link(self) -> Link:
        """This entry as a link of its chain."""
        return Link(self.number, self.content, self.previous_hash, self.hash)
