"""Prompt slots, their immutable versions, and every move of a slot to a version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prompts.domain.kinds import Apply, Channel, Direction, Layer

from .business import Business

# Plain strings, because migrations spell these values out.
DIRECTIONS = [(Direction.INBOUND.value, _("inbound")), (Direction.OUTBOUND.value, _("outbound"))]
CHANNELS = [
    (Channel.CALLS.value, _("calls")),
    (Channel.WHATSAPP.value, _("WhatsApp")),
    (Channel.TEST.value, _("test")),
]
LAYERS = [
    (Layer.UNIVERSAL.value, _("universal")),
    (Layer.BUSINESS.value, _("business")),
    (Layer.CALL_TYPE.value, _("call type")),
]
APPLIES = [
    (Apply.LIVE.value, _("calls in progress too")),
    (Apply.NEW_CALLS.value, _("new calls only")),
]

IS_UNIVERSAL = Q(
    layer=Layer.UNIVERSAL.value, business__isnull=True, direction="", channel=Channel.CALLS.value
)
IS_CALL_TYPE = Q(
    layer=Layer.CALL_TYPE.value,
    business__isnull=True,
    direction__in=[one.value for one in Direction],
    channel=Channel.CALLS.value,
)
IS_BUSINESS = Q(
    layer=Layer.BUSINESS.value,
    business__isnull=False,
    direction__in=[one.value for one in Direction],
    channel__in=[one.value for one in Channel],
)


class Prompt(models.Model):
    """A slot for one text; `current` is the version in force, or nothing."""

    layer = models.CharField(_("layer"), max_length=12, choices=LAYERS)
    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, null=True, blank=True, related_name="prompts"
    )
    direction = models.CharField(_("direction"), max_length=10, blank=True, choices=DIRECTIONS)
    channel = models.CharField(
        _("channel"), max_length=10, choices=CHANNELS, default=Channel.CALLS.value
    )
    current = models.ForeignKey(
        "PromptVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        """A slot stands once, and only in a layer where it means something."""

        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = (
            models.CheckConstraint(
                condition=IS_UNIVERSAL | IS_CALL_TYPE | IS_BUSINESS,
                name="prompts_slot_is_possible",
            ),
            models.UniqueConstraint(
                fields=("business", "direction", "channel"),
                condition=Q(layer=Layer.BUSINESS.value),
                name="prompts_one_slot_per_business",
            ),
            models.UniqueConstraint(
                fields=("direction",),
                condition=Q(layer=Layer.CALL_TYPE.value),
                name="prompts_one_slot_per_call_type",
            ),
            models.UniqueConstraint(
                fields=("layer",),
                condition=Q(layer=Layer.UNIVERSAL.value),
                name="prompts_one_universal_slot",
            ),
        )

    def __str__(self) -> str:
        """Name the slot."""
        parts = (self.layer, self.direction, self.channel)
        owner = f"business {self.business_id}" if self.business_id else "platform"
        return f"{owner}: {' '.join(filter(None, parts))}"


class PromptVersion(models.Model):
    """One text of a slot, written once and kept for ever."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    greeting = models.TextField(_("greeting"), blank=True)
    note = models.TextField(_("note"))
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    author_name = models.CharField(_("author"), max_length=150)
    created_at = models.DateTimeField(_("written"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        """Versions count from 1 in each slot."""

        verbose_name = _("prompt version")
        verbose_name_plural = _("prompt versions")
        ordering = ("prompt", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("prompt", "number"), name="prompts_version_number_is_unique"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="prompts_versions_from_1"),
            models.CheckConstraint(condition=~Q(text=""), name="prompts_version_has_text"),
        )

    def __str__(self) -> str:
        """Name the version as people do."""
        return f"v{self.number}"


class Release(models.Model):
    """One move of a slot to a version: who, why, and for which calls."""

    class Kind(models.TextChoices):
        """Why a slot moved."""

        PUBLISH = "publish", _("published")
        TAKE_BACK = "take_back", _("taken back")
        RESTORE = "restore", _("restored")
        IMPORT = "import", _("imported")
        PLATFORM = "platform", _("platform")

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="releases")
    from_version = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="releases")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
    )
    actor_name = models.CharField(_("by"), max_length=150)
    reason = models.TextField(_("reason"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    apply = models.CharField(_("applies to"), max_length=10, choices=APPLIES)
    revision = models.PositiveBigIntegerField(_("revision"))
    created_at = models.DateTimeField(_("released"))

    class Meta:
        """A slot moves at most once in a revision."""

        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("prompt", "revision"), name="prompts_one_release_per_revision"
            ),
            models.CheckConstraint(
                condition=Q(apply__in=[one.value for one in Apply]),
                name="prompts_release_apply_is_known",
            ),
        )

    def __str__(self) -> str:
        """Name the move."""
        return f"{self.prompt} r{self.revision}"
