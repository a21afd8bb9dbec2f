"""What holds for every page: who is sent away, and that no browser refuses a part of it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from calls.routing import refuse, websocket_urlpatterns
from prompts.models import AuditEntry
from tests.factories import make_user
from tests.walks.routes import FOR_STRANGERS, NEVER_OPEN, Route, routes
from tests.walks.tenant import Tenant, make_tenant

pytestmark = pytest.mark.django_db

FOR_ALL_STAFF = {"admin/", "admin/jsi18n/", "admin/password_change/", "admin/password_change/done/"}
INLINE = (
    "<style",
    ' style="',
    "<script>",
    "javascript:",
    ' onclick="',
    ' onchange="',
    "http://cdn",
)


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant("alphaword", 1)


def pages() -> list[Route]:
    """The routes of the admin."""
    return [route for route in routes() if route.pattern.startswith("admin/")]


def test_a_stranger_is_sent_to_the_login_by_every_page(client: Client, tenant: Tenant) -> None:
    for route in pages():
        if route.pattern in FOR_STRANGERS:
            continue
        address = route.address(tenant.ids)
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response["Location"].startswith("/admin/login/"), address


def test_whoever_sends_a_form_when_logged_out_comes_to_a_page_by_the_login(
    tenant: Tenant,
) -> None:
    """Also where the form is sent to an address that shows nothing itself."""
    make_user("boss")
    for route in pages():
        if route.pattern in FOR_STRANGERS or route.pattern in NEVER_OPEN:
            continue
        client = Client()
        login = client.post(route.address(tenant.ids))["Location"]
        answer = client.post(login, {"username": "boss", "password": "secret"}, follow=True)
        assert answer.status_code == 200, route.pattern
        assert "/login/" not in answer.request["PATH_INFO"], route.pattern


def test_a_stranger_is_refused_by_the_whole_interface(client: Client, tenant: Tenant) -> None:
    for route in routes():
        if route.is_interface:
            address = route.address(tenant.ids)
            for response in (client.get(address), client.post(address)):
                assert response.status_code in {401, 405}, route.pattern


def test_staff_without_a_role_read_a_sentence_on_every_page(client: Client, tenant: Tenant) -> None:
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    before = AuditEntry.objects.count()
    for route in pages():
        if route.pattern in FOR_STRANGERS or route.pattern in FOR_ALL_STAFF:
            continue
        for response in (
            client.get(route.address(tenant.ids), follow=True),
            client.post(route.address(tenant.ids), follow=True),
        ):
            assert response.status_code in {403, 404, 405}, route.pattern
            if response.status_code == 403 and "json" not in response["Content-Type"]:
                assert "You may not open this page" in response.text, route.pattern
    assert AuditEntry.objects.count() == before


def test_every_page_opens_for_whoever_may_do_all(client: Client, tenant: Tenant) -> None:
    """So that no refusal of the other walks is there by chance."""
    client.force_login(make_user("boss"))
    closed = {
        route.pattern
        for route in routes()
        if client.get(route.address(tenant.ids), follow=True).status_code not in {200, 405}
    }
    assert closed == NEVER_OPEN


def test_no_page_holds_what_the_policy_refuses(client: Client, tenant: Tenant) -> None:
    client.force_login(make_user("boss"))
    seen = 0
    for route in routes():
        response = client.get(route.address(tenant.ids), follow=True)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        seen += 1
        found = [one for one in INLINE if one in response.text]
        assert not found, f"{route.pattern} holds {found}"
    assert seen > 40


def test_the_only_socket_is_opened_by_a_secret() -> None:
    first, rest = websocket_urlpatterns
    assert str(first.pattern) == "^media-stream/(?P<token>[A-Za-z0-9_-]{43})/?$"
    assert (str(rest.pattern), rest.callback) == ("", refuse)
