"""One changed value in any column that proves something is found, and the call is named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import DateTimeField, Field, Model

from calls.models import (
    Call,
    ComposedText,
    ContextText,
    EventPage,
    Receipt,
    StoredText,
    Turn,
)
from calls.models.text import WrittenOnce
from calls.proof.verification import verify
from tests import factories
from tests.calls.proof import shelf

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MODELS = (StoredText, ContextText, ComposedText, EventPage, Receipt, Turn, Call)

# What verification does not prove, and why. A new column is proved, or somebody puts it here.
LEFT_OUT: dict[type[Model], dict[str, str]] = {
    StoredText: {},
    ContextText: {
        "is_personal": "whether it goes with a caller; one that is gone has an audit entry",
        "erased_by": "of a text that is there it says nothing, and of another the audit is asked",
    },
    ComposedText: {},
    EventPage: {"id": "a name of the row alone: the chain knows a page by its call and number"},
    Receipt: {},
    Turn: {
        "id": "a name of the row alone: the log knows an answer by the model's name for it",
        "position": "where a line stands among the words, which are not proved",
        "item_id": "a name within the words",
        "text": "words are personal and can be erased, which a log cannot",
        "heard": "words, like text",
        "generated_ms": "how long the words were",
        "heard_ms": "how much of them was heard",
        "interrupted": "the same, in short",
        "started_at": "when the words began; the log has its own clock",
    },
    Call: {
        "id": "a name of the row alone: the chain of its pages covers the SID",
        "account_sid": "whose call it is for Twilio, which keeps its own record",
        "from_number": "a person's number, which the log must not know",
        "to_number": "the same",
        "stream_sid": "Twilio's name for the sound",
        "twilio_status": "what Twilio says of the call, as it was said last",
        "twilio_sequence": "the number of that",
        "status": "whoever notices first ends a call: its worker, Twilio, or another worker",
        "end_reason": "the same",
        "end_detail": "the same",
        "ended_at": "the same",
        "duration_seconds": "the same",
        "started_at": "a time of Twilio's webhook; the log begins with the media stream",
        "connected_at": "a time beside the log's own clock",
        "first_audio_at": "a time beside the log's own clock",
        "foreign_fingerprint": "what stands while the call goes on; its log has the echo",
        "token_hash": "a lock on the door, of no meaning once the call is in",
        "token_expires_at": "the same",
        "token_used_at": "the same",
        "worker_id": "who carries the call; its row may be cleared away",
        "refresh_id": "a wish that waits for the worker, not its outcome",
        "refresh_force": "the same",
        "forgotten_at": "asks for texts to be erased, each of which says so itself",
        "forgotten_by": "the same",
    },
}


def proved(model: type[Model]) -> list["Field[Any, Any]"]:
    return [one for one in model._meta.concrete_fields if one.attname not in LEFT_OUT[model]]


COLUMNS = [
    pytest.param(model, column, id=f"{model.__name__}.{column.attname}")
    for model in MODELS
    for column in proved(model)
]


@dataclass(frozen=True)
class Shelf:
    """One call, and the keys of all rows that it left in each table; and one that left nothing."""

    call: Call
    other: Call
    keys: dict[type[Model], set[Any]]


@pytest.fixture
def kept() -> Shelf:
    """A call with a publish between two answers; another business and call are there as well."""
    business, stranger = shelf.make_business(), factories.make_business("Strangers")
    factories.publish_text(stranger, "Other words.")
    other = Call.objects.create(
        sid="CA" + "f" * 32,
        direction="inbound",
        status="ended",
        started_at=shelf.BEGAN,
        ended_at=shelf.BEGAN,
        end_reason="interrupted",
    )
    before = {model: keys_of(model) for model in MODELS}
    call = shelf.begin(business)
    shelf.answer(call, "before")
    factories.publish_text(business, "The second words.", greeting="Hello there.")
    shelf.learn(call, business)
    shelf.echo(call)
    shelf.answer(call, "after")
    row = shelf.store(call, business)
    return Shelf(row, other, {model: keys_of(model) - before[model] for model in MODELS})


def keys_of(model: type[Model]) -> set[Any]:
    """Of turns only those of the agent: the others were spoken under nothing."""
    rows = model._default_manager.all()
    return set(
        (rows.filter(speaker="agent") if model is Turn else rows).values_list("pk", flat=True)
    )


@pytest.mark.parametrize(("model", "column"), COLUMNS)
def test_a_changed_value_is_found(
    kept: Shelf, model: type[Model], column: "Field[Any, Any]"
) -> None:
    assert verify().faults == []
    found = 0
    with shelf.unguarded():
        for key in kept.keys[model]:
            value = model._default_manager.values_list(column.attname, flat=True).get(pk=key)
            for other in others(value, column):
                change(model, key, column, other)
                sids = {kept.call.sid, Call.objects.get(pk=kept.call.pk).sid, kept.other.sid}
                faults = verify().faults
                assert any(sid in fault for sid in sids for fault in faults), (value, other, faults)
                change(model, other if column.primary_key else key, column, value)
                found += 1
        connection.check_constraints()  # of what was changed and changed back
    assert found
    assert verify().faults == []


def change(model: type[Model], key: object, column: "Field[Any, Any]", value: object) -> None:
    changed = model._default_manager.filter(pk=key).update(**{column.attname: value})
    assert changed == 1


def test_every_column_is_proved_or_left_out_for_a_reason() -> None:
    assert set(WrittenOnce.__subclasses__()) <= set(MODELS)
    for model in MODELS:
        columns = {one.attname for one in model._meta.concrete_fields}
        assert set(LEFT_OUT[model]) <= columns
        assert all(LEFT_OUT[model].values())


def others(value: Any, column: "Field[Any, Any]") -> Iterator[Any]:
    """The value as somebody might change it: in JSON, each single thing that stands there."""
    if column.related_model is not None:
        related = column.related_model._default_manager  # type: ignore[union-attr]  # a model
        yield related.exclude(pk=value).values_list("pk", flat=True)[0]
    elif column.choices:
        yield from (word for word, _name in column.choices if word != value)
    elif value is None:
        yield shelf.BEGAN if isinstance(column, DateTimeField) else 1
    else:
        yield from changed(value)


def changed(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: one} for one in changed(inner))
    elif isinstance(value, list):
        yield [*value, 1]
        for place, inner in enumerate(value):
            yield from ([*value[:place], one, *value[place + 1 :]] for one in changed(inner))
    else:
        yield altered(value)


def altered(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 77
        case str():
            middle = len(value) // 2
            return (
                value[:middle] + ("1" if value[middle:][:1] != "1" else "2") + value[middle + 1 :]
            )
        case datetime():
            return value + timedelta(microseconds=1)
        case UUID():
            return UUID(int=value.int ^ 1)
    return 1
