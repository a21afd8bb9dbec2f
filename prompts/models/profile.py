"""What a business knows of its callers: personal data, in rows that can be erased."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prompts.domain.profile import Profile, parse_profile
from prompts.validation import E164, validate_e164

from .business import Business


class CallerProfile(models.Model):
    """One caller of one business, by phone number; what is known stands in the newest record.

    After an erasure the row has no number; a profile made later for that number is another row.
    """

    business = models.ForeignKey(
        Business,
        on_delete=models.PROTECT,
        related_name="caller_profiles",
        verbose_name=_("business"),
    )
    number = models.CharField(  # noqa: DJ001  # unique, and erased to nothing
        _("number"), max_length=16, null=True, validators=[validate_e164]
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    erased_by = models.CharField(_("erased by"), max_length=150, blank=True, editable=False)

    class Meta:
        """A number has at most one profile in a business."""

        verbose_name = _("caller profile")
        verbose_name_plural = _("caller profiles")
        ordering = ("business", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("business", "number"), name="prompts_one_profile_per_number"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False, number__regex=E164, erased_at__isnull=True)
                | Q(number__isnull=True, erased_at__isnull=False),
                name="prompts_profile_has_number_or_is_erased",
            ),
        )

    def __str__(self) -> str:
        """Name the row, never the caller."""
        return f"Caller {self.pk}"


class ProfileRecord(models.Model):
    """A profile as it stood from one revision on; the audit names it by its hash alone."""

    profile = models.ForeignKey(CallerProfile, on_delete=models.PROTECT, related_name="records")
    revision = models.PositiveBigIntegerField(_("revision"))
    content = models.TextField(blank=True)
    reason = models.TextField(_("reason"), blank=True)
    salt = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    actor_name = models.CharField(_("by"), max_length=150)
    made_at = models.DateTimeField(_("at"))

    class Meta:
        """A profile changes at most once in a revision."""

        verbose_name = _("record of a profile")
        verbose_name_plural = _("records of profiles")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("profile", "revision"), name="prompts_one_record_per_revision"
            ),
        )

    def __str__(self) -> str:
        """Name the record by its revision."""
        return f"{self.profile} r{self.revision}"

    @property
    def values(self) -> Profile:
        """What was known; nothing after an erasure."""
        return parse_profile(self.content)
