"""One phone call, from Twilio's first webhook to its end."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.domain.reasons import EndReason
from calls.models import details
from calls.models.choices import DIRECTIONS, END_REASONS, CallStatus, values
from prompts.domain.kinds import Direction

OPEN_STATUSES = values([CallStatus.RECEIVED, CallStatus.CONNECTED])
CLOSED_STATUSES = values([CallStatus.ENDED, CallStatus.REFUSED])


class Call(models.Model):
    """A call that passed the signature check, also one that the agent did not answer."""

    sid = models.CharField(_("call SID"), max_length=34, unique=True)
    account_sid = models.CharField(_("account SID"), max_length=34, blank=True)
    business = models.ForeignKey(
        "prompts.Business",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        db_index=False,  # (business, started_at) serves it
        verbose_name=_("business"),
    )
    direction = models.CharField(_("direction"), max_length=8, choices=DIRECTIONS)
    from_number = models.CharField(_("from"), max_length=64, blank=True)
    to_number = models.CharField(_("to"), max_length=64, blank=True)

    status = models.CharField(
        _("status"), max_length=9, choices=CallStatus, default=CallStatus.RECEIVED
    )
    started_at = models.DateTimeField(_("started"))
    connected_at = models.DateTimeField(_("connected"), null=True, blank=True)
    first_audio_at = models.DateTimeField(_("first sound"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("seconds"), null=True, blank=True)
    end_reason = models.CharField(_("end"), max_length=32, choices=END_REASONS, blank=True)
    end_detail = models.TextField(_("detail of the end"), blank=True)

    # The clocks under which the call began; a release for new calls only is judged by them.
    started_revision = models.PositiveBigIntegerField(_("revision at start"), null=True, blank=True)
    started_platform_revision = models.PositiveBigIntegerField(
        _("platform revision at start"), null=True, blank=True
    )
    version = models.PositiveIntegerField(_("version at start"), null=True, blank=True)
    fingerprint = models.CharField(_("fingerprint at start"), max_length=64, blank=True)
    settings = models.JSONField(_("settings of the session"), default=dict, blank=True)
    settings_fingerprint = models.CharField(_("settings fingerprint"), max_length=64, blank=True)
    # Of a text that is none of ours, while that is what the model's side holds.
    foreign_fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    token_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    token_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The process that carries the call. Its row may be written later, or be cleared away.
    worker = models.ForeignKey(
        "calls.Worker",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        editable=False,
        related_name="calls",
        db_index=False,
        verbose_name=_("worker"),
    )
    # What a person asked to be sent again, until the worker has taken it up.
    refresh_id = models.UUIDField(null=True, blank=True, editable=False)
    refresh_force = models.BooleanField(default=False, editable=False)

    # Its caller was forgotten: what is still on its way to the database goes with the rest.
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)
    forgotten_by = models.CharField(max_length=150, blank=True, editable=False)

    stream_sid = models.CharField(_("stream SID"), max_length=34, blank=True)
    twilio_status = models.CharField(_("Twilio's status"), max_length=16, blank=True)
    twilio_sequence = models.PositiveIntegerField(
        _("Twilio's sequence number"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-started_at", "-id")
        indexes = (
            models.Index(fields=["-started_at", "-id"], name="calls_time"),
            models.Index(fields=["business", "-started_at"], name="calls_business_time"),
            models.Index(
                fields=["status", "started_at"],
                name="calls_live",
                condition=Q(status__in=OPEN_STATUSES),
            ),
            models.Index(
                fields=["business"],
                name="calls_to_refresh",
                condition=Q(refresh_id__isnull=False),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["token_hash"], name="calls_token_unique", condition=~Q(token_hash="")
            ),
            models.CheckConstraint(
                condition=Q(direction__in=values(Direction)), name="calls_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=values(CallStatus)), name="calls_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_STATUSES, end_reason="", ended_at__isnull=True)
                | (Q(status__in=CLOSED_STATUSES, ended_at__isnull=False) & ~Q(end_reason="")),
                name="calls_end_has_reason",
            ),
        )

    def __str__(self) -> str:
        return self.sid

    @property
    def is_open(self) -> bool:
        """Whether the call may still go on."""
        return self.status in OPEN_STATUSES

    @property
    def end_sentence(self) -> str:
        """How the call ended, as one sentence for a person; empty while it is open."""
        if not self.end_reason:
            return ""
        if self.status != CallStatus.REFUSED:
            return f"{self.get_end_reason_display()}."
        return gettext("Not answered by the agent: %(reason)s") % {"reason": self._why_not()}

    @property
    def detail(self) -> str:
        """What is known of the end beside its reason, in the reader's language."""
        return details.in_words(self.end_detail)

    def _why_not(self) -> str:
        """The reason of a call that the agent did not answer, ready to follow a colon."""
        match self.end_reason, self.direction:
            case EndReason.NO_PROMPT, Direction.INBOUND:
                return gettext("no inbound prompt is published.")
            case EndReason.NO_PROMPT, _direction:
                return gettext("no outbound prompt is published.")
            case EndReason.PAUSED, _direction:
                return gettext("the agent is paused.")
            case EndReason.BUSY, _direction:
                return gettext("too many calls at once.")
            case _reason, _direction:
                return self.detail or gettext("the call was refused.")
