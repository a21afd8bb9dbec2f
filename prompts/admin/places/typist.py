"""Words go to the person for whom their page was made, whoever has logged in since.

A browser has one login for all its windows. Each form at a prompt therefore names its person, and
what an open window sends after another login is handed back instead of becoming the other's draft.
"""

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from prompts.admin import rights
from prompts.admin.pages.page import home, show
from prompts.sentences import Sentence

FIELD = "person"


def refuse_stranger(request: HttpRequest) -> HttpResponse | None:
    """The refusal of what somebody else has typed, with the words in it; None where all is well.

    Names come from the form and are never looked up, so nobody learns of other accounts by them.
    Every form of these pages names somebody; what names nobody comes from no page of ours.
    """
    posted = _sent(request) if request.method == "POST" else {}
    typist, own = posted.get(FIELD), rights.person(request).get_username()
    if typist in (None, own):
        return None
    sentence = Sentence.of(
        _(
            "You are logged in as %(person)s now, but these words were typed by %(typist)s, so "
            "nothing was saved. Copy them, or let %(typist)s log in again and go on."
        ),
        person=own,
        typist=typist,
    )
    if _is_script(request):
        return JsonResponse({"detail": sentence}, status=403)
    answer = show(
        request,
        "admin/prompts/workspace/typist.html",
        title=_("Somebody else is logged in now"),
        crumbs=home(),
        sentence=sentence,
        words=_words(posted),
        page_url=request.path,
    )
    answer.status_code = 403
    return answer


def _is_script(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def _sent(request: HttpRequest) -> Mapping[str, object]:
    """The fields; of what is no form at all the page itself says what is wrong."""
    if not _is_script(request):
        return request.POST.dict()
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}


def _words(posted: Mapping[str, object]) -> list[tuple[str, str, object]]:
    """What was typed: the field, its label, the words."""
    labels = {
        "greeting": _("First sentence"),
        "text": _("Prompt"),
        "note": _("Why you change this"),
        "reason": _("Reason"),
    }
    return [(name, label, posted[name]) for name, label in labels.items() if posted.get(name)]
