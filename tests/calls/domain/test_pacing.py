"""A burst of publishes is few updates, and one publish by itself is never held."""

from itertools import pairwise
from math import ceil

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calls.domain.pacing import APART, LONGEST_HOLD, SPAN
from calls.domain.records import Result
from tests.calls.domain import builders as b

MOMENT = 1e-6  # seconds; what adding fractions of seconds may lose


class Quick:
    """A call whose model's side confirms each update as soon as it comes."""

    def __init__(self) -> None:
        self.call = b.talking()
        self.sent: list[tuple[float, int]] = []  # when each update left, and its revision

    @classmethod
    def published_at(cls, moments: list[float]) -> "Quick":
        """A call that heard of one publish at each of these moments, and what it did about them."""
        quick = cls()
        for revision, moment in enumerate(moments, start=2):
            quick.until(moment)
            quick.publish(revision)
        quick.until(moments[-1] + LONGEST_HOLD)
        return quick

    def publish(self, revision: int, text: str = "") -> None:
        self._confirm(self.call.publish(b.notice(revision, text)))

    def until(self, now: float) -> None:
        while (deadline := self.call.session.deadline) is not None and deadline <= now:
            self._confirm(self.call.at(max(deadline, self.call.now)))
        self.call.at(now)

    def _confirm(self, sent: b.Sent) -> None:
        for update in sent.to_model("session.update"):
            self.sent.append((self.call.now, self.call.session.known.revision))
            self.call.hear(b.echo(update["session"]["instructions"]))


@pytest.mark.parametrize("apart", [0.0, 0.01, 0.1, 0.2, 0.222])
def test_ten_publishes_make_at_most_two_updates_after_the_first(apart: float) -> None:
    quick = Quick.published_at([number * apart for number in range(10)])
    sent = [revision for _at, revision in quick.sent]
    assert sent[0] == 2
    assert sent[-1] == 11
    assert len(sent) <= 3
    results = dict(quick.call.all.receipts)
    assert results == {
        revision: Result.ACKNOWLEDGED if revision in (1, *sent) else Result.SUPERSEDED
        for revision in range(1, 12)
    }


within_two_seconds = st.lists(st.floats(0.0, 2.0), min_size=9, max_size=9).map(
    lambda later: sorted([0.0, *later])
)


@example([0.0, *[0.5] * 7, 1.25, 2.0])  # the last as the one before would leave
@given(within_two_seconds)
def test_however_ten_publishes_are_spaced_they_are_few_updates(moments: list[float]) -> None:
    sent = [at for at, _revision in Quick.published_at(moments).sent]
    assert sent[0] == 0.0
    assert len(sent) <= 4
    longest_pause = max(later - earlier for earlier, later in pairwise(moments))
    if moments[-1] < 2 * APART or longest_pause < APART - MOMENT:
        assert len(sent) <= 3


def test_a_pause_as_long_as_words_may_wait_is_what_makes_a_fourth_update() -> None:
    """Words that nothing follows cannot wait to see whether something will."""
    moments = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.95, 1.9, 1.95, 2.0]
    assert [round(at, 2) for at, _revision in Quick.published_at(moments).sent] == [
        0.0, 0.9, 1.85, 2.9,
    ]  # fmt: skip


@given(st.lists(st.floats(0.0, 6.0), min_size=1, max_size=40).map(sorted))
def test_updates_keep_their_distance_and_no_words_that_are_sent_have_waited_long(
    moments: list[float],
) -> None:
    sent = Quick.published_at(moments).sent
    waited = [at - moments[revision - 2] for at, revision in sent]
    assert max(waited) <= APART + MOMENT
    assert all(later[0] - earlier[0] >= APART - MOMENT for earlier, later in pairwise(sent))
    assert len(sent) <= 1 + ceil((moments[-1] - moments[0]) / APART + MOMENT)
    assert sent[-1][1] == len(moments) + 1  # the last stands
    for moment, before in zip(moments[1:], moments, strict=False):
        if moment - before > SPAN + APART:  # nothing of what was before is still going on
            assert moment in [at for at, _revision in sent]


def test_a_publish_a_second_after_the_other_leaves_as_it_comes() -> None:
    moments = [float(number) for number in range(10)]
    assert [at for at, _revision in Quick.published_at(moments).sent] == moments


def test_a_burst_that_does_not_end_holds_no_call_for_long() -> None:
    quick = Quick()
    for number in range(100):
        quick.until(number / 10)
        quick.publish(number + 2)
    moments = [at for at, _revision in quick.sent]
    assert max(later - earlier for earlier, later in pairwise(moments)) <= LONGEST_HOLD + 0.11
    assert len(moments) <= 9


def test_what_changed_nothing_holds_nothing() -> None:
    quick = Quick()
    for revision in (2, 3, 4):
        quick.publish(revision, b.words(1).text)
    quick.publish(5)
    assert quick.sent == [(0.0, 5)]


def test_words_taken_back_within_a_burst_are_never_sent() -> None:
    quick = Quick()
    quick.publish(2, "right")
    quick.publish(3, "wrong")
    quick.publish(4, "right")
    quick.until(9.0)
    assert [revision for _at, revision in quick.sent] == [2]
    assert quick.call.all.receipts[-2:] == [(3, Result.SUPERSEDED), (4, Result.UNCHANGED)]


def test_an_answer_that_we_are_about_to_ask_for_stands_under_the_newest_words() -> None:
    call = b.configured()
    call.publish(b.notice(2))
    call.answers_create("greeting")
    call.publish(b.notice(3))
    assert call.hear(b.done("greeting", "failed", "server_error")).types == ["session.update"]
    assert call.hear(b.echo(b.words(3).text)).types == ["response.create"]


def test_words_held_until_after_an_answer_began_leave_when_it_is_over() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(2).text))
    call.publish(b.notice(3))
    call.hear(b.created("r1"))
    assert call.at(5.0).model == []
    assert call.hear(b.done("r1")).types == ["session.update"]


def test_what_a_person_asks_for_leaves_at_once() -> None:
    call = b.talking()
    call.publish(b.notice(2))
    call.hear(b.echo(b.words(2).text))
    assert call.publish(b.notice(3)).model == []
    asked = call.session.refresh_asked(b.notice(3, at=call.now), call.now)
    assert b.Sent(asked).types == ["session.update"]
