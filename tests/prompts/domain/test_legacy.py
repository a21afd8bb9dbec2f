"""What an export of the old system says, and what is wrong with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.kinds import Direction
from prompts.domain.legacy import (
    BadFile,
    Fault,
    Record,
    Words,
    parse_record,
    read_rows,
    single_braces,
)
from prompts.domain.legacy.fallbacks import LivedOn, fallback_of
from prompts.domain.legacy.faults import shown
from prompts.domain.text import canonical, is_storable
from tests.prompts.old_exports import BROKEN, HEAD, WHOLE, Broken, as_json, csv, row

INBOUND, OUTBOUND = Direction


def read(content: bytes, name: str = "old") -> tuple[list[Record], list[Fault]]:
    """Everything that a file says, and everything that is wrong with it."""
    records, faults = [], []
    try:
        rows = read_rows(content, name)
    except BadFile as bad:
        return [], [bad.fault]
    for one in rows:
        if one.broken:
            faults.append(Fault(one.number, one.broken_field, one.broken))
            continue
        parsed = parse_record(one.number, one.values)
        if isinstance(parsed, Record):
            records.append(parsed)
        else:
            faults += parsed
    return records, faults


def record(**fields: object) -> Record:
    (found,), faults = read(as_json(row(**fields)))
    assert not faults
    return found


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_every_fault_is_a_sentence_with_its_row_and_field(broken: Broken) -> None:
    _records, faults = read(broken.content, broken.name)
    places = [(fault.row, fault.field) for fault in faults]
    assert tuple(places) == broken.places
    assert broken.word in " ".join(fault.sentence for fault in faults)
    for fault in faults:
        assert fault.sentence.endswith(".")
        assert fault.sentence.isprintable()
        assert fault.field.isprintable()


@pytest.mark.parametrize("end", range(len(WHOLE) - 1))
def test_a_json_file_that_ends_too_soon_imports_nothing(end: int) -> None:
    records, faults = read(WHOLE[:end], "old.json")
    assert not records
    assert len(faults) == 1


WORDS = st.text(st.characters(exclude_categories=[]), max_size=40) | st.sampled_from(
    ['{"calls": ', "{", '"', "\0", "\ud800", "{name}", "calls", "}"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["calls", "whatsapp", "x"]), inside, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "id",
        "business_id",
        "business",
        "name",
        "phone_number",
        "ai_prompt",
        "outbound_ai_prompt",
        "system_prompt",
        "greeting_message",
        "updated_at",
        "updated_by",
        "temperature",
        "other",
    ]
)


@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_any_row_is_a_record_that_can_be_stored_or_a_list_of_faults(values: dict) -> None:
    parsed = parse_record(1, values)
    if isinstance(parsed, Record):
        assert is_storable(parsed.original)
        texts = [words for one in parsed.prompts.values() for words in (one.calls, one.whatsapp)]
        assert all(is_storable(text) and canonical(text) == text for text in texts)
    else:
        assert parsed
        assert all(fault.sentence.isprintable() for fault in parsed)


@given(st.binary(max_size=200), st.sampled_from(["a.json", "a.csv", "a"]))
def test_any_bytes_are_read_or_refused_with_a_sentence(content: bytes, name: str) -> None:
    records, faults = read(content, name)
    assert records or faults


def test_plain_text_is_for_calls() -> None:
    assert record(ai_prompt="Be kind.").prompts[INBOUND] == Words(calls="Be kind.")


@pytest.mark.parametrize(
    "value",
    [
        {"calls": "On the phone.", "whatsapp": "In writing."},
        '{"calls": "On the phone.", "whatsapp": "In writing."}',
        '  {\n"whatsapp": "In writing.",\r\n"calls": "On the phone.  "}\n',
    ],
)
def test_words_for_calls_and_whatsapp_stay_apart(value: object) -> None:
    assert record(ai_prompt=value).prompts[INBOUND] == Words("On the phone.", "In writing.")


@pytest.mark.parametrize("value", [None, "", "  \n", {}, "{}", {"calls": None}, {"calls": " "}])
def test_what_is_blank_is_nothing(value: object) -> None:
    assert record(ai_prompt=value).prompts[INBOUND] == Words()


@pytest.mark.parametrize(
    "text",
    [
        "{business_name} is a bakery.",
        "{ business_name } is a bakery.",
        "{{ business_name }} is a bakery.",
        "[Be kind.]",
        '"Be kind," says the owner.',
        '"Be kind."',
        "{",
    ],
)
def test_text_that_only_looks_like_data_stays_text(text: str) -> None:
    assert record(ai_prompt=text).prompts[INBOUND] == Words(text)


def test_names_in_single_braces_are_found() -> None:
    text = "{business_name} and { agent_name } and {business_name} and {{ address }} and {2} {}"
    assert single_braces(text) == ("business_name", "agent_name")


def test_text_is_canonical_in_every_format() -> None:
    text = "שלום  \r\nCafe\u0301 🙂\r“ok”\n\n"
    (from_json,), _ = read(as_json(row(ai_prompt=text)))
    quoted = text.replace('"', '""')
    (from_csv,), _ = read(f'{HEAD}\r\n1,"{quoted}",\r\n'.encode("utf-8-sig"), "a.csv")
    assert from_json.prompts[INBOUND] == from_csv.prompts[INBOUND] == Words(canonical(text))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_signs_of_spreadsheets_separate_cells(delimiter: str) -> None:
    content = csv("id,ai_prompt", "1,Hello").replace(b",", delimiter.encode())
    (found,), faults = read(content)
    assert (found.business_id, found.prompts[INBOUND].calls, faults) == (1, "Hello", [])


def test_rows_of_a_spreadsheet_keep_their_numbers() -> None:
    found, _ = read(csv(HEAD, "", '1,"two\nlines",', ",,", "2,Hello,"))
    assert [one.row for one in found] == [3, 5]


@pytest.mark.parametrize(
    "content",
    [
        as_json({"business_id": 7, "id": 3, "ai_prompt": "a"}),
        b'{"businesses": [{"id": 7, "ai_prompt": "a"}]}',
        b'{"id": "7", "ai_prompt": "a"}',
        as_json({"model": "old.settings", "pk": 3, "fields": {"business": 7, "ai_prompt": "a"}}),
        as_json({"model": "old.business", "pk": 7, "fields": {"ai_prompt": "a"}}),
    ],
)
def test_a_business_is_named_by_its_number(content: bytes) -> None:
    (found,), faults = read(content)
    assert (found.business_id, faults) == (7, [])


def test_a_phone_number_is_compared_as_e164() -> None:
    assert record(phone_number="+1 (500) 555-0101", ai_prompt="a").phone_number == "+15005550101"


def test_fields_that_are_left_out_are_named_without_their_values() -> None:
    found = record(ai_prompt="a", temperature=0.7, auth_token="hunter2", empty="")
    assert [one.field for one in found.dropped] == ["temperature", "auth_token"]
    assert "hunter2" not in repr(found)


def test_the_original_keeps_every_field_that_was_read() -> None:
    found = record(ai_prompt=' {"calls": "a  "}', greeting_message="Hi", updated_at="2024-05-01")
    assert json.loads(found.original) == {
        "business_id": 1,
        "ai_prompt": ' {"calls": "a  "}',
        "greeting_message": "Hi",
        "updated_at": "2024-05-01",
    }


def test_the_origin_names_the_file_the_row_the_field_and_the_last_change() -> None:
    found = record(ai_prompt="a", updated_at="2024-05-01T10:00:00Z", updated_by=5)
    assert found.origin("old.json", "ai_prompt") == (
        "old.json, row 1, field ai_prompt; last changed there: 2024-05-01T10:00:00Z by account 5"
    )
    assert record(ai_prompt="a").origin("o", "ai_prompt") == "o, row 1, field ai_prompt"


@pytest.mark.parametrize(
    ("fields", "lived_on", "text"),
    [
        ({"ai_prompt": "In."}, LivedOn.OTHER_DIRECTION, "In."),
        ({"ai_prompt": "In.", "system_prompt": "S."}, LivedOn.OTHER_DIRECTION, "In."),
        ({"system_prompt": "S."}, LivedOn.SYSTEM_PROMPT, "S."),
        ({"outbound_ai_prompt": {"whatsapp": "W."}, "ai_prompt": "In."}, LivedOn.WHATSAPP, ""),
        ({"ai_prompt": {"whatsapp": "W."}, "system_prompt": "S."}, LivedOn.WHATSAPP, ""),
        ({"system_prompt": {"whatsapp": "W."}}, LivedOn.BUILT_IN, ""),
        ({"ai_prompt": ""}, LivedOn.BUILT_IN, ""),
    ],
)
def test_a_direction_without_words_lived_on_others(
    fields: dict, lived_on: LivedOn, text: str
) -> None:
    found = fallback_of(record(**fields), OUTBOUND)
    assert (found.lived_on, found.text) == (lived_on, text)


def test_a_sentence_repeats_values_short_and_harmless() -> None:
    assert shown("a\x1b[2J\nb\ud800") == "a·[2J·b·"
    assert shown("a" * 100) == "a" * 60 + "…"
