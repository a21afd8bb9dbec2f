"""Tokens at every door of the HTTP interface, and the page that describes it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from calls.domain.records import Result
from prompts.domain.roles import Role
from prompts.models import ApiToken, AuditEntry, Business
from prompts.services.tokens import TokenRight, create_token, revoke_token
from tests.calls.desk import sid
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = pytest.mark.django_db(transaction=True)
READ, PUBLISH, REFRESH = TokenRight


@pytest.fixture
def own() -> Business:
    business = make_business("Own")
    publish_text(business, "One.")
    make_receipt(make_call(business, 1, timezone.now()), 1, Result.ACKNOWLEDGED)
    return business


@pytest.fixture
def foreign() -> Business:
    business = make_business("Foreign")
    make_receipt(make_call(business, 2, timezone.now()), 1, Result.ACKNOWLEDGED)
    return business


def bearer(business: Business | None, *rights: TokenRight) -> dict[str, str]:
    made = create_token(name="Sync", business=business, rights=rights, days=1, actor=None)
    return {"Authorization": f"Bearer {made.secret}"}


def ask(client: Client, right: TokenRight, business: Business, headers: dict[str, str]) -> int:
    """One request that needs a right in a business."""
    prompt = f"/api/admin/businesses/{business.pk}/prompt"
    if right is READ:
        return client.get(prompt, headers=headers).status_code
    if right is PUBLISH:
        body = {"inbound": "Two.", "note": "Why", "base": {"inbound": 1}}
        answer = client.put(prompt, json.dumps(body), "application/json", headers=headers)
        return answer.status_code
    path = f"/realtime/business/{business.pk}/refresh"
    return client.post(path, content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize("right", list(TokenRight))
def test_a_token_does_what_it_was_made_for_in_its_own_business_only(
    client: Client, own: Business, foreign: Business, right: TokenRight
) -> None:
    headers = bearer(own, right)
    for asked in TokenRight:
        assert ask(client, asked, own, headers) == (200 if asked is right else 403)
        assert ask(client, asked, foreign, headers) == 404


def test_a_token_for_every_business_reaches_each(
    client: Client, own: Business, foreign: Business
) -> None:
    headers = bearer(None, READ)
    assert ask(client, READ, own, headers) == ask(client, READ, foreign, headers) == 200
    sessions = client.get("/realtime/sessions", headers=headers).json()["sessions"]
    assert {one["business_id"] for one in sessions} == {own.pk, foreign.pk}


def test_calls_of_other_businesses_are_not_listed_and_not_found(
    client: Client, own: Business, foreign: Business
) -> None:
    headers = bearer(own, READ, REFRESH)
    sessions = client.get("/realtime/sessions", headers=headers).json()["sessions"]
    assert [one["id"] for one in sessions] == [sid(1)]
    named = client.get(f"/realtime/sessions?business_id={foreign.pk}", headers=headers)
    assert named.json() == {"sessions": []}
    path = f"/realtime/session/{sid(2)}/refresh"
    refused = client.post(path, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (404, "There is no such call.")


def test_a_missing_right_is_named(client: Client, own: Business) -> None:
    path = f"/realtime/session/{sid(1)}/refresh"
    refused = client.post(path, content_type="application/json", headers=bearer(own, READ))
    sentence = "The token “Sync” was not made with the right “refresh”. Make one that has it."
    assert (refused.status_code, refused.json()["detail"]) == (403, sentence)
    refused = client.get("/realtime/sessions", headers=bearer(own, REFRESH))
    assert refused.status_code == 403


def test_what_is_no_good_token_is_401_with_a_sentence(client: Client, own: Business) -> None:
    headers = bearer(own, READ)
    row = ApiToken.objects.get()

    def said(headers: dict[str, str]) -> str:
        for path in (f"/api/admin/businesses/{own.pk}/prompt", "/realtime/sessions"):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 401
        return str(answer.json()["detail"])

    assert "not known" in said({"Authorization": "Bearer va_nonsense"})
    assert "not known" in said({"Authorization": "Bearer"})
    client.force_login(make_user())  # a good session does not make up for a bad token
    assert "not known" in said({"Authorization": "Bearer va_nonsense"})
    revoke_token(token=row, actor=None, reason="Lost")
    assert said(headers) == "The token “Sync” was revoked."


def test_a_token_ends_on_its_day(
    client: Client, own: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(own, READ)
    late = timezone.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr("prompts.access.timezone.now", lambda: late)
    refused = client.get("/realtime/sessions", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["detail"] == "The token “Sync” has expired. Make a new one."


def test_what_a_token_publishes_stands_under_its_name(client: Client, own: Business) -> None:
    assert ask(client, PUBLISH, own, bearer(own, PUBLISH)) == 200
    assert AuditEntry.objects.latest("pk").actor_name == "token Sync"
    publish_text(own, "Three.")
    assert AuditEntry.objects.latest("pk").actor_name == "system"


def test_use_writes_once_however_many_requests_there_are(client: Client, own: Business) -> None:
    headers = bearer(own, READ)
    ask(client, READ, own, headers)
    first = ApiToken.objects.get().last_used_at
    ask(client, READ, own, headers)
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command_prints_a_token_that_works(client: Client, own: Business) -> None:
    plain = run("Sync", "--business", str(own.pk), "--right", "read", "--right", "publish")
    data = json.loads(run("Sync", "--all-businesses", "--days", "7", "--json"))
    for secret in (plain, data["token"]):
        assert ask(client, READ, own, {"Authorization": f"Bearer {secret}"}) == 200
    assert ApiToken.objects.filter(publishes=True, business=own).count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("Sync", "--business", "99"), "no business 99"),
        (("Sync",), "required"),
        (("Sync", "--all-businesses", "--right", "fly"), "invalid choice"),
        (("Sync", "--all-businesses", "--days", "0"), "from 1 to 3650"),
        ((" ", "--all-businesses"), "name"),
    ],
)
def test_the_command_refuses_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_the_owner_of_a_business_sees_its_tokens_and_revokes_them(
    client: Client, own: Business, foreign: Business
) -> None:
    for business in (own, foreign, None):
        create_token(name=f"of {business}", business=business, rights=[READ], days=1, actor=None)
    client.force_login(make_member(own, Role.OWNER))
    page = client.get("/admin/prompts/apitoken/").text
    assert "of Own" in page
    assert "of Foreign" not in page
    assert "of None" not in page
    mine, theirs = ApiToken.objects.get(business=own), ApiToken.objects.get(business=foreign)
    url = "/admin/prompts/apitoken/{}/revoke/"
    assert "refused at once" in client.get(url.format(mine.pk)).text
    assert client.post(url.format(mine.pk), {"reason": ""}).status_code == 200
    assert client.post(url.format(mine.pk), {"reason": "Lost"}).status_code == 302
    assert client.post(url.format(theirs.pk), {"reason": "Lost"}).status_code == 404
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.revoked_at is not None
    assert theirs.revoked_at is None
    assert AuditEntry.objects.latest("pk").actor_name == "member"


def test_who_does_not_manage_people_sees_no_tokens(client: Client, own: Business) -> None:
    client.force_login(make_member(own, Role.PUBLISHER))
    refused = client.get("/admin/prompts/apitoken/")
    assert refused.status_code == 403
    assert "role “owner”" in refused.text


ROUTES = (
    ("get", "/api/admin/businesses/{business_id}/prompt"),
    ("put", "/api/admin/businesses/{business_id}/prompt"),
    ("get", "/realtime/sessions"),
    ("post", "/realtime/session/{call_sid}/refresh"),
    ("post", "/realtime/business/{business_id}/refresh"),
)


def test_the_schema_and_the_page_name_every_route_with_a_sentence(client: Client) -> None:
    client.force_login(make_user())
    schema, page = client.get("/api/openapi.json").json(), client.get("/api/docs").text
    for method, path in ROUTES:
        sentences = schema["paths"][path][method]["description"]
        assert sentences.rstrip().endswith(".")
        assert "Right: " in sentences
        assert path in page
    assert "The version you started from".lower() in page.lower()
    assert "<style" not in page
    assert "cdn" not in page


def test_the_description_is_for_staff() -> None:
    assert Client().get("/api/docs").status_code == 302
    assert Client().get("/api/openapi.json").status_code == 302
