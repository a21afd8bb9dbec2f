"""The prompts application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy


class PromptsConfig(AppConfig):
    """The words, and who changed them."""

    name = "prompts"
    verbose_name = gettext_lazy("Voice agent")

    def ready(self) -> None:
        """Declare the database's rules and start to listen."""
        from prompts import guards, receivers

        guards.register_all()
        pre_migrate.connect(receivers.step_aside, sender=self)
        post_migrate.connect(receivers.settle, sender=self)
