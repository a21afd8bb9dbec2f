"""Tokens of scripts: made once, revoked once, and never rewritten."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from prompts.domain.roles import Right
from prompts.domain.text import sha256
from prompts.models import ApiToken, AuditEntry, Business
from prompts.services.tokens import NewToken, TokenRight, create_token, notice_use, revoke_token
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return make_business()


def make(business: Business | None, *rights: TokenRight, **more: object) -> NewToken:
    details = {"name": "Shop sync", "days": 90, "actor": None, **more}
    return create_token(business=business, rights=rights or (TokenRight.READ,), **details)  # type: ignore[arg-type]


def test_only_the_hash_of_a_token_is_kept(business: Business) -> None:
    made = make(business, TokenRight.PUBLISH)
    row = ApiToken.objects.get()
    assert len(made.secret) >= 43
    assert made.secret.startswith(row.prefix)
    assert row.sha256 == sha256(made.secret)
    assert row.rights == {Right.PUBLISH}
    kept = AuditEntry.objects.latest("pk")
    assert made.secret not in f"{kept.after}{vars(row)}"


def test_making_and_revoking_leave_one_entry_each_in_the_chain_of_the_business(
    business: Business,
) -> None:
    token, boss = make(business).row, make_user("boss")
    for _twice in range(2):
        revoke_token(token=token, actor=boss, reason="Lost")
    entries = AuditEntry.objects.filter(business=business, action__startswith="token.")
    assert [one.action for one in entries.order_by("pk")] == ["token.created", "token.revoked"]


def test_a_token_for_every_business_stands_in_the_chain_of_the_platform() -> None:
    make(None)
    assert AuditEntry.objects.latest("pk").business is None


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"days": 0}, "days"),
        ({"days": 10**6}, "days"),
    ],
)
def test_wrong_values_are_refused_by_field(
    business: Business, details: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make(business, **details)
    assert set(refused.value.message_dict) == {field}
    assert not ApiToken.objects.exists()


def test_use_is_noticed_once_an_hour(
    business: Business, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    row = make(business).row
    notice_use(row)
    row.refresh_from_db()
    first = row.last_used_at
    assert first is not None
    with django_assert_num_queries(0):  # type: ignore[operator]
        notice_use(row)
    row.last_used_at = timezone.now() - timedelta(minutes=61)
    notice_use(row)
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert row.last_used_at > first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE prompts_apitoken SET publishes = reads",
        "UPDATE prompts_apitoken SET business_id = NULL",
        "UPDATE prompts_apitoken SET sha256 = ''",
        "UPDATE prompts_apitoken SET expires_at = created_at",
        "UPDATE prompts_apitoken SET revoked_at = NULL",
        "DELETE FROM prompts_apitoken",
    ],
)
def test_the_database_itself_refuses(business: Business, statement: str) -> None:
    revoke_token(token=make(business).row, actor=None, reason="Lost")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
