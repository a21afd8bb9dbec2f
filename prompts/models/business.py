"""Businesses, their phone numbers, and the platform that they share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.validation import (
    E164,
    validate_e164,
    validate_language,
    validate_one_line,
    validate_time_zone,
)


class Clock(models.Model):
    """A row whose lock orders its owner's changes, with the head of the owner's audit chain."""

    revision = models.PositiveBigIntegerField(_("revision"), default=0, editable=False)
    audit_count = models.PositiveBigIntegerField(default=0, editable=False)
    audit_head = models.CharField(max_length=64, default="", blank=True, editable=False)

    class Meta:
        """The fields stand in the tables of the owners."""

        abstract = True


class Platform(Clock):
    """The one row that stands for what all businesses share."""

    class Meta:
        """There is one platform."""

        verbose_name = verbose_name_plural = _("platform")
        permissions = (("publish_platform", _("Can publish platform prompts")),)
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="prompts_platform_is_one_row"),
        )

    def __str__(self) -> str:
        """Name the platform."""
        return "Platform"


class Business(Clock):
    """A business whose calls the agent takes."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_one_line])
    agent_name = models.CharField(
        _("agent's name"), max_length=80, blank=True, validators=[validate_one_line]
    )
    phone = models.CharField(
        _("phone number to tell callers"),
        max_length=40,
        blank=True,
        validators=[validate_one_line],
    )
    address = models.CharField(
        _("address"), max_length=200, blank=True, validators=[validate_one_line]
    )
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[validate_one_line]
    )
    language = models.CharField(
        _("language"),
        max_length=16,
        default="en",
        validators=[validate_language],
        help_text=_("The language in which calls begin, such as en, he or ar."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)
    platform_revision = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        """Businesses are listed by name."""

        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(name=""), name="prompts_business_has_a_name"
            ),
        )

    def __str__(self) -> str:
        """Name the business."""
        return self.name

    @property
    def placeholders(self) -> dict[str, str]:
        """The values that prompts of this business can use."""
        return {
            "business_name": self.name,
            "agent_name": self.agent_name,
            "business_phone": self.phone,
            "address": self.address,
            "website": self.website,
        }


class PhoneNumber(models.Model):
    """A number on which a business is called, or from which it calls."""

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, related_name="phone_numbers", verbose_name=_("business")
    )
    number = models.CharField(
        _("number"),
        max_length=16,
        unique=True,
        validators=[validate_e164],
        error_messages={"unique": _("A business has this number already.")},
    )

    class Meta:
        """A number is written as E.164 and belongs to one business."""

        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(number__regex=E164), name="prompts_number_is_e164"
            ),
        )

    def __str__(self) -> str:
        """Show the number."""
        return self.number
