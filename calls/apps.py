"""The calls application."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """The phone calls: they read prompts and never write them."""

    name = "calls"
