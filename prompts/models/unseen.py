"""Results of releases that the people who made them have not seen yet."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .prompt import Release


class UnseenRelease(models.Model):
    """A release whose outcome its maker has yet to see; the row goes when that has happened."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once for each person."""

        verbose_name = _("unseen result")
        verbose_name_plural = _("unseen results")
        ordering = ("-release",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "release"), name="prompts_unseen_once_per_person"
            ),
        )

    def __str__(self) -> str:
        """Name the release and who made it."""
        return f"{self.release_id} for {self.person_id}"
