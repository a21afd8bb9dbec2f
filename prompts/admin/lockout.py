"""Logging in, and what somebody reads who typed a wrong password too often."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class LoginForm(AdminAuthenticationForm):
    """Refuses a name that no account can have before anybody looks for it or writes it down."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Django tells the browser the limit, and the browser need not keep it."""
        super().__init__(*arguments, **options)
        limit = User._meta.get_field("username").max_length or 0
        self.fields["username"].validators.append(MaxLengthValidator(limit))


def answer(request: HttpRequest, *arguments: object) -> HttpResponse:
    """A page that says how long it lasts and what helps; django-axes asks for it."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    context = {
        **admin.site.each_context(request),
        "title": _("Too many wrong passwords"),
        "minutes": seconds // 60,
    }
    response = render(request, "admin/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
