"""The sentences of lint, and that publishing refuses what lint blocks."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from prompts.domain.kinds import Direction
from prompts.domain.lint import Code, Field, Finding, Ground, lint
from prompts.findings import BUTTONS, LOOSE, SENTENCES, faults, point
from prompts.services.publish import publish
from prompts.services.slots import Text
from tests.factories import make_business

GROUND = Ground({"business_name": "Bloom"}, language="he")


def test_every_kind_of_finding_has_its_sentence() -> None:
    told = {key[0] if isinstance(key, tuple) else key for key in SENTENCES}
    assert told | {Code.LOOSE_BRACE} == set(Code)
    assert set(LOOSE) == {"{{", "}}"}


def test_a_point_says_where_what_and_what_to_press() -> None:
    [found] = [one for one in lint("One.\nTwo\u202e\u202e.", "", GROUND) if one.blocks]
    told = point(found)
    assert told.sentence == (
        "Line 2: The text holds signs that nobody can see, control characters for example: "
        "U+202E RIGHT-TO-LEFT OVERRIDE (x 2). Remove them."
    )
    assert told.button == str(BUTTONS[Code.INVISIBLE]) == "Remove them"


def test_a_near_miss_offers_the_right_name() -> None:
    [found] = lint("ב {{ busines_name }}", "שלום לכולם", GROUND)
    assert point(found).button == "Write {{ business_name }}"


def test_a_language_is_called_as_the_reader_calls_it() -> None:
    finding = Finding(Code.OTHER_LANGUAGE, Field.GREETING, facts={"language": "he-IL"})
    assert "not in Hebrew," in point(finding).sentence
    with translation.override("he"):
        assert "עברית" in point(finding).sentence


def test_only_the_asked_kinds_are_faults() -> None:
    text = "{{ nobody }}\u202e"
    assert len(faults(text, "", GROUND)[Field.TEXT]) == 2
    assert len(faults(text, "", GROUND, only={Code.UNKNOWN_NAME})[Field.TEXT]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["\u202e", "\u200b", "sk-" + "a1" * 20, "<<<", "{{ nobody }}"])
def test_what_lint_blocks_is_not_published_by_anybody(bad: str) -> None:
    business = make_business()
    for text in (Text(f"Be kind. {bad}"), Text("Be kind.", f"Hello {bad}")):
        with pytest.raises(ValidationError):
            publish(
                business=business,
                texts={Direction.INBOUND: text},
                base={Direction.INBOUND: None},
                note="Why",
                actor=None,
            )
