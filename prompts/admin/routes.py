"""A direction as a part of an address."""

from django.urls import register_converter

from prompts.admin.places.platform import FOR_EVERY_CALL
from prompts.domain.kinds import Direction


class DirectionConverter:
    """The two words, and no other."""

    regex = "|".join(one.value for one in Direction)

    def to_python(self, value: str) -> Direction:
        """The direction that an address names."""
        return Direction(value)

    def to_url(self, value: Direction | str) -> str:
        """The word for an address."""
        return Direction(value).value


class PlatformConverter:
    """The two words, and the one for the prompt that stands in every call."""

    regex = f"{FOR_EVERY_CALL}|{DirectionConverter.regex}"

    def to_python(self, value: str) -> Direction | None:
        """The direction that an address names, if any."""
        return None if value == FOR_EVERY_CALL else Direction(value)

    def to_url(self, value: Direction | str | None) -> str:
        """The word for an address."""
        return Direction(value).value if value else FOR_EVERY_CALL


def add_converters() -> None:
    """Let routes say ``<direction:direction>``, and ``<platform:direction>`` for the platform's."""
    register_converter(DirectionConverter, "direction")
    register_converter(PlatformConverter, "platform")
