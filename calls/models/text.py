"""The exact texts that answers stood under, each stored once under its own hash."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.domain.layers import JOINT


class WrittenOnce(models.Model):
    """A row that is added and never changed; adding it a second time does nothing."""

    class Meta:
        abstract = True


class StoredText(WrittenOnce):
    """A layer between its markers, or the whole instructions of one answer of our own."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("stored text")
        verbose_name_plural = _("stored texts")

    def __str__(self) -> str:
        return self.sha256[:12]


class ContextText(WrittenOnce):
    """The context layer of calls, between its markers: the one part that can be erased."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField(_("text"), blank=True)
    # Calls that began in the same minute share one that tells of nobody, and keep it.
    is_personal = models.BooleanField(_("tells of a caller"), default=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    erased_by = models.CharField(_("erased by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("context text")
        verbose_name_plural = _("context texts")

    def __str__(self) -> str:
        return self.sha256[:12]


class ComposedText(WrittenOnce):
    """The instructions of a session as the list of its layers, under the hash of the whole."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    # Pairs of layer and hash, in their order; a context layer is a ContextText.
    layers = models.JSONField(_("layers"))
    joint = models.CharField(_("between layers"), max_length=8, default=JOINT)

    class Meta:
        verbose_name = _("composed text")
        verbose_name_plural = _("composed texts")

    def __str__(self) -> str:
        return self.fingerprint[:12]
