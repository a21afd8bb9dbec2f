"""The routes of the project."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from voiceagent.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
]
if find_spec("calls.urls"):
    urlpatterns.append(path("", include("calls.urls")))
