import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from prompts.domain.changes import find_fault
from prompts.domain.kinds import Apply, Direction
from prompts.models import AuditEntry, Business, PromptVersion, Release, Revision
from prompts.selectors import current_versions
from prompts.services.errors import StaleBase
from prompts.services.publish import publish
from prompts.services.slots import Text
from prompts.signals import instructions_changed
from tests.factories import make_business, make_user, publish_text

pytestmark = pytest.mark.django_db

INBOUND, OUTBOUND = Direction.INBOUND, Direction.OUTBOUND


def publish_inbound(business, text, base, **changes):
    values = {"note": "Because", "actor": None} | changes
    return publish(business=business, texts={INBOUND: Text(text)}, base={INBOUND: base}, **values)


def chain_fault(business: Business) -> str | None:
    business.refresh_from_db()
    entries = AuditEntry.objects.filter(business=business).order_by("number")
    return find_fault(
        (entry.link for entry in entries), count=business.audit_count, head=business.audit_head
    )


@pytest.fixture
def announced():
    heard = []

    def listen(business_id, revision, **kwargs):
        heard.append((business_id, revision))

    instructions_changed.connect(listen)
    yield heard
    instructions_changed.disconnect(listen)


def test_both_directions_share_one_transaction_and_one_revision():
    business, editor = make_business(), make_user()
    published = publish(
        business=business,
        texts={INBOUND: Text("In.\r\n", "Hi  "), OUTBOUND: Text("Out.")},
        base={INBOUND: None, OUTBOUND: None},
        note=" The first ones ",
        actor=editor,
    )
    releases = Release.objects.filter(prompt__business=business)
    assert {release.revision for release in releases} == {published.revision}
    assert published.revision == Business.objects.get(pk=business.pk).revision == 2
    version = published.versions[INBOUND]
    assert (version.text, version.greeting, version.number) == ("In.", "Hi", 1)
    assert (version.author_name, version.note) == ("editor", "The first ones")
    assert chain_fault(business) is None


def test_a_stale_base_changes_nothing_and_names_the_version_in_force():
    business = make_business()
    publish_text(business, "One.")
    publish_text(business, "Two.")
    with pytest.raises(StaleBase) as caught:
        publish_inbound(business, "Mine.", base=1)
    assert caught.value.current == {INBOUND: 2}
    assert not PromptVersion.objects.filter(text="Mine.").exists()
    assert chain_fault(business) is None


def test_the_same_words_publish_nothing():
    business = make_business()
    publish_text(business, "One.")
    revision = Business.objects.get(pk=business.pk).revision
    published = publish_inbound(business, "One.  \n", base=1)
    assert not published.changed
    assert published.revision == revision == Business.objects.get(pk=business.pk).revision


def test_the_same_words_can_be_given_to_calls_in_progress_later():
    business = make_business()
    publish_text(business, "One.", apply=Apply.NEW_CALLS)
    published = publish_inbound(business, "One.", base=1)
    assert published.versions[INBOUND].number == 1
    assert [one.apply for one in Release.objects.filter(prompt__business=business)] == [
        "live",
        "new_calls",
    ]


def test_every_fault_is_told_by_its_field():
    business = make_business()
    with pytest.raises(ValidationError) as caught:
        publish(
            business=business,
            texts={
                INBOUND: Text("{{ prize }} and {{ website }} <<<"),
                OUTBOUND: Text(" \n", "x" * 300),
            },
            base={INBOUND: None},
            note=" ",
            actor=None,
        )
    faults = caught.value.message_dict
    assert set(faults) == {"inbound", "outbound", "outbound_greeting", "note", "base"}
    assert len(faults["inbound"]) == 3
    assert "business_name" in str(faults["inbound"])
    assert not PromptVersion.objects.filter(prompt__business=business).exists()


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800", "x" * 20_001, "﹤﹤﹤", "Hello {{ agent_name"]
)
def test_text_that_cannot_be_kept_is_refused_in_a_sentence(text):
    with pytest.raises(ValidationError) as caught:
        publish_inbound(make_business(), text, base=None)
    assert list(caught.value.message_dict) == ["inbound"]


@pytest.mark.parametrize("greeting", ["two\nlines", "a >>> b", "{{ nobody }}", "Hello {{ you"])
def test_a_greeting_is_one_speakable_line(greeting):
    with pytest.raises(ValidationError) as caught:
        publish_text(make_business(), greeting=greeting)
    assert list(caught.value.message_dict) == ["inbound_greeting"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_publish_is_announced_once_after_the_commit(announced):
    business = make_business()
    announced.clear()
    with transaction.atomic():
        publish_text(business)
        assert announced == []
    assert announced == [(business.pk, 2)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_publish_that_is_rolled_back_announces_nothing(announced):
    business = make_business()
    announced.clear()
    with transaction.atomic():
        publish_text(business)
        transaction.set_rollback(True)
    assert announced == []
    assert Revision.objects.filter(business=business).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_stops_neither_the_publish_nor_the_others(announced):
    business = make_business()
    announced.clear()

    def fail(**kwargs):
        raise RuntimeError("Redis is away")

    instructions_changed.connect(fail)
    try:
        publish_text(business)
    finally:
        instructions_changed.disconnect(fail)
    assert announced == [(business.pk, 2)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_concurrent_publishers_lose_nothing_and_fork_no_chain():
    business = make_business()
    start, problems = threading.Barrier(8), []

    def run(name: int) -> None:
        try:
            start.wait()
            for turn in range(3):
                publish_until_done(business, f"Text {name} {turn}.")
        except Exception as error:  # noqa: BLE001  # shown below, in the test's own thread
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    versions = PromptVersion.objects.filter(prompt__business=business)
    assert sorted(one.number for one in versions) == list(range(1, 25))
    assert len({one.text for one in versions}) == 24
    numbers = Revision.objects.filter(business=business).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 26))
    for release in Release.objects.filter(prompt__business=business):
        before = release.from_version.number if release.from_version else 0
        assert release.to_version.number == before + 1
    assert chain_fault(business) is None


def publish_until_done(business: Business, text: str) -> None:
    """Publish as a patient editor does, who looks again when another was faster."""
    while True:
        current = current_versions(business)[INBOUND]
        try:
            publish_inbound(business, text, base=current.number if current else None)
        except StaleBase:
            continue
        return
