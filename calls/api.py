"""The routes to the calls in progress, for scripts and for our own commands."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import StrictBool

from calls import overview, selectors
from calls.inspection.state import prompt_state
from calls.live.refreshing import Outcome, refresh_calls
from calls.models import Call
from calls.services.workers import close_what_was_left
from prompts.access import REFUSALS, businesses_with, require
from prompts.domain.roles import Right
from prompts.models import Business


class TokenUsage(Schema):
    """What the model counted in the answers of a call so far."""

    input_tokens: int
    output_tokens: int
    total_tokens: int


class ReceiptState(Schema):
    """The answer of a call to one revision."""

    id: str
    revision: int
    version: int | None
    result: str
    route: str
    hash_sent: str
    hash_echoed: str
    normalised: bool
    detail: str
    committed_at: datetime | None
    received_at: datetime | None
    sent_at: datetime | None
    acknowledged_at: datetime | None


class SessionState(Schema):
    """One call in progress, and the words that are in force in it."""

    id: str
    business_id: int | None
    business: str
    direction: str
    status: str
    started_at: datetime
    turn_count: int
    token_usage: TokenUsage
    revision: int | None
    version: int | None
    fingerprint: str
    receipt: ReceiptState | None


class Sessions(Schema):
    """The calls in progress over all workers."""

    sessions: list[SessionState]


class RefreshBody(Schema, extra="forbid"):
    """How to refresh."""

    force: StrictBool = Field(
        default=False, description=gettext_noop("Send the words even where nothing changed.")
    )


class RefreshResult(Schema):
    """What became of a refresh, as a sentence, with the receipt where there is one."""

    success: bool
    message: str
    receipt: ReceiptState | None = None


class CallResult(RefreshResult):
    """The same for one call of several."""

    id: str
    status: int


class BusinessResult(Schema):
    """One result for each call of a business."""

    success: bool
    message: str
    results: list[CallResult]


BusinessId = Annotated[int, Field(ge=1, le=2**63 - 1)]  # what a database can look for

router = Router(tags=[gettext_noop("Calls in progress")])
RESULTS = dict.fromkeys((200, 202, 409, 502, 504), RefreshResult)


@router.get(
    "/sessions",
    response={200: Sessions, **REFUSALS},
    description=gettext_noop(
        "The calls in progress over all workers, the newest first. Right: read."
    ),
)
def sessions(request: HttpRequest, business_id: BusinessId | None = None) -> dict[str, object]:
    own = businesses_with(request, Right.READ)
    close_what_was_left()
    found = overview.live_calls(timezone.now(), business_id, businesses=own)
    return {"sessions": [one.as_data() for one in found]}


@router.post(
    "/session/{call_sid}/refresh",
    response={**RESULTS, **REFUSALS},
    description=gettext_noop(
        "Read everything again, compose it, send it to the call, and wait for the answer. "
        "Right: refresh."
    ),
)
def refresh_session(
    request: HttpRequest, call_sid: str, body: RefreshBody | None = None
) -> Status[dict[str, object]]:
    call = _find_call(request, call_sid)
    (outcome,) = refresh_calls([call], force=body is not None and body.force)
    return Status(outcome.status, outcome.as_data())


@router.post(
    "/business/{business_id}/refresh",
    response={200: BusinessResult, **REFUSALS},
    description=gettext_noop(
        "The same for every call in progress of a business, with one result for each. "
        "Right: refresh."
    ),
)
def refresh_business(
    request: HttpRequest, business_id: int, body: RefreshBody | None = None
) -> dict[str, object]:
    unknown = _("There is no such business.")
    require(request, business_id, Right.REFRESH, unknown)
    if not Business.objects.filter(pk=business_id).exists():
        raise HttpError(404, unknown)
    calls = list(selectors.live_calls(timezone.now()).filter(business_id=business_id))
    outcomes = refresh_calls(calls, force=body is not None and body.force)
    return {
        "success": all(one.success for one in outcomes),
        "message": _sentence(outcomes, calls),
        "results": [
            {"id": one.call_sid, "status": one.status, **one.as_data()} for one in outcomes
        ],
    }


@router.get(
    "/business/{business_id}/state",
    response={200: dict[str, Any], **REFUSALS},
    description=gettext_noop(
        "What the database, this process's cache and each live call hold of a business's "
        "prompt. Right: read."
    ),
)
def state(request: HttpRequest, business_id: int) -> dict[str, Any]:
    require(request, business_id, Right.READ, _("There is no such business."))
    try:
        return prompt_state(business_id, timezone.now())
    except Business.DoesNotExist:
        raise HttpError(404, _("There is no such business.")) from None


def _find_call(request: HttpRequest, sid: str) -> Call:
    """The call, for a caller who may send it the words again."""
    call, unknown = selectors.call_by_sid(sid), _("There is no such call.")
    if call is None:
        raise HttpError(404, unknown)
    require(request, call.business_id, Right.REFRESH, unknown)
    return call


def _sentence(outcomes: list[Outcome], calls: list[Call]) -> str:
    if not calls:
        return _("This business has no calls in progress.")
    return _("%(done)d of %(all)d calls have the words.") % {
        "done": sum(one.success for one in outcomes),
        "all": len(outcomes),
    }
