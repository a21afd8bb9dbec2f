"""The HTTP interface to the calls in progress."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from calls.domain.records import Result
from calls.models import Call
from calls.models.choices import CallStatus
from prompts.domain.roles import Role
from prompts.models import Business
from prompts.tokens import make_command_token
from tests import factories
from tests.calls.desk import sid
from tests.calls.live_rows import make_call, make_receipt, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def business() -> Business:
    return factories.make_business()


@pytest.fixture
def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {make_command_token()}"}


def refresh(
    client: Client, call_sid: str, headers: dict[str, str], **body: object
) -> tuple[int, str]:
    path = f"/realtime/session/{call_sid}/refresh"
    answer = client.post(path, json.dumps(body), "application/json", headers=headers)
    data = answer.json()
    return answer.status_code, data.get("message") or data["detail"]


def test_the_list_has_every_field(
    client: Client, business: Business, bearer: dict[str, str]
) -> None:
    call = make_call(business, 1, timezone.now())
    make_receipt(call, 1, Result.ACKNOWLEDGED)
    make_call(business, 2, timezone.now(), status=CallStatus.ENDED, end_reason="agent_hung_up",
              ended_at=timezone.now())  # fmt: skip
    (found,) = client.get("/realtime/sessions", headers=bearer).json()["sessions"]
    names = "id business_id direction status started_at turn_count token_usage revision version"
    assert set(names.split()) | {"fingerprint", "receipt"} <= set(found)
    assert (found["id"], found["business_id"], found["status"]) == (
        sid(1),
        business.pk,
        "connected",
    )
    assert found["fingerprint"] == f"{1:064x}"
    assert found["receipt"]["result"] == "acknowledged"


def test_strangers_and_people_without_the_right_are_refused(
    client: Client, business: Business
) -> None:
    assert client.get("/realtime/sessions").status_code == 401
    make_call(business, 1, timezone.now())
    client.force_login(User.objects.create_user("staff", password="secret", is_staff=True))
    assert client.get("/realtime/sessions").status_code == 403
    client.force_login(factories.make_member(business, Role.PUBLISHER))
    assert len(client.get("/realtime/sessions").json()["sessions"]) == 1
    assert refresh(client, sid(1), {})[0] == 403
    client.force_login(factories.make_member(business, Role.SUPPORT))
    assert refresh(client, sid(1), {})[0] == 409


def test_calls_of_other_businesses_are_not_there(client: Client, business: Business) -> None:
    make_call(business, 1, timezone.now())
    client.force_login(factories.make_member(factories.make_business("Other"), Role.OWNER))
    assert client.get("/realtime/sessions").json() == {"sessions": []}
    assert refresh(client, sid(1), {}) == (404, "There is no such call.")
    path = f"/realtime/business/{business.pk}"
    assert client.post(f"{path}/refresh", content_type="application/json").status_code == 404
    assert client.get(f"{path}/state").status_code == 404


def test_a_session_needs_the_csrf_token(business: Business) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.make_user())
    path = f"/realtime/session/{sid(1)}/refresh"
    assert client.post(path, "{}", "application/json").status_code == 403


def test_an_unknown_call_is_404(client: Client, bearer: dict[str, str]) -> None:
    assert refresh(client, sid(9), bearer) == (404, "There is no such call.")
    path = "/realtime/business/99/refresh"
    assert (
        client.post(path, content_type="application/json", headers=bearer).json()["detail"]
        == "There is no such business."
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "ended", "end_reason": "agent_hung_up"}, "The call has ended."),
        ({"status": "received"}, "no open session"),
        ({}, "no open session"),
    ],
)
def test_a_call_that_nothing_can_be_sent_to_is_409(
    client: Client,
    business: Business,
    bearer: dict[str, str],
    fields: dict[str, object],
    sentence: str,
) -> None:
    ended_at = timezone.now() if "end_reason" in fields else None
    make_call(business, 1, timezone.now(), ended_at=ended_at, **fields)
    status, said = refresh(client, sid(1), bearer)
    assert status == 409
    assert sentence in said


def test_a_call_whose_process_is_gone_is_409(
    client: Client, business: Business, bearer: dict[str, str]
) -> None:
    long_ago = timezone.now() - timedelta(seconds=20)
    call = make_call(business, 1, long_ago, worker_id=make_worker(long_ago).pk)
    make_receipt(call, 1, Result.ACKNOWLEDGED)
    assert refresh(client, sid(1), bearer) == (409, "The process that carried this call is gone.")


def test_a_call_that_cannot_be_told_now_is_202_and_leaves_word(
    client: Client, business: Business, bearer: dict[str, str]
) -> None:
    call = make_call(business, 1, timezone.now())
    make_receipt(call, 1, Result.ACKNOWLEDGED)
    assert refresh(client, sid(1), bearer, force=True) == (
        202,
        "The change will be picked up within 6 seconds.",
    )
    row = Call.objects.get(pk=call.pk)
    assert row.refresh_id is not None
    assert row.refresh_force


def test_a_business_answers_for_each_of_its_calls(
    client: Client, business: Business, bearer: dict[str, str]
) -> None:
    make_receipt(make_call(business, 1, timezone.now()), 1, Result.ACKNOWLEDGED)
    make_call(business, 2, timezone.now())
    make_call(factories.make_business("Other"), 3, timezone.now())
    answer = client.post(
        f"/realtime/business/{business.pk}/refresh",
        content_type="application/json",
        headers=bearer,
    )
    results = {one["id"]: one["status"] for one in answer.json()["results"]}
    assert (answer.status_code, results) == (200, {sid(1): 202, sid(2): 409})
    assert answer.json()["success"] is False


@pytest.mark.parametrize("force", ["perhaps", "yes", 1])
def test_a_body_of_another_shape_is_422(
    client: Client, bearer: dict[str, str], force: object
) -> None:
    assert refresh(client, sid(1), bearer, force=force)[0] == 422
