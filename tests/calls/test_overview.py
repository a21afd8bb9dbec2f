"""What is told of the calls in progress."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from calls.domain.records import Result
from calls.models import Turn
from calls.overview import answers_to, live_calls
from calls.selectors import standing
from calls.services.progress import record_foreign_text
from calls.services.refresh import ask_refresh, take_refresh
from prompts.domain.kinds import Apply, Direction
from prompts.models import Business
from prompts.services.take_back import take_back
from tests import factories
from tests.calls.live_rows import make_call, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return factories.make_business()


def test_a_call_tells_its_turns_its_tokens_and_what_is_in_force(business: Business) -> None:
    call = make_call(business, 1, NOW, version=1, fingerprint="a" * 64)
    for position, tokens in enumerate((3, None, 4)):
        usage = None if tokens is None else {"total_tokens": tokens, "input_tokens": 1}
        Turn.objects.create(
            call=call, position=position, speaker="agent", started_at=NOW, usage=usage
        )
    make_receipt(call, 1, Result.ACKNOWLEDGED)
    make_receipt(call, 2, Result.UNCHANGED)
    last = make_receipt(call, 3, Result.REFUSED)
    (found,) = live_calls(NOW)
    assert found.turn_count == 3
    assert found.token_usage == {"input_tokens": 2, "output_tokens": 0, "total_tokens": 7}
    assert (found.revision, found.version, found.fingerprint) == (2, 2, f"{1:064x}")
    assert found.receipt == last


def test_a_call_without_receipts_tells_what_it_began_under(business: Business) -> None:
    make_call(business, 1, NOW, version=4, fingerprint="a" * 64)
    (found,) = live_calls(NOW)
    assert (found.revision, found.version, found.fingerprint) == (1, 4, "a" * 64)
    assert found.as_data()["receipt"] is None


def test_a_call_under_a_text_that_is_none_of_ours_names_no_version_of_ours(
    business: Business,
) -> None:
    call = make_call(business, 1, NOW)
    make_receipt(call, 1, Result.ACKNOWLEDGED)
    make_receipt(call, 2, Result.ACKNOWLEDGED, acknowledged_at=NOW)
    record_foreign_text(call.pk, "e" * 64)
    (found,) = live_calls(NOW)
    assert (found.revision, found.version, found.fingerprint) == (None, None, "e" * 64)
    record_foreign_text(call.pk, "")
    assert live_calls(NOW)[0].version == 2


def test_a_call_that_keeps_its_version_goes_on_keeping_it_after_other_changes(
    business: Business,
) -> None:
    call = make_call(business, 1, NOW)
    factories.publish_text(business, "One.")
    factories.publish_text(business, "Two.", apply=Apply.NEW_CALLS)
    make_receipt(call, 1, Result.ACKNOWLEDGED, version=1)
    make_receipt(call, 2, Result.HELD, version=1)
    assert live_calls(NOW)[0].held
    make_receipt(call, 3, Result.ACKNOWLEDGED, version=1)  # settings, for example
    assert live_calls(NOW)[0].held
    make_receipt(call, 4, Result.ACKNOWLEDGED, version=2)
    assert not live_calls(NOW)[0].held


def test_a_call_keeps_nothing_once_what_it_kept_is_published_again(business: Business) -> None:
    call = make_call(business, 1, NOW)
    factories.publish_text(business, "One.")
    factories.publish_text(business, "Two.", apply=Apply.NEW_CALLS)
    make_receipt(call, 2, Result.HELD, version=1)
    take_back(business=business, direction=Direction.INBOUND, base=2, reason="Back", actor=None)
    make_receipt(call, 3, Result.UNCHANGED, version=1)
    assert not live_calls(NOW)[0].held


def test_a_call_that_has_the_published_version_keeps_nothing(business: Business) -> None:
    factories.publish_text(business, "One.")
    make_receipt(make_call(business, 1, NOW), 1, Result.ACKNOWLEDGED, version=1)
    assert not live_calls(NOW)[0].held


def test_three_queries_tell_of_any_number_of_calls(
    business: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        make_receipt(make_call(business, number, NOW), 1, Result.ACKNOWLEDGED)
    with django_assert_num_queries(3):
        assert len([one.as_data() for one in live_calls(NOW)]) == 5


def test_one_query_tells_a_reconcile_of_revisions_and_of_what_was_asked(
    business: Business, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = factories.make_business("Other")
    calls = [make_call(business, number, NOW) for number in range(2)]
    make_call(other, 3, NOW)
    request_id = uuid4()
    ask_refresh([calls[0].pk], request_id=request_id, force=True)
    with django_assert_num_queries(1):
        found = standing([business.pk, other.pk])
    assert found.revisions == {business.pk: 1, other.pk: 1}
    (asked,) = found.asked
    assert (asked.business_id, asked.call_sid) == (business.pk, calls[0].sid)
    assert (asked.request_id, asked.force) == (request_id, True)


def test_a_request_that_was_taken_up_is_gone_and_a_newer_one_stays(business: Business) -> None:
    call, first, second = make_call(business, 1, NOW), uuid4(), uuid4()
    ask_refresh([call.pk], request_id=first, force=False)
    ask_refresh([call.pk], request_id=second, force=False)
    take_refresh(call.pk, first)
    assert [one.request_id for one in standing([business.pk]).asked] == [second]
    take_refresh(call.pk, second)
    assert standing([business.pk]).asked == []


def test_an_overtaken_answer_points_to_the_one_that_overtook_it(business: Business) -> None:
    call = make_call(business, 1, NOW)
    overtaken = make_receipt(call, 2, Result.SUPERSEDED)
    assert answers_to({call.pk: overtaken.pk}) == {}
    heir = make_receipt(call, 3, Result.ACKNOWLEDGED)
    assert answers_to({call.pk: overtaken.pk}) == {call.pk: heir}
    assert answers_to({call.pk: uuid4()}) == {}
