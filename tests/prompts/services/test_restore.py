"""A former state of the settings comes back by ordinary edits: all of them, or none."""

import pytest
from django.core.exceptions import ValidationError

from prompts.models import AuditEntry, Business, BusinessSettings, PhoneNumber, Revision
from prompts.past import KINDS, NOW, settings_after, settings_changes
from prompts.services.business import add_phone_number, change_business, remove_phone_number
from prompts.services.errors import StaleSettings
from prompts.services.hours import change_hours
from prompts.services.restore import restorable, restore_settings
from prompts.services.settings import change_settings, pause
from tests.factories import make_business, make_number, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WHY = {"actor": None, "reason": "A test"}


@pytest.fixture
def business() -> Business:
    return make_business("Galil", number=make_number())


def newest(business: Business) -> int:
    return settings_changes(business)[0].number


def restore(business: Business, number: int, *kinds: str, base: int = 0) -> None:
    restore_settings(
        business=business,
        number=number,
        kinds=kinds or KINDS,
        base=base or newest(business),
        actor=None,
        reason="As it was",
    )


def settings(business: Business, **changes: object) -> int:
    change_settings(business=business, changes=changes, **WHY)
    return newest(business)


def values(business: Business, number: int = NOW) -> object:
    return restorable(settings_after(business, number)[0])


def change_everything(business: Business) -> int:
    """Answers the number after which everything stood that is changed here."""
    former = settings(business, voice="cedar", threshold=0.7)
    settings(business, voice="ash", max_call_seconds=60)
    change_hours(business=business, changes={"days": {"sunday": "09:00-13:00"}}, **WHY)
    change_business(business=business, changes={"agent_name": "Noa", "address": "Haifa"}, **WHY)
    remove_phone_number(number=business.phone_numbers.get(), **WHY)
    add_phone_number(business=business, number=make_number(), **WHY)
    return former


def test_everything_stands_again_as_it_did_then(business: Business) -> None:
    former = change_everything(business)
    then = values(business, former)
    assert values(business) != then
    restore(business, former)
    assert values(business) == then


def test_each_row_is_changed_once_with_its_entry_and_its_revision(business: Business) -> None:
    former, actor = change_everything(business), make_user("dana")
    entries, revisions = newest(business), Revision.objects.filter(business=business).count()
    restore_settings(
        business=business, number=former, kinds=KINDS, base=entries, actor=actor, reason="Mistake"
    )
    made = AuditEntry.objects.filter(business=business, number__gt=entries).order_by("number")
    assert [one.action for one in made] == [
        "number.removed",
        "settings.changed",
        "hours.changed",
        "business.changed",
        "number.added",
    ]
    assert {(one.actor, one.reason) for one in made} == {(actor, "Mistake")}
    assert Revision.objects.filter(business=business).count() == revisions + 3


def test_only_what_was_chosen_comes_back(business: Business) -> None:
    former = change_everything(business)
    entries = newest(business)
    restore(business, former, "businesshours")
    actions = AuditEntry.objects.filter(business=business, number__gt=entries)
    assert [one.action for one in actions] == ["hours.changed"]


def test_what_stands_already_leaves_no_entry(business: Business) -> None:
    former = settings(business, voice="cedar")
    restore(business, former)
    assert newest(business) == former


def test_a_pause_neither_comes_back_nor_goes(business: Business) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    pause(business=business, **WHY)
    restore(business, former)
    kept = BusinessSettings.objects.get(business=business)
    assert (kept.voice, kept.paused) == ("cedar", True)


def test_a_change_that_the_person_has_not_seen_is_not_overwritten(business: Business) -> None:
    former = settings(business, voice="cedar")
    seen = settings(business, voice="ash")
    settings(business, threshold=0.9)
    before = values(business)
    with pytest.raises(StaleSettings):
        restore(business, former, base=seen)
    assert values(business) == before


def test_what_is_not_valid_any_more_is_told_by_field_and_nothing_is_changed(
    business: Business,
) -> None:
    kept = business.phone_numbers.get()
    settings(business, fallback_number="+15005550111")
    change_business(business=business, changes={"agent_name": ""}, **WHY)
    former = newest(business)
    settings(business, fallback_number="", voice="ash")
    change_business(business=business, changes={"agent_name": "Noa"}, **WHY)
    publish_text(business, "You are {{ agent_name }}.")
    remove_phone_number(number=kept, **WHY)
    other = make_business("Other", number=kept.number)
    add_phone_number(business=other, number="+15005550111", **WHY)
    before, entries = values(business), AuditEntry.objects.count()
    with pytest.raises(ValidationError) as caught:
        restore(business, former)
    faults = caught.value.message_dict
    assert set(faults) == {"fallback_number", "agent_name", "number"}
    assert faults["number"] == [f"{kept.number}: A business has this number already."]
    assert (values(business), AuditEntry.objects.count()) == (before, entries)


def test_a_voice_that_is_offered_no_longer_is_refused(business: Business) -> None:
    BusinessSettings.objects.filter(business=business).update(voice="gone")
    former = newest(business)
    settings(business, voice="ash")
    with pytest.raises(ValidationError) as caught:
        restore(business, former)
    assert list(caught.value.message_dict) == ["voice"]


def test_a_number_moves_between_the_agent_and_a_person_in_one_step(business: Business) -> None:
    number = business.phone_numbers.get().number
    as_agent = newest(business)
    remove_phone_number(number=business.phone_numbers.get(), **WHY)
    as_person = settings(business, fallback_number=number)
    restore(business, as_agent)
    assert PhoneNumber.objects.filter(business=business, number=number).exists()
    restore(business, as_person)
    assert BusinessSettings.objects.get(business=business).fallback_number == number


def test_a_value_of_another_release_is_left_out(business: Business) -> None:
    former = settings(business, voice="cedar")
    settings(business, voice="ash")
    state = settings_after(business, former)[0]
    state["businesssettings"]["speed"] = 1.1
    assert "speed" not in restorable(state)["businesssettings"]


def test_a_restore_needs_a_reason(business: Business) -> None:
    former = settings(business, voice="cedar")
    seen = settings(business, voice="ash")
    with pytest.raises(ValidationError) as caught:
        restore_settings(
            business=business, number=former, kinds=KINDS, base=seen, actor=None, reason=" "
        )
    assert list(caught.value.message_dict) == ["reason"]
