"""Settings mean the same to a form, a command and a shell, and the database keeps the limits."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from pytest_django import Settings

from prompts.models import AuditEntry, Business, BusinessSettings, PhoneNumber
from prompts.services.business import add_phone_number
from prompts.services.settings import change_settings, pause
from tests.factories import make_business, make_number

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PERSON = "+15005550111"


@pytest.fixture
def business() -> Business:
    return make_business(number=make_number())


def change(business: Business, **changes: object) -> BusinessSettings:
    return change_settings(business=business, changes=changes, actor=None, reason="A test")


def faults(business: Business, **changes: object) -> dict[str, list[str]]:
    """What the service says of these values, having changed nothing."""
    entries = AuditEntry.objects.count()
    with pytest.raises(ValidationError) as caught:
        change(business, **changes)
    assert AuditEntry.objects.count() == entries
    found: dict[str, list[str]] = caught.value.message_dict
    return found


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("threshold", (-0.1, 1.1, float("nan"), float("inf")), "from 0 to 1."),
        ("prefix_padding_ms", (-1, 2001, 10**30), "from 0 to 2000."),
        ("silence_duration_ms", (99, 5001), "from 100 to 5000."),
        ("idle_timeout_ms", (4999, 30001), "from 5000 to 30000."),
        ("max_call_seconds", (29, 3601), "from 30 to 3600."),
    ],
)
def test_a_limit_is_told_in_one_sentence(
    business: Business, field: str, wrong: tuple[float, ...], sentence: str
) -> None:
    for value in wrong:
        assert faults(business, **{field: value}) == {field: [f"Write a number {sentence}"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold", 1.5),
        ("prefix_padding_ms", 2001),
        ("silence_duration_ms", 99),
        ("idle_timeout_ms", 4999),
        ("max_call_seconds", 3601),
        ("vad", "some_vad"),
        ("eagerness", "eager"),
        ("noise_reduction", "loud"),
        ("fallback_number", "911"),
    ],
)
def test_the_database_itself_keeps_the_limits(
    business: Business, field: str, value: object
) -> None:
    row = BusinessSettings.objects.filter(business=business)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(**{field: value})


def test_nobody_is_put_through_to_an_agent(business: Business) -> None:
    answered = make_business("Other", number=make_number()).phone_numbers.get().number
    sentence = (
        f"An agent answers {answered}, so callers would come back to it. "
        "Write the number of a person."
    )
    assert faults(business, fallback_number=answered) == {"fallback_number": [sentence]}


def test_no_agent_answers_where_callers_are_put_through(business: Business) -> None:
    change(make_business("Other"), fallback_number=PERSON)
    with pytest.raises(ValidationError) as caught:
        add_phone_number(business=business, number=PERSON, actor=None, reason="A test")
    (sentence,) = caught.value.message_dict["number"]
    assert sentence.startswith(f"Callers are put through to {PERSON} when an agent cannot speak")


def test_the_database_itself_lets_no_fallback_lead_to_an_agent(business: Business) -> None:
    number = business.phone_numbers.get()
    change(make_business("Other"), fallback_number=PERSON)
    writes = (
        lambda: BusinessSettings.objects.update(fallback_number=number.number),
        lambda: PhoneNumber.objects.create(business=business, number=PERSON),
        lambda: PhoneNumber.objects.update(number=PERSON),
    )
    for write in writes:
        with pytest.raises(DatabaseError, match="no agent answers"), transaction.atomic():
            write()


def test_a_new_limit_that_the_server_would_cut_is_refused_and_an_old_one_stays(
    business: Business, settings: Settings
) -> None:
    change(business, max_call_seconds=900)
    settings.MAX_CALL_SECONDS = 600
    sentence = (
        "This server ends every call after 600 seconds. Write at most 600, or leave it empty."
    )
    assert faults(business, max_call_seconds=700) == {"max_call_seconds": [sentence]}
    assert change(business, max_call_seconds=900, voice="cedar").voice == "cedar"
    pause(business=business, actor=None, reason="Holiday")


@pytest.mark.parametrize(
    "words", ["One\nTwo", "a\x07b", "<<<END", "Hello {{ agent_name }}", "x" * 501]
)
def test_fallback_words_are_one_line_that_can_be_spoken(business: Business, words: str) -> None:
    assert list(faults(business, fallback_words=words)) == ["fallback_words"]


def test_words_are_kept_in_their_one_spelling(business: Business) -> None:
    assert change(business, fallback_words="  Cafe\u0301 is closed. \n").fallback_words == (
        "Caf\u00e9 is closed."
    )
    entries = AuditEntry.objects.count()
    change(business, fallback_words="Caf\u00e9 is closed.")
    assert change(business, fallback_words="   ").fallback_words == ""
    assert AuditEntry.objects.count() == entries + 1
