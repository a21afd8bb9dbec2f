"""What the pages of the words see of calls."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from calls import selectors
from calls.admin.effects import effect
from calls.proof.arrivals import change_of_release, change_of_revision
from prompts.admin.banners import direction_title
from prompts.admin.window import CallThen, Effect, Refused
from prompts.domain.kinds import Direction
from prompts.models import Release, Revision

CALLS_SHOWN = 50
ROUTES = {Direction.INBOUND: "twiml-incoming", Direction.OUTBOUND: "twiml-outbound"}


class CallsView:
    """Fills the window that `prompts.admin` offers."""

    def live_calls(self, business_id: int | None, direction: Direction | None) -> int:
        """How many calls go on."""
        calls = selectors.live_calls(timezone.now())
        if business_id is not None:
            calls = calls.filter(business_id=business_id)
        if direction is not None:
            calls = calls.filter(direction=direction.value)
        return calls.count()

    def webhook_address(self, business_id: int, direction: Direction) -> str:
        """The address to enter at Twilio."""
        return f"{settings.PUBLIC_BASE_URL}{reverse(ROUTES[direction], args=[business_id])}"

    def status_address(self) -> str:
        """The address at which Twilio tells how each call ended."""
        return f"{settings.PUBLIC_BASE_URL}{reverse('twilio-status')}"

    def last_webhook_at(self, business_id: int) -> datetime | None:
        """When a webhook of the business was last accepted."""
        return selectors.last_webhook_at(business_id)

    def refusals(self, business_id: int) -> Sequence[Refused]:
        """The last refused webhooks, the newest first."""
        rows = selectors.refusals_of(business_id)
        return [Refused(at=row.at, path=row.path, cause=row.cause) for row in rows[:10]]

    def last_call_at(self, business_id: int, direction: Direction) -> datetime | None:
        """When the newest call in this direction came."""
        calls = selectors.calls_of(business_id).filter(direction=direction.value)
        return calls.order_by("-started_at").values_list("started_at", flat=True).first()

    def calls_page(self, business_id: int) -> str:
        """The list of calls, of this business only."""
        return f"{reverse('admin:calls_call_changelist')}?business={business_id}"

    def live_calls_page(self, business_id: int | None, direction: Direction | None) -> str:
        """The list of calls, of those that go on."""
        named = {"business": business_id, "direction": direction, "going_on": "on"}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"{reverse('admin:calls_call_changelist')}?{query}"

    def effect_of_release(self, release: Release) -> Effect:
        """What became of a release in the calls of its direction."""
        return effect(change_of_release(release), timezone.now())

    def calls_served(
        self, business_id: int, direction: Direction, versions: Collection[int]
    ) -> Mapping[int, int]:
        """How many calls began under each version."""
        return selectors.calls_served(business_id, direction, versions)

    def spoken_page(self, version_id: int) -> str:
        """The page of the calls and the answers that stood under it."""
        return reverse("admin:calls_call_spoken", args=[version_id])

    def calls_at(self, business_id: int, at: datetime) -> Sequence[CallThen]:
        """The calls that went on at a moment."""
        return [
            CallThen(
                url=reverse("admin:calls_call_change", args=[call.pk]),
                started_at=call.started_at,
                direction_title=direction_title(Direction(call.direction)),
                version=getattr(call, "version_then"),  # noqa: B009 - annotated
                ending=call.end_sentence,
            )
            for call in selectors.calls_at(business_id, at)[:CALLS_SHOWN]
        ]

    def calls_under(self, business_id: int, direction: Direction, version: int) -> str:
        """The list of calls that began or were answered under a version."""
        return f"{self.calls_page(business_id)}&direction={direction.value}&version={version}"

    def effect_of_revision(self, revision: Revision) -> Effect:
        """What became of a change that moved no prompt, in the calls of both directions."""
        return effect(change_of_revision(revision), timezone.now())
