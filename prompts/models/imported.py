"""What an older system held of a business, as it came."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .business import Business


class ImportedRecord(models.Model):
    """The fields of one row of an export, kept for ever exactly as they were read."""

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, related_name="imported_records"
    )
    source = models.CharField(_("file"), max_length=200)
    row_number = models.PositiveIntegerField(_("row"))
    original = models.TextField(_("original"))
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(_("imported"))

    class Meta:
        """The same row is kept once."""

        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("business", "sha256"), name="prompts_one_record_per_original"
            ),
        )

    def __str__(self) -> str:
        """Say where it came from."""
        return f"{self.source}, row {self.row_number}"
