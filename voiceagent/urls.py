"""The routes of the project."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from voiceagent.api import api
from voiceagent.health import healthz, readyz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("language/", set_language, name="set_language"),
    path("admin/", include("prompts.admin.passwords")),
    path("admin/", admin.site.urls),
    path("", api.urls),
    path("", include("calls.urls")),
]
