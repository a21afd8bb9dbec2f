"""What people are writing and nobody has published: no call ever reads it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .prompt import Prompt, PromptVersion


class PromptDraft(models.Model):
    """One person's unfinished text for one slot; without a person it waits for whoever takes it."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="drafts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    text = models.TextField(_("text"), blank=True)
    greeting = models.TextField(_("greeting"), blank=True)
    note = models.TextField(_("note"), blank=True)
    base = models.ForeignKey(
        PromptVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("started from"),
    )
    copied_from = models.ForeignKey(
        PromptVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("copied from"),
    )
    # Rises with each save and begins with the time, so that a discarded draft's never come back.
    edition = models.PositiveBigIntegerField(_("edition"))
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        """A person has one draft in a slot, and one may wait there for anybody."""

        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = (
            models.UniqueConstraint(
                fields=("prompt", "person"), name="prompts_one_draft_per_person"
            ),
            models.UniqueConstraint(
                fields=("prompt",),
                condition=Q(person__isnull=True),
                name="prompts_one_draft_that_waits",
            ),
        )

    def __str__(self) -> str:
        """Name the draft by its slot."""
        return f"Draft of {self.prompt}"
