"""How the agent of one business listens, speaks and is replaced when it cannot."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from prompts.domain.agent import EAGERNESS, NOISE_REDUCTIONS, VADS, VOICES
from prompts.validation import E164, between, validate_e164, validate_languages, validate_one_line

from .business import Business

PADDING_MS = (0, 2000)
SILENCE_MS = (100, 5000)
IDLE_MS = (5000, 30000)
CALL_SECONDS = (30, 3600)


def named(values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Choices whose stored words are also the words to show."""
    return [(value, value) for value in values]


class BusinessSettings(models.Model):
    """The settings of one business's agent; an empty model name means the server's own."""

    business = models.OneToOneField(
        Business,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="settings",
        verbose_name=_("business"),
    )
    model = models.CharField(_("model"), max_length=80, blank=True, validators=[validate_one_line])
    voice = models.CharField(_("voice"), max_length=40, default=VOICES[0], choices=named(VOICES))
    vad = models.CharField(_("turn detection"), max_length=20, default=VADS[0], choices=named(VADS))
    threshold = models.FloatField(
        _("speech threshold"),
        default=0.5,
        validators=between(0, 1),
        help_text=_("From 0 to 1; a higher one needs louder speech."),
    )
    prefix_padding_ms = models.PositiveIntegerField(
        _("sound kept before speech (ms)"), default=300, validators=between(*PADDING_MS)
    )
    silence_duration_ms = models.PositiveIntegerField(
        _("silence that ends a turn (ms)"),
        default=500,
        validators=between(*SILENCE_MS),
    )
    idle_timeout_ms = models.PositiveIntegerField(
        _("ask again after silence (ms)"),
        null=True,
        blank=True,
        validators=between(*IDLE_MS),
        help_text=_("From 5000 to 30000, or empty: the agent waits."),
    )
    eagerness = models.CharField(
        _("eagerness"), max_length=10, default=EAGERNESS[0], choices=named(EAGERNESS)
    )
    noise_reduction = models.CharField(
        _("noise reduction"),
        max_length=20,
        blank=True,
        default=NOISE_REDUCTIONS[0],
        choices=named(NOISE_REDUCTIONS),
    )
    transcribe = models.BooleanField(_("write down what callers say"), default=True)
    transcription_model = models.CharField(
        _("transcription model"), max_length=80, blank=True, validators=[validate_one_line]
    )
    other_languages = models.CharField(
        _("other languages"),
        max_length=100,
        blank=True,
        validators=[validate_languages],
        help_text=_("Tags with commas between them, such as en, ar."),
    )
    max_call_seconds = models.PositiveIntegerField(
        _("longest call (seconds)"),
        null=True,
        blank=True,
        validators=between(*CALL_SECONDS),
        help_text=_("Empty: the server's own limit."),
    )
    fallback_words = models.CharField(
        _("words when the agent cannot speak"),
        max_length=500,
        blank=True,
        validators=[validate_one_line],
        help_text=_("In the business's language. Empty: a polite sentence of ours."),
    )
    fallback_number = models.CharField(
        _("number to put callers through to"),
        max_length=16,
        blank=True,
        validators=[validate_e164],
    )
    paused = models.BooleanField(_("agent paused"), default=False)

    class Meta:
        """What holds for every row, however it was written."""

        verbose_name = _("agent settings")
        verbose_name_plural = _("agent settings")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(fallback_number="") | models.Q(fallback_number__regex=E164),
                name="prompts_fallback_number_is_e164",
            ),
            models.CheckConstraint(
                condition=models.Q(vad__in=VADS), name="prompts_settings_vad_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(eagerness__in=EAGERNESS),
                name="prompts_settings_eagerness_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(noise_reduction__in=("", *NOISE_REDUCTIONS)),
                name="prompts_settings_noise_reduction_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(threshold__range=(0, 1)), name="prompts_threshold_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(idle_timeout_ms__isnull=True)
                | models.Q(idle_timeout_ms__range=IDLE_MS),
                name="prompts_idle_timeout_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(prefix_padding_ms__range=PADDING_MS),
                name="prompts_prefix_padding_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(silence_duration_ms__range=SILENCE_MS),
                name="prompts_silence_duration_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(max_call_seconds__isnull=True)
                | models.Q(max_call_seconds__range=CALL_SECONDS),
                name="prompts_max_call_seconds_in_range",
            ),
        )

    def __str__(self) -> str:
        """Say whose settings these are."""
        return f"Settings of {self.business}"
