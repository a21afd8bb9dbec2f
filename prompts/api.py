"""The routes to a business's prompts, for scripts and for our own commands."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, Router, Schema
from ninja.errors import HttpError
from pydantic import StrictInt

from prompts import receipts, selectors
from prompts.access import REFUSALS, Caller, Refusal, require
from prompts.domain.kinds import Apply, Direction
from prompts.domain.roles import Right
from prompts.models import Business, Release
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

    inbound: str | None = Field(
        None, description=gettext_noop("The prompt when customers call us.")
    )
    outbound: str | None = Field(
        None, description=gettext_noop("The prompt when we call customers.")
    )
    inbound_greeting: str | None = Field(
        None, description=gettext_noop("The first sentence of such a call.")
    )
    outbound_greeting: str | None = Field(
        None, description=gettext_noop("The first sentence of such a call.")
    )
    note: str = Field("", description=gettext_noop("Required: why you publish this."))
    base: dict[Direction, StrictInt | None] = Field(
        {},
        description=gettext_noop(
            "Required for each direction sent: the version you started from, or null."
        ),
    )
    apply: Apply = Field(
        Apply.LIVE, description=gettext_noop("Calls in progress too, or new calls only.")
    )


class FindingState(Schema):
    """One point of the check of freshness."""

    name: str
    good: bool
    sentence: str


class Freshness(Schema):
    """Whether stale or foreign words were served, point by point."""

    fresh: bool
    findings: list[FindingState]


class Conflict(Schema):
    """Somebody else published meanwhile: the versions in force now."""

    detail: str
    current: dict[str, int | None]


router = Router(tags=[gettext_noop("Prompts")])


@router.get(
    "/admin/businesses/{business_id}/prompt",
    response={200: PromptState, **REFUSALS},
    description=gettext_noop(
        "The texts in force for both directions; null where nothing is published. Right: read."
    ),
)
def read_prompt(request: HttpRequest, business_id: int) -> dict[str, object]:
    _require(request, business_id, Right.READ)
    return _state(_find(business_id))


@router.put(
    "/admin/businesses/{business_id}/prompt",
    response={200: PublishedState, 409: Conflict, 422: Refusal, **REFUSALS},
    exclude_unset=True,
    description=gettext_noop(
        "Save and publish one direction or both, in one transaction and one revision. A "
        "direction that is left out stays as it is. The receipts tell what calls in progress "
        "confirmed within a third of a second. Right: publish."
    ),
)
def publish_prompt(request: HttpRequest, business_id: int, body: PublishBody) -> dict[str, object]:
    caller = _require(request, business_id, Right.PUBLISH)
    business = _find(business_id)
    with transaction.atomic():  # the answer is the state of this very revision
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


@router.post(
    "/admin/businesses/{business_id}/freshness",
    response={200: Freshness, **REFUSALS},
    description=gettext_noop(
        "Publish a marked copy where no call hears it, read it everywhere, take it back. "
        "Right: publish."
    ),
)
def prove_freshness(request: HttpRequest, business_id: int) -> dict[str, object]:
    caller = _require(request, business_id, Right.PUBLISH)
    findings = check_freshness(
        business=_find(business_id),
        actor=caller.user,
        readable=caller.businesses(Right.PUBLISH),
    )
    return {
        "fresh": all(one.good for one in findings),
        "findings": [asdict(one) for one in findings],
    }


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
