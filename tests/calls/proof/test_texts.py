"""The texts that calls stood under: written once, rebuilt whole, erased only when told of."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from calls.models import Call, ComposedText, ContextText, EventPage, StoredText
from calls.proof.chains import check_profiles
from calls.proof.texts import exact_text
from calls.proof.verification import Report, verify
from calls.services.erasure import erase_context
from prompts.models import Business
from prompts.services.profile import erase_profile, save_profile
from tests.calls.proof import shelf
from tests.calls.proof.shelf import faults

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


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
