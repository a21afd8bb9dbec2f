"""A call among staff who publish, a late hub, and a model's side that does what it likes."""

import itertools
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from msgspec.structs import replace

from calls.domain import events
from calls.domain.configuration import Configuration
from calls.domain.flights import Notice
from calls.domain.pages import LONGEST_PAGE
from calls.domain.phases import UNCONFIRMED, Phase
from calls.domain.records import Route
from calls.tools import offered
from prompts.domain.agent import Fallback
from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.layers import Release, Started, Version, Wording, compose
from tests.calls.domain import builders as b

STARTED = Started(revision=1, platform_revision=1)
VAD, OURS = "vad", "ours"
TOOLS = ["end_call", "transfer_to_person", "unknown"]
REASON = '{"reason": "They want to."}'


def released(revision: int, text: str, apply: Apply = Apply.LIVE) -> Release:
    return Release(revision, apply, Version(revision, revision, text, "Hello."))


class Business:
    """The words of one business, as staff change them."""

    def __init__(self) -> None:
        self.revision = 1
        self.releases = {one: [released(1, f"{one.value} 1")] for one in Direction}
        self.threshold = 0.5
        self.number = ""

    def publish(self, direction: Direction, apply: Apply) -> None:
        self.revision += 1
        text = f"{direction.value} {self.revision}"
        self.releases[direction].append(released(self.revision, text, apply))

    def take_back(self, direction: Direction) -> None:
        """An older text is in force again, for everybody."""
        self.revision += 1
        version = self.releases[direction][0].version
        self.releases[direction].append(Release(self.revision, Apply.LIVE, version))

    def configuration(
        self, context: str, direction: Direction = Direction.INBOUND
    ) -> Configuration:
        platform = (released(1, "For everybody."),)
        agent = replace(b.AGENT, threshold=self.threshold)
        wording = Wording(
            business_id=7,
            business_name="Harbor",
            direction=direction,
            channel=Channel.CALLS,
            language="en",
            time_zone="UTC",
            revision=self.revision,
            platform_revision=1,
            universal=platform,
            business=tuple(self.releases[direction]),
            call_type=platform,
            placeholders=(("business_name", "Harbor"),),
            settings=agent,
            fallback=Fallback("Sorry.", self.number, "en"),
            paused=False,
        )
        instructions = compose(wording, context=context, started=STARTED)
        return Configuration(instructions, agent, tools=offered(wording.fallback))


class Turmoil(RuleBasedStateMachine):
    """One call, staff who publish, a late hub, and a model's side that does what it likes.

    It also goes away, and another session of it comes up without any memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self.business = Business()
        self.context = "A caller."
        self.call = b.configured(self.business.configuration(self.context))
        self.read: list[Configuration] = []  # compositions on their way to the call
        self.generating: str | None = None
        self.begun: list[str] = ["greeting"]
        self.names = itertools.count(1)
        self.known = 1
        self.looked_at = 0  # sendings that the model's side has dealt with
        self.socket_began = 0  # with which sending
        self.is_connected = True
        self.holds: dict[str, Any] = {}  # what the session at the model's side is, words aside
        self.seen = len(self.call.log)
        self._apply(self.updates[0])
        self.looked_at = 1

    @property
    def updates(self) -> list[dict]:
        return self.call.all.to_model("session.update")

    @property
    def creates(self) -> list[dict]:
        return self.call.all.to_model("response.create")

    @property
    def is_over(self) -> bool:
        return self.call.session.phase is Phase.ENDED

    @property
    def is_awaited(self) -> bool:
        """Whether a socket to another session is being opened."""
        return self.call.session.phase in (Phase.CONNECTING, Phase.RECONNECTING)

    @initialize(names_come_back=st.booleans(), longest_page=st.sampled_from([1, 2, LONGEST_PAGE]))
    def greet(self, names_come_back: bool, longest_page: int) -> None:
        """Some model's sides do not return our metadata."""
        self.longest_page = longest_page
        if names_come_back:
            self.call.answers_create("greeting")
        else:
            self.call.hear(b.created("greeting"))
        self.call.hear(b.delta("greeting", 1600))
        self.call.hear(b.done("greeting"))

    # Staff

    @rule(direction=st.sampled_from(Direction), apply=st.sampled_from(Apply))
    def publish(self, direction: Direction, apply: Apply) -> None:
        self.business.publish(direction, apply)

    @rule(direction=st.sampled_from(Direction))
    def take_back(self, direction: Direction) -> None:
        self.business.take_back(direction)

    @rule(threshold=st.sampled_from([0.5, 0.6]), number=st.sampled_from(["", "+15005550111"]))
    def change_settings(self, threshold: float, number: str) -> None:
        """How the caller is listened to, and which tools there are."""
        self.business.revision += 1
        self.business.threshold, self.business.number = threshold, number

    @rule(context=st.sampled_from(["A caller.", "A caller who likes tea."]))
    def change_profile(self, context: str) -> None:
        self.business.revision += 1
        self.context = context

    # The hub

    @rule()
    def read_for_a_push(self) -> None:
        self.read.append(self.business.configuration(self.context))

    @precondition(lambda self: self.read)
    @rule(which=st.integers(0, 5), again=st.booleans())
    def push(self, which: int, again: bool) -> None:
        """Late, out of order, doubled."""
        place = which % len(self.read)
        self._tell(self.read[place] if again else self.read.pop(place), Route.PUSH)

    @rule()
    def reconcile(self) -> None:
        self._tell(self.business.configuration(self.context), Route.RECONCILE)

    def _tell(self, configuration: Configuration, route: Route) -> None:
        self.call.publish(Notice(configuration, route, self.call.now, self.call.now))

    # The model's side

    @precondition(lambda self: self.is_connected and not self.is_over)
    @rule(expired=st.booleans())
    def the_model_is_lost(self, expired: bool) -> None:
        """With whatever is in the air, being generated or asked for."""
        if expired:
            self.call.hear(b.error("session_expired"))
        else:
            self.call.lose()
        self.generating, self.is_connected, self.holds = None, False, {}
        self.looked_at = self.socket_began = len(self.updates)

    @precondition(lambda self: not self.is_connected and self.is_awaited)
    @rule(stands=st.booleans())
    def another_session_opens(self, stands: bool) -> None:
        self.call.hear(events.SessionCreated())
        self.is_connected = True
        assert len(self.updates) == self.looked_at + 1  # the whole configuration, at once
        assert "output" in self.updates[-1]["session"]["audio"]
        if stands:
            self.the_model_answers_an_update("echo")

    @precondition(lambda self: self.is_connected and self.looked_at < len(self.updates))
    @rule(
        how=st.sampled_from(["echo", "echo", "echo", "twice", "form", "unseen", "refuse", "lose"])
    )
    def the_model_answers_an_update(self, how: str) -> None:
        update = self.updates[self.looked_at]
        self.looked_at += 1
        if how == "refuse":
            self.call.hear(b.error("invalid_value", update["event_id"]))
            return
        self._apply(update)
        if how != "lose":
            text = update["session"].get("instructions") or self._holds()
            shown = {"unseen": None, "form": text + "\n"}.get(how, text)
            for _ in range(2 if how == "twice" else 1):
                self._echo(shown)

    def _echo(self, text: str | None) -> None:
        """The whole session, whatever is said of its words."""
        held = {key: value for key, value in self.holds.items() if key != "tools"}
        shown = {"audio": {"input": held}, "tools": self.holds["tools"]}
        words = {} if text is None else {"instructions": text}
        self.call.hear(events.SessionUpdated(shown | words))

    def _apply(self, update: dict[str, Any]) -> None:
        session = update["session"]
        changed = {**session.get("audio", {}).get("input", {})}
        self.holds |= {key: session[key] for key in ("tools",) if key in session} | changed

    def _holds(self) -> str:
        """What an update of settings alone leaves in force, as the model's side sees it."""
        taken = self.updates[self.socket_began : self.looked_at]
        texts = [u["session"].get("instructions") for u in taken]
        return [text for text in texts if text][-1]

    @precondition(lambda self: self.is_connected and self.holds)
    @rule(text=st.sampled_from(["somebody else's words", "first", "newest"]))
    def an_echo_comes_unasked(self, text: str) -> None:
        sent = [
            u["session"]["instructions"] for u in self.updates if "instructions" in u["session"]
        ]
        self._echo({"first": sent[0], "newest": sent[-1]}.get(text, text))

    @precondition(lambda self: self.is_connected and self.generating is None)
    @rule(named=st.sampled_from([VAD, OURS]))
    def the_model_begins(self, named: str) -> None:
        self.generating = f"r{next(self.names)}"
        metadata = self.creates[-1]["response"]["metadata"] if named == OURS else {}
        if not self.is_over and self.call.session.phase not in UNCONFIRMED:
            self.begun.append(self.generating)
        self.call.hear(b.created(self.generating, **metadata))
        self.call.hear(b.created(self.generating, **metadata))  # and says it twice

    @precondition(lambda self: self.generating is not None)
    @rule(status=st.sampled_from(["completed", "completed", "failed"]))
    def the_model_is_through(self, status: str) -> None:
        name, self.generating = self.generating, None
        self.call.hear(b.done(str(name), status, "server_error"))

    @precondition(lambda self: self.generating is not None)
    @rule(names=st.lists(st.sampled_from(TOOLS), min_size=1, max_size=2))
    def the_model_calls_tools(self, names: list[str]) -> None:
        """Each call of an answer that was whole has exactly one output, wanted or not."""
        asked = [events.FunctionCall(f"c{next(self.names)}", name, REASON) for name in names]
        answer, self.generating = str(self.generating), None
        sent = self.call.hear(events.ResponseDone(answer, "completed", "", "", None, tuple(asked)))
        items = [event["item"] for event in sent.to_model("conversation.item.create")]
        found = [item["call_id"] for item in items if item["type"] == "function_call_output"]
        assert found == [call.call_id for call in asked] or self.is_over

    @precondition(lambda self: self.generating is not None)
    @rule(size=st.sampled_from([160, 1600, 4000]))
    def the_model_speaks(self, size: int) -> None:
        name = str(self.generating)
        self.call.hear(events.TranscriptDelta(name, f"item-{name}", "Some words of it. "))
        self.call.hear(b.delta(name, size))

    @rule(count=st.integers(1, 3))
    def marks_come_back(self, count: int) -> None:
        self.call.played(*list(self.call.session.playback._marks)[:count])

    @precondition(lambda self: self.is_connected)
    @rule(ends=st.booleans())
    def the_caller_speaks(self, ends: bool) -> None:
        name = f"user-{next(self.names)}"
        self.call.hear(b.speech(name))
        if ends:
            self.call.hear(events.InputCommitted(name))
            self.call.hear(events.InputTranscribed(name, "What do you say?"))
