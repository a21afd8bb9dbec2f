"""The entry of calls in the admin, and the addresses of all their pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from calls.admin import live
from calls.models import Call
from prompts.admin.base import ScopedAdmin
from prompts.domain.roles import Right

from . import download, listing, page, spoken, words
from .notes import tagging, writing


@admin.register(Call)
class CallAdmin(ScopedAdmin[Call]):
    """Calls to read, never to change, and staff's notes at them; every page is ours."""

    right = Right.READ_CALLS

    def get_urls(self) -> list[URLPattern]:
        """The list, the page of one call, and the calls in progress."""
        wrap, name = self.admin_site.admin_view, "calls_call_{}".format
        routes: Sequence[tuple[str, Any, str]] = (
            ("", listing.listing, "changelist"),
            ("<int:pk>/change/", page.call_page, "change"),
            ("<int:pk>/download/", download.download, "download"),
            ("spoken/<int:version_pk>/", spoken.spoken, "spoken"),
            ("<int:pk>/lines/<int:position>/", words.line_page, "line"),
            ("<int:pk>/notes/", writing.write, "write_note"),
            ("<int:pk>/notes/<int:number>/", writing.correct, "correct_note"),
            ("<int:pk>/notes/<int:number>/remove/", writing.remove, "remove_note"),
            ("<int:pk>/tags/", tagging.add, "add_tag"),
            ("<int:pk>/tags/<int:tag_pk>/remove/", tagging.take, "take_tag"),
        )
        return [
            *live.urls(wrap),
            *(path(route, wrap(view), name=name(short)) for route, view, short in routes),
        ]
