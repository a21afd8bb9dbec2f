"""The record of changes: each raise of a revision, and who did what."""

from datetime import UTC

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prompts.domain.changes import Link, canonical_json

from .business import Business


class Revision(models.Model):
    """One raise of a business's revision, or of the platform's when no business is named."""

    PROFILE = "profile"  # the cause of those at which what is known of a caller changed

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, null=True, related_name="revisions"
    )
    number = models.PositiveBigIntegerField(_("revision"))
    cause = models.CharField(_("cause"), max_length=80)
    created_at = models.DateTimeField(_("at"))
    # Where a platform release raised it: the platform's own revision.
    platform_revision = models.PositiveBigIntegerField(null=True)
    # The first entry of the change in the chain of whoever's revision was raised for itself.
    audit_number = models.PositiveBigIntegerField(null=True)

    class Meta:
        """A number is given once."""

        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = (
            models.Index(
                fields=("platform_revision",),
                name="prompts_raised_by_platform",
                condition=Q(platform_revision__isnull=False),
            ),
            models.Index(
                fields=("business", "-number"),
                name="prompts_revisions_of_profiles",
                condition=Q(cause="profile"),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("business", "number"), name="prompts_revision_is_unique"
            ),
            models.UniqueConstraint(
                fields=("number",),
                condition=Q(business__isnull=True),
                name="prompts_platform_revision_is_unique",
            ),
        )

    def __str__(self) -> str:
        """Name the revision."""
        return f"r{self.number}"


class AuditEntry(models.Model):
    """One change as it happened; each entry holds the hash of the one before it."""

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, null=True, related_name="audit_entries"
    )
    number = models.PositiveBigIntegerField(_("entry"))
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
    before = models.TextField(_("before"))
    after = models.TextField(_("after"))
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """Each chain counts its entries from 1."""

        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("business", "number"), name="prompts_audit_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=("number",),
                condition=Q(business__isnull=True),
                name="prompts_platform_audit_number_is_unique",
            ),
        )

    def __str__(self) -> str:
        """Name the entry."""
        return f"{self.action} #{self.number}"

    @property
    def content(self) -> str:
        """What the hash covers beside the previous hash; before and after exactly as stored."""
        return canonical_json(
            {
                "business": self.business_id,
                "number": self.number,
                "actor": self.actor_id,
                "actor_name": self.actor_name,
                "action": self.action,
                "object_type": self.object_type,
                "object_id": self.object_id,
                "before": self.before,
                "after": self.after,
                "reason": self.reason,
                "request_id": self.request_id,
                "at": self.at.astimezone(UTC).isoformat(),
            }
        )

    @property
    def link(self) -> Link:
        """This entry as a link of its chain."""
        return Link(self.number, self.content, self.previous_hash, self.hash)
