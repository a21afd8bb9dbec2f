"""The list of calls, and the page of one call with everything that was said."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls import selectors
from calls.admin import live
from calls.models import Call, Turn
from calls.models.choices import KnownBy
from prompts.admin.base import ScopedAdmin, in_zone
from prompts.admin.reading import Look, note_read
from prompts.domain.roles import Right

GOING_ON = "going_on"
LABELS = {
    "model": gettext_lazy("Model"),
    "type": gettext_lazy("Kind of session"),
    "output_modalities": gettext_lazy("The agent answers by"),
    "audio.input.format.type": gettext_lazy("Sound of the caller"),
    "audio.input.noise_reduction": gettext_lazy("Noise reduction"),
    "audio.input.noise_reduction.type": gettext_lazy("Noise reduction"),
    "audio.input.transcription": gettext_lazy("Transcription"),
    "audio.input.transcription.model": gettext_lazy("Transcription model"),
    "audio.input.transcription.language": gettext_lazy("Language of the transcript"),
    "audio.input.transcription.languages": gettext_lazy("Languages of the transcript"),
    "audio.input.turn_detection.type": gettext_lazy("Turn detection"),
    "audio.input.turn_detection.threshold": gettext_lazy("Speech threshold"),
    "audio.input.turn_detection.prefix_padding_ms": gettext_lazy("Sound kept before speech (ms)"),
    "audio.input.turn_detection.silence_duration_ms": gettext_lazy("Silence that ends a turn (ms)"),
    "audio.input.turn_detection.idle_timeout_ms": gettext_lazy("Ask again after silence (ms)"),
    "audio.input.turn_detection.eagerness": gettext_lazy("Eagerness"),
    "audio.input.turn_detection.create_response": gettext_lazy("Answers after each turn"),
    "audio.input.turn_detection.interrupt_response": gettext_lazy("Callers can interrupt"),
    "audio.output.format.type": gettext_lazy("Sound of the agent"),
    "audio.output.voice": gettext_lazy("Voice"),
    "tools": gettext_lazy("Tools"),
    "tool_choice": gettext_lazy("Choice of tools"),
}
# How it is known under which instructions an answer was spoken, in the words of staff.
SURENESS = {
    KnownBy.METADATA: gettext_lazy("Sure: the voice service named it with the answer."),
    KnownBy.ORDER: gettext_lazy("Sure: no change was on its way."),
    KnownBy.ORDER_IN_FLIGHT: gettext_lazy("Likely: a change was on its way, to"),
    KnownBy.UNVERIFIED: gettext_lazy("Not sure: the voice service did not confirm it."),
}


class GoingOn(admin.SimpleListFilter):
    """The calls that the pages of prompts count as in progress."""

    title = gettext_lazy("in progress")
    parameter_name = GOING_ON

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice beside all."""
        return [("yes", _("In progress now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Call]) -> QuerySet[Call]:
        """Keep what goes on."""
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=selectors.live_calls(timezone.now()).values("pk"))


@admin.register(Call)
class CallAdmin(ScopedAdmin[Call]):
    """Calls to read, the newest first."""

    right = Right.READ_CALLS
    change_form_template = "admin/calls/call.html"
    change_list_template = "admin/calls/call_list.html"
    list_display = (
        "started",
        "business",
        "direction",
        "caller",
        "begun_under",
        "spoken_under",
        "duration",
        "ending",
    )
    list_filter = (
        ("business", admin.RelatedOnlyFieldListFilter),
        "direction",
        GoingOn,
        "status",
        "started_at",
        "end_reason",
    )
    search_fields = ("sid", "from_number", "to_number")
    list_select_related = ("business",)
    list_per_page = 50
    show_full_result_count = False
    fields = ()

    @admin.display(description=in_zone(gettext_lazy("Started")), ordering="started_at")
    def started(self, call: Call) -> datetime:
        """When it began, in the zone that the head of the column names."""
        return call.started_at

    @admin.display(description=gettext_lazy("From"), ordering="from_number")
    def caller(self, call: Call) -> SafeString:
        """Who called, read from the left in every script."""
        return format_html('<bdi dir="ltr">{}</bdi>', call.from_number)

    @admin.display(description=gettext_lazy("Duration"), ordering="duration_seconds")
    def duration(self, call: Call) -> str:
        """Minutes and seconds."""
        return minutes(call.duration_seconds)

    @admin.display(description=gettext_lazy("How it ended"), ordering="end_reason")
    def ending(self, call: Call) -> str:
        """The end as a sentence, or a mark on what is going on."""
        if call.end_sentence:
            return call.end_sentence
        mark = '<span class="va-state va-answers">{}</span>'
        return format_html(mark, call.get_status_display())

    @admin.display(description=gettext_lazy("Version at start"), ordering="version")
    def begun_under(self, call: Call) -> str:
        """The version that the call began under."""
        return f"v{call.version}" if call.version else "–"

    @admin.display(description=gettext_lazy("Last spoken under"))
    def spoken_under(self, call: Call) -> str:
        """The version of the newest answer; it differs when somebody published meanwhile."""
        version = getattr(call, "last_version", None)
        return f"v{version}" if version else "–"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a call; the number of queries does not depend on how long it was."""
        call = self.get_object(request, object_id)
        note_read(request, call.business, Look.TRANSCRIPT, call)
        context = {**(extra_context or {}), **page_of(call)}
        return super().change_view(request, object_id, form_url, context)

    def get_urls(self) -> list[URLPattern]:
        """The calls in progress have a page of their own."""
        return [*live.urls(self.admin_site.admin_view), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        """The calls with the names of their businesses and their newest versions."""
        answers = Turn.objects.filter(call=OuterRef("pk"), version__isnull=False)
        newest = answers.order_by("-position").values("version")[:1]
        calls = super().get_queryset(request).select_related("business")
        return calls.annotate(last_version=Subquery(newest))


def page_of(call: Call) -> dict[str, object]:
    """What the page of a call shows."""
    return {
        "title": _("Call of %(business)s")
        % {"business": call.business or _("an unknown business")},
        "subtitle": None,
        "call": call,
        "zone": call.business.time_zone if call.business else "UTC",
        "duration": minutes(call.duration_seconds),
        "turns": [
            (turn, SURENESS.get(KnownBy(turn.known_by)) if turn.known_by else "")
            for turn in call.turns.order_by("position")
        ],
        "receipts": list(call.receipts.order_by("revision", "committed_at")),
        "settings_lines": [
            (LABELS.get(name, name), _plain(value)) for name, value in _leaves(_settings(call))
        ],
        "settings_json": json.dumps(call.settings, ensure_ascii=False, indent=2),
    }


def minutes(seconds: int | None) -> str:
    """``75`` as ``1:15``."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _settings(call: Call) -> dict[str, object]:
    """The stored settings of the session, whatever shape an older release gave them."""
    return call.settings if isinstance(call.settings, dict) else {"settings": call.settings}


def _leaves(values: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Every value that is no group, by its path such as ``audio.output.voice``."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _plain(value: object) -> str:
    """A setting as a person writes it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else "–"
    return "–" if value in (None, "") else str(value)
