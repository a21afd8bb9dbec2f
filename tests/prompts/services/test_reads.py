"""Who looked at what is known of callers: a chain that costs little and waits for nobody."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction

from prompts.domain.changes import find_fault
from prompts.models import Business, ReadEntry, ReadHead
from prompts.services.reads import Look, Sight, record_read
from prompts.services.revision import lock_business
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

WITHIN = 10  # seconds, far more than a look takes


@pytest.fixture
def business() -> Business:
    return make_business()


@pytest.fixture
def person() -> User:
    return make_user()


def look(business: Business, person: User) -> ReadEntry:
    return record_read(business=business, sight=Sight.of(Look.CALLERS, business), actor=person)


def chain_is_whole() -> bool:
    head = ReadHead.objects.get()
    links = [entry.link for entry in ReadEntry.objects.order_by("number")]
    return find_fault(links, count=head.count, head=head.head) is None


def in_another_thread(pool: ThreadPoolExecutor, work, *arguments):
    def run():
        try:
            return work(*arguments)
        finally:
            connections.close_all()

    return pool.submit(run)


def test_a_look_names_the_person_and_the_row(business: Business, person: User) -> None:
    entry = look(business, person)
    assert (entry.number, entry.actor_name, entry.action) == (1, "editor", "callers.listed")
    assert (entry.business, entry.object_type, entry.object_id) == (
        business,
        "business",
        str(business.pk),
    )


def test_looks_at_the_same_moment_stand_in_one_whole_chain(
    business: Business, person: User
) -> None:
    barrier = Barrier(6)

    def work():
        barrier.wait()
        for _time in range(3):
            look(business, person)

    with ThreadPoolExecutor(6) as pool:
        for done in [in_another_thread(pool, work) for _one in range(6)]:
            done.result()
    assert ReadEntry.objects.count() == 18
    assert chain_is_whole()


def test_a_look_costs_three_queries(
    business: Business, person: User, django_assert_num_queries
) -> None:
    look(business, person)
    with transaction.atomic(), django_assert_num_queries(5):  # two of them savepoints
        look(business, person)


def test_a_look_waits_for_no_change_of_the_business(business: Business, person: User) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock_business(business)
        in_another_thread(pool, look, business, person).result(WITHIN)
    assert chain_is_whole()


def test_the_length_of_the_chain_never_falls(business: Business, person: User) -> None:
    look(business, person)
    with pytest.raises(Exception, match="never falls"), transaction.atomic():
        ReadHead.objects.update(count=0)
