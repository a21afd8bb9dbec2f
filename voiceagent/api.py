"""The HTTP interface as one: the routes of prompts and calls, and how they refuse."""

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BodyError

from calls.api import router as calls_router
from prompts.access import Bearer, StaffSession
from prompts.api import router as prompts_router
from prompts.services.errors import StaleBase
from voiceagent.api_docs import Description
from voiceagent.refusals import STATUSES, fault_sentence

api = NinjaAPI(
    title="voiceagent",
    version="1",
    auth=[Bearer(), StaffSession()],
    docs=Description(),
    docs_url="/api/docs",
    openapi_url="/api/openapi.json",
    docs_decorator=staff_member_required,
)
api.add_router("/api", prompts_router)
api.add_router("/realtime", calls_router)


@api.exception_handler(StaleBase)
def answer_stale(request: HttpRequest, error: StaleBase) -> HttpResponse:
    """Name the versions in force, so that nothing of the editor's text need be lost."""
    current = {direction.value: number for direction, number in error.current.items() if direction}
    detail = _("Somebody else published meanwhile; nothing was changed. Compare and try again.")
    return api.create_response(request, {"detail": detail, "current": current}, status=409)


@api.exception_handler(ValidationError)
def answer_faults(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The faults by field, in sentences."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"body": error.messages}
    return _refuse_fields(request, faults)


@api.exception_handler(BodyError)
def answer_bad_body(request: HttpRequest, error: BodyError) -> HttpResponse:
    """A body of the wrong shape, by field."""
    faults: dict[str, list[str]] = {}
    for fault in error.errors:
        names = [str(part) for part in fault["loc"] if part != "body"]
        faults.setdefault(".".join(names) or "body", []).append(fault_sentence(fault))
    return _refuse_fields(request, faults)


@api.exception_handler(RequestDataTooBig)
def answer_too_much(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """A body that is larger than Django reads."""
    return _refuse(request, 413, str(STATUSES[413]))


@api.exception_handler(HttpError)
def answer_refusal(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The sentence of the route; ninja has English words of its own for two more."""
    own = {"Cannot parse request body": STATUSES[400], "CSRF check Failed": STATUSES[403]}
    said = next((own[words] for words in own if str(error).startswith(words)), error)
    return _refuse(request, error.status_code, str(said))


@api.exception_handler(AuthenticationError)
def answer_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say how to come in."""
    return _refuse(request, 401, _("Log in, or send a token that is still valid."))


@api.exception_handler(OperationalError)
@api.exception_handler(TimeoutError)
def answer_without_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away; the calls go on."""
    return _refuse(request, 503, _("The database does not answer. Calls in progress go on."))


def _refuse(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


def _refuse_fields(request: HttpRequest, faults: dict[str, list[str]]) -> HttpResponse:
    """One sentence for all, and the sentences of each field."""
    detail = _("Nothing was changed: see the fields named.")
    return api.create_response(request, {"detail": detail, "errors": faults}, status=422)
