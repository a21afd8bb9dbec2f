"""Who works for which business, and as what."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.domain.roles import Role

from .business import Business

ROLES = [
    (Role.VIEWER.value, _("viewer")),
    (Role.EDITOR.value, _("editor")),
    (Role.SUPPORT.value, _("support")),
    (Role.PUBLISHER.value, _("publisher")),
    (Role.OWNER.value, _("owner")),
]


class Membership(models.Model):
    """One role of one person in one business; it is given and taken away, never altered."""

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("business")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=10, choices=ROLES)

    class Meta:
        """A role is given once."""

        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ("business", "user", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "business", "role"), name="prompts_one_role_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[one.value for one in Role]),
                name="prompts_role_is_known",
            ),
        )

    def __str__(self) -> str:
        """Name the business and what somebody is there; a page says whose role it is."""
        return f"{self.business}: {self.get_role_display()}"
