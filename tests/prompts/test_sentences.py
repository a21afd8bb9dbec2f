"""Words of others inside sentences of ours, as plain text and on a page."""

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from prompts.sentences import ISOLATE, POP, Sentence
from tests.factories import make_business, make_number, make_user

NUMBER = "+972 3 500 7000"


def shown(sentence: object) -> str:
    return Template("{{ sentence }}").render(Context({"sentence": sentence}))


def test_in_a_language_from_the_left_a_sentence_is_plain_text_without_any_sign() -> None:
    with override("en"):
        assert str(Sentence.of("Call %(number)s.", number=NUMBER)) == f"Call {NUMBER}."


@pytest.mark.parametrize("value", [NUMBER, "Dana's Garage", "-5 %", 3.5])
def test_in_a_language_from_the_right_each_value_keeps_its_order(value: object) -> None:
    with override("he"):
        line = Sentence.of("המספר של %(who)s הוא %(value)s.", who="מוסך הגליל", value=value)
    assert line == f"המספר של {ISOLATE}מוסך הגליל{POP} הוא {ISOLATE}{value}{POP}."


@pytest.mark.parametrize("language", ["en", "he"])
def test_on_a_page_each_value_has_an_element_and_no_sign(language: str) -> None:
    with override(language):
        line = Sentence.of("%(who)s: %(number)s", who="Noa", number=NUMBER)
        assert shown(line) == f"<bdi>Noa</bdi>: <bdi>{NUMBER}</bdi>"


@pytest.mark.parametrize("language", ["en", "he"])
def test_counts_and_what_is_empty_need_neither(language: str) -> None:
    with override(language):
        line = Sentence.of("v%(number)d%(rest)s", number=3, rest="")
        assert (str(line), shown(line)) == ("v3", "v3")


def test_a_sentence_within_a_sentence_is_set_apart_no_second_time() -> None:
    with override("he"):
        line = Sentence.of(
            "שורה %(line)d: %(rest)s", line=3, rest=Sentence.of("%(who)s", who="Noa")
        )
        assert line == f"שורה 3: {ISOLATE}Noa{POP}"
        assert shown(line) == "שורה 3: <bdi>Noa</bdi>"


def test_nothing_that_was_put_in_becomes_mark_up() -> None:
    line = Sentence.of("<3 %(who)s & %(rest)s", who="<b>", rest=Sentence.alone("<i>"))
    assert line == "<3 <b> & <i>"
    assert shown(line) == "&lt;3 <bdi>&lt;b&gt;</bdi> &amp; <bdi>&lt;i&gt;</bdi>"


def test_the_plain_text_is_no_sentence_any_more() -> None:
    assert shown(str(Sentence.alone("Noa"))) == "Noa"


@pytest.mark.django_db
def test_a_page_in_hebrew_sets_apart_in_its_title_its_head_and_what_it_answers(
    client: Client,
) -> None:
    business = make_business("Dana's Garage", number=make_number())
    kept = business.phone_numbers.get()
    client.force_login(make_user("dana"))
    client.cookies["django_language"] = "he"
    address = reverse("admin:prompts_business_remove_number", args=[business.pk, kept.pk])
    asked = client.get(address).text
    title = asked.partition("<title>")[2].partition("</title>")[0]
    assert f"{ISOLATE}{kept.number}{POP}" in title
    assert f"{ISOLATE}{kept.number}{POP}" in asked.partition("<h1>")[2].partition("</h1>")[0]
    answer = client.post(address, {"reason": "A test"}, follow=True).text
    assert f"{ISOLATE}{kept.number}{POP} כבר אינו" in answer
