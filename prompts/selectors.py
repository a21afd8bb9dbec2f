"""Reading the words that are in force."""

import logging
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from msgspec.structs import replace

from prompts.domain.agent import AgentSettings
from prompts.domain.fallback import build_fallback
from prompts.domain.hours import parse_hours
from prompts.domain.kinds import Apply, Channel, Direction, Layer
from prompts.domain.layers import Release as ReleaseValue
from prompts.domain.layers import Version, Wording
from prompts.domain.text import sha256
from prompts.logs import event
from prompts.models import (
    Business,
    BusinessHours,
    BusinessSettings,
    Prompt,
    PromptDraft,
    PromptVersion,
    Release,
    Revision,
    UnseenRelease,
)

logger = logging.getLogger(__name__)


def read_wording(
    business_id: int, direction: Direction, channel: Channel = Channel.CALLS
) -> Wording:
    """All that these calls share, as of exactly one revision; raises `Business.DoesNotExist`."""
    return read_wordings(business_id, (direction,), channel)[direction]


def read_wordings(
    business_id: int, directions: Collection[Direction], channel: Channel = Channel.CALLS
) -> dict[Direction, Wording]:
    """The same for several directions, all as of one and the same revision, in two queries.

    The first query reads the revisions together with the settings and the opening hours. The
    second takes only the releases up to those revisions. Releases are never altered and each
    carries its revision, so a publish between the two changes nothing here, on any database and
    at any isolation level.
    """
    business = (
        Business.objects.select_related("settings", "hours")
        .annotate(committed_at=_time_of_revision(), profiles_revision=_revision_of_profiles())
        .get(pk=business_id)
    )
    releases = list(_releases(business, directions, channel))
    return {
        one: replace(
            _wording(business, one, channel, releases),
            committed_at=business.committed_at,
            profiles_revision=business.profiles_revision,
        )
        for one in directions
    }


def _time_of_revision() -> Subquery:
    """When a business's revision was made."""
    made = Revision.objects.filter(business=OuterRef("pk"), number=OuterRef("revision"))
    return Subquery(made.values("created_at")[:1])


def _revision_of_profiles() -> Coalesce:
    """The newest revision of a business at which what is known of a caller changed."""
    changed = Revision.objects.filter(business=OuterRef("pk"), cause=Revision.PROFILE)
    newest = changed.order_by("-number").values("number")[:1]
    return Coalesce(Subquery(newest), 0)


def _wording(
    business: Business, direction: Direction, channel: Channel, found: Iterable[Release]
) -> Wording:
    """The rows of one direction as the plain value that composition reads."""
    releases: dict[str, list[ReleaseValue]] = {one.value: [] for one in Layer}
    updated_at = None
    for release in found:
        if release.prompt.direction in ("", direction.value):
            releases[release.prompt.layer].append(_release_value(release))
            updated_at = max(filter(None, (updated_at, release.created_at)))
    hours: BusinessHours | None = getattr(business, "hours", None)
    wording = Wording(
        business_id=business.pk,
        business_name=business.name,
        direction=direction,
        channel=channel,
        language=business.language,
        time_zone=business.time_zone,
        revision=business.revision,
        platform_revision=business.platform_revision,
        universal=tuple(releases[Layer.UNIVERSAL]),
        business=tuple(releases[Layer.BUSINESS]),
        call_type=tuple(releases[Layer.CALL_TYPE]),
        placeholders=tuple(business.placeholders.items()),
        settings=_agent_settings(business),
        fallback=build_fallback(
            words=business.settings.fallback_words,
            number=business.settings.fallback_number,
            language=business.language,
        ),
        paused=business.settings.paused or not business.is_active,
        opening_hours=parse_hours(hours.days) if hours else (),
        appointment_rules=hours.rules_in_force if hours else "",
    )
    event(logger, "prompt.db_read", updated_at=updated_at, **facts(wording))
    return wording


def current_revision(business_id: int) -> int:
    """The business's revision now; one query by primary key; raises `Business.DoesNotExist`."""
    return Business.objects.values_list("revision", flat=True).get(pk=business_id)


def texts_in_use(business: Business) -> Iterator[str]:
    """The business's texts and greetings that some call may be spoken under."""
    slots = [Q(**place(business, one, channel)) for one in Direction for channel in Channel]
    for release in _from_latest_live_on(slots, Q()):
        yield release.to_version.text
        yield release.to_version.greeting


def current_versions(business: Business) -> dict[Direction, PromptVersion | None]:
    """The version in force for calls in each direction; None is an empty slot."""
    slots = Prompt.objects.filter(
        layer=Layer.BUSINESS.value, business=business, channel=Channel.CALLS.value
    ).select_related("current")
    found = {Direction(slot.direction): slot.current for slot in slots}
    return {direction: found.get(direction) for direction in Direction}


def newest_releases(business: Business) -> dict[Direction, Release | None]:
    """The release that put the version in force there, up to the business's revision as read."""
    slots = [Q(**place(business, one)) for one in Direction]
    found = {
        Direction(release.prompt.direction): release
        for release in _from_latest_live_on(slots, Q(revision__lte=business.revision))
    }
    return {direction: found.get(direction) for direction in Direction}


def newest_platform_release(direction: Direction) -> Release | None:
    """The last release of a text that stands in every business's calls of a direction."""
    platform = Release.objects.filter(prompt__business=None).select_related("prompt", "to_version")
    return platform.filter(prompt__direction__in=("", direction.value)).order_by("-pk").first()


def platform_releases_of(business: Business, direction: Direction) -> QuerySet[Release]:
    """Of these releases those that raised the revision of one business."""
    raised = Revision.objects.filter(business=business, platform_revision__isnull=False)
    return Release.objects.filter(
        prompt__business=None,
        prompt__direction__in=("", direction.value),
        revision__in=raised.values("platform_revision"),
    )


def slot_for_calls(business: Business | None, direction: Direction | None) -> Prompt | None:
    """The business's slot for calls, or without one the platform's; None while none was written.

    The platform has a slot for each direction, and one without a direction for every call.
    """
    return Prompt.objects.select_related("current").filter(**place(business, direction)).first()


def place(
    business: Business | None, direction: Direction | None, channel: Channel = Channel.CALLS
) -> dict[str, Any]:
    """What tells a slot from every other; the database refuses a place that cannot be."""
    shared = Layer.CALL_TYPE if direction else Layer.UNIVERSAL
    return {
        "layer": (Layer.BUSINESS if business else shared).value,
        "business": business,
        "direction": direction.value if direction else "",
        "channel": channel.value,
    }


def release_in_force(slot: Prompt) -> Release | None:
    """The release that put the slot's version in force."""
    moves = slot.releases.filter(to_version=slot.current_id).order_by("-pk")
    return moves.select_related("to_version").first()


def draft_of(
    business: Business | None,
    direction: Direction | None,
    person: User | None,
    *,
    lock: bool = False,
) -> PromptDraft | None:
    """The person's draft for these calls, or without a person the one that waits for anybody."""
    slot = slot_for_calls(business, direction)
    return draft_in(slot, person, lock=lock) if slot else None


def drafts_of_others(slot: Prompt | None, person: User) -> QuerySet[PromptDraft]:
    """What other people are writing in a slot, the newest first."""
    drafts = PromptDraft.objects.select_related("base", "person")
    drafts = drafts.filter(prompt=slot, person__isnull=False)
    return drafts.exclude(person=person).order_by("-saved_at")


def draft_in(slot: Prompt, person: User | None, *, lock: bool = False) -> PromptDraft | None:
    """The same for a slot; ``lock`` holds the draft until the transaction ends."""
    drafts = PromptDraft.objects.select_related("base", "copied_from", "prompt__current")
    if lock:
        drafts = drafts.select_for_update(of=("self",))
    return drafts.filter(prompt=slot, person=person).first()


def unpublished_shipped() -> QuerySet[PromptVersion]:
    """Platform versions that arrived with an upgrade and that nobody has released."""
    return PromptVersion.objects.filter(
        prompt__business=None, releases=None, number__gt=F("prompt__current__number")
    ).select_related("prompt")


def waiting_shipped() -> list[PromptVersion]:
    """Of these the newest of each slot, with what is live there and without the texts."""
    rows = unpublished_shipped().select_related("prompt__current").order_by("prompt", "number")
    slim = rows.defer("text", "greeting", "prompt__current__text", "prompt__current__greeting")
    return list({version.prompt_id: version for version in slim}.values())


def unseen_releases(person: User) -> QuerySet[UnseenRelease]:
    """The releases of a person whose outcome the person has not seen, the newest first."""
    return UnseenRelease.objects.filter(person=person).select_related(
        "release__prompt__business", "release__from_version", "release__to_version"
    )


def facts(wording: Wording) -> dict[str, Any]:
    """What log lines say of a wording: where it belongs, and its version, never its text."""
    version = wording.business[-1].version if wording.business else None
    return {
        "business_id": wording.business_id,
        "direction": wording.direction,
        "channel": wording.channel,
        "revision": wording.revision,
        "version": version.number if version else None,
        "fingerprint": sha256(version.text) if version else None,
        "length": len(version.text) if version else 0,
    }


def _releases(
    business: Business, directions: Collection[Direction], channel: Channel
) -> Iterable[Release]:
    """The releases of their slots that were made up to the business's revisions."""
    slots = [Q(**place(None, None))]
    for one in directions:
        slots += [Q(**place(None, one)), Q(**place(business, one, channel))]
    return _from_latest_live_on(
        slots,
        Q(prompt__business__isnull=False, revision__lte=business.revision)
        | Q(prompt__business__isnull=True, revision__lte=business.platform_revision),
    )


def _from_latest_live_on(slots: Iterable[Q], known: Q) -> Iterable[Release]:
    """Oldest first, each slot's latest release for live calls and those after it.

    Each slot is asked once for its latest, however long its history is: asked by each release,
    the question would take minutes where thousands were made.
    """
    places, wanted = Q(), Q()
    for slot in slots:
        places |= slot
        in_slot = Q(prompt__in=Prompt.objects.filter(slot))
        live = Release.objects.filter(known, in_slot, apply=Apply.LIVE.value).order_by()
        latest = live.values("apply").annotate(latest=Max("pk")).values("latest")
        wanted |= in_slot & Q(pk__gte=Coalesce(Subquery(latest), 0))
    releases = Release.objects.filter(known, prompt__in=Prompt.objects.filter(places))
    return releases.filter(wanted).select_related("prompt", "to_version").order_by("pk")


def _release_value(release: Release) -> ReleaseValue:
    """The row as the plain value that composition reads."""
    version = release.to_version
    return ReleaseValue(
        revision=release.revision,
        apply=Apply(release.apply),
        version=Version(version.pk, version.number, version.text, version.greeting),
    )


def _agent_settings(business: Business) -> AgentSettings:
    """The business's settings, with the server's own where it chose none."""
    own: BusinessSettings = business.settings
    others = (tag.strip() for tag in own.other_languages.split(","))
    return AgentSettings(
        model=own.model or settings.OPENAI_REALTIME_MODEL,
        voice=own.voice,
        vad=own.vad,
        threshold=own.threshold,
        prefix_padding_ms=own.prefix_padding_ms,
        silence_duration_ms=own.silence_duration_ms,
        idle_timeout_ms=own.idle_timeout_ms,
        eagerness=own.eagerness,
        noise_reduction=own.noise_reduction,
        transcription_model=_transcription_model(own),
        languages=tuple(dict.fromkeys((business.language, *filter(None, others)))),
        max_call_seconds=min(filter(None, (own.max_call_seconds, settings.MAX_CALL_SECONDS))),
    )


def _transcription_model(own: BusinessSettings) -> str:
    """The name of the model that writes down what callers say, or nothing."""
    if not own.transcribe:
        return ""
    return own.transcription_model or str(settings.OPENAI_TRANSCRIPTION_MODEL)
