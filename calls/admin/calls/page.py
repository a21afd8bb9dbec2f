"""The page of one call: what was said, and between the lines what reached it."""

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from calls.domain.reasons import EndReason
from calls.models import Call, Tag, Turn
from calls.models.choices import CallStatus
from calls.selectors import tags_known
from calls.story.timeline import Story, tell
from prompts.admin.pages.page import show
from prompts.admin.reading import Look, note_read
from prompts.sentences import Sentence

from .access import find_call, way_to_calls
from .labels import is_simulated, settings_changes, settings_lines
from .lines import Line, line_of
from .marks import Sign, change_title, sign_of
from .notes.forms import NoteForm, TagForm
from .notes.shown import notes_shown
from .summary import plain_text
from .telling import minutes, zone_of


def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a call; the number of queries does not depend on how long it was."""
    return show_call(request, find_call(request, pk))


def show_call(
    request: HttpRequest,
    call: Call,
    *,
    note_form: NoteForm | None = None,
    tag_form: TagForm | None = None,
) -> HttpResponse:
    """The page of a call; a form that has a fault comes back as it was sent."""
    note_read(request, call.business, Look.TRANSCRIPT, call)
    story = tell(call)
    return show(
        request,
        "admin/calls/call.html",
        title=call_title(call),
        crumbs=way_to_calls(),
        call=call,
        zone=zone_of(call),
        duration=minutes(call.duration_seconds),
        fallback=fallback_told(call),
        summary=plain_text(story),
        items=list(_items(story)),
        has_lines=bool(story.turns),
        notes=list(notes_shown(request, call, story.notes)),
        note_form=note_form or NoteForm(),
        tags=story.tags,
        tags_known=tags_known(Tag.objects.filter(business=call.business)),
        tag_form=tag_form or TagForm(),
        log_is_broken=story.log.is_broken,
        receipts=[
            (receipt, change_title(story.changes.get(receipt.revision), receipt))
            for receipt in story.receipts
        ],
        is_simulated=is_simulated(call),
        settings_lines=settings_lines(call),
        settings_changes=settings_changes(story),
        settings_json=json.dumps(call.settings, ensure_ascii=False, indent=2),
    )


def call_title(call: Call) -> str:
    """Whose call it is."""
    return Sentence.of(
        _("Call of %(business)s"), business=call.business or _("an unknown business")
    )


def fallback_told(call: Call) -> str:
    """Whether the caller heard the fallback words instead of the agent, or after it."""
    if call.status == CallStatus.REFUSED:
        return _("The caller heard the fallback words.")
    if call.end_reason and not EndReason(call.end_reason).is_normal:
        return _("A caller who was still on the line then heard the fallback words.")
    return ""


def _items(story: Story) -> Iterator[tuple[Line | None, Sign | None]]:
    """Lines and signs in their order; one of the two is set."""
    for item in story.items:
        if isinstance(item, Turn):
            yield line_of(item, story.log), None
        else:
            yield None, sign_of(item, story)
