"""The caller may speak at any moment: what was not heard is taken back, and nothing else."""

import os
from base64 import b64decode
from collections import OrderedDict, deque
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from calls.domain import events
from calls.domain.frames import BYTES_PER_MS
from calls.domain.phases import Phase
from tests.calls.domain import builders as b

SCHEDULES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 300

SIZES = st.sampled_from([0, 1, 160, 1199, 1602, 2003, 4000, 6000])


class Phone:
    """Twilio's side: a buffer that plays in order, echoes marks, and is emptied by a clear."""

    def __init__(self) -> None:
        self.buffer: deque[tuple[str, int | str]] = deque()
        self.echoes: deque[str] = deque()  # on their way to us

    def receive(self, message: dict[str, Any], item: str) -> None:
        if message["event"] == "media":
            self.buffer.append((item, len(b64decode(message["media"]["payload"], validate=True))))
        if message["event"] == "mark":
            self.buffer.append(("mark", message["mark"]["name"]))
        if message["event"] == "clear":
            marks = [str(value) for kind, value in self.buffer if kind == "mark"]
            self.buffer.clear()
            self.echoes += marks
        self._pass_marks()

    def play(self, size: int) -> dict[str, int]:
        """Play so many bytes; say how many of which item were heard."""
        heard: dict[str, int] = {}
        while size and self.buffer:
            item, length = self.buffer.popleft()
            assert isinstance(length, int)
            played = min(size, length)
            heard[item] = heard.get(item, 0) + played
            size -= played
            if played < length:
                self.buffer.appendleft((item, length - played))
            self._pass_marks()
        return heard

    def _pass_marks(self) -> None:
        while self.buffer and self.buffer[0][0] == "mark":
            self.echoes.append(str(self.buffer.popleft()[1]))


class Interruptions(RuleBasedStateMachine):
    """One call in conversation between a fast model and a phone that plays in real time."""

    def __init__(self) -> None:
        super().__init__()
        self.call = b.talking()
        self.phone = Phone()
        self.count = 0
        self.generating = ""  # the answer that the model's side speaks
        self.item = ""
        self.dead: set[str] = set()  # answers that were cut, and those never begun
        self.over: set[str] = set()
        self.generated: dict[str, int] = {}
        self.heard: dict[str, int] = {}
        self.owner: dict[str, str] = {}
        self.sent: dict[str, int] = {}  # since the last clear, as are the next two
        self.acknowledged: dict[str, int] = {}
        self.outstanding: OrderedDict[str, dict[str, int]] = OrderedDict()
        self.forgotten: dict[str, int] = {}  # items that the model was told to cut, and where

    def _deliver(self, sent: b.Sent, item: str = "") -> None:
        for message in sent.caller:
            if message["event"] == "media":
                assert self.owner[item] not in self.dead
                size = len(b64decode(message["media"]["payload"], validate=True))
                self.sent[item] = self.sent.get(item, 0) + size
            if message["event"] == "mark":
                name = message["mark"]["name"]
                assert name not in self.outstanding
                self.outstanding[name] = dict(self.sent)
            self.phone.receive(message, item)

    @precondition(lambda self: not self.generating)
    @rule()
    def an_answer_begins(self) -> None:
        self.count += 1
        self.generating, self.item = f"r{self.count}", f"i{self.count}-0"
        self._deliver(self.call.hear(b.created(self.generating)))

    @precondition(lambda self: self.generating)
    @rule(size=SIZES)
    def the_model_speaks(self, size: int) -> None:
        self.owner[self.item] = self.generating
        self.generated[self.item] = self.generated.get(self.item, 0) + size
        sent = self.call.hear(b.delta(self.generating, size, self.item))
        assert self.generating not in self.dead or not sent.commands
        self._deliver(sent, self.item)

    @precondition(lambda self: self.generating and self.item in self.owner)
    @rule()
    def the_next_item(self) -> None:
        self._deliver(self.call.hear(events.AudioDone(self.generating, self.item)), self.item)
        self.item = f"i{self.count}-{len(self.owner)}"

    @precondition(lambda self: self.generating)
    @rule()
    def the_answer_is_over(self) -> None:
        name, self.generating = self.generating, ""
        status = "cancelled" if name in self.dead else "completed"
        sent = self.call.hear(b.done(name, status))
        self.over.add(name)
        self._deliver(sent, self.item)
        self._take_back(sent)
        for item, owner in self.owner.items():
            if owner == name and owner in self.dead and self._unheard(item):
                assert item in self.forgotten, "the model believes it said what nobody heard"

    def _unheard(self, item: str) -> int:
        return self.generated[item] - self.heard.get(item, 0)

    @precondition(lambda self: self.over)
    @rule(size=st.integers(1, 3000), data=st.data())
    def late_sound(self, size: int, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.over)))
        assert self.call.hear(b.delta(name, size, "late")).commands == []

    @rule(size=st.integers(1, 3000))
    def sound_of_an_unknown_answer(self, size: int) -> None:
        assert self.call.hear(b.delta("stranger", size)).commands == []

    @rule(size=st.sampled_from([1, 160, 1602, 2500, 4000]), promptly=st.booleans())
    def the_phone_plays(self, size: int, promptly: bool) -> None:
        for item, heard in self.phone.play(size).items():
            self.heard[item] = self.heard.get(item, 0) + heard
        while promptly and self.phone.echoes:
            self._return(self.phone.echoes.popleft())

    @precondition(lambda self: self.phone.echoes)
    @rule()
    def a_mark_comes_back(self) -> None:
        self._return(self.phone.echoes.popleft())

    def _return(self, name: str) -> None:
        stale, before = name not in self.outstanding, repr(self.call.session.playback)
        sent = self.call.played(name)
        assert not sent.caller
        assert not sent.model
        if stale:
            assert sent.commands == []
            assert repr(self.call.session.playback) == before
        while name in self.outstanding:
            self.acknowledged |= self.outstanding.popitem(last=False)[1]

    @rule(name=st.sampled_from(["m0", "m1", "m2", "m3", "m999999", ""]))
    def a_mark_of_nobody(self, name: str) -> None:
        if name not in self.outstanding:
            self._return(name)

    @rule()
    def the_caller_speaks(self) -> None:
        unechoed = [i for i, size in self.sent.items() if size > self.acknowledged.get(i, 0)]
        sent = self.call.hear(b.speech(f"user-{self.count}"))
        assert [m["event"] for m in sent.caller] == (["clear"] if unechoed else [])
        wanted = ["response.cancel"] if self._alive() else []
        assert sent.types[: len(wanted)] == wanted
        assert sent.types.count("response.cancel") == len(wanted)
        if self.generating:
            self.dead.add(self.generating)
        self._deliver(sent)
        self._take_back(sent)
        assert set(unechoed) <= set(self.forgotten)
        self.outstanding.clear()
        self.sent.clear()
        self.acknowledged.clear()

    def _alive(self) -> bool:
        return bool(self.generating) and self.generating not in self.dead

    def _take_back(self, sent: b.Sent) -> None:
        for event in sent.model:
            if event["type"] == "conversation.item.truncate":
                self._cut(event["item_id"], event["audio_end_ms"])
            if event["type"] == "conversation.item.delete":
                self._cut(event["item_id"], 0)

    def _cut(self, item: str, end_ms: int) -> None:
        assert item not in self.forgotten
        heard = self.heard.get(item, 0)
        assert end_ms * BYTES_PER_MS <= self.generated[item]
        assert end_ms * BYTES_PER_MS <= heard
        assert end_ms == self.acknowledged.get(item, 0) // BYTES_PER_MS
        self.forgotten[item] = end_ms

    @invariant()
    def the_call_goes_on(self) -> None:
        assert self.call.session.phase is Phase.TALKING

    def teardown(self) -> None:
        if self.generating:
            self.the_answer_is_over()
        for item, heard in self.phone.play(10**9).items():
            self.heard[item] = self.heard.get(item, 0) + heard
        while self.phone.echoes:
            self._return(self.phone.echoes.popleft())
        assert not self.call.session.playback._items, "the ledger keeps what was heard"
        assert not self.call.session.responses.rest(), "answers that are over are kept"
        rows = {turn.response_id: turn for turn in self.call.all.turns if turn.stamp}
        for name, row in rows.items():
            items = [item for item, owner in self.owner.items() if owner == name]
            heard = sum(self.heard.get(item, 0) for item in items)
            assert name == "greeting" or row.heard_ms * BYTES_PER_MS <= heard
            if name not in self.dead and not row.interrupted:
                generated = sum(self.generated[item] for item in items)
                assert name == "greeting" or row.heard_ms == generated // BYTES_PER_MS


Interruptions.TestCase.settings = settings(
    max_examples=SCHEDULES, stateful_step_count=50, deadline=None, report_multiple_bugs=False
)
TestInterruptions = Interruptions.TestCase
