import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.markers import has_marker
from prompts.domain.placeholders import find
from prompts.domain.profile import (
    FIELDS,
    HEADING,
    LINES,
    LISTS,
    TOTAL_LIMIT,
    BadProfile,
    Profile,
    build_profile,
    change,
    dump_profile,
    parse_profile,
    record_hash,
    render_profile,
)
from tests.prompts.domain.test_quoting import ANYTHING

DANA = {
    "name": "Dana Levi",
    "form_of_address": "Mrs Levi",
    "language": "he-IL",
    "pace": "slow",
    "birth_year": 1948,
    "safety_notes": ["Lives alone"],
    "preferences": ["Morning visits", "Speak loudly"],
    "free_fields": {"Dog": "Rex", "Access": "Code at the gate"},
}
EVERY = {
    "name": ("Dana Levi", '- Name: "Dana Levi"'),
    "form_of_address": ("Mrs Levi", '- How to address the person: "Mrs Levi"'),
    "language": ("he", '- Preferred language: "Hebrew"'),
    "pace": ("slow", '- Pace of speech: "slow"'),
    "birth_year": (1948, "- Born in: 1948"),
    "safety_notes": (["Lives alone"], '- Safety: "Lives alone"'),
    "medications": (["Aspirin"], '- Medications: "Aspirin"'),
    "things_to_avoid": (["Politics"], '- Avoid: "Politics"'),
    "preferences": (["Mornings"], '- Preferences: "Mornings"'),
    "family": (["Noa, daughter"], '- Family: "Noa, daughter"'),
    "remembered_facts": (["Moved"], '- Remembered: "Moved"'),
    "free_fields": ({"Dog": "Rex"}, '- "Dog": "Rex"'),
}
RAW = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(LINES, ANYTHING),
        **dict.fromkeys(LISTS, st.lists(ANYTHING, max_size=4)),
        "birth_year": st.none() | st.integers(1850, 2030),
        "free_fields": st.dictionaries(ANYTHING, ANYTHING, max_size=4),
    },
)
QUOTED = r'"[^"\\\n]*"'
FACT = re.compile(rf"- ([A-Z][A-Za-z ]+|{QUOTED}): ({QUOTED}(; {QUOTED})*|-?\d+)")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_told_and_kept(field):
    value, line = EVERY[field]
    profile = build_profile({field: value})
    assert render_profile(profile) == f"{HEADING}\n{line}"
    assert parse_profile(dump_profile(profile)) == profile


def test_what_is_known_is_told_on_a_line_each_and_nothing_else():
    assert render_profile(build_profile(DANA)) == (
        f"{HEADING}\n"
        '- Name: "Dana Levi"\n'
        '- How to address the person: "Mrs Levi"\n'
        '- Preferred language: "Hebrew"\n'
        '- Pace of speech: "slow"\n'
        "- Born in: 1948\n"
        '- Safety: "Lives alone"\n'
        '- Preferences: "Morning visits"; "Speak loudly"\n'
        '- "Access": "Code at the gate"\n'
        '- "Dog": "Rex"'
    )


@pytest.mark.parametrize(
    "empty", [{}, {"name": " \n", "family": ["", "\u200b"], "birth_year": None}]
)
def test_nothing_known_is_nothing_told(empty):
    assert render_profile(build_profile(empty)) == ""
    assert dump_profile(build_profile(empty)) == "{}"
    assert build_profile(empty).is_empty


@given(RAW)
def test_no_value_leaves_its_quotes_or_its_line(raw):
    told = render_profile(build_profile(raw))
    check(told)


UNCLEANED = st.builds(
    Profile,
    **dict.fromkeys(LINES, ANYTHING),
    **{one: st.lists(ANYTHING, max_size=3).map(tuple) for one in LISTS},
    free_fields=st.lists(st.tuples(ANYTHING, ANYTHING), max_size=3).map(tuple),
)


@given(UNCLEANED)
def test_not_even_a_value_that_was_never_cleaned(profile):
    check(render_profile(profile))


def check(told: str) -> None:
    heading, *facts = told.split("\n") if told else (HEADING,)
    assert heading == HEADING
    assert all(FACT.fullmatch(fact) for fact in facts)
    assert told.splitlines() == told.split("\n") or not told
    assert not has_marker(told)
    assert find(told) == ()
    assert len(told) <= TOTAL_LIMIT + len(HEADING) + 1


@given(RAW)
def test_a_stored_profile_is_read_as_it_was_and_told_the_same(raw):
    profile = build_profile(raw)
    assert parse_profile(dump_profile(profile)) == profile
    assert dump_profile(parse_profile(dump_profile(profile))) == dump_profile(profile)
    assert all(json.loads(dump_profile(profile)).values())


def test_everything_at_its_limit_is_cut_in_all_and_safety_stays():
    full = {one: [f"{one} {number} {'x' * 400}" for number in range(40)] for one in LISTS}
    told = render_profile(build_profile(full))
    assert len(told) <= TOTAL_LIMIT + len(HEADING) + 1


def test_a_change_replaces_fields_and_joins_free_fields():
    changed = change(
        build_profile(DANA),
        {"pace": "", "preferences": ["Speak loudly"], "free_fields": {"Dog": "", "Cat": "Tom"}},
    )
    assert (changed.name, changed.pace) == ("Dana Levi", "")
    assert changed.preferences == ("Speak loudly",)
    assert dict(changed.free_fields) == {"Access": "Code at the gate", "Cat": "Tom"}


@pytest.mark.parametrize(
    "raw",
    [
        {"nickname": "D"},
        {"name": 7},
        {"family": {"a": 1}},
        {"family": [3]},
        {"birth_year": "1948"},
        {"birth_year": True},
        {"free_fields": ["ab", 3]},
        {"free_fields": {"a": 1}},
    ],
)
def test_values_of_another_kind_are_no_profile(raw):
    with pytest.raises(BadProfile):
        build_profile(raw)
    with pytest.raises(BadProfile):
        parse_profile(json.dumps(raw))


@pytest.mark.parametrize("content", ["{", "[]", "7"])
def test_a_broken_record_is_no_profile(content):
    with pytest.raises(BadProfile):
        parse_profile(content)


def test_the_name_of_a_state_depends_on_everything_in_it_and_its_salt():
    state = {"salt": "s", "number": "+15005550101", "content": "{}", "reason": "r"}
    names = {record_hash(**state | {key: "other"}) for key in state} | {record_hash(**state)}
    assert len(names) == 5
