"""The calls application."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """The phone calls: they read prompts and never write them."""

    name = "calls"

    def ready(self) -> None:
        """Connect what listens to prompts."""
        from calls import receivers  # noqa: F401  # connected by being imported
