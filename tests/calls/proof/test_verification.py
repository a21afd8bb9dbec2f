"""The log of a call and its rows agree, and one changed byte of them does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from calls.models import Call, EventPage, Receipt, Turn
from calls.proof.verification import verify
from prompts.models import Business
from tests.calls.proof import shelf
from tests.calls.proof.shelf import faults

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_call_with_a_publish_in_it_agrees_with_its_log(row: Call) -> None:
    report = verify()
    assert report.faults == report.unfinished == []
    assert (report.calls, report.answers) == (1, 3)


@pytest.mark.parametrize("column", ["lines", "previous_hash", "hash"])
def test_a_changed_byte_in_the_log_is_found(row: Call, column: str) -> None:
    shelf.change_byte("calls_eventpage", column, "number = 2")
    (fault,) = faults()
    assert fault.startswith(f"Call {row.sid}: its log is broken. Page ")


STAMP = (
    "fingerprint",
    "base_fingerprint",
    "next_fingerprint",
    "revision",
    "version",
    "prompt_version_id",
    "known_by",
    "response_id",
)


@pytest.mark.parametrize("column", STAMP)
def test_a_changed_byte_in_a_stamp_is_found(row: Call, column: str) -> None:
    with shelf.unguarded():
        turn = row.turns.order_by("position").last()
        assert turn is not None
        first = row.turns.order_by("position").first()
        assert first is not None
        other = {
            "fingerprint": "0" + turn.fingerprint[1:] if turn.fingerprint[0] != "0" else "1",
            "base_fingerprint": turn.fingerprint,
            "next_fingerprint": turn.fingerprint,
            "revision": 77,
            "version": 77,
            "prompt_version_id": first.prompt_version_id,
            "known_by": "metadata",
            "response_id": "aftes",
        }[column]
        Turn.objects.filter(pk=turn.pk).update(**{column: other})
    found = faults()
    assert found
    assert all(sentence.startswith(f"Call {row.sid}: Answer ") for sentence in found)


def test_a_page_that_was_taken_out_is_found(row: Call) -> None:
    with shelf.unguarded():
        EventPage.objects.filter(number=2).delete()
    assert faults() == [f"Call {row.sid}: its log is broken. Page 2 is missing or out of order."]


def test_the_last_pages_cannot_go_without_their_answers_being_missed(row: Call) -> None:
    last = row.pages.count()
    with shelf.unguarded():
        EventPage.objects.filter(number__gte=last - 1).delete()
    assert any("is not in the log" in sentence for sentence in faults())


def test_a_log_without_its_end_is_said_to_break_off(row: Call) -> None:
    with shelf.unguarded():
        EventPage.objects.filter(number=row.pages.count()).delete()
    report = verify()
    assert (report.faults, report.unfinished) == ([], [row.sid])


def test_a_whole_log_that_is_gone_is_missed(row: Call) -> None:
    with shelf.unguarded():
        EventPage.objects.all().delete()
    assert any("has no log" in sentence for sentence in faults())


def test_an_answer_that_is_gone_is_missed(row: Call) -> None:
    row.turns.filter(response_id="before").delete()
    assert faults() == [f"Call {row.sid}: Answer before of the log has no row."]


def test_an_answer_that_is_stored_twice_is_found(row: Call) -> None:
    turn = row.turns.get(response_id="before")
    turn.pk, turn.position = uuid4(), 99
    turn.save(force_insert=True)
    assert faults() == [f"Call {row.sid}: Answer 99 is stored twice."]


def test_pages_of_another_call_prove_nothing(row: Call, business: Business) -> None:
    call = shelf.begin(business)
    shelf.answer(call, "r1")
    other = shelf.store(call, business)
    with shelf.unguarded():
        EventPage.objects.filter(call=other).delete()
        for page in EventPage.objects.filter(call=row):
            page.pk, page.call_id = None, other.pk
            page.save()
    assert any(sentence.startswith(f"Call {other.sid}: its log is broken") for sentence in faults())


def test_a_receipt_that_confirms_what_never_came_is_found(row: Call) -> None:
    row.receipts.filter(route="push").update(hash_echoed="0" * 64)
    found = faults()
    assert any("names an echo that did not come" in fault for fault in found)
    assert any("was altered: hash_echoed" in fault for fault in found)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("hash_sent", "", "confirms what was not sent."),
        ("hash_sent", "0" * 64, "names a text that was not sent."),
        ("hash_echoed", "", "confirms what did not come back."),
        ("result", "nonsense", "has no result."),
    ],
)
def test_a_receipt_that_contradicts_itself_or_the_log_is_found(
    row: Call, column: str, value: str, sentence: str
) -> None:
    row.receipts.filter(route="push").update(**{column: value})
    assert any(fault.endswith(sentence) for fault in faults())


SOON = timedelta(microseconds=1)


RECEIPT: dict[str, object] = {
    "revision": F("revision") + 1,
    "version": F("version") + 1,
    "prompt_version_id": None,
    "result": "acknowledged_late",
    "route": "reconcile",
    "hash_sent": "",
    "hash_echoed": "",
    "normalised": True,
    "detail": "x",
    "committed_at": F("committed_at") + SOON,
    "received_at": F("received_at") + SOON,
    "sent_at": F("sent_at") + SOON,
    "acknowledged_at": None,
}


@pytest.mark.parametrize("column", RECEIPT)
def test_a_changed_receipt_is_found_to_the_last_digit_of_its_times(row: Call, column: str) -> None:
    changed = row.receipts.filter(route="push").update(**{column: RECEIPT[column]})
    assert changed == 1
    name = "version_id" if column == "prompt_version_id" else column
    assert any(fault.endswith(f"was altered: {name}.") for fault in faults())


def test_every_column_of_a_receipt_is_in_the_log() -> None:
    columns = {field.attname for field in Receipt._meta.concrete_fields}
    assert columns == {"id", "call_id", *RECEIPT}


def test_a_receipt_that_is_gone_or_was_made_up_is_found(row: Call) -> None:
    receipt = row.receipts.get(route="push")
    receipt.delete()
    assert any("of the log has no row" in fault for fault in faults())
    receipt.pk = uuid4()
    receipt.save()
    assert any("is not in the log" in fault for fault in faults())
