"""Tokens by which scripts use the HTTP interface."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.domain.roles import Right
from prompts.validation import validate_one_line

from .business import Business


class ApiToken(models.Model):
    """One token: whom it is for, what it may do and until when; the secret itself is not kept."""

    name = models.CharField(_("name"), max_length=80, validators=[validate_one_line])
    prefix = models.CharField(_("begins with"), max_length=11)
    sha256 = models.CharField(max_length=64, unique=True)
    business = models.ForeignKey(
        Business,
        on_delete=models.PROTECT,
        null=True,  # every business
        blank=True,
        related_name="api_tokens",
        verbose_name=_("business"),
    )
    reads = models.BooleanField(_("may read"))
    publishes = models.BooleanField(_("may publish"))
    refreshes = models.BooleanField(_("may refresh"))
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )
    created_by_name = models.CharField(_("made by"), max_length=150)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        """A token that may do nothing is none."""

        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(reads=True)
                | models.Q(publishes=True)
                | models.Q(refreshes=True),
                name="prompts_token_may_do_something",
            ),
        )

    def __str__(self) -> str:
        """Name the token."""
        return self.name

    @property
    def rights(self) -> frozenset[Right]:
        """What the token may do in its business, or in every one."""
        held = (
            (self.reads, Right.READ),
            (self.publishes, Right.PUBLISH),
            (self.refreshes, Right.REFRESH),
        )
        return frozenset(right for given, right in held if given)
