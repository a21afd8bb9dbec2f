"""A call as a file: everything of it that can be proved afterwards."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from calls.story.file import call_as_data
from calls.story.timeline import tell
from prompts.admin import rights
from prompts.admin.reading import Look, note_read

from .access import find_call


def download(request: HttpRequest, pk: int) -> JsonResponse:
    """The call as JSON; taking it away is noted as a reading of its own kind."""
    call = find_call(request, pk)
    note_read(request, call.business, Look.CALL_DOWNLOADED, call)
    name = rights.person(request).get_username()
    data = call_as_data(tell(call), made_at=timezone.now(), made_by=name)
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="call-{call.sid}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
