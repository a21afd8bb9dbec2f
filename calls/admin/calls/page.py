"""The page of one call, with everything that was said."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models.choices import KnownBy
from prompts.admin.pages.page import show
from prompts.admin.reading import Look, note_read

from .access import find_call, way_to_calls
from .labels import settings_lines
from .telling import minutes, zone_of

# How it is known under which instructions an answer was spoken, in the words of staff.
SURENESS = {
    KnownBy.METADATA: gettext_lazy("Sure: the voice service named it with the answer."),
    KnownBy.ORDER: gettext_lazy("Sure: no change was on its way."),
    KnownBy.ORDER_IN_FLIGHT: gettext_lazy("Likely: a change was on its way, to"),
    KnownBy.UNVERIFIED: gettext_lazy("Not sure: the voice service did not confirm it."),
}


def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a call; the number of queries does not depend on how long it was."""
    call = find_call(request, pk)
    note_read(request, call.business, Look.TRANSCRIPT, call)
    title = _("Call of %(business)s") % {"business": call.business or _("an unknown business")}
    return show(
        request,
        "admin/calls/call.html",
        title=title,
        crumbs=way_to_calls(),
        call=call,
        zone=zone_of(call),
        duration=minutes(call.duration_seconds),
        turns=[
            (turn, SURENESS.get(KnownBy(turn.known_by)) if turn.known_by else "")
            for turn in call.turns.order_by("position")
        ],
        receipts=list(call.receipts.order_by("revision", "committed_at")),
        settings_lines=settings_lines(call),
        settings_json=json.dumps(call.settings, ensure_ascii=False, indent=2),
    )
