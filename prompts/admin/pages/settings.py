"""How the agent of a business listens and speaks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.forms import SettingsForm
from prompts.admin.outcomes.change import land_on_change
from prompts.domain.reach import AT_ONCE, NEXT_CALL
from prompts.domain.roles import Right
from prompts.models import BusinessSettings
from prompts.sentences import Sentence
from prompts.services.settings import change_settings

from .page import WHY, Section, attempt, history_url, show_form, way_to


def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the settings, with a reason; say what reaches calls in progress."""
    business = rights.find_business(request, pk, Right.READ)
    may_change = rights.may(request, business, Right.CHANGE_SETTINGS)
    if request.method == "POST":
        rights.require(request, business, Right.CHANGE_SETTINGS)
    # The form writes into its row before it is judged, so it gets one of its own.
    own = BusinessSettings.objects.get(business=business)
    form = SettingsForm(request.POST or None, instance=own)
    for field in form.fields.values():
        field.disabled = not may_change

    def save(values: dict[str, Any]) -> BusinessSettings:
        reason = values.pop("reason")
        return change_settings(
            business=business, changes=values, actor=rights.person(request), reason=reason
        )

    if attempt(request, form, save):
        return land_on_change(request, business)
    return show_form(
        request,
        form,
        _sections(),
        title=Sentence.of(_("Settings of %(business)s"), business=business.name),
        crumbs=way_to(business),
        button=_("Save the settings") if may_change else "",
        history_url=history_url(business, "settings"),
    )


def _sections() -> list[Section]:
    """What waits, then what does not."""
    return [
        (
            _("Voice"),
            {
                "fields": NEXT_CALL,
                "description": _(
                    "These wait for the next call: "
                    "a call in progress keeps its model and its voice."
                ),
            },
        ),
        (
            _("Listening"),
            {
                "fields": (
                    "vad",
                    "threshold",
                    "prefix_padding_ms",
                    "silence_duration_ms",
                    "idle_timeout_ms",
                    "eagerness",
                    "noise_reduction",
                    "transcribe",
                    "transcription_model",
                    "other_languages",
                ),
                "description": _(
                    "These reach calls in progress, and the voice service confirms it."
                ),
            },
        ),
        (
            _("Limits, and what happens when the agent cannot speak"),
            {
                "fields": AT_ONCE,
                "description": _(
                    "These hold at once: calls in progress end at the new limit "
                    "and fall back to the new words and number."
                ),
            },
        ),
        WHY,
    ]
