"""A list of a thousand rows asks the database as often as one of ten."""

from datetime import timedelta
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.domain.records import Result
from calls.models import WebhookRefusal
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import (
    ApiToken,
    Business,
    CallerProfile,
    Membership,
    PhoneNumber,
)
from prompts.services.business import create_business
from tests.bench.desk import archive
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.timeout(300)]

FEW, MANY = 10, 1_000
LISTS = {
    "accounts": "/admin/auth/user/",
    "audit": "/admin/prompts/auditentry/",
    "audit of a business": "/admin/prompts/auditentry/?business={business}",
    "businesses": "/admin/prompts/business/",
    "callers": "/admin/prompts/business/{business}/callers/",
    "calls": "/admin/calls/call/",
    "calls by words": "/admin/calls/call/?words=Sunday",
    "calls in progress": "/admin/calls/call/live/",
    "calls in progress as data": "/realtime/sessions",
    "calls under a version": "/admin/calls/call/spoken/{version}/",
    "changes of settings": "/admin/prompts/business/{business}/history/",
    "numbers": "/admin/prompts/business/{business}/numbers/",
    "people": "/admin/prompts/business/{business}/people/",
    "refused webhooks": "/admin/calls/webhookrefusal/",
    "tokens": "/admin/prompts/apitoken/",
    "versions": "/admin/prompts/business/{business}/prompt/inbound/",
    "a business": "/admin/prompts/business/{business}/change/",
    "a moment": "/admin/prompts/business/{business}/moment/",
    "the first page": "/admin/",
}
numbers = count(1)


def grown(rows: int) -> Business:
    """A business with so many rows of everything that a list shows, among as many others."""
    business = make_business(f"Business of {rows}")
    publish_text(business)
    now, fresh = timezone.now(), [next(numbers) for _ in range(rows)]
    archive.add(User(username=f"person-{one}", is_staff=True) for one in fresh)
    people = list(User.objects.order_by("-pk")[:rows])
    archive.add(Membership(business=business, user=one, role=Role.VIEWER.value) for one in people)
    archive.add(PhoneNumber(business=business, number=f"+1500556{one:04d}") for one in fresh)
    archive.add(CallerProfile(business=business, number=f"+1500557{one:04d}") for one in fresh)
    archive.add(
        ApiToken(
            name=f"Token {one}", prefix=f"va_{one}", sha256=f"{one:064x}", business=business,
            reads=True, publishes=False, refreshes=False, created_at=now,
            created_by_name="ruth", expires_at=now + timedelta(days=9),
        )
        for one in fresh
    )  # fmt: skip
    archive.add(
        WebhookRefusal(business_id=business.pk, path="/twiml/incoming/1", cause="No.", at=now)
        for _one in fresh
    )
    archive.add_entries(business.pk, rows)
    archive.add_versions(business.prompts.get(direction=Direction.INBOUND), rows)
    archive.add_calls([business], rows)
    business.refresh_from_db()
    for one in fresh:
        call = make_call(business, 10**6 + one, now, version=1)
        make_receipt(call, business.revision, Result.ACKNOWLEDGED, version=1)
        create_business(details={"name": f"Business {one}"}, actor=None)
    return business


def counts(client: Client, business: Business) -> dict[str, int]:
    """The queries of each list; its second opening counts, for the first may fill a cache."""
    version = business.prompts.get(direction=Direction.INBOUND).versions.get(number=2)
    found = {}
    for name, pattern in LISTS.items():
        address = pattern.format(business=business.pk, version=version.pk)
        assert client.get(address).status_code == 200, name
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[name] = len(queries)
    return found


def test_every_list_asks_as_often_for_a_thousand_rows_as_for_ten() -> None:
    client = Client()
    client.force_login(make_user("ruth"))
    few, many = counts(client, grown(FEW)), counts(client, grown(MANY))
    # One more, where SQLite takes a thousand keys in two statements.
    assert {name: asked for name, asked in many.items() if asked > few[name] + 1} == {}
