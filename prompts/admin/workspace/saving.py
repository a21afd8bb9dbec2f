"""Keeping what was typed: from the form, and from the script that saves while a person types."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from prompts.admin.places.place import Place
from prompts.domain.roles import Right
from prompts.services.draft import save_draft
from prompts.services.errors import StaleDraft
from prompts.services.slots import Text

from .bench import Bench, open_bench
from .forms import DraftForm, draft_form
from .header import draft_state, saved
from .rehearsing import opening_of


def keep(bench: Bench, values: Mapping[str, Any]) -> Bench:
    """The bench after the typed words were saved; words that are live already make no draft."""
    words = Text(values["text"], values.get("greeting", ""))
    untouched = bench.draft is None and not values["note"].strip()
    if untouched and words.canonical() == bench.live_words:
        return bench
    draft = save_draft(
        desk=bench.desk,
        words=words,
        note=values["note"],
        base=values["base"],
        edition=values["edition"],
    )
    return replace(bench, draft=draft)


def checked(form: DraftForm) -> Mapping[str, Any]:
    """What was typed; raises the form's own faults as a service does its."""
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form.cleaned_data


def autosave(request: HttpRequest, place: Place) -> HttpResponse:
    """Save what a script sends, and say how the draft stands; every refusal is a sentence."""
    try:
        bench = open_bench(request, place, Right.DRAFT)
        if request.method != "POST":
            return HttpResponseRedirect(place.address())  # to the page whose words are saved here
        kept = keep(bench, checked(draft_form(place)(_posted(request))))
    except PermissionDenied as error:
        return _refuse(403, str(error))
    except ValidationError as error:
        return _refuse(422, " ".join(error.messages))
    except StaleDraft:
        sentence = _("You changed this draft in another window. Your text here is not lost.")
        return _refuse(409, sentence)
    return JsonResponse(_state(request, kept))


def _refuse(status: int, sentence: str) -> HttpResponse:
    """Nothing was saved, and why."""
    return JsonResponse({"detail": _("Not saved: %(why)s") % {"why": sentence}}, status=status)


def _posted(request: HttpRequest) -> dict[str, object]:
    """The fields that a script sent as JSON."""
    try:
        posted = json.loads(request.body)
    except ValueError:
        posted = None
    if not isinstance(posted, dict):
        raise ValidationError(_("The page sent something else than a draft. Open it again."))
    return posted


def _state(request: HttpRequest, bench: Bench) -> dict[str, object]:
    """What the page shows anew after a save."""
    points = {"points": bench.points(), "bench": bench, "pages": bench.place.pages}
    return {
        "edition": bench.edition,
        "saved": saved(bench) or _("Nothing to save: these words are live."),
        "draft": draft_state(bench),
        "points": render_to_string("admin/prompts/workspace/points.html", points, request),
        "opening": opening_of(bench),
        "moved": render_to_string("admin/prompts/workspace/moved.html", points, request).strip(),
    }
