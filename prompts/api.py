"""The HTTP interface to a business's prompts, for scripts and for our own commands."""

from dataclasses import asdict
from datetime import datetime

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BodyError

from prompts import receipts, selectors
from prompts.access import Caller, CommandToken, StaffSession, require
from prompts.domain.kinds import Apply, Direction
from prompts.domain.roles import Right
from prompts.models import Business, Release
from prompts.services.errors import StaleBase
from prompts.services.freshness import check_freshness
from prompts.services.publish import publish
from prompts.services.slots import Text


class VersionState(Schema):
    """The version in force in one slot, and its release."""

    version: int
    text: str
    greeting: str
    fingerprint: str
    published_at: datetime
    published_by: str
    note: str


class PromptState(Schema):
    """What is in force for a business's calls; null is an empty slot."""

    business: int
    revision: int
    inbound: VersionState | None
    outbound: VersionState | None


class PublishedState(PromptState):
    """The state after publishing; ``changed`` is false when these words were in force already."""

    changed: bool
    receipts: list[dict[str, object]] | None = None


class PublishBody(Schema, extra="forbid"):
    """Texts to publish; a greeting that is not sent stays as it is."""

    inbound: str | None = None
    outbound: str | None = None
    inbound_greeting: str | None = None
    outbound_greeting: str | None = None
    note: str = ""
    base: dict[Direction, int | None] = {}
    apply: Apply = Apply.LIVE


class FindingState(Schema):
    """One point of the check of freshness."""

    name: str
    good: bool
    sentence: str


class Freshness(Schema):
    """Whether stale or foreign words were served, point by point."""

    fresh: bool
    findings: list[FindingState]


class Refusal(Schema):
    """Why nothing was done: a sentence, and sentences by field where they help."""

    detail: str
    errors: dict[str, list[str]] = {}


class Conflict(Schema):
    """Somebody else published meanwhile: the versions in force now."""

    detail: str
    current: dict[str, int | None]


api = NinjaAPI(
    title="voiceagent",
    version="1",
    auth=[CommandToken(), StaffSession()],
    docs_decorator=staff_member_required,
)
REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal}


@api.get("admin/businesses/{business_id}/prompt", response={200: PromptState, **REFUSALS})
def read_prompt(request: HttpRequest, business_id: int) -> dict[str, object]:
    """The texts in force for both directions."""
    _require(request, business_id, Right.READ)
    return _state(_find(business_id))


@api.put(
    "admin/businesses/{business_id}/prompt",
    response={200: PublishedState, 409: Conflict, 422: Refusal, **REFUSALS},
    exclude_unset=True,
)
def publish_prompt(request: HttpRequest, business_id: int, body: PublishBody) -> dict[str, object]:
    """Save and publish one direction or both, in one transaction and one revision."""
    caller = _require(request, business_id, Right.PUBLISH)
    business = _find(business_id)
    published = publish(
        business=business,
        texts=_texts(business, body),
        base=body.base,
        note=body.note,
        apply=body.apply,
        actor=caller.user,
    )
    state = _state(_find(business_id)) | {"changed": published.changed}
    found = receipts.read(business_id, published.revision)
    return state if found is None else state | {"receipts": found}


@api.post("admin/businesses/{business_id}/freshness", response={200: Freshness, **REFUSALS})
def prove_freshness(request: HttpRequest, business_id: int) -> dict[str, object]:
    """Publish a marked copy where no call hears it, read it everywhere, take it back."""
    caller = _require(request, business_id, Right.PUBLISH)
    findings = check_freshness(business=_find(business_id), actor=caller.user)
    return {
        "fresh": all(one.good for one in findings),
        "findings": [asdict(one) for one in findings],
    }


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
        faults.setdefault(".".join(names) or "body", []).append(f"{fault['msg']}.")
    return _refuse_fields(request, faults)


@api.exception_handler(AuthenticationError)
def answer_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say how to come in."""
    detail = _("Log in, or send a token that is still valid.")
    return api.create_response(request, {"detail": detail}, status=401)


def _refuse_fields(request: HttpRequest, faults: dict[str, list[str]]) -> HttpResponse:
    """One sentence for all, and the sentences of each field."""
    detail = _("Nothing was published: see the fields named.")
    return api.create_response(request, {"detail": detail, "errors": faults}, status=422)


def _require(request: HttpRequest, business_id: int, right: Right) -> Caller:
    """The caller, who has the right in the business, or 404 or 403."""
    return require(request, business_id, right, _("There is no such business."))


def _find(business_id: int) -> Business:
    """The business, or 404."""
    try:
        return Business.objects.get(pk=business_id)
    except Business.DoesNotExist:
        raise HttpError(404, _("There is no such business.")) from None


def _texts(business: Business, body: PublishBody) -> dict[Direction, Text]:
    """The texts that were sent; a greeting alone goes with the text in force."""
    versions = selectors.current_versions(business)
    texts = {}
    for direction, current in versions.items():
        text: str | None = getattr(body, direction.value)
        greeting: str | None = getattr(body, f"{direction.value}_greeting")
        if text is not None or greeting is not None:
            texts[direction] = Text(
                text if text is not None else (current.text if current else ""),
                greeting if greeting is not None else (current.greeting if current else ""),
            )
    return texts


def _state(business: Business) -> dict[str, object]:
    """The business's revision and what is in force under it."""
    newest = selectors.newest_releases(business)
    return {
        "business": business.pk,
        "revision": business.revision,
        **{direction.value: _describe(release) for direction, release in newest.items()},
    }


def _describe(release: Release | None) -> dict[str, object] | None:
    """A release and its version, or None for an empty slot."""
    if release is None:
        return None
    version = release.to_version
    return {
        "version": version.number,
        "text": version.text,
        "greeting": version.greeting,
        "fingerprint": version.sha256,
        "published_at": release.created_at,
        "published_by": release.actor_name,
        "note": release.reason,
    }
