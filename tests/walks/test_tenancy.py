"""A walks every route with the ids of B, and reads no byte of B anywhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import Client, RequestFactory

from prompts.domain.roles import Role
from prompts.services.people import give_role
from tests.walks.routes import Route, routes
from tests.walks.tenant import Tenant, everything, make_tenant, models, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REFUSED = {403, 404}
WRONG_METHOD = 405
# Text that no person and no peer writes, or that cannot hold a word.
NOT_FREE = {
    *("sha256", "hash", "previous_hash", "audit_head", "head", "salt", "request_id"),
    *("fingerprint", "settings_fingerprint", "base_fingerprint", "next_fingerprint"),
    "foreign_fingerprint",
    *("hash_sent", "hash_echoed", "token_hash", "prefix", "password", "pid", "joint"),
    *("object_type", "object_id", "action", "cause", "language", "time_zone", "codename"),
    *("other_languages", "days", "sid", "from_number", "to_number", "number", "fallback_number"),
    # Names of users, which are in auth.User.
    *("actor_name", "author_name", "erased_by", "forgotten_by", "created_by_name"),
}
# Tables that hold nothing of one business.
SHARED = {"prompts.Platform", "prompts.ReadHead", "auth.Permission", "auth.Group"}


@pytest.fixture
def own() -> Tenant:
    return make_tenant("alphaword", 1)


@pytest.fixture
def foreign() -> Tenant:
    return make_tenant("qzxforeign", 2)


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def people(own: Tenant, foreign: Tenant) -> dict[str, Client]:
    """A's people: one with every role, and a member of staff who has none at all."""
    everybody = User.objects.create_user("everything", is_staff=True)
    for role in Role:
        give_role(business=own.business, person=everybody, role=role, actor=None, reason="A walk")
    nobody = User.objects.create_user("nobody", is_staff=True)
    return {"every role": logged_in(everybody), "no role": logged_in(nobody)}


def ask(client: Client, route: Route, address: str, **headers: str) -> Iterator[HttpResponse]:
    """The answers to every method that the route may know."""
    if not route.is_interface:
        yield client.get(address, follow=True)
        yield client.post(
            address, {"reason": "A walk", "note": "A walk", "post": "yes"}, follow=True
        )
        return
    for method in ("get", "post", "put", "patch", "delete"):
        call: Any = getattr(client, method)
        body = () if method == "get" else (json.dumps({}), "application/json")
        data, kind = body or (None, None)
        extra: dict[str, Any] = {"content_type": kind} if kind else {}
        yield call(address, data, headers=headers, **extra)


def reads_nothing(response: HttpResponse, foreign: Tenant, where: str) -> None:
    """No byte of the neighbour, neither in the page nor in where it leads."""
    content = b"".join(response) if response.streaming else response.content
    whole = content.decode() + str(dict(response.headers))
    found = [secret for secret in foreign.secrets if secret in whole]
    assert not found, f"{where} shows {found}"


def addresses(route: Route, foreign: Tenant, own: Tenant) -> Iterator[str]:
    """The route with B's ids, and with A's own business and B's rows in it, and the reverse."""
    if route.name == "view_on_site":
        for model in ("prompts/business", "calls/call", "auth/user"):
            kind = ContentType.objects.get_by_natural_key(*model.split("/"))
            yield route.address(foreign.ids, model).replace("/1/", f"/{kind.pk}/")
        return
    yield route.address(foreign.ids)
    inner = [name for name in route.parameters if name.endswith("_pk")]
    if "pk" in route.parameters and inner:
        theirs, ours = foreign.ids, own.ids
        yield route.address(ours | {name: theirs[name] for name in inner})
        yield route.address(theirs | {name: ours[name] for name in inner})


def test_every_route_that_names_a_row_refuses_a_neighbour(
    people: dict[str, Client], own: Tenant, foreign: Tenant
) -> None:
    before = everything()
    for route in routes():
        if not route.names_a_row:
            continue
        for address in addresses(route, foreign, own):
            for who, client in people.items():
                statuses = []
                for response in ask(client, route, address):
                    where = f"{who}: {route.pattern} as {address}"
                    reads_nothing(response, foreign, where)
                    statuses.append(response.status_code)
                assert set(statuses) <= {*REFUSED, WRONG_METHOD}, f"{where}: {statuses}"
                assert REFUSED & set(statuses), f"{where}: {statuses}"
    assert everything() == before


def test_every_route_of_the_interface_refuses_a_neighbours_token(
    own: Tenant, foreign: Tenant
) -> None:
    bearer = {"Authorization": f"Bearer {own.token.secret}"}
    client = Client()
    client.get("/realtime/sessions", headers=bearer)  # its first use is noted, once an hour
    before = everything()
    walked = [route for route in routes() if route.is_interface]
    assert len(walked) >= 6
    for route in walked:
        for response in ask(client, route, route.address(foreign.ids), **bearer):
            reads_nothing(response, foreign, route.pattern)
            allowed = {404, WRONG_METHOD} if route.names_a_row else {200, WRONG_METHOD}
            assert response.status_code in allowed, f"{route.pattern}: {response.status_code}"
    assert everything() == before


def test_no_list_and_no_page_of_ones_own_shows_a_neighbour(
    people: dict[str, Client], own: Tenant, foreign: Tenant
) -> None:
    """Every page that opens, with the filters and searches that a person could try on it."""
    theirs = foreign.business.pk
    questions: list[dict[str, object]] = [
        {},
        {"business__id__exact": theirs},
        {"business": theirs},
        {"q": "qzxforeig"},
        {"q": "15007770020"},
        {"words": "qzxforeig"},
        {"tag": "QZXforeign tag"},
        {"number": "15008880020"},
        {"business_id": theirs},
        {"all": "1", "rows": "", "seen": "", "p": "1", "o": "1"},
    ]
    opened = set()
    for route in routes():
        address = route.address(own.ids)
        for question in questions:
            response = people["every role"].get(address, question, follow=True)
            reads_nothing(response, foreign, f"{address} {question}")
            if response.status_code == 200:
                opened.add(route.pattern)
    assert {
        route.pattern for route in routes() if route.names_a_row and route.is_interface
    } & opened
    for page in ("change/", "prompt/<direction:direction>/", "people/", "callers/"):
        assert f"admin/prompts/business/<int:pk>/{page}" in opened
    for page in (
        "calls/call/",
        "prompts/auditentry/",
        "prompts/readentry/",
        "prompts/apitoken/",
        "prompts/business/",
    ):
        assert f"admin/{page}" in opened


def test_no_choice_and_no_completion_offers_a_neighbour(
    people: dict[str, Client], own: Tenant, foreign: Tenant, rf: RequestFactory
) -> None:
    for model, desk in admin.site._registry.items():
        for field in model._meta.get_fields():
            if not field.is_relation or not getattr(field, "concrete", False):
                continue
            question = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field.name,
                "term": "",
            }
            for client in people.values():
                response = client.get("/admin/autocomplete/", question)
                reads_nothing(response, foreign, f"completion of {model.__name__}.{field.name}")
                assert response.status_code in {200, *REFUSED}, f"{model.__name__}.{field.name}"
        request = rf.get("/")
        request.user = User.objects.get(username="everything")
        if desk.has_view_permission(request):
            seen = desk.get_queryset(request).values_list("pk", flat=True)
            assert foreign.ids[f"{model._meta.label_lower.replace('.', '/')}"] not in set(seen)
        assert not desk.get_inline_instances(request)


def test_no_action_reaches_a_neighbours_row(
    people: dict[str, Client], own: Tenant, foreign: Tenant, rf: RequestFactory
) -> None:
    before = everything()
    for model, desk in admin.site._registry.items():
        request = rf.get("/")
        request.user = User.objects.get(username="everything")
        label = model._meta.label_lower.replace(".", "/")
        for action in {"delete_selected", *desk.get_actions(request)}:
            form = {
                "action": action,
                "_selected_action": [foreign.ids.get(label, 1)],
                "post": "yes",
            }
            response = people["every role"].post(f"/admin/{label}/", form)
            reads_nothing(response, foreign, f"{action} of {label}")
    assert everything() == before


def test_the_neighbour_has_a_word_in_every_text_of_every_table(foreign: Tenant) -> None:
    """The walks would find nothing in a table that nobody filled."""
    for model in models():
        if model._meta.label in SHARED:
            continue
        assert model._default_manager.exists(), f"Tenant has no row of {model._meta.label}."
        for field in texts_of(model):
            if field.name in NOT_FREE:
                continue
            rows = model._default_manager.values_list(field.name, flat=True)
            found = any(foreign.word in str(value) for value in rows)
            assert found, f"Tenant writes no word into {model._meta.label}.{field.name}."
