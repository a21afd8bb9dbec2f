"""What lists of calls are counted from."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet

from calls.models import Call, Turn
from calls.selectors import abandoned_calls, calls_served, never_connected
from prompts.domain.kinds import Direction
from prompts.models import PromptVersion
from tests.calls.live_rows import make_call
from tests.factories import make_business, publish_text

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def answer(call: Call, position: int, version: PromptVersion) -> None:
    Turn.objects.create(
        call=call,
        position=position,
        speaker="agent",
        started_at=START,
        version=version.number,
        prompt_version=version,
    )


@pytest.mark.both_databases
def test_a_version_serves_the_calls_that_began_under_it_and_those_that_took_it_up() -> None:
    business = make_business()
    first, second = publish_text(business, "One."), publish_text(business, "Two.")
    outbound = publish_text(business, "We call.", direction=Direction.OUTBOUND)
    moved = make_call(business, 1, START, sid="CA1", version=1)
    for position, version in enumerate((first, second, second)):
        answer(moved, position, version)
    make_call(business, 1, START, sid="CA2", version=1)  # silent to its end
    stranger = publish_text(make_business("Other"), "Theirs.")
    answer(make_call(stranger.prompt.business, 1, START, sid="CA3", version=1), 0, stranger)
    assert calls_served(business.pk, Direction.INBOUND, [1, 2]) == {1: 2, 2: 1}
    assert calls_served(business.pk, Direction.OUTBOUND, [outbound.number]) == {}


@pytest.mark.parametrize("find", [never_connected, abandoned_calls])
def test_lost_calls_are_looked_for_in_no_order(find: Callable[[datetime], QuerySet[Call]]) -> None:
    """Every page of calls does so: in the order of time SQLite hops from row to row for each."""
    assert not find(START).ordered
