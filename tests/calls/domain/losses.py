"""A call that goes on with another session: what is told to it there, and what it tells."""

from calls.domain import commands, events
from tests.calls.domain import builders as b

GREETED = "Hello."
QUESTION = "When do you open?"


def connects(sent: b.Sent) -> list[float]:
    return [c.pause for c in sent.commands if isinstance(c, commands.Connect)]


def restore(call: b.Call, text: str = "") -> b.Sent:
    """Another session comes up and confirms the words."""
    call.hear(events.SessionCreated())
    return call.hear(b.echo(text or call.session.known.instructions.text))


def asked(call: b.Call, words: str = QUESTION) -> b.Call:
    """The caller has said something, and its words are known."""
    call.hear(b.speech("u1"))
    call.hear(events.InputCommitted("u1"))
    call.hear(events.InputTranscribed("u1", words))
    return call


def told(sent: b.Sent) -> list[tuple[str, str]]:
    items = [event["item"] for event in sent.to_model("conversation.item.create")]
    return [(item["role"], item["content"][0]["text"]) for item in items]


def answer(call: b.Call, name: str, words: str, size: int = 3204) -> b.Sent:
    call.hear(b.created(name))
    call.hear(events.TranscriptDelta(name, f"item-{name}", words))
    return call.hear(b.delta(name, size))


def greeted() -> b.Call:
    call = b.configured()
    call.answers_create("greeting")
    call.hear(events.TranscriptDelta("greeting", "item-greeting", GREETED))
    marks = call.hear(b.delta("greeting", 1600)).marks + call.hear(b.done("greeting")).marks
    call.played(*marks)
    return call
