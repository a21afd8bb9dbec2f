"""The tokens of scripts in the admin: to see which are used, and to revoke one."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.domain.roles import Right
from prompts.models import ApiToken
from prompts.sentences import Sentence
from prompts.services.tokens import revoke_token

from . import rights
from .base import ScopedAdmin, in_zone, told
from .forms import ReasonForm
from .pages.page import Crumb, attempt, home, redirect_with, show_form

LIST = "admin:prompts_apitoken_changelist"


@admin.register(ApiToken)
class ApiTokenAdmin(ScopedAdmin[ApiToken]):
    """The tokens of the businesses whose people one manages; superusers see all."""

    right = Right.MANAGE_PEOPLE
    change_list_template = "admin/prompts/tokens.html"
    fields = (
        "name",
        "owner",
        "allowed",
        "state",
        "begins_with",
        "expires",
        "last_used",
        "created_by_name",
    )
    list_display = (*fields, "revoke_link")
    list_display_links = None
    list_select_related = ("business",)
    list_per_page = 50
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("Business"), ordering="business")
    def owner(self, token: ApiToken) -> str:
        """Whom it is for."""
        return str(token.business or _("Every business"))

    @admin.display(description=gettext_lazy("May"))
    def allowed(self, token: ApiToken) -> str:
        """What it may do."""
        held = (
            (token.reads, _("read")),
            (token.publishes, _("publish")),
            (token.refreshes, _("refresh")),
        )
        return ", ".join(word for given, word in held if given)

    @admin.display(description=gettext_lazy("Begins with"))
    def begins_with(self, token: ApiToken) -> SafeString:
        """The part that is kept, to tell tokens apart."""
        return format_html('<code dir="ltr">{}…</code>', token.prefix)

    @admin.display(description=gettext_lazy("State"))
    def state(self, token: ApiToken) -> SafeString:
        """Whether it is good now."""
        if token.revoked_at:
            kind, words = "off", _("Revoked")
        elif token.expires_at <= timezone.now():
            kind, words = "off", _("Expired")
        else:
            kind, words = "answers", _("Good")
        return format_html('<span class="va-state va-{}">{}</span>', kind, words)

    @admin.display(description=in_zone(gettext_lazy("Expires")), ordering="expires_at")
    def expires(self, token: ApiToken) -> str:
        """When it ends by itself."""
        return told(token.expires_at)

    @admin.display(description=in_zone(gettext_lazy("Last used")), ordering="last_used_at")
    def last_used(self, token: ApiToken) -> str:
        """When it was last used, to the hour."""
        return told(token.last_used_at)

    @admin.display(description="")
    def revoke_link(self, token: ApiToken) -> str:
        """The way to the question."""
        if token.revoked_at:
            return ""
        url = reverse("admin:prompts_apitoken_revoke", args=[token.pk])
        return format_html('<a class="deletelink" href="{}">{}</a>', url, _("Revoke"))

    def get_urls(self) -> list[URLPattern]:
        """A page for the one thing that can be done."""
        view = self.admin_site.admin_view(self.revoke)
        return [
            path("<int:pk>/revoke/", view, name="prompts_apitoken_revoke"),
            *super().get_urls(),
        ]

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once, then revoke."""
        token = self.get_object(request, str(pk))
        form, back = ReasonForm(request.POST or None), reverse(LIST)

        def act(values: dict[str, Any]) -> bool:
            actor = rights.person(request)
            revoke_token(token=token, actor=actor, reason=values["reason"])
            return True

        if attempt(request, form, act):
            sentence = _("“%(name)s” is revoked: its next request is refused.")
            done = Sentence.of(sentence, name=token.name)
            return redirect_with(request, done, back, messages.success)
        return show_form(
            request,
            form,
            [(None, {"fields": ("reason",)})],
            title=Sentence.of(_("Revoke “%(name)s”?"), name=token.name),
            crumbs=[*home(), Crumb(_("API tokens"), back)],
            button=_("Revoke"),
            sentences=[_("Whatever uses this token is refused at once. It cannot be undone.")],
        )
