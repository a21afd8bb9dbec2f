"""What staff wrote at a call: personal data, in rows that can be erased."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.domain.notes import TAG_LIMIT


class Note(models.Model):
    """One wording of a note; a correction adds the next one, and the audit names each by its hash.

    Removing a note, or forgetting its caller, empties all its wordings; the rows stay.
    """

    call = models.ForeignKey(
        "calls.Call",
        on_delete=models.PROTECT,
        related_name="notes",
        db_index=False,  # (call, number, edition) serves it
        verbose_name=_("call"),
    )
    number = models.PositiveIntegerField(_("note"))
    edition = models.PositiveIntegerField(_("wording"))
    text = models.TextField(_("text"), blank=True)
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
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    erased_by = models.CharField(_("erased by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("call", "number", "edition")
        constraints = (
            models.UniqueConstraint(
                fields=["call", "number", "edition"], name="calls_notes_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id}:{self.number}.{self.edition}"


class Tag(models.Model):
    """A word that a business marks calls with, as it was first written; unused it goes."""

    business = models.ForeignKey(
        "prompts.Business",
        on_delete=models.PROTECT,
        null=True,  # of calls whose business is not known
        blank=True,
        related_name="call_tags",
        db_index=False,  # (business, key) serves it
        verbose_name=_("business"),
    )
    word = models.CharField(_("tag"), max_length=TAG_LIMIT)
    key = models.CharField(max_length=3 * TAG_LIMIT, db_index=True)  # folding can lengthen a word

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(
                fields=["business", "key"], name="calls_tag_is_written_one_way"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(business__isnull=True), name="calls_tag_of_no_business"
            ),
        )

    def __str__(self) -> str:
        return self.word


class CallTag(models.Model):
    """A call marked with a tag."""

    call = models.ForeignKey(
        "calls.Call",
        on_delete=models.PROTECT,
        related_name="tags",
        db_index=False,  # (call, tag) serves it
        verbose_name=_("call"),
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, related_name="uses", verbose_name=_("tag")
    )
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
        verbose_name = _("tag of a call")
        verbose_name_plural = _("tags of calls")
        constraints = (models.UniqueConstraint(fields=["call", "tag"], name="calls_tagged_once"),)

    def __str__(self) -> str:
        return f"{self.call_id}:{self.tag_id}"
