"""What a call would hear in every direction of every business, and from where."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from calls.models import Receipt, Turn
from prompts.domain.kinds import Channel, Direction, Layer
from prompts.domain.layers import Wording, choose, share
from prompts.domain.unspeakable import Unspeakable
from prompts.models import Business, PromptVersion
from prompts.selectors import read_wording

Place = dict[str, Any]  # Any: JSON

OURS = Q(
    prompt_version__prompt__layer=Layer.BUSINESS.value,
    prompt_version__prompt__channel=Channel.CALLS.value,
    prompt_version__prompt__direction=F("call__direction"),
    prompt_version__prompt__business=F("call__business"),
)


def check_directions() -> dict[str, Any]:
    """Every place, and every stamp of a past call that names a version of another place."""
    places = list(_places())
    strangers = [*_strangers("turn"), *_strangers("receipt")]
    return {
        "good": not strangers and all(place["own"] for place in places),
        "places": places,
        "missing": [
            {"business": place["business"], "direction": place["direction"], "why": place["why"]}
            for place in places
            if place["why"]
        ],
        "strangers": strangers,
    }


def _places() -> Iterator[Place]:
    for business_id, name in Business.objects.order_by("pk").values_list("pk", "name"):
        for direction in Direction:
            wording = read_wording(business_id, direction)
            place = {"business": business_id, "name": name, "direction": direction.value}
            yield place | {"paused": wording.paused} | _heard(wording)


def _heard(wording: Wording) -> Place:
    """The versions that a call would hear; ``own`` is false for one of another slot."""
    try:
        chosen, shared = choose(wording, None), share(wording)
    except Unspeakable as error:
        return {"why": str(error), "versions": None, "words": "", "own": True}
    slot = PromptVersion.objects.select_related("prompt").get(pk=chosen.business.version_id).prompt
    asked_for = (wording.business_id, wording.direction.value, wording.channel.value)
    return {
        "why": "",
        "versions": {
            Layer.UNIVERSAL.value: chosen.universal.number,
            Layer.BUSINESS.value: chosen.business.number,
            Layer.CALL_TYPE.value: chosen.call_type.number,
        },
        "words": shared.words,
        "own": (slot.business_id, slot.direction, slot.channel) == asked_for,
    }


def _strangers(kind: str) -> Iterator[Place]:
    """Rows of past calls that name a version of another business, direction or channel."""
    rows = (Turn if kind == "turn" else Receipt)._default_manager
    found = rows.filter(prompt_version__isnull=False).exclude(OURS)
    for pk, sid, version_id in found.values_list("pk", "call__sid", "prompt_version_id"):
        yield {"kind": kind, "id": str(pk), "call": sid, "prompt_version": version_id}
