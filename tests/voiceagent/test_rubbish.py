"""What no page and no route was made for is refused in a sentence, never with a traceback."""

import json
from itertools import chain

import pytest
from django.test import Client

from prompts.models import Business
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HUGE = "9" * 23


@pytest.fixture
def business() -> Business:
    business = make_business("Harbor", time_zone="America/New_York")
    publish_text(business, "One.")
    return business


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("root", is_superuser=True, is_staff=True))
    return client


@pytest.mark.parametrize(
    "path",
    [
        f"/realtime/sessions?business_id={HUGE}",
        "/realtime/sessions?business_id=-1",
        "/realtime/sessions?business_id=x",
        f"/api/admin/businesses/{HUGE}/prompt",
        f"/realtime/business/{HUGE}/state",
        "/realtime/business/1%00/state",
        "/api/nothing",
        "/realtime/nothing",
    ],
)
def test_the_interface_refuses_a_strange_address_in_a_sentence(staff: Client, path: str) -> None:
    answer = staff.get(path)
    assert answer.status_code in {400, 404, 422}
    assert answer.json()["detail"]


@pytest.mark.parametrize("sid", ["CA%00", HUGE, "%F0%9F%98%80", "CA" + "x" * 5000])
def test_a_refresh_of_a_strange_call_is_refused(staff: Client, sid: str) -> None:
    answer = staff.post(f"/realtime/session/{sid}/refresh", content_type="application/json")
    assert answer.status_code in {400, 404}
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[1]", 422),
        (b"\xff", 400),
        (b'{"inbound": "' + b"x" * 3_000_000 + b'"}', 413),
        (json.dumps({"inbound": 1, "note": ["x"], "extra": True}).encode(), 422),
        (json.dumps({"inbound": "x", "base": {"inbound": True}}).encode(), 422),
        (json.dumps({"inbound": "x", "base": {"sideways": 1}, "apply": "x"}).encode(), 422),
    ],
)
def test_a_strange_body_is_refused_in_the_readers_language(
    staff: Client, business: Business, body: bytes, status: int
) -> None:
    path = f"/api/admin/businesses/{business.pk}/prompt"
    answer = staff.put(path, body, "application/json", headers={"Accept-Language": "he"})
    assert answer.status_code == status, answer.content
    faults = answer.json().get("errors", {}).values()
    said = [answer.json()["detail"], *chain.from_iterable(faults)]
    for sentence in said:
        assert any("\u05d0" <= sign <= "\u05ea" for sign in sentence), said


def test_a_method_that_a_route_does_not_have_is_refused_as_data(staff: Client) -> None:
    answer = staff.delete("/realtime/sessions")
    assert (answer.status_code, bool(answer.json()["detail"])) == (405, True)


@pytest.mark.parametrize(
    "path",
    [
        "prompts/business/?language=%00",
        "prompts/business/?q=%00",
        "calls/call/?number=%00",
        f"prompts/business/{HUGE}/",
        f"prompts/business/{HUGE}/moment/",
    ],
)
def test_a_page_refuses_a_strange_address(staff: Client, path: str) -> None:
    answer = staff.get(f"/admin/{path}", follow=True)
    assert answer.status_code in {200, 400, 404}


@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "99999-01-01T00:00"])
def test_no_moment_is_too_far(staff: Client, business: Business, at: str) -> None:
    answer = staff.get(f"/admin/prompts/business/{business.pk}/moment/?at={at}")
    assert answer.status_code == 200
    trail = staff.get(f"/admin/prompts/auditentry/?begins={at}&ends={at}")
    assert trail.status_code == 200


@pytest.mark.parametrize("name", ["x" * 300, "x\x00y", ""])
def test_a_strange_name_cannot_log_in(client: Client, name: str) -> None:
    answer = client.post("/admin/login/", {"username": name, "password": "y"})
    assert answer.status_code == 200


def test_an_error_of_ours_is_a_page_that_says_what_to_do(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise LookupError

    monkeypatch.setattr("prompts.admin.lockout.LoginForm.__init__", fail)
    client.raise_request_exception = False
    answer = client.get("/admin/login/", headers={"Accept-Language": "he"})
    assert answer.status_code == 500
    assert 'dir="rtl"' in answer.text


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/api/docs", "/realtime/sessions"])
def test_another_servers_name_is_one_line_in_the_log(
    client: Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(path, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "does not go by that name" in answer.text
    refused = [one for one in caplog.records if one.levelname in ("WARNING", "ERROR")]
    ours, *others = [one for one in refused if "evil.example" in one.getMessage()]
    assert "evil.example" in ours.getMessage()
    assert not others
    assert not any(one.exc_info for one in refused)
