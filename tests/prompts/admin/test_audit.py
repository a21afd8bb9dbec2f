"""Who changed what, and who looked at callers: found, read and taken away as a file."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connection, connections
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from prompts.admin.audit.words import ACTIONS, LOOKS, SEEN, THINGS
from prompts.domain.changes import Link, find_fault
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, ReadEntry
from prompts.services.business import add_phone_number, change_business
from prompts.services.reads import Look, Sight, record_read
from prompts.services.settings import change_settings, pause
from tests.factories import make_business, make_member, make_number, make_user, publish_text
from tests.settings import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LISTS = {"audit": "prompts_auditentry", "reads": "prompts_readentry"}


@pytest.fixture
def dana() -> User:
    return make_user("dana")


@pytest.fixture
def staff(client: Client, dana: User) -> Client:
    client.force_login(dana)
    return client


@pytest.fixture
def business() -> Business:
    return make_business("Galil", time_zone="Asia/Jerusalem")


def url(kind: str = "audit", page: str = "changelist", *arguments: object) -> str:
    return reverse(f"admin:{LISTS[kind]}_{page}", args=arguments)


def found(staff: Client, kind: str = "audit", **filters: object) -> list[str]:
    """The actions on the first page, the newest first."""
    page = staff.get(url(kind), filters)
    assert page.status_code == 200
    return [line.entry.action for line in page.context["lines"]]


def entry_page(staff: Client, action: str) -> str:
    entry = AuditEntry.objects.filter(action=action, business__isnull=False).latest("pk")
    return str(staff.get(url("audit", "change", entry.pk)).text)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", text))


# One entry


def test_a_change_is_shown_as_before_and_after(staff: Client, business: Business) -> None:
    change_settings(business=business, changes={"voice": "cedar"}, actor=None, reason="Warmer")
    text = entry_page(staff, "settings.changed")
    assert "marin</del>" in text
    assert "cedar</ins>" in text
    for words in ("Warmer", "Settings changed", "Galil", "(Asia/Jerusalem)"):
        assert words in text
    assert "<form" not in text.partition('id="content"')[2]


def test_long_values_are_compared_word_by_word(staff: Client, business: Business) -> None:
    for words in ("We are closed on Sunday. " * 4, "We are closed on Monday. " * 4):
        change_settings(
            business=business, changes={"fallback_words": words.strip()}, actor=None, reason="-"
        )
    text = entry_page(staff, "settings.changed")
    assert '<del dir="auto">Sunday</del><ins dir="auto">Monday</ins>' in text


def test_a_published_prompt_is_compared_with_the_one_before(
    staff: Client, business: Business
) -> None:
    publish_text(business, "Be kind.\nBe <b>brief</b>.", greeting="Hello.")
    publish_text(business, "Be kind.\nBe <b>quick</b>.", greeting="Good day.")
    text = entry_page(staff, "prompt.published")
    assert '<del dir="auto">brief</del><ins dir="auto">quick</ins>' in text
    assert "&lt;b&gt;" in text
    assert "Inbound prompt" in text
    assert "Good day" in text


def test_an_entry_leads_to_the_others_of_its_object_and_its_request(
    staff: Client, business: Business
) -> None:
    pages = [reverse(f"admin:prompts_business_{name}", args=[business.pk]) for name in ("pause",)]
    request_id = staff.post(pages[0], {"reason": "Holiday"})["X-Request-ID"]
    change_settings(business=business, changes={"voice": "cedar"}, actor=None, reason="Warmer")
    text = entry_page(staff, "agent.paused")
    assert request_id in text
    assert found(staff, words=request_id) == ["agent.paused"]
    entry = AuditEntry.objects.get(action="agent.paused")
    about = {"thing": entry.object_type, "row": entry.object_id, "business": business.pk}
    assert found(staff, **about) == ["settings.changed", "agent.paused"]


# The list


def test_entries_are_found_by_business_person_object_action_and_words(
    staff: Client, business: Business, dana: User
) -> None:
    other = make_business("Other")
    publish_text(business)
    pause(business=business, actor=dana, reason="Holiday of Eid")
    assert found(staff, business=other.pk) == ["business.created"]
    assert found(staff, business=business.pk, person="system") == [
        "prompt.published",
        "business.created",
    ]
    assert found(staff, person="dana") == ["agent.paused"]
    assert found(staff, thing="businesssettings") == ["agent.paused"]
    assert found(staff, action="prompt.published") == ["prompt.published"]
    assert found(staff, words="of eid") == ["agent.paused"]
    assert set(found(staff, business="platform")) == {"platform.published"}


def test_times_are_those_of_the_chosen_business(
    staff: Client, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 3, 1, 12, 5, tzinfo=UTC)  # 14:05 in Jerusalem
    monkeypatch.setattr(timezone, "now", lambda: moment)
    pause(business=business, actor=None, reason="Holiday")
    monkeypatch.undo()
    own = {"business": business.pk, "action": "agent.paused"}
    assert found(staff, **own, begins="2026-03-01T14:05", ends="2026-03-01T14:05")
    assert not found(staff, **own, begins="2026-03-01T14:06")
    assert not found(staff, **own, ends="2026-03-01T14:04")
    assert found(staff, action="agent.paused", begins="2026-03-01T12:05", ends="2026-03-01T12:05")
    text = staff.get(url(), own).text
    assert "Time (Asia/Jerusalem)" in plain(text)
    assert "March 1, 2026, 2:05 p.m." in text


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"begins": "yesterday"}, "Write a date and a time such as 2026-03-01 14:05."),
        ({"begins": "2026-02-30T00:00"}, "Write a date and a time such as 2026-03-01 14:05."),
        ({"begins": "2026-03-02T00:00", "ends": "2026-03-01T00:00"}, "This lies before the time"),
        ({"business": "999999"}, "Select a valid choice"),
        ({"action": "nothing"}, "Select a valid choice"),
        ({"words": "a" * 101}, "at most 100 characters"),
    ],
)
@pytest.mark.parametrize("page", ["changelist", "export"])
def test_a_wrong_filter_shows_its_sentence_and_nothing_else(
    staff: Client, business: Business, filters: dict, sentence: str, page: str
) -> None:
    address = url("audit", page, *(["csv"] if page == "export" else []))
    response = staff.get(address, filters)
    assert sentence in response.text
    assert response.context["lines"] == []
    assert not ReadEntry.objects.exists()


def test_long_lists_have_pages_that_keep_the_filters(staff: Client, business: Business) -> None:
    for _time in range(51):
        add_phone_number(business=business, number=make_number(), actor=None, reason="A test")
    first = staff.get(url(), {"business": business.pk, "action": "number.added"})
    assert len(first.context["lines"]) == 50
    assert "Page 1 of 2" in first.text
    assert f"?business={business.pk}&amp;action=number.added&amp;p=2" in first.text
    assert len(found(staff, business=business.pk, action="number.added", p="2")) == 1
    assert len(found(staff, p="nonsense")) == 50


@pytest.mark.parametrize("kind", LISTS)
def test_longer_lists_need_no_more_queries(staff: Client, dana: User, kind: str) -> None:
    def grow() -> None:
        business = make_business()
        publish_text(business)
        publish_text(business, direction=Direction.OUTBOUND)
        record_read(business=business, sight=Sight.of(Look.CALLERS, business), actor=dana)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(url(kind))
        return len(queries)

    grow()
    few = count()
    for _time in range(20):
        grow()
    assert count() == few


def test_every_action_and_every_thing_has_its_words() -> None:
    sources = [
        path for app in ("prompts", "calls") for path in (ROOT / app / "services").rglob("*.py")
    ]
    kinds = "business|number|settings|agent|hours|account|person|role|token|prompt|platform"
    kinds += "|note|tag"
    called = {
        name
        for path in sources
        if path.name != "reads.py"
        for name in re.findall(rf'"((?:{kinds}|freshness)\.[a-z_]+)"', path.read_text())
    }
    assert called == {name for name in ACTIONS if not name.startswith("profile.")}
    assert {look.value for look in Look} == set(LOOKS)
    assert {"prompt", "business", "businesssettings", "call"} <= set(THINGS)
    assert {"call", "callerprofile"} <= set(SEEN)


# The file


def read_csv(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_file_holds_what_the_list_finds_on_all_its_pages(
    staff: Client, business: Business
) -> None:
    for _time in range(51):
        add_phone_number(business=business, number=make_number(), actor=None, reason="A test")
    other = make_business("Other")
    rows = read_csv(staff.get(url("audit", "export", "csv"), {"business": business.pk}))
    assert len(rows) == 52
    assert {row["business"] for row in rows} == {"Galil"}
    assert other.name not in str(rows)
    assert rows[-1]["action"] == "business.created"


@pytest.mark.parametrize("size", [1, 2, 500])
def test_a_json_file_can_be_checked_as_a_chain(
    staff: Client, business: Business, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prompts.admin.audit.export.PIECE", size)
    publish_text(business)
    response = staff.get(url("audit", "export", "json"), {"business": business.pk})
    rows = json.loads(b"".join(response.streaming_content))
    business.refresh_from_db()
    links = [
        Link(
            row["number"],
            AuditEntry.objects.get(hash=row["hash"]).content,
            row["previous_hash"],
            row["hash"],
        )
        for row in reversed(rows)
    ]
    assert find_fault(links, count=business.audit_count, head=business.audit_head) is None
    assert json.loads(rows[0]["after"])["version"] == 1


def test_an_empty_file_is_whole(staff: Client) -> None:
    nothing = {"begins": "2000-01-01T00:00", "ends": "2000-01-01T00:00"}
    assert read_csv(staff.get(url("audit", "export", "csv"), nothing)) == []
    response = staff.get(url("audit", "export", "json"), nothing)
    assert json.loads(b"".join(response.streaming_content)) == []


def test_no_cell_of_a_file_is_a_formula(staff: Client, business: Business) -> None:
    change_business(
        business=business, changes={"name": "=HYPERLINK(1)"}, actor=None, reason="@SUM(1)"
    )
    row = read_csv(staff.get(url("audit", "export", "csv"), {"business": business.pk}))[0]
    assert (row["business"], row["reason"]) == ("'=HYPERLINK(1)", "'@SUM(1)")


def test_whoever_takes_a_file_is_written_down(staff: Client, business: Business) -> None:
    filters = {"business": business.pk, "action": "business.created", "person": ""}
    staff.get(url("audit", "export", "csv"), filters)
    look = ReadEntry.objects.get()
    assert (look.action, look.actor_name, look.business) == ("audit.exported", "dana", business)
    assert json.loads(look.detail) == {
        "action": "business.created",
        "business": str(business.pk),
        "file": "csv",
    }
    assert found(staff, "reads") == ["audit.exported"]
    text = staff.get(url("reads", "change", look.pk)).text
    assert "Audit exported" in text


def test_a_file_of_all_businesses_is_written_down_for_each(
    staff: Client, business: Business
) -> None:
    other = make_business("Other")
    staff.get(url("audit", "export", "json"))
    assert {look.business for look in ReadEntry.objects.all()} == {business, other}


def test_a_file_of_another_kind_does_not_exist(staff: Client) -> None:
    assert staff.get(url("audit", "export", "xml")).status_code == 404
    assert not ReadEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_a_server_sends_the_file_in_pieces(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prompts.admin.audit.export.PIECE", 1)
    await async_client.aforce_login(await User.objects.acreate_superuser("noa"))
    response = await async_client.get(url("audit", "export", "json"))
    pieces = [piece async for piece in response.streaming_content]
    assert len(pieces) == await AuditEntry.objects.acount() + 1
    assert json.loads(b"".join(pieces))
    await sync_to_async(connections.close_all)()


# Whose


@pytest.mark.parametrize("kind", LISTS)
def test_nobody_sees_anything_of_another_business(
    client: Client, business: Business, dana: User, kind: str
) -> None:
    other = make_business("Secret Garden")
    pause(business=other, actor=make_user("somebody-else"), reason="Hidden reason")
    record_read(business=other, sight=Sight.of(Look.CALLERS, other), actor=dana)
    client.force_login(make_member(business, Role.SUPPORT))
    hidden = {"audit": AuditEntry, "reads": ReadEntry}[kind].objects.filter(business=other)
    pages = [client.get(url(kind)), client.get(url(kind), {"business": other.pk})]
    for response in pages:
        for words in ("Secret Garden", "somebody-else", "Hidden reason", "The platform"):
            assert words not in response.text
    for entry in hidden:
        assert client.get(url(kind, "change", entry.pk)).status_code == 404
    content = b"".join(client.get(url(kind, "export", "csv")).streaming_content)
    assert b"Secret" not in content
    assert b"Hidden" not in content


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("page", ["changelist", "export"])
def test_a_role_without_the_right_is_told_which_one_it_takes(
    client: Client, business: Business, kind: str, page: str
) -> None:
    client.force_login(make_member(business, Role.EDITOR))
    response = client.get(url(kind, page, *(["csv"] if page == "export" else [])))
    assert response.status_code == 403
    assert "you need the role" in response.text
    assert not ReadEntry.objects.exists()
