"""The list of the platform's prompts, and the way to one that came with an upgrade."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from prompts.admin import window
from prompts.domain.kinds import Direction
from prompts.models import PromptVersion
from prompts.services.draft import NO_DRAFT, Desk, save_draft
from prompts.services.platform import publish_platform
from prompts.services.slots import Text, platform_slot, write_version
from tests.factories import make_business, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LIST = "/admin/prompts/platform/"
BUSINESSES = "/admin/prompts/business/"
BANNER = "A new platform prompt came with an upgrade and waits to be published."


@pytest.fixture
def root() -> User:
    return make_user("root")


@pytest.fixture
def staff(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


@pytest.fixture
def reader(db: None) -> Client:
    """A superuser to whom nobody gave the permission."""
    client = Client()
    client.force_login(User.objects.create_superuser("reader"))
    return client


def page(direction: Direction | None = None, name: str = "prompt", *more: object) -> str:
    return reverse(f"admin:prompts_platform_{name}", args=[direction, *more])


def ship(direction: Direction | None = None) -> PromptVersion:
    with transaction.atomic():
        words = Text("A better text for everybody.")
        return write_version(platform_slot(direction), words, "Shipped with voiceagent", None)


def test_the_addresses_say_for_which_calls() -> None:
    assert [page(one) for one in (None, *Direction)] == [
        "/admin/prompts/platform/universal/",
        "/admin/prompts/platform/inbound/",
        "/admin/prompts/platform/outbound/",
    ]


def test_another_word_is_no_page(staff: Client) -> None:
    assert staff.get(f"{LIST}sideways/").status_code == 404


def test_the_list_tells_what_is_live_since_when_and_by_whom(
    staff: Client, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_business(f"Business {number}")
    publish_platform(direction=None, text="Be brief.", base=1, note="Shorter", actor=root)
    monkeypatch.setattr(window.look(), "live_calls", lambda pk, direction: 2)
    response = staff.get(LIST)
    rows = response.context["rows"]
    assert [row.url for row in rows] == [page(one) for one in (None, *Direction)]
    assert [row.release.to_version.number for row in rows] == [2, 1, 1]
    text = " ".join(response.text.split())
    assert "by <bdi>root</bdi>" in text
    assert "These texts stand in the calls of 3 businesses" in text
    assert "2 calls in progress." in text


def test_the_list_leads_to_ones_own_draft(staff: Client, root: User) -> None:
    desk = Desk(None, Direction.OUTBOUND, root)
    save_draft(desk=desk, words=Text("Mine."), base=1, edition=NO_DRAFT)
    assert [row.has_draft for row in staff.get(LIST).context["rows"]] == [False, False, True]


def test_a_shipped_text_that_waits_leads_to_its_difference_and_to_publishing_it(
    staff: Client,
) -> None:
    business, version = make_business(), ship()
    way = page(None, "restore", version.number)
    assert "Never published" in staff.get(page()).text
    for address in (
        BUSINESSES,
        f"{BUSINESSES}{business.pk}/change/",
        f"{BUSINESSES}{business.pk}/prompt/inbound/",
        page(Direction.INBOUND),
    ):
        text = staff.get(address).text
        assert BANNER in text
        assert f'<a href="{way}">Compare it with what is live</a>' in text
    assert way in staff.get(LIST).text
    shown = staff.get(way).text
    assert "Publish v2, which came with an upgrade?" in shown
    assert "Compared with v1, which is live" in shown
    review = staff.post(way, {"edition": NO_DRAFT}, follow=True)
    form = review.context["form"]
    assert form["note"].value() == "Take up v2, which came with an upgrade"
    assert review.context["passed_over"] is None
    posted = {name: form[name].value() for name in ("note", "apply", "edition")}
    done = staff.post(page(None, "review"), posted, follow=True)
    assert "Published v2 to every business" in done.text
    assert platform_slot(None).current == version
    editor = staff.get(page()).text
    assert "Published by" in editor
    assert "root" in editor
    assert BANNER not in staff.get(BUSINESSES).text


def test_whoever_only_reads_is_led_to_the_same_difference(reader: Client) -> None:
    version = ship()
    way = reverse("admin:prompts_promptversion_text", args=[version.pk])
    assert f'href="{way}#compare"' in reader.get(LIST).text
    assert f'href="{way}#compare"' in reader.get(BUSINESSES).text
    shown = reader.get(way)
    assert "Never published" in shown.text
    assert "What changed from v1 to v2" in shown.text
    assert page(None, "restore", version.number) not in shown.text


def test_several_that_wait_are_told_in_one_banner_and_found_in_the_list(staff: Client) -> None:
    found = [ship(direction) for direction in (None, Direction.OUTBOUND)]
    text = staff.get(BUSINESSES).text
    assert "2 new platform prompts came with an upgrade and wait to be published." in text
    assert f'<a href="{LIST}">See them</a>' in text
    waiting = [row.waiting for row in staff.get(LIST).context["rows"]]
    assert waiting == [found[0], None, found[1]]


def test_other_words_that_are_published_pass_over_what_waits_and_the_review_says_so(
    staff: Client, root: User
) -> None:
    ship()
    save_draft(
        desk=Desk(None, None, root), words=Text("Our own."), note="Why", base=1, edition=NO_DRAFT
    )
    text = " ".join(staff.get(page(None, "review")).text.split())
    assert "If you publish this text, v2 waits no longer; it stays in the list" in text
