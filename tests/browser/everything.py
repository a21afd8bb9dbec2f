"""One row of everything that a page of staff can show, in the database of a running server."""

import json
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from prompts.admin.passwords import password_link
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business
from prompts.services.draft import NO_DRAFT, Desk, offer_draft, save_draft
from prompts.services.settings import pause
from prompts.services.slots import Text, platform_slot
from tests.browser.rows import publish_for_everybody
from tests.factories import make_business, make_member, publish_text
from tests.walks.tenant import make_tenant

VIEWER, LOCKED_OUT = "viewer", "locked-out"
# Pages that a row shows only in a certain state, by the name of the route.
Others = Mapping[str, Mapping[str, object]]


def write() -> None:
    """A tenant, drafts of the demo's person in every state, and what they are found by."""
    tenant, demo = make_tenant("walkword", 5), User.objects.get(username="demo")
    make_member(tenant.business, Role.VIEWER, username=VIEWER)
    told = {
        "ids": tenant.ids,  # as they are before the drafts below
        "others": _write_states(tenant.business, demo),
        "links": {"reset": _path(password_link(tenant.member)), "business": tenant.business.pk},
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def _write_states(business: Business, demo: User) -> Others:
    """A draft to review and one that was overtaken, at the business and at the platform."""
    _draft(business, Direction.INBOUND, demo)
    _draft(business, Direction.OUTBOUND, demo)
    publish_text(business, "Faster words.", direction=Direction.OUTBOUND)
    _draft(None, Direction.INBOUND, demo)
    _draft(None, Direction.OUTBOUND, demo)
    current = platform_slot(Direction.OUTBOUND).current
    text = f"{current.text if current else ''}\nFaster words."
    publish_for_everybody(text, Direction.OUTBOUND)
    words = Text("Words that were used before.", "Hello.")
    offer_draft(
        business=business, direction=Direction.OUTBOUND, words=words, note="From the old system"
    )
    resting = make_business("A business that rests")
    pause(business=resting, actor=demo, reason="A holiday")
    overtaken = {"direction": Direction.OUTBOUND}
    return {
        "prompts_business_conflict": overtaken,
        "prompts_platform_conflict": overtaken,
        "prompts_platform_take_back": overtaken,
        "prompts_business_take": overtaken,
        "prompts_business_resume": {"prompts/business": resting.pk},
    }


def _draft(business: Business | None, direction: Direction, demo: User) -> None:
    """A changed copy of what is live."""
    desk = Desk(business, direction, demo)
    slot = business.prompts.get(direction=direction) if business else platform_slot(direction)
    live = slot.current
    assert live is not None
    words = Text(f"{live.text}\nBe brief. שורה בעברית", live.greeting)
    save_draft(desk=desk, words=words, note="Shorter", base=live.number, edition=NO_DRAFT)


def lock_out() -> None:
    """Somebody has typed a wrong password for this name as often as one may."""
    AccessAttempt.objects.get_or_create(
        username=LOCKED_OUT,
        ip_address="127.0.0.1",
        defaults={
            "failures_since_start": settings.AXES_FAILURE_LIMIT,
            "attempt_time": timezone.now(),
        },
    )


def _path(link: str) -> str:
    return urlsplit(link).path
