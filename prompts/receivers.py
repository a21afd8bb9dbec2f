"""Listening to changes: announce them after the commit, and forget what is no longer true."""

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver

from prompts import cache, triggers
from prompts.models import Revision
from prompts.services.shipped import install_shipped
from prompts.signals import instructions_changed


@receiver(post_save, sender=Revision)  # one row for every raise of a business's revision
def announce_on_commit(instance: Revision, **kwargs: object) -> None:
    """Tell the world, but only of what really happened."""
    business_id, revision = instance.business_id, instance.number

    def announce() -> None:
        instructions_changed.send_robust(
            sender=Revision, business_id=business_id, revision=revision
        )

    transaction.on_commit(announce, robust=True)


@receiver(instructions_changed)
def forget_old_words(business_id: int | None, revision: int, **kwargs: object) -> None:
    """Drop the cached words of the business that are older than its revision, or all of all."""
    cache.forget(business_id, before=None if business_id is None else revision)


def step_aside(using: str, **kwargs: object) -> None:
    """Before a migration on SQLite: a rebuilt table must not be named by another's trigger."""
    if connections[using].vendor == "sqlite":
        triggers.remove(using, only_reading_others=True)


def settle(using: str, apps: Apps = current_apps, **kwargs: object) -> None:
    """After every migrate and flush: the rules of the database, then the shipped prompts."""
    triggers.install(using)
    if using == DEFAULT_DB_ALIAS and _is_up_to_date(apps):
        install_shipped()


def _is_up_to_date(migrated: Apps) -> bool:
    """Whether the database has the tables of this code, not those of an earlier migration."""
    models = current_apps.get_app_config("prompts").get_models()
    try:
        return all(_columns(migrated.get_model(one._meta.label)) == _columns(one) for one in models)
    except LookupError:
        return False


def _columns(model: type[Model]) -> set[str | None]:
    """The columns of a model's table."""
    return {one.column for one in model._meta.local_fields}
