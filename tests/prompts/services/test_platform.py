import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from prompts.domain.changes import find_fault
from prompts.domain.kinds import Direction
from prompts.models import AuditEntry, Business, Platform, Prompt, Release, Revision
from prompts.selectors import release_in_force, unpublished_shipped
from prompts.services.errors import NothingBefore, StaleBase
from prompts.services.platform import publish_platform
from prompts.services.slots import Text, platform_slot, write_version
from prompts.services.take_back import take_back
from prompts.signals import instructions_changed
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def publish(text="Rules.", base=1, direction=None):
    return publish_platform(direction=direction, text=text, base=base, note="Why", actor=None)


def test_the_shipped_prompts_are_released_on_a_fresh_database():
    assert {(slot.layer, slot.direction) for slot in Prompt.objects.exclude(current=None)} == {
        ("universal", ""),
        ("call_type", "inbound"),
        ("call_type", "outbound"),
    }
    assert Platform.objects.get().revision == 3


@pytest.mark.django_db(transaction=True)
def test_a_platform_release_raises_every_business_and_is_announced_once():
    businesses = [make_business(f"Business {number}") for number in range(3)]
    heard = []

    def listen(business_id, revision, **kwargs):
        heard.append((business_id, revision))

    instructions_changed.connect(listen)
    publish()
    instructions_changed.disconnect(listen)
    platform = Platform.objects.get()
    assert heard == [(None, platform.revision)]
    for business in Business.objects.filter(pk__in=[one.pk for one in businesses]):
        assert (business.revision, business.platform_revision) == (2, platform.revision)
        assert Revision.objects.filter(business=business, number=2).exists()


def test_a_new_business_has_the_platforms_clock():
    publish()
    assert make_business().platform_revision == Platform.objects.get().revision


def test_the_platform_has_a_chain_of_its_own():
    publish()
    platform = Platform.objects.get()
    links = [one.link for one in AuditEntry.objects.filter(business=None).order_by("number")]
    assert find_fault(links, count=platform.audit_count, head=platform.audit_head) is None
    assert len(links) == 4


def test_a_stale_base_and_wrong_text_are_refused():
    with pytest.raises(StaleBase) as caught:
        publish(base=None)
    assert caught.value.current == {None: 1}
    with pytest.raises(ValidationError) as faulty:
        publish("I am {{ agent_name }}.", direction=Direction.INBOUND)
    assert list(faulty.value.message_dict) == ["text"]


def test_the_same_text_is_no_release():
    assert publish() is not None
    assert publish(base=2) is None
    assert Release.objects.filter(prompt__layer="universal").count() == 2


def test_words_that_stood_before_are_restored():
    publish("One.")
    publish("Two.", base=2)
    version = publish("One.", base=3)
    assert (version.number, version.releases.get().kind) == (4, "restore")
    assert AuditEntry.objects.latest("pk").action == "platform.restored"


def ship(text="A better universal text."):
    with transaction.atomic():
        return write_version(platform_slot(None), Text(text), "Shipped with voiceagent", None)


def test_the_words_of_a_version_that_waits_put_that_very_version_in_force():
    root, arrived = make_user("root"), ship()
    version = publish_platform(direction=None, text=arrived.text, base=1, note="Why", actor=root)
    assert version == platform_slot(None).current == arrived
    release = release_in_force(platform_slot(None))
    assert (release.kind, release.actor, release.reason) == ("platform", root, "Why")
    assert not unpublished_shipped().exists()


def test_other_words_leave_the_version_that_waits_in_the_list():
    arrived = ship()
    version = publish("Our own.")
    assert version.number == arrived.number + 1
    assert not arrived.releases.exists()
    assert not unpublished_shipped().exists()


def back(base, direction=None):
    return take_back(business=None, direction=direction, base=base, reason="Wrong", actor=None)


@pytest.mark.django_db(transaction=True)
def test_taking_back_reaches_every_business_in_one_announcement():
    businesses = [make_business(f"Business {number}") for number in range(3)]
    publish()
    heard = []

    def listen(business_id, revision, **kwargs):
        heard.append((business_id, revision))

    instructions_changed.connect(listen)
    release = back(base=2)
    instructions_changed.disconnect(listen)
    platform = Platform.objects.get()
    assert heard == [(None, platform.revision)]
    assert (release.kind, release.apply, release.revision) == ("take_back", "live", heard[0][1])
    assert platform_slot(None).current.number == 1
    for business in Business.objects.filter(pk__in=[one.pk for one in businesses]):
        assert (business.revision, business.platform_revision) == (3, platform.revision)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.business, entry.action, entry.reason) == (None, "platform.taken_back", "Wrong")


def test_a_stale_base_and_a_first_version_are_not_taken_back():
    with pytest.raises(NothingBefore):
        back(base=1)
    publish()
    with pytest.raises(StaleBase) as caught:
        back(base=1)
    assert caught.value.current == {None: 2}
    with pytest.raises(NothingBefore):
        back(base=1, direction=Direction.INBOUND)


@pytest.mark.django_db(transaction=True)
def test_platform_and_business_releases_at_once_neither_lock_up_nor_lose_a_revision():
    businesses = [make_business(f"Business {number}") for number in range(3)]
    problems = []

    def run(work) -> None:
        try:
            for turn in range(4):
                work(turn)
        except Exception as error:  # noqa: BLE001  # shown below, in the test's own thread
            problems.append(error)
        finally:
            connection.close()

    def platform(turn: int) -> None:
        publish(f"Rules {turn}.", base=turn + 1)

    jobs = [lambda turn, one=one: publish_text(one, f"Text {turn}.") for one in businesses]
    threads = [threading.Thread(target=run, args=(job,)) for job in (platform, *jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    for business in Business.objects.all():
        numbers = Revision.objects.filter(business=business).values_list("number", flat=True)
        assert sorted(numbers) == list(range(1, 10))
        assert business.revision == 9


def test_a_release_inside_a_failed_transaction_leaves_nothing():
    before = Platform.objects.get().revision
    with transaction.atomic():
        publish()
        transaction.set_rollback(True)
    assert Platform.objects.get().revision == before
