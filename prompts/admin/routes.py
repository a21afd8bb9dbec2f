"""A direction as a part of an address."""

from django.urls import register_converter

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


def add_direction_to_routes() -> None:
    """Let routes say ``<direction:direction>``."""
    register_converter(DirectionConverter, "direction")
