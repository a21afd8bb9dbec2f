"""What a call would hear in every place, and whether any ever heard the words of another."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calls.domain.records import Result
from calls.inspection.directions import check_directions
from calls.models import Turn
from prompts.domain.kinds import Direction
from prompts.models import PromptVersion
from tests.calls.live_rows import make_call, make_receipt
from tests.factories import make_business, publish_text

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stamp(version: PromptVersion, direction: Direction, business_id: int | None = None) -> None:
    business = version.prompt.business
    assert business is not None
    call = make_call(business, version.pk, NOW, direction=direction.value)
    if business_id:
        type(call).objects.filter(pk=call.pk).update(business_id=business_id)
    Turn.objects.create(
        call=call, position=1, speaker="agent", started_at=NOW, prompt_version=version
    )
    make_receipt(call, 1, Result.ACKNOWLEDGED, prompt_version=version)


def test_every_place_is_told_and_empty_slots_are_listed() -> None:
    business = make_business()
    version = publish_text(business, "In.")
    stamp(version, Direction.INBOUND)
    found = check_directions()
    inbound, outbound = found["places"]
    assert inbound["versions"] == {"universal": 1, "business": 1, "call_type": 1}
    assert outbound["versions"] is None
    assert [(one["business"], one["direction"]) for one in found["missing"]] == [
        (business.pk, "outbound")
    ]
    assert found["good"]
    assert found["strangers"] == []


@pytest.mark.parametrize("foreign", ["direction", "business"])
def test_a_stamp_of_another_place_is_found(foreign: str) -> None:
    business, other = make_business(), make_business("Other")
    version = publish_text(business, "In.")
    if foreign == "direction":
        stamp(version, Direction.OUTBOUND)
    else:
        stamp(version, Direction.INBOUND, other.pk)
    assert [one["kind"] for one in check_directions()["strangers"]] == ["turn", "receipt"]
    out = StringIO()
    with pytest.raises(CommandError, match="another place"):
        call_command("check_directions", "--json", stdout=out)
    assert json.loads(out.getvalue())["good"] is False
