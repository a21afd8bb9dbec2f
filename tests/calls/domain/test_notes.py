"""How notes and tags are kept, whoever typed them and however."""

import pytest

from calls.domain.notes import (
    NOTE_LIMIT,
    TAG_LIMIT,
    Fault,
    note_fault,
    note_hash,
    note_written,
    tag_fault,
    tag_key,
    tag_written,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  refund ", "refund"),
        ("two\t words", "two words"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u200fהחזר\u200e", "החזר"),
        ("ReFund", "ReFund"),
    ],
)
def test_a_tag_is_kept_as_it_is_seen(typed: str, kept: str) -> None:
    assert tag_written(typed) == kept
    assert tag_written(kept) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("Refund", "rEFUND"), ("CAFE\u0301", "café"), ("straße", "STRASSE"), (" a  b", "A B")],
)
def test_the_case_of_letters_makes_no_other_tag(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_the_key_of_the_longest_tag_fits() -> None:
    assert len(tag_key("\u0390" * TAG_LIMIT)) <= 3 * TAG_LIMIT


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        ("", Fault.EMPTY),
        ("a\x00b", Fault.UNSTORABLE),
        ("one, two", Fault.SEVERAL),
        ("x" * (TAG_LIMIT + 1), Fault.TOO_LONG),
        ("x" * TAG_LIMIT, None),
        (tag_written("x" + "\u0323\u0301" * 100_000), Fault.TOO_LONG),  # not sorted for minutes
        ("לקוחה ותיקה", None),
    ],
)
def test_what_is_no_tag(tag: str, fault: Fault | None) -> None:
    assert tag_fault(tag) is fault


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ("", Fault.EMPTY),
        ("\u200f", Fault.EMPTY),
        ("a\x00b", Fault.UNSTORABLE),
        ("x" * (NOTE_LIMIT + 1), Fault.TOO_LONG),
        ("One,\ntwo.", None),
    ],
)
def test_what_is_no_note(note: str, fault: Fault | None) -> None:
    assert note_fault(note) is fault


def test_a_note_keeps_its_lines() -> None:
    assert note_written("\r\n  One. \r\nTwo.\n\n") == "One.\nTwo."


def test_the_hash_of_a_note_names_its_author_and_needs_its_salt() -> None:
    own = note_hash(salt="s", author="dana", text="x")
    assert own != note_hash(salt="s", author="ruth", text="x")
    assert own != note_hash(salt="t", author="dana", text="x")
