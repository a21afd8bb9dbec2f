"""Each role can do what its rights say and nothing else, and is told which role it lacks."""

import pytest
from django.db import transaction
from django.test import Client

from prompts.domain.roles import RIGHTS, Role
from tests.factories import make_member
from tests.walks.deeds import DEEDS, Deed
from tests.walks.routes import routes
from tests.walks.tenant import Tenant, everything, make_tenant
from tests.walks.test_audit import pages, perform

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEEDED = "For this you need the role"
LOOKS = {"prompts.ReadEntry", "prompts.ReadHead"}
# What is asked of a person and not of a role.
FOR_SUPERUSERS = ("admin/auth/", "admin/prompts/platform/", "admin/calls/webhookrefusal/")


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant("alphaword", 1)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_changes_what_its_rights_allow(role: Role, tenant: Tenant) -> None:
    worker = make_member(tenant.business, role, username="worker")
    for pattern, deed in DEEDS.items():
        if deed.lets_go or (deed.touched == () and deed.no_entry):
            continue  # it cannot be undone here, or leaves nothing to see
        with transaction.atomic():
            client = Client()
            client.force_login(worker)
            ids = {**tenant.ids, **(deed.prepare(tenant, worker) or {})}
            before = everything()
            answer = perform(client, pages()[pattern].address(ids), deed)
            changed = {name for name, rows in everything().items() if rows != before[name]}
            transaction.set_rollback(True)
        done = bool(changed - (LOOKS - set(deed.touched)))
        assert done == is_allowed(role, deed), f"{role}: {pattern} ({answer.status_code})"


def is_allowed(role: Role, deed: Deed) -> bool:
    """What the table of roles says."""
    return deed.right in RIGHTS[role]


@pytest.mark.parametrize("role", list(Role))
def test_every_refusal_in_ones_own_business_names_the_role(role: Role, tenant: Tenant) -> None:
    client = Client()
    client.force_login(make_member(tenant.business, role, username="worker"))
    refused = 0
    for route in routes():
        if not route.names_a_row or route.pattern.startswith(FOR_SUPERUSERS):
            continue
        answer = client.get(route.address(tenant.ids), follow=True)
        if answer.status_code != 403 or route.pattern.endswith("<path:object_id>/delete/"):
            continue
        refused += 1
        assert NEEDED in answer.text, route.pattern
    assert refused or role is Role.OWNER
