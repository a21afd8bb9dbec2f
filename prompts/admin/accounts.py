"""Accounts, for superusers: Django's pages, with one audit entry for each change.

Groups and single permissions are not offered: what a person may do in a business is a role.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm as DjangoNewForm
from django.contrib.auth.forms import UserChangeForm as DjangoChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.models import AuditEntry, PromptVersion, ReadEntry, Release
from prompts.sentences import Sentence
from prompts.services import accounts
from prompts.tenancy import publishes_platform
from prompts.validation import account_name_faults

from . import rights
from .pages.page import own_url, redirect_with, zone_of

if TYPE_CHECKING:
    StockUserAdmin = DjangoUserAdmin[User]
    StockChangeForm = DjangoChangeForm[User]
    StockNewForm = DjangoNewForm[User]
else:
    StockUserAdmin = DjangoUserAdmin
    StockChangeForm = DjangoChangeForm
    StockNewForm = DjangoNewForm

AUDIT = "admin:prompts_auditentry_changelist"
DATES = format_lazy("{} ({})", gettext_lazy("Dates"), zone_of(None))

admin.site.unregister(User)
admin.site.unregister(Group)


class NewAccountForm(StockNewForm):
    """An account with a name of its own."""

    def clean_username(self) -> str:
        """Keep the name of the software free."""
        name = str(super().clean_username())
        _refuse_name(name)
        return name


class AccountForm(StockChangeForm):
    """An account, with the one permission that is asked beside roles."""

    publishes = forms.BooleanField(
        label=gettext_lazy("May publish platform prompts"),
        required=False,
        help_text=gettext_lazy(
            "They stand in the calls of every business. It counts for superusers only."
        ),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Show the permission as it stands."""
        super().__init__(*arguments, **options)
        self.fields["publishes"].initial = publishes_platform(self.instance)

    def clean_username(self) -> str:
        """Keep the name of the software free."""
        name = str(self.cleaned_data["username"])
        if "username" in self.changed_data:
            _refuse_name(name)
        return name

    def clean(self) -> dict[str, Any] | None:
        """Keep an owner in every business that has one."""
        cleaned = super().clean()
        kept = User.objects.get(pk=self.instance.pk)
        changed = User(is_active=bool(self.cleaned_data.get("is_active")))
        if fault := accounts.switching_off_fault(kept, changed):
            self.add_error("is_active", fault)
        return cleaned


@admin.register(User)
class UserAdmin(StockUserAdmin):
    """Accounts to make, to change and to switch off."""

    form = AccountForm
    add_form = NewAccountForm
    actions = None
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "roles")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            gettext_lazy("What this person may do"),
            {"fields": ("is_active", "roles", "is_superuser", "publishes")},
        ),
        (DATES, {"fields": ("last_login", "date_joined")}),
    )

    @admin.display(description=gettext_lazy("Roles"))
    def roles(self, account: User) -> SafeString | str:
        """The roles, each with the way to the people of its business."""
        rows = account.memberships.select_related("business").order_by("business__name", "pk")
        if not rows:
            return _("None yet. An owner gives roles on the page “People” of a business.")
        return format_html_join(
            "",
            '<div><a href="{}"><bdi>{}</bdi></a>: {}</div>',
            (
                (own_url("people", one.business_id), one.business.name, one.get_role_display())
                for one in rows
            ),
        )

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever changes accounts could make any account a superuser's."""
        return rights.person(request).is_superuser

    has_add_permission = has_change_permission = has_module_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only people whom no history names can go."""
        return self.has_view_permission(request) and not (obj and has_acted(obj))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Let the service save, with its entry."""
        actor = rights.person(request)
        if change:
            publishes = form.cleaned_data["publishes"]
            accounts.change_account(account=obj, publishes=publishes, actor=actor)
        else:
            accounts.add_account(account=obj, actor=actor)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Let the service delete, with its entry."""
        accounts.delete_account(account=obj, actor=rights.person(request))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Write a new password down in the transaction that saves it."""
        with transaction.atomic():
            before = self.get_object(request, id)
            response: HttpResponse = super().user_change_password(request, id, form_url)
            after = self.get_object(request, id)
            if before and after and before.password != after.password:
                accounts.record_new_password(account=after, actor=rights.person(request))
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why a person stays, instead of a refusal without words."""
        user = self.get_object(request, object_id)
        if user is not None and self.has_change_permission(request, user) and has_acted(user):
            sentence = _(
                "%(name)s stands in the history of what was done and looked at, so the "
                "account stays. Take away the mark at “Active” and save: "
                "the person can then no longer log in."
            )
            url = reverse("admin:auth_user_change", args=[user.pk])
            return redirect_with(
                request, Sentence.of(sentence, name=user.get_username()), url, messages.warning
            )
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was changed about the account, from our own audit: Django keeps nothing of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(
            reverse(AUDIT, query={"thing": "user", "row": unquote(object_id)})
        )


def has_acted(user: User) -> bool:
    """Whether history names this person."""
    return (
        AuditEntry.objects.filter(actor=user).exists()
        or PromptVersion.objects.filter(author=user).exists()
        or Release.objects.filter(actor=user).exists()
        or ReadEntry.objects.filter(actor=user).exists()
    )


def _refuse_name(name: str) -> None:
    if faults := account_name_faults(name):
        raise ValidationError(faults)
