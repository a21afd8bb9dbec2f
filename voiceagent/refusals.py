"""How the HTTP interface refuses: always as data, always in a sentence of the reader's language."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)
INTERFACE = ("/api/", "/realtime/")

# What pydantic finds wrong with a value, by its name for it.
FAULTS: dict[str, Promise] = {
    "missing": gettext_lazy("This is required."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("Write text here."),
    "int_type": gettext_lazy("Write a whole number."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "int_from_float": gettext_lazy("Write a whole number."),
    "bool_type": gettext_lazy("Write true or false."),
    "bool_parsing": gettext_lazy("Write true or false."),
    "dict_type": gettext_lazy("Send an object with fields."),
    "model_type": gettext_lazy("Send an object with fields."),
    "model_attributes_type": gettext_lazy("Send an object with fields."),
    "enum": gettext_lazy("Write one of: %(expected)s."),
    "greater_than_equal": gettext_lazy("This number is too small."),
    "less_than_equal": gettext_lazy("This number is too large."),
}
ANY_FAULT = gettext_lazy("This value does not fit here.")

STATUSES: dict[int, Promise] = {
    400: gettext_lazy("The request cannot be read. Send JSON in UTF-8."),
    403: gettext_lazy("A session needs the header X-CSRFToken; a token does not."),
    404: gettext_lazy("There is nothing at this address; /api/docs lists every route."),
    405: gettext_lazy("This address does not take this method; /api/docs lists every route."),
    413: gettext_lazy("The request is too large: send at most 2.5 MB."),
}


def fault_sentence(fault: Mapping[str, Any]) -> str:
    """What is wrong with one value of a body or an address."""
    expected = str(fault.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ")
    return str(FAULTS.get(fault["type"], ANY_FAULT)) % {"expected": expected}


@sync_and_async_middleware
def refusal_middleware(get_response: Any) -> Any:  # synchronous or not, as the server is
    """Refuse what no address may hold, and make data of every refusal of the interface."""

    def answer(request: HttpRequest) -> HttpResponse:
        return _strange(request) or _as_data(request, get_response(request))

    async def answer_async(request: HttpRequest) -> HttpResponse:
        return _strange(request) or _as_data(request, await get_response(request))

    return answer_async if iscoroutinefunction(get_response) else answer


def _strange(request: HttpRequest) -> HttpResponse | None:
    """The answer to an address with a NUL, which Postgres takes nowhere, or of another server."""
    sentence = _fault_of_address(request)
    if not sentence:
        return None
    if _is_of_interface(request):
        return JsonResponse({"detail": sentence}, status=400)
    return HttpResponse(f"{sentence}\n", "text/plain; charset=utf-8", status=400)


def _fault_of_address(request: HttpRequest) -> str:
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return _("The address holds a sign that no address may hold.")
    try:
        request.get_host()
    except DisallowedHost:
        host = request.META.get("HTTP_HOST", "")[:100]
        logger.warning("Refused a request for the host %r, which is none of ours.", host)
        return _("This server does not go by that name. Check the address.")
    return ""


def _as_data(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same refusal with a sentence, where it is a page or a word in English."""
    is_refusal = response.status_code in STATUSES and _is_of_interface(request)
    if not is_refusal or response.get("Content-Type", "").startswith("application/json"):
        return response
    detail = json.dumps({"detail": str(STATUSES[response.status_code])}, ensure_ascii=False)
    response.content = detail.encode()
    response["Content-Type"] = "application/json; charset=utf-8"
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
    return response


def _is_of_interface(request: HttpRequest) -> bool:
    return request.path.startswith(INTERFACE)
