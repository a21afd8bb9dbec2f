"""Publishes, echoes, refusals, answers and time in any order: the promises of the one gate."""

import os
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from calls.domain.phases import Phase
from calls.domain.records import KnownBy, Result
from tests.calls.domain import builders as b
from tests.calls.domain import proofs

TEXTS = ["alpha", "beta", "gamma", "delta"]
SCHEDULES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 300


@dataclass(frozen=True)
class Expected:
    """What the little model says of one answer."""

    known_by: str
    following: str
    fingerprint: str
    own: str


class Gate(RuleBasedStateMachine):
    """One call in its conversation, and a small model's side that answers when it likes.

    The little model of what stands under each answer knows only the order of events on the
    socket: sendings, echoes, refusals, answers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.call = b.configured(b.configuration(1, "alpha"))
        self.call.answers_create("greeting")
        self.revision = 1
        self.seen_revision = 1
        self.responses = 1
        self.queue: list[str] = []  # texts that the model's side applied and did not echo yet
        self.unanswered: list[tuple[str, str]] = []  # sendings it has not looked at: id, text
        self.flight: list[str] = []  # ids of the update in flight, as the order shows it
        self.flight_text = ""
        self.flight_since = 0.0
        self.in_force = "alpha"
        self.text_of = {1: "alpha"}
        self.doubts: list[str] = []
        self.earlier_echoes = 0
        self.generating: str | None = None
        self.create: dict[str, Any] | None = None
        self.stamps: dict[str, set[Any]] = {}
        self.expected: dict[str, Expected] = {}
        self.call.hear(b.delta("greeting", 1600))
        self.call.hear(b.done("greeting"))
        self.taken = len(self.call.log)
        self.quiet_until = 0.0

    def take(self) -> None:
        """Look at what the session sent since the last time."""
        sent = b.Sent(self.call.log[self.taken :])
        self.taken = len(self.call.log)
        for event in sent.model:
            if event["type"] == "session.update":
                self._update_sent(event)
            if event["type"] == "response.create":
                waited = self.call.now >= self.flight_since + 3.0
                assert not self.flight or waited, "an answer was asked for before its update"
                assert self.generating is None
                assert self.create is None
                self.create = event
        for revision, result in sent.receipts:
            if result in (Result.UNCHANGED, Result.HELD):
                assert not self.doubts, "what may not stand was called unchanged"
                assert self.text_of[revision] == self.in_force
        for turn in sent.turns:
            if turn.response_id:
                self.stamps.setdefault(turn.response_id, set()).add(turn.stamp)

    def _update_sent(self, event: dict[str, Any]) -> None:
        text = event["session"].get("instructions", self.in_force)
        assert self.generating is None, "an update left while an answer was being generated"
        assert self.create is None, "an update left beside an unanswered create"
        if self.flight:
            assert text == self.flight_text, "two updates in flight"
            assert len(self.flight) == 1
            assert self.call.now >= self.flight_since + 3.0
        else:
            self.flight_text, self.flight_since = text, self.call.now
            self.earlier_echoes = len(self.queue) + len(self.unanswered)
        self.flight.append(event["event_id"])
        self.unanswered.append((event["event_id"], text))

    @rule(text=st.sampled_from(TEXTS), step=st.integers(-2, 3), held=st.booleans())
    def publish(self, text: str, step: int, held: bool) -> None:
        revision = max(1, self.revision + step)
        text = self.text_of.setdefault(revision, text)
        self.revision = max(self.revision, revision)
        self.call.publish(b.notice(revision, text, at=self.call.now, held=held))
        self.take()

    @precondition(lambda self: self.unanswered)
    @rule()
    def the_model_applies(self) -> None:
        self.queue.append(self.unanswered.pop(0)[1])

    @precondition(lambda self: self.unanswered)
    @rule()
    def the_model_says_nothing(self) -> None:
        self.unanswered.pop(0)

    @precondition(lambda self: self.unanswered)
    @rule(named=st.booleans())
    def the_model_refuses(self, named: bool) -> None:
        event_id, _ = self.unanswered.pop(0)
        if not named and event_id not in self.flight:
            return
        code = "invalid_value"
        if event_id in self.flight:
            self.flight = []
        self.call.hear(b.error(code, event_id if named else "", "" if named else "session.audio"))
        self.take()

    @precondition(lambda self: self.queue)
    @rule(doubled=st.booleans())
    def the_model_echoes(self, doubled: bool) -> None:
        text = self.queue.pop(0)
        self._echo(text)
        if doubled and not self.flight:
            self._echo(text)

    @rule()
    def a_stranger_stands(self) -> None:
        self._echo("not ours")

    def _echo(self, text: str) -> None:
        before = self.call.session.updates.in_flight
        self.call.hear(b.echo(text))
        after = self.call.session.updates.in_flight
        if before is not None and (after is None or after.event_ids[0] != before.event_ids[0]):
            assert text == self.flight_text, "another text was taken for the answer"
            self.flight, self.doubts = [], []
        elif text in self.doubts:
            self.doubts = self.doubts[self.doubts.index(text) + 1 :]
        self.in_force = text
        self.take()

    @precondition(lambda self: self.generating is None)
    @rule()
    def the_model_answers_the_caller(self) -> None:
        self._begin({})

    @precondition(lambda self: self.generating is None and self.create is not None)
    @rule()
    def the_model_answers_us(self) -> None:
        assert self.create is not None
        metadata = self.create["response"]["metadata"]
        self.create = None
        self._begin(metadata)

    def _begin(self, metadata: dict[str, str]) -> None:
        self.responses += 1
        name = f"r{self.responses}"
        own = metadata.get("voiceagent_fingerprint", "")
        self.expected[name] = Expected(*self._stands(), b.hash_of(self.in_force), own)
        self.call.hear(b.created(name, **metadata))
        self.generating = name
        self.take()

    def _stands(self) -> tuple[str, str]:
        if self.in_force not in TEXTS or any(d != self.in_force for d in self.doubts):
            return "unverified", ""
        if self.flight and self.flight_text != self.in_force:
            return "order_in_flight", b.hash_of(self.flight_text)
        return "order", ""

    @precondition(lambda self: self.generating is not None)
    @rule(fails=st.sampled_from([False, False, False, True]))
    def the_answer_is_over(self, fails: bool) -> None:
        assert self.generating is not None
        name, self.generating = self.generating, None
        self.call.hear(b.done(name, "failed" if fails else "completed", "server_error"))
        self.take()

    @precondition(lambda self: self.create is not None)
    @rule()
    def the_create_was_too_late(self) -> None:
        assert self.create is not None
        event_id, self.create = self.create["event_id"], None
        self.call.hear(b.error("conversation_already_has_active_response", event_id))
        self.take()

    @rule()
    def the_caller_speaks(self) -> None:
        self.call.hear(b.speech(f"user-{self.call.now}"))
        self.take()

    @rule(seconds=st.sampled_from([0.125, 1.0, 3.0, 5.0, 9.0]))
    def time_passes(self, seconds: float) -> None:
        target = self.call.now + seconds
        for _ in range(60):
            deadline = self.call.session.deadline
            if deadline is None or deadline > target:
                break
            self.call.now = max(self.call.now, deadline)
            given_up = self.flight and self.call.now >= self.flight_since + 8.0
            if given_up:
                self.doubts.append(self.flight_text)
                self.flight = []
            request = self.call.session.responses.request
            if request is not None and self.call.now >= request.deadline:
                self.create = None  # nobody waits for it any more
            active = self.call.session.responses.active
            if active is not None and self.call.now >= active.done_by:
                self.generating = None  # the model hangs: it is given up
            self.call._kept(self.call.session.tick(self.call.now))
            self.take()
        else:
            raise AssertionError("the timer spins")
        self.call.now = target

    @invariant()
    def the_revision_never_falls(self) -> None:
        known = self.call.session.known.revision
        assert known >= self.seen_revision
        assert known == self.revision or self.call.session.phase is Phase.ENDED
        self.seen_revision = known

    def teardown(self) -> None:
        self.call.hang_up()
        self.take()
        for name, expected in self.expected.items():
            if name not in self.stamps:
                assert self.call.session.phase is Phase.ENDED
                continue
            (stamp,) = self.stamps[name]
            assert stamp.fingerprint == (expected.own or expected.fingerprint)
            assert not expected.own or stamp.base_fingerprint == expected.fingerprint
            if stamp.known_by is KnownBy.METADATA:
                assert expected.own or expected.known_by == "order"
            else:
                assert stamp.known_by.value == expected.known_by
            if expected.known_by != "unverified":
                assert stamp.next_fingerprint == expected.following
                assert stamp.revision in self.text_of
        results = self.call.all.receipts
        revisions = [revision for revision, result in results if result != "acknowledged_late"]
        assert len(revisions) == len(set(revisions)), "a revision has two results"
        assert proofs.faults(self.call, end=True) == []


Gate.TestCase.settings = settings(
    max_examples=SCHEDULES, report_multiple_bugs=False, stateful_step_count=40, deadline=None
)
TestGate = Gate.TestCase
