"""Keeping the outcome of a release before the eyes of whoever made it, until it was seen."""

from django.contrib.auth.models import User

from prompts.domain.kinds import Channel
from prompts.models import Release, UnseenRelease


def keep_unseen(release: Release) -> None:
    """Let its maker meet the outcome on every page.

    What no call hears has none, and an import ends with a report of its own.
    """
    is_heard = release.prompt.channel == Channel.CALLS
    if release.actor is not None and is_heard and release.kind != Release.Kind.IMPORT:
        UnseenRelease.objects.create(person=release.actor, release=release)


def mark_seen(*, release: Release, person: User) -> None:
    """Somebody has seen all that will ever be known of it."""
    if release.actor_id == person.pk:
        UnseenRelease.objects.filter(release=release, person=person).delete()
