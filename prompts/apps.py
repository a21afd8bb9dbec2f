"""The prompts application."""

from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """The words, and who changed them."""

    name = "prompts"
