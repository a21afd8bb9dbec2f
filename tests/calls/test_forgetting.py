"""A caller is forgotten whether or not there was a profile, and it is said what went."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from calls.live.writer import write
from calls.models import Call, ContextText
from calls.proof.texts import exact_text
from calls.proof.verification import verify
from calls.services.notes import correct_note, write_note
from calls.services.tags import add_tag
from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, CallerProfile
from prompts.services.errors import NoProfile
from prompts.services.profile import erase_profile, save_profile
from tests.calls.proof import shelf
from tests.factories import make_member, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CALLER = "+15005550177"
WHY = {"actor": None, "reason": "Asked by letter"}


@pytest.fixture
def business() -> Business:
    return shelf.make_business()


@pytest.fixture
def call(business: Business) -> Call:
    """A call of somebody of whom there is no profile, with a corrected note and two tags."""
    row = shelf.store(shelf.begin(business, context=shelf.OF_SOMEBODY), business)
    Call.objects.filter(pk=row.pk).update(from_number=CALLER)
    row.refresh_from_db()
    write_note(call=row, text="She waits for a refund.", actor=None)
    correct_note(call=row, number=1, text="The refund is paid.", base=1, actor=None)
    for word in ("refund", "urgent"):
        add_tag(call=row, word=word, actor=None)
    return row


def entries(business: Business) -> int:
    return AuditEntry.objects.filter(business=business).count()


def test_without_a_profile_the_words_in_calls_go_and_the_audit_has_one_entry(
    business: Business, call: Call
) -> None:
    business.refresh_from_db()
    before, revision = entries(business), business.revision
    erased = erase_profile(
        business=business, number=CALLER, actor=make_user("ruth"), reason="Asked by letter"
    )
    assert erased == ["1 text about the caller", "1 note", "2 tags"]
    assert set(call.notes.values_list("text", "erased_by")) == {("", "ruth")}
    assert not call.tags.exists()
    assert set(ContextText.objects.values_list("text", flat=True)) == {""}
    assert entries(business) == before + 1
    entry = AuditEntry.objects.filter(business=business).latest("number")
    assert (entry.action, entry.actor_name) == ("profile.erased", "ruth")
    assert CALLER not in entry.content
    business.refresh_from_db()
    assert business.revision == revision  # nothing that a call is told has changed
    assert verify().faults == []


def test_with_a_profile_it_is_named_among_what_went(business: Business, call: Call) -> None:
    save_profile(business=business, number=CALLER, values={"name": "Dana"}, **WHY)
    erased = erase_profile(business=business, number=CALLER, **WHY)
    assert erased[0] == "the profile"
    assert len(erased) == 4


def test_a_context_that_tells_of_nobody_stays_for_the_calls_that_share_it(
    business: Business,
) -> None:
    row = shelf.store(shelf.begin(business), business)
    other = shelf.store(shelf.begin(business), business)
    with pytest.raises(NoProfile):
        shelf.forget(row)
    greeting = other.turns.order_by("position").last()
    assert greeting is not None
    text = exact_text(greeting.base_fingerprint)
    assert text is not None
    assert shelf.CONTEXT in (text.text or "")


def test_what_one_call_was_told_of_its_caller_goes_and_what_others_share_stays(
    business: Business,
) -> None:
    row = shelf.store(shelf.begin(business, context=shelf.OF_SOMEBODY), business)
    shelf.store(shelf.begin(business), business)
    assert shelf.forget(row) == ["1 text about the caller"]
    (kept,) = ContextText.objects.filter(erased_at__isnull=True)
    assert shelf.CONTEXT in kept.text
    assert verify().faults == []


def test_where_nothing_is_left_nothing_is_written_down(business: Business, call: Call) -> None:
    erase_profile(business=business, number=CALLER, **WHY)
    before = entries(business)
    with pytest.raises(NoProfile):
        erase_profile(business=business, number=CALLER, **WHY)
    assert entries(business) == before
    assert CallerProfile.objects.count() == 1


def test_the_reason_may_not_name_the_number_of_somebody_without_a_profile(
    business: Business, call: Call
) -> None:
    with pytest.raises(ValidationError) as caught:
        erase_profile(business=business, number=CALLER, actor=None, reason=f"{CALLER} asked")
    assert list(caught.value.message_dict) == ["reason"]
    assert call.tags.exists()


@pytest.mark.parametrize("written", [0.0, 0.1, 0.2, 0.6])
def test_what_is_on_its_way_when_its_caller_is_forgotten_goes_as_the_call_ends(
    business: Business, written: float
) -> None:
    save_profile(business=business, number=CALLER, values={"name": "Dana"}, **WHY)
    told = shelf.begin(business, context=shelf.OF_SOMEBODY)
    told.hang_up()
    jobs = shelf.jobs_of(told, shelf.make_row(business, caller=CALLER))
    place = int(len(jobs) * written)
    write(jobs[:place])
    erase_profile(business=business, number=CALLER, **WHY)
    write(jobs[place:])
    (kept,) = ContextText.objects.all()
    assert (kept.text, kept.erased_by) == ("", "system")
    report = verify()
    assert (report.faults, len(report.erased)) == ([], 1)


@pytest.fixture
def owner(client: Client, business: Business) -> Client:
    client.force_login(make_member(business, Role.OWNER, username="ruth"))
    return client


def page(business: Business, name: str = "forget_caller") -> str:
    return reverse(f"admin:prompts_business_{name}", args=[business.pk])


def test_an_owner_forgets_a_number_and_reads_what_went(
    owner: Client, business: Business, call: Call
) -> None:
    assert f'href="{page(business)}"' in owner.get(page(business, "callers")).text
    form = {"number": "+1 500-555-0177", "reason": "Asked by letter"}
    answer = owner.post(page(business), form, follow=True)
    assert "Erased: 1 text about the caller, 1 note, 2 tags." in answer.text
    assert set(call.notes.values_list("text", flat=True)) == {""}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": "0501234567", "reason": "x"}, "country code"),
        ({"number": "+15005550199", "reason": "Asked"}, "Nothing is known of this number."),
        ({"number": CALLER, "reason": ""}, "Say in a few words why."),
        ({"number": CALLER, "reason": f"{CALLER} asked"}, "leave out who it is"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_is_lost(
    owner: Client, business: Business, call: Call, typed: dict[str, str], sentence: str
) -> None:
    text = owner.post(page(business), typed).text
    assert sentence in text
    for words in filter(None, typed.values()):
        assert f'value="{words}"' in text
    assert call.tags.exists()


def test_whoever_may_not_forget_is_told_the_role(
    client: Client, business: Business, call: Call
) -> None:
    worker: User = make_member(business, Role.PUBLISHER, username="worker")
    client.force_login(worker)
    assert page(business) not in client.get(page(business, "callers")).text
    answer = client.post(page(business), {"number": CALLER, "reason": "Asked"})
    assert answer.status_code == 403
    assert "the role “owner”" in answer.text
    assert call.tags.exists()
