"""What somebody reads who typed a wrong password too often."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


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
