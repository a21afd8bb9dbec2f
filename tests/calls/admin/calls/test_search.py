"""Finding calls by what a person remembers of them."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from prompts.domain.roles import Role
from prompts.models import Business, PromptVersion
from tests.calls.admin.calls.rows import (
    LIST,
    found,
    look_for,
    make_call,
    make_receipt,
    make_turn,
    sid,
)
from tests.factories import make_business, make_member, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RLM = "\u200f"


@pytest.mark.parametrize(
    "typed",
    [
        "+972501234567",
        "+972 50-123 4567",
        "+972 (0)50 123 4567",
        "00972501234567",
        "972501234567",
        "0501234567",
        "050-123-4567",
        f"{RLM}‪+972 50‑123‑4567‬{RLM}",
        "050־1234567",
        "٠٥٠١٢٣٤٥٦٧",
        "4567",
        " 34 567 ",
        sid(1),
    ],
)
def test_a_number_is_found_in_any_spelling(staff: Client, business: Business, typed: str) -> None:
    call = make_call(business)
    make_call(business, 2, from_number="+972509999999")
    assert found(staff, number=typed) == [call]


def test_the_number_may_be_at_the_other_end(staff: Client, business: Business) -> None:
    call = make_call(business, direction="outbound", from_number="", to_number="+15005550123")
    assert found(staff, number="0123") == [call]


@pytest.mark.parametrize(
    ("zone", "day", "hour", "fits"),
    [
        ("Asia/Jerusalem", "2026-11-21", "", True),  # 00:30 there, while it is the 20th in UTC
        ("Asia/Jerusalem", "2026-11-20", "", False),
        ("Asia/Jerusalem", "2026-11-21", "0", True),
        ("Asia/Jerusalem", "2026-11-21", "1", False),
        ("America/New_York", "2026-11-20", "17", True),
        ("UTC", "2026-11-20", "22", True),
    ],
)
def test_days_and_hours_are_those_of_the_business(
    staff: Client, zone: str, day: str, hour: str, *, fits: bool
) -> None:
    business = make_business("Galil", time_zone=zone)
    make_business("Elsewhere", time_zone="Pacific/Auckland")
    call = make_call(business, started_at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC))
    expected = [call] if fits else []
    assert found(staff, day=day, hour=hour) == expected
    assert found(staff, day=day, hour=hour, business=business.pk) == expected


def test_an_hour_that_the_clock_shows_twice_is_found_whole(staff: Client) -> None:
    business = make_business("Galil", time_zone="America/New_York")
    both = [
        make_call(business, number, started_at=datetime(2026, 11, 1, hour, 30, tzinfo=UTC))
        for number, hour in ((1, 6), (2, 5))  # 01:30 twice
    ]
    assert found(staff, day="2026-11-01", hour="1") == both


def test_several_days_at_once(staff: Client, business: Business) -> None:
    for day in (18, 19, 20, 21):
        make_call(business, day, started_at=datetime(2026, 11, day, 12, tzinfo=UTC))
    calls = found(staff, day="2026-11-19", until="20/11/2026")
    assert [call.sid for call in calls] == [sid(20), sid(19)]


def test_calls_of_no_business_have_a_day_too(staff: Client) -> None:
    refused = {"status": "refused", "end_reason": "refused"}
    call = make_call(None, started_at=datetime(2026, 11, 20, 22, 30, tzinfo=UTC), **refused)
    assert found(staff, day="2026-11-20") == [call]


@pytest.mark.parametrize(
    "typed",
    ["Dentist", "dentist ON", "רופא", "אפשר  לקבוע", "CAFÉ", "café", "Привет", "привет", "50% off"],
)
def test_words_are_found_whoever_said_them(staff: Client, business: Business, typed: str) -> None:
    call = make_call(business)
    make_turn(call, 1, text="Hello, this is the dentist on Main Street. 50% off!")
    make_turn(call, 2, speaker="caller", text="שלום, אפשר לקבוע תור לרופא? Café, привет.")
    other = make_call(business, 2)
    make_turn(other, 1, text="Hello from the bakery, 500 kinds of bread.")
    assert found(staff, words=typed) == [call]


def test_the_list_shows_the_words_that_were_found_and_leads_to_their_line(
    staff: Client, business: Business
) -> None:
    call = make_call(business)
    make_turn(call, 3, speaker="caller", text="I have a <Toothache> since Monday.")
    text = look_for(staff, words="toothache").text
    assert "&lt;<mark>Toothache</mark>&gt;" in text
    assert f"{reverse('admin:calls_call_change', args=[call.pk])}#line-3" in text


def test_a_call_is_found_by_any_version_that_spoke_in_it(
    staff: Client, business: Business, version: PromptVersion
) -> None:
    second = publish_text(business, "Be brief.")
    began = make_call(business, 1, version=1)
    moved = make_call(business, 2, version=1)
    make_turn(moved, 1, version=2, prompt_version=second)
    assert found(staff, version="v2") == [moved]
    assert set(found(staff, version="1")) == {began, moved}
    assert found(staff, version="2", business=make_business("Other").pk) == []


def test_by_direction_and_by_how_it_ended(staff: Client, business: Business) -> None:
    inbound = make_call(business)
    outbound = make_call(business, 2, direction="outbound", end_reason="max_length")
    assert found(staff, direction="inbound") == [inbound]
    assert found(staff, end="max_length") == [outbound]
    assert found(staff, end="max_length", direction="inbound") == []


@pytest.mark.parametrize("known_by", ["unverified", "order_in_flight"])
def test_spoken_while_unconfirmed_by_an_answer(
    staff: Client, business: Business, known_by: str
) -> None:
    make_turn(make_call(business), 1, known_by="order")
    doubtful = make_call(business, 2)
    make_turn(doubtful, 1, known_by=known_by)
    assert found(staff, unconfirmed="on") == [doubtful]


@pytest.mark.parametrize("result", ["refused", "unverified"])
def test_spoken_while_unconfirmed_by_a_receipt(
    staff: Client, business: Business, version: PromptVersion, result: str
) -> None:
    make_receipt(make_call(business), 1, version)
    doubtful = make_call(business, 2)
    make_receipt(doubtful, 1, version, result=result)
    assert found(staff, unconfirmed="on") == [doubtful]


def test_conditions_combine(staff: Client, business: Business, version: PromptVersion) -> None:
    call = make_call(business, version=1)
    make_turn(call, 1, speaker="caller", text="A toothache.", known_by="")
    make_turn(call, 2, known_by="unverified", version=1, prompt_version=version)
    typed = {
        "number": "4567",
        "words": "toothache",
        "day": "2026-11-20",
        "hour": "16",
        "business": business.pk,
        "direction": "inbound",
        "version": "v1",
        "end": "caller_hung_up",
        "unconfirmed": "on",
    }
    assert found(staff, **typed) == [call]
    others = {"number": "9999", "words": "zebra", "day": "2026-11-19", "hour": "15"}
    others |= {"direction": "outbound", "version": "7", "end": "max_length", "going_on": "on"}
    for name, value in others.items():
        assert found(staff, **(typed | {name: value})) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": "dana"}, "“dana” is no telephone number: write digits only"),
        ({"number": "567"}, "Write at least the last four digits of the number."),
        ({"number": "1" * 20}, "a number has at most 15 digits."),
        ({"day": "2026-02-30"}, "“2026-02-30” is no day of the calendar."),
        ({"day": "yesterday"}, "“yesterday” is no day of the calendar."),
        ({"day": "9999-12-31"}, "“9999-12-31” is no day of the calendar."),
        ({"hour": "3"}, "Choose the day of this hour as well."),
        ({"until": "2026-11-20"}, "Choose the first day as well."),
        (
            {"day": "2026-11-20", "until": "2026-11-19"},
            "Choose a day that is not before the first one.",
        ),
        (
            {"day": "2026-11-20", "until": "2026-11-21", "hour": "3"},
            "An hour is of one day: leave the second day out.",
        ),
        ({"version": "twelve"}, "Write the version&#x27;s number, such as 12 or v12."),
        ({"version": "99999999999"}, "Write the version&#x27;s number, such as 12 or v12."),
        ({"words": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_bad_input_is_a_sentence_beside_what_was_typed(
    staff: Client, business: Business, typed: dict[str, str], sentence: str
) -> None:
    make_call(business)
    response = look_for(staff, **typed)
    assert sentence in response.text
    assert response.context["stretch"] is None
    assert "Nothing was looked for yet" in response.text
    for value in typed.values():
        assert f'value="{value.replace(chr(0), "")}"' in response.text.replace(chr(0), "")


def test_a_choice_that_nobody_offered_is_refused(staff: Client) -> None:
    response = look_for(staff, day="2026-11-20", hour="25")
    assert "25 is not one of the available choices." in response.text
    assert 'value="2026-11-20"' in response.text


def test_what_is_no_day_stays_in_sight(staff: Client) -> None:
    text = staff.get(reverse(LIST), {"day": "2026-02-30"}).text
    assert '<input type="text" name="day" value="2026-02-30"' in text
    text = staff.get(reverse(LIST), {"day": "20.11.2026"}).text
    assert '<input type="date" name="day" value="2026-11-20"' in text


def test_words_of_invisible_signs_narrow_nothing(staff: Client, business: Business) -> None:
    call = make_call(business)
    assert found(staff, words=f"{RLM}") == [call]


def test_numbers_and_words_stand_in_no_address(staff: Client, business: Business) -> None:
    call = make_call(business)
    make_turn(call, 1, text="A toothache.")
    response = look_for(staff, number="4567", words="toothache", direction="inbound")
    ((address, _status),) = response.redirect_chain
    assert "direction=inbound" in address
    assert "4567" not in address
    assert "toothache" not in address
    for condition in response.context["conditions"]:
        assert "4567" not in condition.without
        assert "toothache" not in condition.without
    assert [row.call for row in staff.get(address).context["stretch"].rows] == [call]
    for value in ("4567", "toothache"):
        assert f'value="{value}"' in response.text


def test_an_address_of_somebody_elses_search_asks_to_type_again(
    staff: Client, business: Business
) -> None:
    make_call(business)
    ((address, _status),) = look_for(staff, number="4567").redirect_chain
    other = Client()
    other.force_login(make_member(business, Role.SUPPORT))
    response = other.get(address)
    assert "Type them again." in response.text
    assert response.context["stretch"] is None


def test_a_session_keeps_its_newest_searches(staff: Client, business: Business) -> None:
    ((first, _status),) = look_for(staff, words="word 0").redirect_chain
    for number in range(1, 50):
        ((address, _status),) = look_for(staff, words=f"word {number}").redirect_chain
    assert staff.get(address).context["stretch"] is not None
    assert "Type them again." in staff.get(first).text
