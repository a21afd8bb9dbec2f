"""One thing said in a call, and the words it was spoken under."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.choices import UNCONFIRMED_ANSWERS, KnownBy, Speaker


class Turn(models.Model):
    """What the caller or the agent said; an agent's turn names the instructions in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        "calls.Call",
        on_delete=models.CASCADE,
        related_name="turns",
        db_index=False,  # (call, position) serves it
        verbose_name=_("call"),
    )
    position = models.PositiveIntegerField(_("position"))
    speaker = models.CharField(_("speaker"), max_length=6, choices=Speaker)
    item_id = models.CharField(_("item"), max_length=128, blank=True)
    response_id = models.CharField(_("response"), max_length=128, blank=True)
    text = models.TextField(_("text"), blank=True, help_text=_("Generated or transcribed."))
    heard = models.TextField(_("heard"), blank=True, help_text=_("What the caller heard of it."))
    generated_ms = models.PositiveIntegerField(_("generated ms"), default=0)
    heard_ms = models.PositiveIntegerField(_("heard ms"), default=0)
    interrupted = models.BooleanField(_("interrupted"), default=False)
    status = models.CharField(_("status"), max_length=32, blank=True)
    started_at = models.DateTimeField(_("started"))

    revision = models.PositiveBigIntegerField(_("revision"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    prompt_version = models.ForeignKey(
        "prompts.PromptVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # (prompt_version, call) serves it
        verbose_name=_("prompt version"),
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    base_fingerprint = models.CharField(_("fingerprint of the session"), max_length=64, blank=True)
    known_by = models.CharField(_("known by"), max_length=16, choices=KnownBy, blank=True)
    next_fingerprint = models.CharField(_("fingerprint on its way"), max_length=64, blank=True)
    usage = models.JSONField(_("usage"), null=True, blank=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ("call", "position")
        indexes = (
            models.Index(fields=["call", "position"], name="calls_turns_in_order"),
            models.Index(fields=["prompt_version", "call"], name="calls_turns_under_version"),
            models.Index(
                fields=["call"],
                name="calls_turns_unconfirmed",
                condition=Q(known_by__in=UNCONFIRMED_ANSWERS),
            ),
        )

    def __str__(self) -> str:
        return f"{self.call_id}:{self.position} {self.speaker}"
