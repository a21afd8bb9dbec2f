"""The context layer of a call keeps its bytes until one of its facts changes."""

from datetime import UTC, datetime

from msgspec.structs import replace

from calls.live.context import UNKNOWN, Context
from prompts.domain.hours import Day
from prompts.domain.profile import Profile
from tests.prompts.words import wording

WORDING = wording()
CLOSED = (Day("Sunday", ()),)


def make_context() -> Context:
    return Context(datetime(2026, 11, 22, 12, 5, tzinfo=UTC))


def test_a_new_prompt_leaves_the_layer_as_it_is() -> None:
    context = make_context()
    context.learn(Profile(name="Dana"), 3)
    part = context.part(WORDING)
    assert context.part(replace(WORDING, revision=9, business=())) is part
    context.learn(Profile(name="Dana"), 9)
    assert context.part(WORDING) is part


def test_every_fact_is_told_as_soon_as_it_changes() -> None:
    context = make_context()
    changed = (
        WORDING,
        replace(WORDING, time_zone="Asia/Tokyo"),
        replace(WORDING, opening_hours=CLOSED),
        replace(WORDING, appointment_rules="One a day."),
    )
    texts = [context.part(wording).text for wording in changed]
    context.learn(Profile(name="Dana"), 3)
    texts.append(context.part(WORDING).text)
    assert len(set(texts)) == len(texts)


def test_what_was_known_earlier_does_not_come_back() -> None:
    context = make_context()
    assert context.as_of == UNKNOWN
    context.learn(Profile(name="Dana"), 5)
    context.learn(Profile(), 4)
    assert context.as_of == 5
    assert "Dana" in context.part(WORDING).text
    context.learn(Profile(), 6)
    assert "Dana" not in context.part(WORDING).text
