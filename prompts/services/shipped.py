"""Installing the prompts that come with the software."""

from django.db import transaction

from prompts.models import Platform
from prompts.shipped import SHIPPED, Shipped

from .platform import release_platform
from .revision import lock_platform
from .slots import Text, platform_slot, write_version

NOTE = "Shipped with voiceagent"


@transaction.atomic
def install_shipped() -> None:
    """Release the shipped prompts where a slot is empty; elsewhere add a newer one unpublished.

    Safe to repeat: a text that the slot already has is left alone. A pointer that people have
    moved stays where it is.
    """
    Platform.objects.get_or_create(pk=1)
    platform = lock_platform()
    for shipped in SHIPPED:
        _install(platform, shipped)


def _install(platform: Platform, shipped: Shipped) -> None:
    """One shipped text into its slot."""
    words = Text(shipped.text).canonical()
    slot = platform_slot(shipped.direction)
    if slot.versions.filter(text=words.text).exists():
        return
    version = write_version(slot, words, NOTE, None)
    if slot.current is None:
        release_platform(platform, slot, version, reason=NOTE, actor=None)
