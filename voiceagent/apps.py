"""The project itself as a Django application: its checks and its log."""

from django.apps import AppConfig


class VoiceagentConfig(AppConfig):
    """What is switched on."""

    name = "voiceagent"

    def ready(self) -> None:
        """Register the checks, and keep tokens out of every log from here on."""
        from voiceagent import checks, logs

        checks.register()
        logs.install()
