"""What every request of Twilio passes first: its method, its size, its form, its signature."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt

from calls.domain.webhooks import MalformedWebhook
from calls.twilio.refusals import refusals
from calls.twilio.signatures import refused_webhook

MAX_BODY_BYTES = 64 * 1024

TOO_LARGE = gettext_noop("The request is larger than any that Twilio sends.")
TOO_MANY_FIELDS = gettext_noop("The request has more fields than any that Twilio sends.")

WAYS = {"/twiml/incoming/": "inbound", "/twiml/outbound/": "outbound"}

View = Callable[..., Coroutine[Any, Any, HttpResponse]]


def from_twilio(view: View) -> View:
    """Let only Twilio's own requests reach ``view``, which gets the request and its form.

    Nothing is parsed before its size is known, and nothing is asked of the database before the
    signature has been checked. A refusal is a plain sentence.
    """

    @csrf_exempt
    @wraps(view)
    async def checked(request: HttpRequest, **place: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        body = request.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            return _refuse(request, place, TOO_LARGE, 413)
        try:
            form = QueryDict(body, encoding="utf-8")
        except SuspiciousOperation:
            return _refuse(request, place, TOO_MANY_FIELDS, 413)
        cause = _wrong_signature(request, form)
        if cause is not None:
            return _refuse(request, place, cause, 403)
        try:
            return await view(request, _last_values(form), **place)
        except MalformedWebhook as malformed:
            return _refuse(request, place, str(malformed), 400)

    return checked


def _last_values(form: QueryDict) -> dict[str, str]:
    """The form as the views read it; a field that came twice counts with its last value."""
    return {name: str(form[name]) for name in form}


def _wrong_signature(request: HttpRequest, form: QueryDict) -> str | None:
    return refused_webhook(
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        form=form,
        signature=request.headers.get("X-Twilio-Signature"),
    )


def _refuse(request: HttpRequest, place: dict[str, int], cause: str, status: int) -> HttpResponse:
    """Note the refusal for the checklist of the business, and say why."""
    direction = next((way for start, way in WAYS.items() if request.path.startswith(start)), "")
    refusals.note(
        business_id=place.get("business_id"), path=request.path, cause=cause, direction=direction
    )
    return HttpResponse(f"{cause}\n", status=status, content_type="text/plain; charset=utf-8")
