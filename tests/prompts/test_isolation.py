"""No word of another slot or business ever reaches a call."""

from itertools import product

import pytest

from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.layers import MissingPrompt, compose
from prompts.models import Business, Prompt
from prompts.selectors import read_wording
from prompts.services.revision import raise_revision
from prompts.services.slots import Move, Text, move_slot, write_version
from tests.factories import make_business

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SLOTS = list(product(Direction, Channel))


def sentinel(business: Business, direction: Direction, channel: Channel) -> str:
    return f"Sentinel-{business.name}-{direction}-{channel}."


def fill(business: Business, direction: Direction, channel: Channel) -> None:
    """Fill one slot of either channel as an import will."""
    slot = Prompt.objects.create(
        layer="business", business=business, direction=direction.value, channel=channel.value
    )
    version = write_version(slot, Text(sentinel(business, direction, channel)), "test", None)
    revision = raise_revision(business, "test")
    move_slot(slot, version, Move("import", Apply.LIVE, "test", revision, None))


@pytest.mark.parametrize("present", list(product([False, True], repeat=len(SLOTS))))
def test_each_call_gets_its_own_slot_or_none(present):
    ours, theirs = make_business("Ours"), make_business("Theirs")
    for (direction, channel), is_present in zip(SLOTS, present, strict=True):
        # What the one business has, the other lacks.
        fill(ours if is_present else theirs, direction, channel)
    for business, filled in ((ours, True), (theirs, False)):
        for (direction, channel), is_present in zip(SLOTS, present, strict=True):
            wording = read_wording(business.pk, direction, channel)
            if is_present is filled:
                instructions = compose(wording, context="")
                said = instructions.text + instructions.opening
                assert sentinel(business, direction, channel) in said
                assert said.count("Sentinel-") == 2
                assert said.count(sentinel(business, direction, channel)) == 2
            else:
                with pytest.raises(MissingPrompt):
                    compose(wording, context="")


def test_the_other_call_type_is_never_read():
    business = make_business()
    fill(business, Direction.INBOUND, Channel.CALLS)
    fill(business, Direction.OUTBOUND, Channel.CALLS)
    inbound = compose(read_wording(business.pk, Direction.INBOUND), context="").text
    outbound = compose(read_wording(business.pk, Direction.OUTBOUND), context="").text
    assert "This is an inbound call" in inbound
    assert "outbound" not in inbound.replace("Sentinel-Bloom & Stem-outbound", "")
    assert "This is an outbound call" in outbound
    assert "This is an inbound call" not in outbound
