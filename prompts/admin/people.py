"""Users and groups: Django's own pages, but whoever has acted is deactivated, never deleted."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from prompts.models import AuditEntry, PromptVersion, Release

from .pages.page import redirect_with

if TYPE_CHECKING:
    StockUserAdmin = DjangoUserAdmin[User]
else:
    StockUserAdmin = DjangoUserAdmin

admin.site.unregister(User)


@admin.register(User)
class UserAdmin(StockUserAdmin):
    """Django's page of a user, with care for history."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleting many at once would pass by the question who has acted."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only people whom no history names can go."""
        return super().has_delete_permission(request, obj) and not (obj and has_acted(obj))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why a person stays, instead of a refusal without words."""
        user = self.get_object(request, object_id)
        if user is not None and self.has_change_permission(request, user) and has_acted(user):
            sentence = _(
                "%(name)s has published or changed something and stands in the history, so the "
                "account stays. Take away the mark at “Active” and save: "
                "the person can then no longer log in."
            )
            url = reverse("admin:auth_user_change", args=[user.pk])
            return redirect_with(
                request, sentence % {"name": user.get_username()}, url, messages.warning
            )
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response


def has_acted(user: User) -> bool:
    """Whether history names this person."""
    return (
        AuditEntry.objects.filter(actor=user).exists()
        or PromptVersion.objects.filter(author=user).exists()
        or Release.objects.filter(actor=user).exists()
    )
