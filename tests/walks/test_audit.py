"""Nobody changes anything unseen: each deed of the admin leaves exactly one audit entry."""

import json
from collections.abc import Mapping

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override

from prompts.admin.values import value_name
from prompts.models import AuditEntry
from tests.factories import make_user
from tests.walks.deeds import DEEDS, Deed
from tests.walks.forms import own_forms
from tests.walks.routes import Route, routes
from tests.walks.tenant import Tenant, everything, make_tenant

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LEADS_ON = {"admin/login/"}  # to the start page, for whoever is logged in
TO_A_PAGE = ("<path:object_id>/", "<path:object_id>/history/")  # of the row, or of the audit
OPENED = 200
REFUSED = {403, 404}
LED_ON = 302
WRONG_METHOD = 405


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant("alphaword", 1)


@pytest.fixture
def boss() -> User:
    """The person who may do the most."""
    return make_user("boss")


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def pages() -> dict[str, Route]:
    """Every page of the admin by its pattern."""
    return {route.pattern: route for route in routes() if route.pattern.startswith("admin/")}


def test_every_page_that_takes_something_is_described(tenant: Tenant, desk: Client) -> None:
    """A page that posts to itself, is only posted to, or leads on, says in `deeds` what it does."""
    for pattern, route in pages().items():
        address = route.address(tenant.ids)
        answer = desk.get(address)
        forms = own_forms(answer.text, address) if is_page(answer) else []
        offered = [one for one in forms if is_taken(desk, address, one)]
        leads_on = answer.status_code == LED_ON and not pattern.endswith(TO_A_PAGE)
        if offered or answer.status_code == WRONG_METHOD or leads_on:
            described = pattern in DEEDS or pattern in LEADS_ON
            assert described, f"{pattern} takes something: describe it in tests/walks/deeds.py."
    assert set(DEEDS) <= set(pages())


def is_page(answer: HttpResponse) -> bool:
    """Whether a page came, and no file."""
    return answer.status_code == OPENED and not answer.streaming


def is_taken(desk: Client, address: str, fields: dict[str, str]) -> bool:
    """Whether a form is more than shown; what it does is undone."""
    with transaction.atomic():
        answer = desk.post(address, fields)
        transaction.set_rollback(True)
    return answer.status_code not in REFUSED


def deeds() -> list[object]:
    """Each deed, in a transaction that is undone where it can be."""
    real = pytest.mark.django_db(transaction=True)
    return [
        pytest.param(pattern, marks=real if deed.lets_go else ()) for pattern, deed in DEEDS.items()
    ]


@pytest.mark.parametrize("pattern", deeds())
def test_every_deed_leaves_exactly_one_entry_or_says_why_none(
    pattern: str, tenant: Tenant, boss: User, desk: Client
) -> None:
    deed = DEEDS[pattern]
    ids = {**tenant.ids, **(deed.prepare(tenant, boss) or {})}
    before, entries = everything(), AuditEntry.objects.count()
    answer = perform(desk, pages()[pattern].address(ids), deed)
    assert answer.status_code in {OPENED, LED_ON}, answer.status_code
    changed = {name for name, rows in everything().items() if rows != before[name]}
    left = AuditEntry.objects.count() - entries
    if deed.no_entry:
        assert left == 0
        assert changed <= set(deed.touched)
        assert changed or not deed.touched, "Nothing happened, so nothing was tried."
    else:
        assert left == 1, f"{left} entries; the page says: {faults(answer)}"
        entry = AuditEntry.objects.latest("pk")
        assert entry.actor == boss
        assert not names_without_words(entry), "Name them in prompts/admin/values.py."
        assert changed - {"prompts.AuditEntry", "prompts.Business", "prompts.Platform"}


def perform(desk: Client, address: str, deed: Deed) -> HttpResponse:
    """Open the page, type, and send."""
    if deed.as_json:
        return desk.post(address, json.dumps(dict(deed.typed)), "application/json")
    page = desk.get(address)
    (fields,) = own_forms(page.text, address)[:1] or [{}]
    return desk.post(address, {**fields, **deed.typed})


def names_without_words(entry: AuditEntry) -> list[str]:
    """The values of an entry that are called alike in both languages."""

    def called(name: str, language: str) -> str:
        with override(language):
            return value_name(entry.object_type, name)

    names = {**json.loads(entry.before), **json.loads(entry.after)}
    return [name for name in names if called(name, "en") == called(name, "he")]


def faults(answer: HttpResponse) -> Mapping[str, object]:
    """What the page said was wrong."""
    context = getattr(answer, "context", None) or {}
    found = context.get("form") or getattr(context.get("adminform"), "form", None)
    return dict(found.errors) if found is not None else {}


def test_what_is_not_described_changes_nothing_whatever_is_posted(
    tenant: Tenant, desk: Client
) -> None:
    """Also the pages that only show: with their own fields, and with what other pages take."""
    typed: dict[str, object] = {}
    for deed in DEEDS.values():
        typed |= deed.typed
    before = everything()
    for pattern, route in pages().items():
        if pattern in DEEDS or pattern in LEADS_ON:
            continue
        address = route.address(tenant.ids)
        with transaction.atomic():
            page = desk.get(address)
            seen = changeable()
            shown = own_forms(page.text, address) if is_page(page) else []
            for fields in (*shown, {}):
                desk.post(address, {**typed, **fields, "_save": "1", "post": "yes"})
            assert changeable() == seen, f"{pattern} changes something unseen."
            transaction.set_rollback(True)
    assert everything() == before


def changeable() -> dict[str, object]:
    """Every table but the chain of reads, where a look alone leaves an entry."""
    return {name: rows for name, rows in everything().items() if ".Read" not in name}


def test_what_a_model_admin_offers_is_described(
    tenant: Tenant, boss: User, rf: RequestFactory, desk: Client
) -> None:
    request = rf.get("/")
    request.user = boss
    for model, stock in admin.site._registry.items():
        place = f"admin/{model._meta.label_lower.replace('.', '/')}/"
        verbs = {
            "add/": stock.has_add_permission(request),
            "<path:object_id>/change/": stock.has_change_permission(request),
            "<path:object_id>/delete/": stock.has_delete_permission(request),
        }
        for verb, is_offered in verbs.items():
            pattern = f"{place}{verb}"
            if is_offered:
                assert pattern in DEEDS, f"{pattern} is offered: describe it in deeds."
            elif pattern in pages():
                answer = desk.post(pages()[pattern].address(tenant.ids), {"post": "yes"})
                assert answer.status_code in REFUSED, pattern
        assert not stock.get_actions(request), f"{place} offers actions: describe them in deeds."
        assert not stock.list_editable
        assert not stock.get_inline_instances(request)


def test_with_nothing_to_hide_a_reason_is_given(boss: User) -> None:
    for pattern, deed in DEEDS.items():
        assert "prompts.AuditEntry" not in deed.touched
        assert deed.no_entry or not deed.touched, pattern
