"""The model's socket is lost: what becomes of words on their way, and of words that are refused."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from calls.domain import events
from calls.domain.phases import Phase
from calls.domain.reasons import EndReason
from calls.domain.records import KnownBy, Result, Route
from calls.domain.recount import Recount
from tests.calls.domain import builders as b
from tests.calls.domain import proofs
from tests.calls.domain.losses import GREETED, answer, asked, greeted, restore, told

# Receipts


def test_an_update_that_was_in_the_air_is_confirmed_by_the_next_session() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.lose()
    receipt = restore(call).receipt
    assert (receipt.revision, receipt.result, receipt.route) == (
        2,
        Result.ACKNOWLEDGED,
        Route.RECONNECT,
    )
    assert call.all.receipts == [(1, Result.ACKNOWLEDGED), (2, Result.ACKNOWLEDGED)]
    assert proofs.faults(call) == []


def test_a_person_who_waits_for_an_update_in_the_air_gets_its_receipt() -> None:
    call = greeted()
    asked_for = replace(b.notice(2, at=0.5), route=Route.MANUAL, receipt_id=UUID(int=77))
    call._kept(call.session.refresh_asked(asked_for, call.now))
    call.lose()
    receipt = restore(call).receipt
    assert (receipt.id, receipt.committed) == (UUID(int=77), 0.5)


def test_an_update_in_the_air_that_was_overtaken_says_so() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.publish(b.notice(3))
    assert call.lose().receipts == [(2, Result.SUPERSEDED)]
    assert restore(call).receipts == [(3, Result.ACKNOWLEDGED)]


def test_words_that_were_confirmed_before_get_no_second_receipt() -> None:
    call = greeted()
    call.lose()
    assert restore(call).receipts == []
    call.lose()
    assert call.publish(b.notice(2)).receipts == []  # nothing is superseded
    assert restore(call).receipts == [(2, Result.ACKNOWLEDGED)]


@pytest.mark.parametrize("result", [Result.REFUSED, Result.UNVERIFIED])
def test_words_that_were_not_confirmed_are_tried_again_by_a_new_session(result: Result) -> None:
    call = greeted()
    call.publish(b.notice(2))
    if result is Result.REFUSED:
        call.hear(b.error("invalid_value", "update-2"))
    else:
        call.at(call.now + 9)
    assert call.all.receipts[-1] == (2, result)
    call.lose()
    receipt = restore(call).receipt
    assert (receipt.revision, receipt.route) == (2, Route.RECONNECT)


@pytest.mark.parametrize("held", [True, False])
def test_a_change_that_says_the_same_while_the_model_is_away_is_settled_once(held: bool) -> None:
    call = greeted()
    call.lose()
    news = call.publish(b.notice(2, b.words(1).text, held=held))
    assert news.receipts == [(2, Result.HELD if held else Result.UNCHANGED)]
    assert restore(call).receipts == []
    call.hear(b.created("r2"))
    (turn,) = call.hear(b.done("r2")).turns
    assert turn.stamp is not None
    assert turn.stamp.revision == 2
    assert proofs.faults(call) == []


def test_a_publish_while_the_new_session_is_told_is_sent_before_the_answer() -> None:
    call = asked(greeted())
    call.lose()
    call.hear(events.SessionCreated())
    call.publish(b.notice(2))
    sent = call.hear(b.echo(b.words(1).text))
    assert sent.types[-1] == "session.update"
    assert sent.to_model("response.create") == []
    assert call.hear(b.echo(b.words(2).text)).types == ["response.create"]


def test_echoes_that_the_old_session_still_owed_are_not_waited_for_in_the_new_one() -> None:
    """Two sendings were never answered; an echo without its text is the new session's own."""
    call = greeted()
    call.publish(b.notice(2))
    call.at(call.now + 4)
    call.lose()
    call.hear(events.SessionCreated())
    assert call.hear(b.echo(None)).receipts == [(2, Result.ACKNOWLEDGED_UNSEEN)]
    assert call.session.phase is Phase.TALKING


def test_texts_of_the_old_session_mean_nothing_in_the_new_one() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(2).text))
    call.lose()
    restore(call)
    call.hear(b.echo(b.words(1).text))  # never sent there
    call.hear(b.created("r2"))
    (turn,) = call.hear(b.done("r2")).turns
    assert turn.stamp is not None
    assert turn.stamp.known_by is KnownBy.UNVERIFIED
    assert proofs.faults(call) == []


# Words that are refused


def refuse(call: b.Call) -> b.Sent:
    """The model's side refuses the update in flight."""
    name = call.all.to_model("session.update")[-1]["event_id"]
    return call.hear(b.error("invalid_value", name))


def refused_twice() -> tuple[b.Call, b.Sent]:
    """Newer words, refused by the session of the call and by the one after its loss."""
    call = greeted()
    call.publish(b.notice(2))
    refuse(call)
    call.lose()
    call.hear(events.SessionCreated())
    return call, refuse(call)


def test_words_that_every_session_refuses_leave_the_call_on_those_that_stood() -> None:
    call, sent = refused_twice()
    (update,) = sent.to_model("session.update")
    assert update["session"]["instructions"] == b.words(1).text
    assert sent.logged == ["model.error", "session.fell_back", "session.update_sent"]
    restored = call.hear(b.echo(b.words(1).text))
    assert call.session.phase is Phase.TALKING
    assert ("assistant", GREETED) in told(restored)
    answer(call, "r1", "At nine.")
    assert call.all.turns[-1].stamp.revision == 1
    assert call.all.receipts == [(1, Result.ACKNOWLEDGED), (2, Result.REFUSED)]
    assert proofs.faults(call) == []


def test_newer_words_than_the_refused_ones_are_sent_after_them() -> None:
    call, _ = refused_twice()
    call.hear(b.echo(b.words(1).text))
    call.at(call.now + 2)
    (update,) = call.publish(b.notice(3)).to_model("session.update")
    assert update["session"]["instructions"] == b.words(3).text
    call.hear(b.echo(b.words(3).text))
    assert call.all.receipts[-1] == (3, Result.ACKNOWLEDGED)
    assert proofs.faults(call) == []


def test_a_session_that_refuses_what_stood_as_well_is_the_end() -> None:
    call, _ = refused_twice()
    end = refuse(call).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED


def test_newer_words_that_wait_are_offered_to_a_session_that_refuses_others() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.lose()
    call.hear(events.SessionCreated())
    call.publish(b.notice(3))
    (update,) = refuse(call).to_model("session.update")
    assert update["session"]["instructions"] == b.words(3).text
    call.hear(b.echo(b.words(3).text))
    assert call.session.phase is Phase.TALKING
    assert call.all.receipts == [
        (1, Result.ACKNOWLEDGED),
        (2, Result.REFUSED),
        (3, Result.ACKNOWLEDGED),
    ]
    assert proofs.faults(call) == []


def test_the_session_after_that_is_offered_the_newest_words_again() -> None:
    call, _ = refused_twice()
    call.lose()
    (update,) = call.hear(events.SessionCreated()).to_model("session.update")
    assert update["session"]["instructions"] == b.words(2).text
    (update,) = refuse(call).to_model("session.update")
    assert update["session"]["instructions"] == b.words(1).text
    call.hear(b.echo(b.words(1).text))
    assert call.session.phase is Phase.TALKING
    assert proofs.faults(call) == []


def test_words_that_may_have_stood_are_not_taken_back_for_older_ones() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.at(call.now + 9)  # nobody said whether they stand
    call.lose()
    call.hear(events.SessionCreated())
    end = refuse(call).end
    assert end is not None
    assert end.reason is EndReason.INSTRUCTIONS_NOT_CONFIRMED


def test_older_words_in_a_new_session_that_refused_nothing_are_a_fault() -> None:
    call = greeted()
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(2).text))
    call.lose()
    call.hear(events.SessionCreated())
    log = proofs.kept_of(proofs.jobs_of(call, end=True)).log
    assert Recount().read(log).faults == []
    newest = [entry for entry in log if entry.event == "session.update"][-1]
    words = {"revision": 1, "fingerprint": b.words(1).fingerprint}
    older = replace(newest, facts={**newest.facts, **words})
    found = Recount().read([older if entry is newest else entry for entry in log])
    assert found.faults == ["Revision 1 came after revision 2."]
