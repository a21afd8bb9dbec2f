"""What a business does with a call that comes now."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from prompts.domain.kinds import Channel, Direction, Layer
from prompts.models import Business, Prompt


class State(StrEnum):
    """The four answers that a caller can meet."""

    ANSWERS = "answers"
    PAUSED = "paused"
    EMPTY = "empty"
    OFF = "off"


WORDS: dict[State, Promise] = {
    State.ANSWERS: _("Answers"),
    State.PAUSED: _("Paused"),
    State.EMPTY: _("Empty slot: no inbound prompt"),
    State.OFF: _("Switched off"),
}


def with_state(businesses: QuerySet[Business]) -> QuerySet[Business]:
    """The businesses, each knowing whether customers who call find a prompt."""
    inbound = Prompt.objects.filter(
        business=OuterRef("pk"),
        layer=Layer.BUSINESS.value,
        direction=Direction.INBOUND.value,
        channel=Channel.CALLS.value,
        current__isnull=False,
    )
    return businesses.select_related("settings").annotate(has_inbound=Exists(inbound))


def state_of(business: Business) -> State:
    """The state of a business that `with_state` has read."""
    if not business.is_active:
        return State.OFF
    if business.settings.paused:
        return State.PAUSED
    return State.ANSWERS if getattr(business, "has_inbound", False) else State.EMPTY
