"""The page of one line: the exact text it was spoken under, whose that is, and what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Call, Turn
from calls.proof.texts import ExactText, Piece
from calls.story.log import Log, read_log
from calls.story.words import (
    Answer,
    Difference,
    Origin,
    current_version,
    difference,
    differences,
    find_answer,
    layers_of,
    origins,
    session_of,
    texts_of,
    with_texts,
    words_now,
)
from prompts.admin.pages.page import Crumb, show
from prompts.admin.reading import Look, note_read
from prompts.domain.kinds import Layer
from prompts.domain.layers import Instructions

from .access import call_url, find_call, way_to_calls
from .lines import line_of
from .page import call_title
from .telling import zone_of

LAYERS = {
    Layer.UNIVERSAL.value: gettext_lazy("For every business"),
    Layer.BUSINESS.value: gettext_lazy("What the business wrote"),
    Layer.CALL_TYPE.value: gettext_lazy("For this direction"),
    Layer.CONTEXT.value: gettext_lazy("About this call"),
}
PURPOSES = {
    "greeting": gettext_lazy("The first words of the call"),
    "goodbye": gettext_lazy("The goodbye"),
}


@dataclass(frozen=True, slots=True)
class LayerShown:
    """One layer of the text with its origin."""

    title: str
    piece: Piece
    origin: Origin | None
    is_open: bool


def line_page(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Show one line with its words; a line that the call does not have is 404, with a sentence."""
    call = find_call(request, pk)
    turn, before = find_answer(call, position)
    crumbs = [*way_to_calls(), Crumb(call_title(call), call_url(call))]
    if turn is None:
        sentence = _("This call has no line %(number)d.") % {"number": position}
        page = show(request, "admin/calls/no_line.html", title=sentence, crumbs=crumbs, call=call)
        page.status_code = 404
        return page
    note_read(request, call.business, Look.TRANSCRIPT, call)
    return show(
        request,
        "admin/calls/line.html",
        title=_("Line %(number)d: the words it stood under") % {"number": position},
        crumbs=crumbs,
        call=call,
        zone=zone_of(call),
        back=f"{call_url(call)}#line-{position}",
        **_words(call, turn, before),
    )


def line_url(call: Call, position: int) -> str:
    """The page of a line."""
    return reverse("admin:calls_call_line", args=[call.pk, position])


def _words(call: Call, turn: Turn, before: Turn | None) -> dict[str, object]:
    """All that the page tells of the words."""
    log = read_log(call, ())
    answers = with_texts(one for one in (turn, before) if one is not None)
    answer = answers[0]
    now = words_now(call) if answer.session or answer.own else None
    return {
        "line": line_of(turn, log),
        "answer": answer,
        "purpose": PURPOSES.get(log.purposes.get(turn.fingerprint, ""), ""),
        "layers": list(_layers(answer.session, origins(call, answer))) if answer.session else [],
        "live": current_version(turn),
        "now": now,
        "since": _since(answer, now),
        "own_since": _own_since(answer, now, log),
        "before": before,
        "is_same_session": before is not None and session_of(before) == session_of(turn),
        "from_before": _from_before(answers),
    }


def _layers(session: ExactText, known: Mapping[str, Origin]) -> Iterator[LayerShown]:
    for piece in session.pieces:
        title = LAYERS.get(piece.layer, piece.layer)
        is_open = piece.layer == Layer.BUSINESS
        yield LayerShown(str(title), piece, known.get(piece.layer), is_open)


def _since(answer: Answer, now: Instructions | None) -> list[tuple[str, Difference]]:
    """What is different now, layer by layer."""
    if answer.session is None or now is None:
        return []
    return _titled(differences(texts_of(answer.session.pieces), layers_of(now)))


def _own_since(answer: Answer, now: Instructions | None, log: Log) -> Difference | None:
    """What the first words of the call would be asked with now."""
    if answer.own is None or now is None:
        return None
    is_greeting = log.purposes.get(answer.turn.fingerprint) == "greeting"
    return difference("", answer.own.text, now.opening) if is_greeting else None


def _from_before(answers: list[Answer]) -> list[tuple[str, Difference]]:
    """What had changed in the session's text since the answer before, layer by layer."""
    if len(answers) < 2:
        return []
    after, before = (answer.session for answer in answers)
    if after is None or before is None:
        return []
    return _titled(differences(texts_of(before.pieces), texts_of(after.pieces)))


def _titled(found: list[Difference]) -> list[tuple[str, Difference]]:
    """The layers that differ, by their names."""
    return [(str(LAYERS.get(one.layer, one.layer)), one) for one in found if not one.is_same]
