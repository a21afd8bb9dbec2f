"""Requests that claimed to be Twilio's and were turned away."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.sentences import Sentence


class WebhookRefusal(models.Model):
    """One refused webhook and its cause; only the last few of each business are kept."""

    # No foreign key: the number comes from the path of a request that proved nothing.
    business_id = models.BigIntegerField(_("business"), null=True, blank=True)
    path = models.CharField(_("path"), max_length=200)
    cause = models.TextField(_("cause"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("refused webhook")
        verbose_name_plural = _("refused webhooks")
        ordering = ("-id",)
        indexes = (models.Index(fields=["business_id", "-id"], name="calls_refusals_by_business"),)

    def __str__(self) -> str:
        return str(Sentence.alone(self.path))
