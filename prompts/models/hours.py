"""When a business is open, and how appointments are made there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.validation import validate_days, validate_rules

from .business import Business


class BusinessHours(models.Model):
    """What the agent of one business may tell of its hours; a business without a row told none."""

    business = models.OneToOneField(
        Business,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="hours",
        verbose_name=_("business"),
    )
    # Weekdays in English small letters, each with the text of its spans; a day may be missing.
    days = models.JSONField(
        _("opening hours"), default=dict, blank=True, validators=[validate_days]
    )
    takes_appointments = models.BooleanField(_("appointments are made on the phone"), default=False)
    appointment_rules = models.TextField(
        _("rules for appointments"),
        blank=True,
        validators=[validate_rules],
        help_text=_("The agent reads them only while appointments are made on the phone."),
    )

    class Meta:
        """One row per business."""

        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        """Say whose hours these are."""
        return f"Hours of {self.business}"

    @property
    def rules_in_force(self) -> str:
        """The rules, while appointments are made on the phone."""
        return self.appointment_rules if self.takes_appointments else ""
