import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from prompts import receipts
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.services.publish import publish
from prompts.services.slots import Text
from prompts.tokens import make_command_token
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def business():
    return make_business()


@pytest.fixture
def bearer():
    return {"Authorization": f"Bearer {make_command_token()}"}


@pytest.fixture
def editor(client):
    client.force_login(make_user())
    return client


def address(business) -> str:
    return f"/api/admin/businesses/{business.pk}/prompt"


def put(client, business, body, **more):
    return client.put(address(business), json.dumps(body), "application/json", **more)


def test_empty_slots_are_null(client, business, bearer):
    answer = client.get(address(business), headers=bearer)
    assert answer.status_code == 200
    assert answer.json() == {
        "business": business.pk,
        "revision": 1,
        "inbound": None,
        "outbound": None,
    }


def test_a_put_publishes_both_directions_and_answers_as_a_get(client, business, bearer):
    body = {
        "inbound": "In. \r\n",
        "outbound": "Out.",
        "inbound_greeting": "Hello",
        "note": "First",
        "base": {"inbound": None, "outbound": None},
    }
    answer = put(client, business, body, headers=bearer)
    assert answer.status_code == 200, answer.content
    state = answer.json()
    assert state.pop("changed") is True
    assert [each["direction"] for each in state.pop("receipts")] == ["inbound", "outbound"]
    assert state == client.get(address(business), headers=bearer).json()
    assert state["revision"] == 2
    inbound = state["inbound"]
    assert (inbound["version"], inbound["text"], inbound["greeting"]) == (1, "In.", "Hello")
    assert (inbound["published_by"], inbound["note"]) == ("system", "First")
    assert len(inbound["fingerprint"]) == 64


def test_a_greeting_that_is_not_sent_stays(client, business, bearer):
    publish_text(business, "One.", greeting="Hello")
    body = {"inbound": "Two.", "note": "Why", "base": {"inbound": 1}}
    assert put(client, business, body, headers=bearer).json()["inbound"]["greeting"] == "Hello"


def test_the_same_words_change_nothing(client, business, bearer):
    publish_text(business, "One.")
    body = {"inbound": "One.", "note": "Why", "base": {"inbound": 1}}
    answer = put(client, business, body, headers=bearer).json()
    assert (answer["changed"], answer["revision"]) == (False, 2)


def test_a_stale_base_is_409_with_the_version_in_force(client, business, bearer):
    publish_text(business, "One.")
    body = {"inbound": "Mine.", "note": "Why", "base": {"inbound": None}}
    answer = put(client, business, body, headers=bearer)
    assert answer.status_code == 409
    assert answer.json()["current"] == {"inbound": 1}
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"inbound": "{{ prize }}", "base": {}}, {"inbound", "note", "base"}),
        ({"note": "Why"}, {"inbound"}),
        ({"inbound": 5, "note": "Why", "base": {}}, {"inbound"}),
        ({"inbound": "A.", "apply": "never"}, {"apply"}),
        ({"inbound": "A.", "note": "\ud800", "base": {"inbound": None}}, {"note"}),
        ({"inbond": "A."}, {"inbond"}),
        ({"inbound": "A\u0000.", "note": "Why", "base": {"inbound": None}}, {"inbound"}),
    ],
)
def test_wrong_input_is_422_with_a_sentence_for_each_field(client, business, bearer, body, fields):
    answer = put(client, business, body, headers=bearer)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields


def test_a_body_that_is_no_json_is_refused(client, business, bearer):
    answer = client.put(address(business), "{", "application/json", headers=bearer)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"].startswith("application/json")


def test_an_unknown_business_is_404(client, bearer):
    for number in (404, 10**30):
        answer = client.get(f"/api/admin/businesses/{number}/prompt", headers=bearer)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no such business."


@pytest.mark.parametrize("token", ["", "nonsense", "command:abc:def"])
def test_a_stranger_is_401(client, business, token):
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        assert client.get(address(business), headers=headers).status_code == 401
        assert put(client, business, {}, headers=headers).status_code == 401


def test_a_command_token_lasts_a_minute(client, business, bearer, monkeypatch):
    late = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr("django.core.signing.time.time", late.timestamp)
    assert client.get(address(business), headers=bearer).status_code == 401


def test_a_session_publishes_in_the_persons_name(editor, business):
    body = {"outbound": "Out.", "note": "Why", "base": {"outbound": None}}
    assert put(editor, business, body).json()["outbound"]["published_by"] == "editor"


def test_a_session_needs_the_csrf_token(business):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    body = {"outbound": "Out.", "note": "Why", "base": {"outbound": None}}
    assert put(client, business, body).status_code == 403
    assert client.get(address(business)).status_code == 200


def test_staff_without_the_right_is_403(client, business):
    client.force_login(make_member(business, Role.EDITOR))
    body = {"inbound": "In.", "note": "Why", "base": {"inbound": None}}
    assert client.get(address(business)).status_code == 200
    refused = put(client, business, body)
    assert refused.status_code == 403
    assert "role “publisher”" in refused.json()["detail"]


def test_a_business_where_a_person_has_no_role_is_404_like_one_that_is_not_there(client, business):
    client.force_login(make_member(make_business("Other"), Role.OWNER))
    body = {"inbound": "In.", "note": "Why", "base": {"inbound": None}}
    foreign, missing = client.get(address(business)), client.get("/api/admin/businesses/99/prompt")
    assert foreign.status_code == missing.status_code == put(client, business, body).status_code
    assert (foreign.status_code, foreign.json()) == (404, missing.json())


def test_receipts_are_there_once_calls_offer_them(client, business, bearer, monkeypatch):
    monkeypatch.setattr(receipts, "_readers", [])
    receipts.offer(lambda business_id, revision: [{"business": business_id, "r": revision}])
    body = {"inbound": "In.", "note": "Why", "base": {"inbound": None}}
    answer = put(client, business, body, headers=bearer).json()
    assert answer["receipts"] == [{"business": business.pk, "r": 2}]


def test_the_description_is_for_staff(client, editor):
    assert editor.get("/api/openapi.json").status_code == 200
    assert Client().get("/api/openapi.json").status_code == 302


def test_nothing_of_a_refused_text_is_lost_or_saved(client, business, bearer):
    publish(
        business=business,
        texts={Direction.INBOUND: Text("In.")},
        base={Direction.INBOUND: None},
        note="Why",
        actor=None,
    )
    body = {
        "inbound": "Two.",
        "outbound": " ",
        "note": "Why",
        "base": {"inbound": 1, "outbound": None},
    }
    assert put(client, business, body, headers=bearer).status_code == 422
    assert client.get(address(business), headers=bearer).json()["inbound"]["text"] == "In."
