"""The calls application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class CallsConfig(AppConfig):
    """The phone calls: they read prompts and never write them."""

    name = "calls"
    verbose_name = gettext_lazy("Voice agent")

    def ready(self) -> None:
        """Connect what listens to prompts, and let their pages see the calls."""
        from calls import receivers  # noqa: F401  # connected by being imported
        from calls.admin.view import CallsView
        from calls.proof.publisher import receipts_for_publisher
        from prompts import receipts
        from prompts.admin import window

        window.offer(CallsView())
        receipts.offer(receipts_for_publisher)
