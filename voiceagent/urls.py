"""The routes of the project."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from voiceagent.api import api
from voiceagent.health import healthz, readyz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", include("prompts.admin.passwords")),
    path("admin/", admin.site.urls),
    path("", api.urls),
    path("", include("calls.urls")),
]
