"""The routes of the prompts: the HTTP interface and its description at /api/docs."""

from django.urls import path

from .api import api

urlpatterns = [path("api/", api.urls)]
