"""The database keeps its own rules, whoever writes."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from prompts import triggers
from prompts.models import (
    AuditEntry,
    Business,
    ImportedRecord,
    Membership,
    Platform,
    Prompt,
    PromptVersion,
    ReadEntry,
    Release,
    Revision,
)
from prompts.services.reads import Look, Sight, record_read
from tests.factories import make_business, make_user, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HISTORY = (PromptVersion, Release, Revision, AuditEntry, ReadEntry, ImportedRecord)
TEXT_COLUMN = {
    PromptVersion: "text",
    Release: "reason",
    Revision: "cause",
    AuditEntry: "after",
    ReadEntry: "detail",
    ImportedRecord: "original",
}


@pytest.fixture
def business():
    business = make_business()
    publish_text(business, "One.")
    publish_text(business, "Two.")
    ImportedRecord.objects.create(
        business=business, source="old.json", row_number=1, imported_at=timezone.now()
    )
    record_read(business=business, sight=Sight.of(Look.CALLERS, business), actor=make_user())
    return business


def refused(work) -> bool:
    """Whether the database refuses ``work``, and for its own reasons."""
    try:
        with transaction.atomic():
            work()
    except ProtectedError:
        return True  # the ORM saw the rows that depend on it first
    except IntegrityError as error:
        return "written once" in str(error)
    return False


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def tampering(model: type[models.Model]):
    """Every way to rewrite or remove a row."""
    row = model.objects.latest("pk")
    table, column = model._meta.db_table, TEXT_COLUMN[model]
    setattr(row, column, "other")
    yield row.save
    yield row.delete
    yield lambda: model.objects.filter(pk=row.pk).update(**{column: "other"})
    yield lambda: model.objects.bulk_update([row], [column])
    yield lambda: model.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=[column]
    )
    yield lambda: model.objects.filter(pk=row.pk)._raw_delete("default")
    yield lambda: execute(f"UPDATE {table} SET {column} = 'other'")
    yield lambda: execute(f"DELETE FROM {table} WHERE id = {row.pk}")
    if connection.vendor == "postgresql":
        yield lambda: execute(f"TRUNCATE {table} CASCADE")
    else:
        columns = ", ".join(field.column for field in model._meta.local_fields)
        values = columns.replace(column, "'other'", 1)
        yield lambda: execute(
            f"REPLACE INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = {row.pk}"
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", HISTORY)
def test_history_is_neither_changed_nor_removed(business, model):
    before = list(model.objects.order_by("pk").values())
    assert [refused(work) for work in tampering(model)].count(False) == 0
    assert list(model.objects.order_by("pk").values()) == before


def test_a_slot_points_only_where_its_newest_release_says(business):
    slot = Prompt.objects.get(business=business)
    first = slot.versions.get(number=1)
    for pointer in (first.pk, None):
        with pytest.raises(IntegrityError, match="newest release"), transaction.atomic():
            Prompt.objects.filter(pk=slot.pk).update(current=pointer)
    with pytest.raises(IntegrityError, match="newest release"), transaction.atomic():
        Prompt.objects.create(
            layer="business",
            business=business,
            direction="outbound",
            channel="calls",
            current=first,
        )


@pytest.mark.parametrize(
    "change",
    [
        {"direction": "outbound"},
        {"channel": "whatsapp"},
        {"layer": "universal"},
        {"business": None},
    ],
)
def test_a_slot_never_moves_to_another_place(business, change):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Prompt.objects.filter(business=business).update(**change)


def test_a_release_names_a_version_of_its_own_slot(business):
    other = make_business("Other")
    publish_text(other, "Theirs.")
    foreign = PromptVersion.objects.get(text="Theirs.")
    release = Release.objects.filter(prompt__business=business).latest("pk")
    release.pk, release.revision, release.to_version = None, 99, foreign
    with pytest.raises(IntegrityError, match="own slot"), transaction.atomic():
        release.save(force_insert=True)


@pytest.mark.parametrize("field", ["revision", "audit_count", "platform_revision"])
def test_the_clocks_never_fall(business, field):
    with pytest.raises(IntegrityError, match="never falls"), transaction.atomic():
        Business.objects.filter(pk=business.pk).update(**{field: models.F(field) - 1})
    if field != "platform_revision":
        with pytest.raises(IntegrityError, match="never falls"), transaction.atomic():
            Platform.objects.update(**{field: 0})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only SQLite has INSERT OR REPLACE.")
@pytest.mark.parametrize("model", [Business, Platform, Prompt, Membership])
def test_a_row_with_a_clock_a_pointer_or_a_role_is_never_replaced(business, model):
    user = User.objects.create(username="owner")
    Membership.objects.create(user=user, business=business, role="owner")
    table = model._meta.db_table
    names = ", ".join(field.column for field in model._meta.concrete_fields)
    with (
        pytest.raises(IntegrityError, match="never replaced"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}")


def test_there_is_one_platform_and_one_slot_each():
    for work in (
        lambda: Platform.objects.create(pk=2),
        lambda: Prompt.objects.create(layer="universal", direction=""),
        lambda: Prompt.objects.create(layer="universal", direction="inbound"),
        lambda: Prompt.objects.create(layer="call_type", direction="inbound"),
        lambda: Prompt.objects.create(layer="business", direction="inbound"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            work()


def test_installing_twice_changes_nothing(business):
    triggers.install()
    triggers.install()
    assert triggers.missing() == []
    assert refused(AuditEntry.objects.all().delete)


def test_what_is_missing_is_named():
    triggers.remove()
    assert "prompts_release_no_update" in triggers.missing()
    triggers.install()
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [*HISTORY, Prompt, Business])
def test_the_rules_stand_after_a_migrate_that_altered_a_table(business, model):
    from django.apps import apps
    from django.db.models.signals import post_migrate, pre_migrate

    config = apps.get_app_config("prompts")
    told = {"app_config": config, "verbosity": 0, "interactive": False, "using": "default"}
    field = models.TextField(default="", db_default="")
    field.set_attributes_from_name("added")
    field.model = model
    pre_migrate.send(sender=config, **told)
    with connection.schema_editor() as editor:
        editor.add_field(model, field)
        editor.alter_field(model, field, _longer(model))
        editor.remove_field(model, field)
    if connection.vendor == "sqlite":
        assert triggers.missing() != []
    post_migrate.send(sender=config, **told)
    assert triggers.missing() == []
    for one in HISTORY:
        assert [refused(work) for work in tampering(one)].count(False) == 0


def _longer(model: type[models.Model]) -> models.Field:
    """The same column as another type, for which SQLite has to build the table anew."""
    field = models.CharField(max_length=7, default="", null=True)
    field.set_attributes_from_name("added")
    field.model = model
    return field


@pytest.mark.django_db(transaction=True)
def test_a_migrate_leaves_the_rules_in_place(business):
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []
    assert refused(Revision.objects.all().delete)


def test_another_application_can_add_rules_of_its_own(business, monkeypatch):
    monkeypatch.setattr(triggers, "_registered", dict(triggers._registered))
    triggers.register(triggers.immutable("prompts_phonenumber", "number"))
    triggers.install()
    business.phone_numbers.create(number="+15005550101")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        business.phone_numbers.update(number="+15005550102")
    triggers.remove()
    monkeypatch.undo()
    triggers.install()
