"""Businesses in the admin: the list is Django's, the pages behind it are ours."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from prompts.domain.roles import Right
from prompts.models import Business

from . import rights
from .banners import shipped_banners
from .base import ModelAdmin
from .pages import callers, details, hours, numbers, overview, pause, people, settings
from .past.change import change
from .past.history import history
from .past.moment import moment
from .past.restoring import restore
from .places.finding import at_business
from .routes import add_converters
from .state import WORDS, state_of, with_state
from .workspace.routes import OFFERED, PAGES, prompt_urls

add_converters()


@admin.register(Business)
class BusinessAdmin(ModelAdmin[Business]):
    """The list of businesses, and the way to everything about each."""

    change_list_template = "admin/prompts/business_list.html"
    list_display = ("name", "state", "numbers", "language", "time_zone")
    list_filter = ("is_active", "settings__paused", "language")
    search_fields = ("name", "phone_numbers__number")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Business]:
        """All that the list shows, in a fixed number of queries."""
        own = rights.within(request, super().get_queryset(request), Right.READ, "pk")
        return with_state(own).prefetch_related("phone_numbers")

    @admin.display(description=_("State"))
    def state(self, business: Business) -> SafeString:
        """What a caller meets now."""
        state = state_of(business)
        return format_html('<span class="va-state va-{}">{}</span>', state, WORDS[state])

    @admin.display(description=_("Phone numbers"))
    def numbers(self, business: Business) -> SafeString:
        """The numbers, read from the left in every script."""
        rows = ((one.number,) for one in business.phone_numbers.all())
        return format_html_join(", ", '<bdi dir="ltr">{}</bdi>', rows)

    def has_view_permission(self, request: HttpRequest, obj: Business | None = None) -> bool:
        """Whoever has a role in some business has a list."""
        return rights.may_somewhere(request, Right.READ)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the entry to whoever may open it."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new business has no owner yet who could let anybody in."""
        return rights.person(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Business | None = None) -> bool:
        """Our own pages change a business, each with a right of its own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Business | None = None) -> bool:
        """History names businesses for ever; they are switched off instead."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say above the list what waits."""
        rights.require_somewhere(request, Right.READ)
        context = {
            **(extra_context or {}),
            "title": _("Businesses"),
            "banners": shipped_banners(request),
        }
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        """Our own pages; all that is left of Django's is the list."""
        wrap, name = self.admin_site.admin_view, "prompts_business_{}".format
        one = "<int:pk>/"
        routes: Sequence[tuple[str, Any, str]] = (
            ("", self.changelist_view, "changelist"),
            ("add/", details.add, "add"),
            (f"{one}change/", overview.overview, "change"),
            (f"{one}details/", details.details, "details"),
            (f"{one}settings/", settings.settings, "settings"),
            (f"{one}numbers/", numbers.numbers, "numbers"),
            (f"{one}numbers/<int:number_pk>/remove/", numbers.remove_number, "remove_number"),
            (f"{one}hours/", hours.hours, "hours"),
            (f"{one}callers/", callers.callers, "callers"),
            (f"{one}callers/add/", callers.add_caller, "add_caller"),
            (f"{one}callers/forget/", callers.forget, "forget_caller"),
            (f"{one}callers/<int:profile_pk>/", callers.caller, "caller"),
            (f"{one}callers/<int:profile_pk>/erase/", callers.erase, "erase_caller"),
            (f"{one}people/", people.people, "people"),
            (f"{one}people/invite/", people.invite, "invite"),
            (f"{one}people/<int:membership_pk>/take/", people.take_role, "take_role"),
            (f"{one}moment/", moment, "moment"),
            (f"{one}history/", history, "history"),
            (f"{one}history/<int:number>/", change, "past_change"),
            (f"{one}history/<int:number>/restore/", restore, "restore_settings"),
            (f"{one}pause/", pause.pause, "pause"),
            (f"{one}resume/", pause.resume, "resume"),
        )
        return [
            *(path(route, wrap(view), name=name(short)) for route, view, short in routes),
            *self._prompt_urls(),
        ]

    def _prompt_urls(self) -> list[URLPattern]:
        """The pages of each direction, and the one of what waits there."""
        return prompt_urls(
            (*PAGES, OFFERED),
            "<int:pk>/prompt/<direction:direction>",
            "business",
            lambda view: self.admin_site.admin_view(at_business(view)),
        )
