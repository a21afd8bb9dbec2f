"""The routes of the prompts, with the admin to which a stranger is sent."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("", include("prompts.urls")), path("admin/", admin.site.urls)]
