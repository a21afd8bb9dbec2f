"""What a release is called in one line, and where its page is."""

from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.models import Release


def release_url(pk: int) -> str:
    """The page of a release."""
    return reverse("admin:prompts_release_page", args=[pk])


def result_url(pk: int) -> str:
    """What became of a release, alone."""
    return reverse("admin:prompts_release_result", args=[pk])


def release_title(release: Release) -> str:
    """What was done, in one line."""
    numbers = {
        "number": release.to_version.number,
        "before": release.from_version.number if release.from_version else 0,
    }
    kind, is_platform = Release.Kind(release.kind), release.prompt.business_id is None
    title = _of_platform(kind) if is_platform else _of_business(kind)
    return title % numbers


def _of_business(kind: Release.Kind) -> str:
    titles = {
        Release.Kind.TAKE_BACK: _("Taken back: v%(before)d. v%(number)d is live again"),
        Release.Kind.RESTORE: _("Restored as v%(number)d"),
        Release.Kind.IMPORT: _("Imported v%(number)d"),
    }
    return titles.get(kind, _("Published v%(number)d"))


def _of_platform(kind: Release.Kind) -> str:
    titles = {
        Release.Kind.TAKE_BACK: _(
            "Taken back from every business: v%(before)d. v%(number)d is live again"
        ),
        Release.Kind.RESTORE: _("Restored as v%(number)d for every business"),
    }
    return titles.get(kind, _("Published v%(number)d to every business"))
