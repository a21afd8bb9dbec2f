"""The page of one line: the exact text it stood under, whose it is, and what differs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call, StoredText
from calls.services.erasure import erase_context
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import Business, ReadEntry, Release
from prompts.services.take_back import take_back
from tests.calls.admin.calls.rows import NOW, make_call, make_turn
from tests.calls.proof import shelf
from tests.factories import make_business, make_member, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST = "Be kind.\nAsk for the name.\nA check-up costs sixty dollars."
SECOND = "Be kind.\nAsk for the name.\nA check-up costs ninety dollars."


@pytest.fixture
def business() -> Business:
    business = make_business("Harbor")
    publish_text(business, FIRST, greeting="Hello there.", actor=make_user("ruth"))
    return business


@pytest.fixture
def call(business: Business) -> Call:
    """A greeting, an answer, a publish, an answer."""
    return talk(business)


def talk(business: Business, context: str = shelf.CONTEXT) -> Call:
    call = shelf.begin(business, context=context)
    call.now = 5.0
    shelf.answer(call, "before")
    publish_text(business, SECOND, greeting="Hello there.", actor=make_user("dana.k"))
    call.now = 7.0
    shelf.learn(call, business, context=context)
    shelf.echo(call)
    call.now = 9.0
    shelf.answer(call, "after")
    return shelf.store(call, business)


def line(staff: Client, call: Call, position: int) -> str:
    response = staff.get(reverse("admin:calls_call_line", args=[call.pk, position]))
    assert response.status_code == 200
    return plain(response.text)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def diffs(html: str) -> list[str]:
    """What was removed and added."""
    return re.findall(r"<(?:del|ins) dir=.auto.>(.*?)</(?:del|ins)>", html)


def positions(call: Call) -> list[int]:
    return list(call.turns.order_by("position").values_list("position", flat=True))


def test_a_line_shows_its_exact_text_by_layer(staff: Client, call: Call) -> None:
    _greeting, before, after = positions(call)
    text = line(staff, call, before)
    for title in ("For every business", "What the business wrote", "For this direction"):
        assert title in text
    assert "A check-up costs sixty dollars. &lt;&lt;&lt;END LAYER 2 OF 4: BUSINESS" in text
    assert shelf.CONTEXT in text
    for name in call.turns.values_list("fingerprint", flat=True)[:1]:
        assert name not in text  # twelve digits are enough for a person
    assert "A check-up costs ninety dollars. &lt;&lt;&lt;END" in line(staff, call, after)


def test_a_line_names_who_published_its_words_when_and_why(staff: Client, call: Call) -> None:
    _greeting, before, after = positions(call)
    text = line(staff, call, before)
    assert "put in force by <bdi>ruth</bdi> on" in text
    assert '<q dir="auto">A test</q>' in text
    assert "put in force by <bdi>dana.k</bdi> on" in line(staff, call, after)
    release = Release.objects.get(to_version__number=2, prompt__business=call.business)
    assert reverse("admin:prompts_release_page", args=[release.pk]) in line(staff, call, after)


def test_the_platforms_layers_name_their_versions_too(staff: Client, call: Call) -> None:
    text = line(staff, call, positions(call)[1])
    assert '<strong>For every business</strong> <span class="va-state">v1</span>' in text
    assert '<strong>For this direction</strong> <span class="va-state">v1</span>' in text
    assert "<strong>About this call</strong></summary>" in text


def test_a_line_tells_word_by_word_what_is_different_now(
    staff: Client, call: Call, business: Business
) -> None:
    _greeting, before, after = positions(call)
    assert diffs(line(staff, call, before)) == ["sixty", "ninety"]
    publish_text(business, f"{SECOND}\nOpen on Sunday.", greeting="Hello there.")
    text = line(staff, call, after)
    assert "hear if it came now, under v3" in text
    assert diffs(text)[-1].strip() == "Open on Sunday."


def test_a_line_tells_what_is_different_from_the_answer_before(staff: Client, call: Call) -> None:
    greeting, before, after = positions(call)
    assert "This is the first answer of the call." in line(staff, call, greeting)
    same = line(staff, call, before)
    assert f'/lines/{greeting}/">line {greeting}</a>.' in same
    assert "Nothing: the session stood under the same text at" in same
    text = line(staff, call, after)
    assert diffs(text) == ["sixty", "ninety"]
    assert "Nothing: the same call would hear the same words now, under v2." in text


def test_the_first_words_show_exactly_their_own_text_and_the_sessions_beside_it(
    staff: Client, call: Call
) -> None:
    text = line(staff, call, positions(call)[0])
    assert "The first words of the call" in text
    assert "stood under exactly this" in text
    assert "Say exactly these words, once, add nothing, then stop and listen: Hello there." in text
    assert "The session’s text" in text
    assert "LAYER 2 OF 4: BUSINESS" in text


def test_a_context_that_was_erased_says_when_and_by_whom(staff: Client, business: Business) -> None:
    call = talk(business, shelf.OF_SOMEBODY)
    erase_context(call=call, erased_by="ruth", at=NOW)
    for position in positions(call):
        text = line(staff, call, position)
        assert "Erased on Nov. 20, 2026, 2:05 p.m. by <bdi>ruth</bdi>." in text
        assert shelf.CONTEXT not in text
        assert "A check-up costs" in text
    assert "One of the two texts is gone" in text


def test_a_direction_with_nothing_live_has_nothing_to_compare_with(
    staff: Client, call: Call, business: Business
) -> None:
    other = make_call(make_business("Empty"), 7)
    turn = call.turns.order_by("position").last()
    make_turn(other, 1, fingerprint=turn.fingerprint, known_by="order")
    assert "Nothing is live in this direction now" in line(staff, other, 1)


def test_words_that_were_taken_back_are_still_shown(
    staff: Client, call: Call, business: Business
) -> None:
    take_back(business=business, direction=Direction.INBOUND, base=2, reason="Too dear", actor=None)
    text = line(staff, call, positions(call)[2])
    assert "A check-up costs ninety dollars. &lt;&lt;&lt;END" in text
    assert "hear if it came now, under v1" in text
    assert diffs(text)[-2:] == ["ninety", "sixty"]


def test_a_text_that_nobody_sent_or_kept_is_not_made_up(staff: Client, business: Business) -> None:
    call = make_call(business)
    make_turn(call, 1, fingerprint="f" * 64, known_by="unverified")
    make_turn(call, 2, fingerprint="e" * 64, known_by="order", base_fingerprint="d" * 64)
    make_turn(call, 3)
    make_turn(call, 4, speaker="caller")
    assert "held a text that we had not sent" in line(staff, call, 1)
    assert "own text is not stored" in line(staff, call, 2)
    assert "The session’s text is not stored." in line(staff, call, 2)
    assert "It was not written down" in line(staff, call, 3)
    assert "The caller said this." in line(staff, call, 4)


def test_a_stored_text_that_was_altered_says_so(staff: Client, call: Call) -> None:
    business_layer = StoredText.objects.get(text__contains="ninety", text__startswith="<<<BEGIN")
    shelf.change_byte("calls_storedtext", "text", f"sha256 = '{business_layer.sha256}'")
    assert "was altered." in line(staff, call, positions(call)[2])


def test_a_line_that_the_call_does_not_have_is_404_with_a_sentence(
    staff: Client, call: Call
) -> None:
    response = staff.get(reverse("admin:calls_call_line", args=[call.pk, 99]))
    assert response.status_code == 404
    assert "This call has no line 99." in response.text
    assert reverse("admin:calls_call_change", args=[call.pk]) in response.text
    assert staff.get(reverse("admin:calls_call_line", args=[12345, 1])).status_code == 404


def test_a_line_is_for_whoever_may_read_calls_and_is_noted(client: Client, call: Call) -> None:
    address = reverse("admin:calls_call_line", args=[call.pk, 1])
    stranger = make_member(make_business("Other"), Role.SUPPORT, username="stranger")
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(make_member(call.business, Role.PUBLISHER, username="publisher"))
    assert client.get(address).status_code == 403
    assert not ReadEntry.objects.exists()
    client.force_login(make_member(call.business, Role.SUPPORT, username="support"))
    assert client.get(address).status_code == 200
    assert ReadEntry.objects.get().action == "transcript.read"


def test_two_clicks_lead_from_the_list_to_the_exact_text(staff: Client, call: Call) -> None:
    first = reverse("admin:calls_call_change", args=[call.pk])
    assert f'href="{first}"' in staff.get(reverse("admin:calls_call_changelist")).text
    second = reverse("admin:calls_call_line", args=[call.pk, positions(call)[1]])
    assert f'href="{second}"' in staff.get(first).text
    assert "A check-up costs sixty dollars." in staff.get(second).text


def test_a_line_of_a_long_call_needs_no_more_queries(
    staff: Client, call: Call, business: Business
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            line(staff, call, positions(call)[2])
        return len(queries)

    line(staff, call, 1)
    few = count()
    for number in range(3, 30):
        publish_text(business, f"Words {number}.")
        make_turn(call, 100 + number, fingerprint="a" * 64, known_by="order")
    assert count() == few
