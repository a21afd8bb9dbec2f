"""What is stored of a call agrees, and one changed byte of it does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from calls.models import Call, ComposedText, ContextText, EventPage, Receipt, StoredText, Turn
from calls.proof.chains import check_profiles
from calls.proof.texts import exact_text
from calls.proof.verification import Report, verify
from calls.services.erasure import erase_context
from prompts.models import Business
from prompts.services.profile import erase_profile, save_profile
from tests import factories
from tests.calls.proof import shelf

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def business() -> Business:
    return shelf.make_business()


@pytest.fixture
def row(business: Business) -> Call:
    """A call with a greeting, two answers, and a publish between them."""
    call = shelf.begin(business, context=shelf.OF_SOMEBODY)
    shelf.answer(call, "before")
    factories.publish_text(business, "The second words.", greeting="Hello there.")
    shelf.learn(call, business, context=shelf.OF_SOMEBODY)
    shelf.echo(call)
    shelf.answer(call, "after")
    return shelf.store(call, business)


def faults() -> list[str]:
    return verify().faults


def test_a_call_with_a_publish_in_it_agrees_with_its_log(row: Call) -> None:
    report = verify()
    assert report.faults == report.unfinished == []
    assert (report.calls, report.answers) == (1, 3)


def test_every_text_that_a_call_stood_under_can_be_rebuilt(row: Call) -> None:
    call_texts = {turn.fingerprint for turn in row.turns.all()}
    call_texts |= {turn.base_fingerprint for turn in row.turns.exclude(base_fingerprint="")}
    assert len(call_texts) == 3
    for fingerprint in call_texts:
        found = exact_text(fingerprint)
        assert found is not None
        assert found.fault == ""
    newest = row.turns.order_by("position").last()
    assert newest is not None
    text = exact_text(newest.fingerprint)
    assert text is not None
    assert text.text is not None
    assert "The second words." in text.text
    assert [piece.layer for piece in text.pieces] == [
        "universal",
        "business",
        "call_type",
        "context",
    ]


def test_layers_that_did_not_change_are_stored_once(row: Call) -> None:
    assert ComposedText.objects.count() == 2
    assert ContextText.objects.count() == 1
    assert StoredText.objects.count() == 5  # universal, two of the business, call type, opening


@pytest.mark.parametrize("column", ["lines", "previous_hash", "hash"])
def test_a_changed_byte_in_the_log_is_found(row: Call, column: str) -> None:
    shelf.change_byte("calls_eventpage", column, "number = 2")
    (fault,) = faults()
    assert fault.startswith(f"Call {row.sid}: its log is broken. Page ")


@pytest.mark.parametrize("model", [StoredText, ContextText])
def test_a_changed_byte_in_a_text_is_found(row: Call, model) -> None:
    sha = model.objects.order_by("pk").values_list("pk", flat=True)[0]
    shelf.change_byte(model._meta.db_table, "text", f"sha256 = '{sha}'")
    (fault,) = faults()
    assert fault.endswith(f"{sha[:12]} was altered. Calls under it: {row.sid}.")


def test_a_text_that_many_calls_share_is_named_once_with_some_of_them(business: Business) -> None:
    rows = [shelf.store(shelf.begin(business), business) for _number in range(5)]
    shared = ComposedText.objects.values_list("layers", flat=True)[0][0][1]
    shelf.change_byte("calls_storedtext", "text", f"sha256 = '{shared}'")
    some = ", ".join(row.sid for row in rows[:3])
    report = verify()
    assert report.faults == [f"Text {shared[:12]} was altered. Calls under it: {some} and 2 more."]
    assert report.fault_count == 1


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


@pytest.mark.parametrize("which", ["of the session", "of one answer"])
def test_a_text_that_is_gone_is_missed(row: Call, which: str) -> None:
    greeting = row.turns.order_by("position").first()
    assert greeting is not None
    gone = greeting.base_fingerprint if which == "of the session" else greeting.fingerprint
    with shelf.unguarded():
        ComposedText.objects.filter(pk=gone).delete()
        StoredText.objects.filter(pk=gone).delete()
    assert faults() == [f"Call {row.sid}: its text {gone[:12]} is missing."]


def test_layers_exchanged_behind_an_erased_context_are_found(row: Call) -> None:
    shelf.forget(row)
    composed = ComposedText.objects.first()
    assert composed is not None
    with shelf.unguarded():
        ComposedText.objects.filter(pk=composed.pk).update(layers=composed.layers[::-1])
    name = composed.pk[:12]
    assert faults() == [f"Call {row.sid}: the layers of its text {name} were altered."]


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


def test_layers_that_were_exchanged_are_found(row: Call) -> None:
    newest = row.turns.order_by("position").last()
    assert newest is not None
    with shelf.unguarded():
        composed = ComposedText.objects.get(pk=newest.fingerprint)
        ComposedText.objects.filter(pk=composed.pk).update(layers=composed.layers[::-1])
    assert any("do not make up the text" in sentence for sentence in faults())


def test_an_erased_context_is_said_to_be_erased_and_is_no_fault(row: Call) -> None:
    assert shelf.forget(row) == ["1 text about the caller"]
    report: Report = verify()
    assert report.faults == []
    (sentence,) = report.erased
    erased = f"erased on {ContextText.objects.get().erased_at:%Y-%m-%d}, by support"
    assert sentence.endswith(f"{erased}.")
    text = exact_text(row.turns.order_by("position").last().fingerprint)  # type: ignore[union-attr]
    assert text is not None
    assert (text.text, text.erased) == (None, erased)


@pytest.mark.parametrize("way", ["nobody", "long ago"])
def test_a_context_that_is_gone_without_an_audit_entry_is_a_fault(row: Call, way: str) -> None:
    if way == "long ago":
        shelf.forget(row)
        with shelf.unguarded():
            ContextText.objects.update(erased_at=shelf.BEGAN)
    else:  # the triggers let it pass: it has a name and a date
        erase_context(call=row, erased_by="support", at=timezone.now())
    (sentence,) = faults()
    assert "is said to be erased, and the audit knows nothing." in sentence


def test_an_erased_context_stays_erased_when_it_comes_again(row: Call, business: Business) -> None:
    shelf.forget(row)
    shelf.store(shelf.begin(business, context=shelf.OF_SOMEBODY), business)
    assert ContextText.objects.get().text == ""
    assert faults() == []


TABLES = (EventPage, StoredText, ComposedText, ContextText)


@pytest.mark.parametrize("model", TABLES)
def test_what_proves_is_written_once(row: Call, model) -> None:
    column = {EventPage: "lines", ComposedText: "joint"}.get(model, "text")
    table = model._meta.db_table
    connection.check_constraints()  # Postgres truncates nothing while a check is due
    ways = [
        lambda: model.objects.update(**{column: "x"}),
        lambda: model.objects.all()._raw_delete("default"),
    ]
    if connection.vendor == "sqlite":
        names = ", ".join(field.column for field in model._meta.local_fields)
        values = names.replace(column, "'x'", 1)
        ways.append(
            lambda: connection.cursor().execute(
                f"REPLACE INTO {table} ({names}) SELECT {values} FROM {table}"
            )
        )
    else:
        ways.append(lambda: connection.cursor().execute(f"TRUNCATE {table} CASCADE"))
    for way in ways:
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            way()


def test_the_same_rows_again_change_nothing(row: Call, business: Business) -> None:
    rows = [*EventPage.objects.all(), *StoredText.objects.all(), *ContextText.objects.all()]
    before = EventPage.objects.count()
    shelf.write(rows)
    assert EventPage.objects.count() == before
    assert faults() == []


def test_a_forgotten_caller_is_gone_from_the_texts_of_the_calls_too(business: Business) -> None:
    number = "+15005550199"
    save_profile(
        business=business, number=number, values={"name": "Dana"}, actor=None, reason="Asked us"
    )
    call = shelf.begin(business, context=shelf.OF_SOMEBODY)
    row = shelf.store(call, business)
    Call.objects.filter(pk=row.pk).update(from_number=number)
    assert ContextText.objects.filter(text__contains="Dana").exists()
    erase_profile(business=business, number=number, actor=None, reason="Asked by letter")
    assert not ContextText.objects.filter(text__contains="Dana").exists()
    report = verify()
    assert report.faults == []
    assert len(report.erased) == 1
    ((fault, erased),) = check_profiles()
    assert fault == ""
    assert erased.endswith("by system.")
