"""What a check finds in logs that break off, and in those of older times."""

from uuid import UUID

import pytest
from msgspec.structs import replace

from calls.domain import audit
from calls.domain.entries import Entry
from calls.domain.pages import Logged, Pages
from calls.live.rows import page_row
from tests.calls.domain import builders as b
from tests.calls.domain import proofs


def spoken() -> b.Call:
    """A call with an answer heard to its end, and a publish."""
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.delta("r1", 800))
    call.hear(b.done("r1"))
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(2).text))
    return call


def older(entry: Logged) -> Logged:
    """An entry as it was written before logs named layers and what stands between them."""
    facts = dict(entry.facts)
    if facts.pop("joint", None) is not None:
        facts["layers"] = [sha for _name, sha in facts["layers"]]
    return replace(entry, facts=facts)


def kept_of_old(call: b.Call, *, end: bool = True, last: str = "") -> proofs.Kept:
    """The rows of a call whose log does not say how it began, and goes no further than ``last``."""
    kept = proofs.kept_of(proofs.jobs_of(call, end=end))
    log = [older(one) for one in kept.log if one.event != "begin"]
    while last and log[-1].event != last:
        log.pop()
    writing, kept.pages = Pages(proofs.ADMISSION.call_sid, 0.0), []
    for entry in log:
        page = writing.add(Entry(entry.event, lambda one=entry: one.facts), entry.ms / 1000)
        kept.pages += [page_row(1, page)] if page else []
    page = writing.turn()
    kept.pages += [page_row(1, page)] if page else []
    return kept


def test_a_worker_that_dies_after_an_interruption_leaves_a_log_that_breaks_off() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.delta("r1", 8000))
    assert call.hear(b.speech()).turns
    finding = proofs.kept_of(proofs.jobs_of(call)).check()
    assert (finding.faults, finding.has_end, finding.answers) == ([], False, 2)


def test_no_row_says_more_of_an_end_than_a_log_that_breaks_off() -> None:
    call = spoken()
    kept = proofs.kept_of(proofs.jobs_of(call))
    (row,) = [turn for turn in kept.answers.values() if turn.response_id == "r1"]
    row.status, row.usage = "in_progress", None  # as it was before the last batch
    assert kept.check().faults == []
    row.status = "cancelled"
    assert kept.check().faults == ["Call CA1: Answer 2 was altered: status, usage."]


def test_a_receipt_that_no_log_knows_is_made_up_also_where_the_log_breaks_off() -> None:
    kept = proofs.kept_of(proofs.jobs_of(spoken()))
    kept.receipts[-1].id = UUID(int=77)
    assert [fault for fault in kept.check().faults if "is not in the log" in fault]


@pytest.mark.parametrize("end", [True, False])
def test_what_an_older_log_does_not_say_is_no_fault(*, end: bool) -> None:
    kept = kept_of_old(spoken(), end=end)
    assert kept.check().faults == []
    kept.call.version, kept.call.started_revision = 99, 99
    assert kept.check().faults == []


def test_what_an_older_log_says_is_compared() -> None:
    kept = kept_of_old(spoken())
    (row,) = [turn for turn in kept.answers.values() if turn.response_id == "r1"]
    row.usage = {"total_tokens": 4}
    assert kept.check().faults == ["Call CA1: Answer 2 was altered: usage."]


def test_an_answer_that_ended_twice_was_kept_in_either_way_in_older_times() -> None:
    call = b.talking()
    call.hear(b.created("r1"))
    call.hear(b.delta("r1", 8000))
    call.at(call.now + 20.0)  # given up
    call.hear(b.done("r1"))
    kept = kept_of_old(call)
    (row,) = [turn for turn in kept.answers.values() if turn.response_id == "r1"]
    for status, usage in [("failed", None), ("completed", {"total_tokens": 3})]:
        row.status, row.usage = status, usage
        assert kept.check().faults == []


def test_a_receipt_of_older_times_may_lack_its_entry_where_the_log_breaks_off() -> None:
    kept = kept_of_old(spoken(), last="session.updated", end=False)
    assert kept.check().faults == []


def test_layers_in_an_older_log_are_compared_by_their_hashes() -> None:
    sent = {"new": {"layers": [["business", "1"]], "joint": "-"}, "old": {"layers": ["1"]}}
    finding = audit.Finding([], sent=sent)
    assert finding.names_layers_of("new", [["business", "1"]], "-")
    assert not finding.names_layers_of("new", [["universal", "1"]], "-")
    assert not finding.names_layers_of("new", [["business", "1"]], "+")
    assert finding.names_layers_of("old", [["universal", "1"]], "+")
    assert not finding.names_layers_of("old", [["universal", "2"]], "-")
    assert not finding.names_layers_of("old", None, "-")
    assert finding.texts == {"new", "old", "1"}
