"""The proof that nobody is served stale or foreign words."""

import pytest
from django.test import Client

from prompts import cache
from prompts.domain.kinds import Channel, Direction
from prompts.domain.layers import Wording
from prompts.models import Business, Release
from prompts.selectors import current_versions, read_wording, texts_in_use
from prompts.services.freshness import RESTING, check_freshness
from prompts.services.tokens import TokenRight, create_token
from prompts.tokens import make_command_token
from tests.factories import make_business, publish_text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    made = make_business()
    publish_text(made, "Words of {{ business_name }}.")
    make_business("Other")
    return made


def test_all_is_fresh_and_no_call_hears_of_it(business: Business) -> None:
    before = current_versions(business)
    findings = check_freshness(business=business, actor=None)
    assert [one.name for one in findings if not one.good] == []
    assert len(findings) == 4
    assert current_versions(business) == before
    test_slot = read_wording(business.pk, Direction.INBOUND, Channel.TEST)
    assert test_slot.business[-1].version.text == RESTING
    assert not [text for text in texts_in_use(business) if "Freshness" in text]


def test_a_token_of_one_business_learns_of_no_other(client: Client, business: Business) -> None:
    made = create_token(
        name="Sync", business=business, rights=[TokenRight.PUBLISH], days=1, actor=None
    )
    path = f"/api/admin/businesses/{business.pk}/freshness"
    answer = client.post(path, headers={"Authorization": f"Bearer {made.secret}"}).json()
    assert answer["fresh"]
    assert "2 other places were read" in str(answer["findings"])


def test_it_can_be_run_again(business: Business) -> None:
    check_freshness(business=business, actor=None)
    assert all(one.good for one in check_freshness(business=business, actor=None))


def test_a_cache_that_serves_old_words_is_found(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[tuple[object, ...], Wording] = {}

    def stale(pk: int, direction: Direction, *, at_least: int, channel: Channel = Channel.CALLS):
        place = (pk, direction, channel)
        return kept.setdefault(place, read_wording(pk, direction, channel))

    monkeypatch.setattr(cache, "wording", stale)
    findings = check_freshness(business=business, actor=None)
    assert {one.name for one in findings if not one.good} == {"after publishing", "a late writer"}


def test_a_cache_that_mixes_places_up_is_found_and_the_slot_is_left_at_rest(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed(_pk: int, _direction: Direction, *, at_least: int, channel: Channel = Channel.CALLS):
        return read_wording(business.pk, Direction.INBOUND, Channel.TEST)

    monkeypatch.setattr(cache, "wording", mixed)
    findings = check_freshness(business=business, actor=None)
    assert [one.name for one in findings if not one.good] == ["other places"]
    newest = Release.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.kind == Release.Kind.TAKE_BACK


def test_it_can_be_asked_of_the_server(client: Client, business: Business) -> None:
    bearer = {"Authorization": f"Bearer {make_command_token()}"}
    answer = client.post(f"/api/admin/businesses/{business.pk}/freshness", headers=bearer)
    assert (answer.status_code, answer.json()["fresh"]) == (200, True)
    assert client.post(f"/api/admin/businesses/{business.pk}/freshness").status_code == 401
