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
    titles = {
        Release.Kind.TAKE_BACK: _("Taken back: v%(before)d. v%(number)d is live again"),
        Release.Kind.RESTORE: _("Restored as v%(number)d"),
        Release.Kind.IMPORT: _("Imported v%(number)d"),
        Release.Kind.PLATFORM: _("Published v%(number)d to every business"),
    }
    return titles.get(Release.Kind(release.kind), _("Published v%(number)d")) % numbers
