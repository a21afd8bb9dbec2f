"""Publishes of every kind against one call: it hears what it may hear, and all of it is proved."""

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from calls.domain import commands
from calls.domain.records import ReceiptRecord, Result, Route, TurnRecord
from calls.tools import offered
from prompts.domain.agent import Fallback
from prompts.domain.kinds import Apply, Direction
from tests.calls.domain import builders as b
from tests.calls.domain import proofs
from tests.calls.domain.turmoil import Turmoil

SCHEDULES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 300


class Proof(Turmoil):
    """What holds, whatever happens."""

    @rule(seconds=st.sampled_from([0.1, 1.0, 4.0, 9.0, 25.0, 400.0]))
    def time_passes(self, seconds: float) -> None:
        """Looked at after each of the moments at which the session does something."""
        end = self.call.now + seconds
        while (due := self.call.session.deadline) is not None and due < end:
            self.call.at(max(due, self.call.now))
            self.nobody_is_told_where_nobody_is()
        self.call.at(end)

    @invariant()
    def the_revision_never_falls(self) -> None:
        assert self.call.session.known.revision >= self.known
        self.known = self.call.session.known.revision

    @invariant()
    def nobody_is_told_where_nobody_is(self) -> None:
        new = self.call.log[self.seen :]
        self.seen = len(self.call.log)
        assert self.is_connected or not [c for c in new if isinstance(c, commands.ToModel)]
        if b.Sent(new).to_model("response.create"):  # the newest words left before it
            updates = self.call.session.updates
            assert updates.pending is None or updates.in_flight is not None

    def teardown(self) -> None:
        if not self.is_over:
            self._last_publish_arrives()
        self._nothing_foreign_was_sent()
        self.call.hang_up()
        # Updates one by one, stamps as recomputed, also of what a worker leaves that dies.
        assert proofs.faults(self.call, end=True, longest=self.longest_page) == []
        self._one_stamp_each()

    def _last_publish_arrives(self) -> None:
        """However it went before: one more publish, a reconcile, and a model's side that works."""
        self._the_model_comes_to_rest()
        if self.is_over or not self.is_connected:  # what is left of the goodbye is being heard
            return
        self.business.publish(Direction.INBOUND, Apply.LIVE)
        self.business.publish(Direction.INBOUND, Apply.NEW_CALLS)
        while self.looked_at < len(self.updates):  # in force, although nobody said so
            self._apply(self.updates[self.looked_at])
            self.looked_at += 1
        self.reconcile()
        for number in range(4):
            self._the_model_answers_us(f"last-{number}")
            while self.looked_at < len(self.updates):
                self.the_model_answers_an_update("echo")
        if not self.is_over:
            expected = self.business.configuration(self.context).instructions
            assert self.call.session.updates.standing.in_force == expected.fingerprint
            assert f"inbound {self.business.revision - 1}" in expected.text
            tools = offered(Fallback("Sorry.", self.business.number, "en"))
            assert self.holds["tools"] == [tool.definition for tool in tools]
            assert self.holds["turn_detection"]["threshold"] == self.business.threshold

    def _the_model_comes_to_rest(self) -> None:
        if not self.is_connected and self.is_awaited:
            self.another_session_opens(stands=True)
        self.call.at(self.call.now + 9)
        if self.generating:
            self.call.hear(b.done(self.generating))
        self.call.at(self.call.now + 9)

    def _the_model_answers_us(self, name: str) -> None:
        """Answers that the session asks for itself come and go."""
        if self.call.session.responses.request is not None:
            self.begun.append(name)
            self.call.hear(b.created(name, **self.creates[-1]["response"]["metadata"]))
            self.call.hear(b.done(name))

    def _nothing_foreign_was_sent(self) -> None:
        held = [one for one in self.business.releases[Direction.INBOUND] if one.apply != Apply.LIVE]
        forbidden = [f"\n{one.version.text}\n" for one in held] + ["\noutbound "]
        for update in self.updates:
            text = update["session"].get("instructions", "")
            assert not [words for words in forbidden if words in text]

    def _one_stamp_each(self) -> None:
        rows = [c.row for c in self.call.log if hasattr(c, "row")]
        stamps: dict[str, set] = {}
        ids: dict[str, set] = {}
        for row in rows:
            if isinstance(row, TurnRecord) and row.response_id:
                stamps.setdefault(row.response_id, set()).add(row.stamp)
                ids.setdefault(row.response_id, set()).add(row.id)
        assert set(stamps) == set(self.begun)
        assert all(len(found) == 1 for found in [*stamps.values(), *ids.values()])
        receipts = [row for row in rows if isinstance(row, ReceiptRecord)]
        learned = {n.facts["revision"] for n in self.call.all.notes if n.event == "notice"}
        assert {1, *learned} == {row.revision for row in receipts}
        for revision in {row.revision for row in receipts}:
            self._one_result(
                [
                    (row.result, row.route)
                    for row in receipts
                    if row.revision == revision and row.result is not Result.ACKNOWLEDGED_LATE
                ]
            )

    def _one_result(self, found: list[tuple[Result, Route]]) -> None:
        """Only what was not confirmed is tried again, and that by a new session alone."""
        for result, _route in found[:-1]:
            assert result in (Result.REFUSED, Result.UNVERIFIED)
        for _result, route in found[1:]:
            assert route is Route.RECONNECT


Proof.TestCase.settings = settings(
    max_examples=SCHEDULES, report_multiple_bugs=False, stateful_step_count=40, deadline=None
)
TestProof = Proof.TestCase
