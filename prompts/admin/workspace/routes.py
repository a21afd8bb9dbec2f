"""The pages of a prompt, which are the same at a business and at the platform."""

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import URLPattern, path

from prompts.admin.places.finding import View

from . import conflict, editor, header, preview, restore, review, saving, take_back

PAGES: Sequence[tuple[str, View, str]] = (
    ("", editor.editor, "prompt"),
    ("draft/", saving.autosave, "autosave"),
    ("preview/", preview.preview, "preview"),
    ("review/", review.review, "review"),
    ("conflict/", conflict.conflict, "conflict"),
    ("discard/", restore.discard, "discard"),
    ("drafts/<int:draft_pk>/", restore.copy, "copy"),
    ("restore/<int:number>/", restore.restore, "restore"),
    ("strip/", header.strip_alone, "strip"),
    ("take-back/", take_back.take_back, "take_back"),
)
# Only what was imported waits for somebody, and only businesses have that.
OFFERED: tuple[str, View, str] = ("take/", restore.take, "take")


def prompt_urls(
    pages: Sequence[tuple[str, View, str]], place: str, kind: str, wrap: Callable[[View], Any]
) -> list[URLPattern]:
    """These pages behind the address of a place; another word in its place is no page."""
    return [
        path(f"{place}/{route}", wrap(view), name=f"prompts_{kind}_{short}")
        for route, view, short in pages
    ]
