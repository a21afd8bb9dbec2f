"""One response of the model: its events in their order, faster than they can be played."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from calls.simulator import mulaw, speech
from calls.simulator.faults import Faults
from calls.simulator.pace import Pace
from calls.simulator.realtime import calling, words
from calls.simulator.realtime.conversation import Item, assistant_audio
from calls.simulator.realtime.deltas import Delta, deltas

FASTER_THAN_PLAYED = 10
AUDIO_TOKEN_MS = 50
USER_AUDIO_TOKEN_MS = 100
LETTERS_A_TOKEN = 4

Outcome = Literal["completed", "cancelled", "incomplete", "failed"]


class Host(calling.Host, Protocol):
    """The session that a response speaks for."""

    pace: Pace
    faults: Faults

    def emit(self, kind: str, **fields: object) -> None:
        """Send one server event."""

    def response_reached(self, response: "Response", share: float) -> None:
        """A share of the response, from 0 to 1, has been sent."""

    def response_over(self, response: "Response") -> None:
        """The response has sent its last event."""


class Response:
    """Speaks one answer; sits on timers, so that cancelling takes effect at once."""

    def __init__(self, host: Host, number: int, request: Mapping[str, Any], latency: float) -> None:
        self.id = host.new_id("resp")
        self.number = number
        self.in_conversation = request.get("conversation", "auto") != "none"
        self.item = assistant_audio(host.new_id("item"))
        self.is_over = False
        self._host = host
        self._request = request
        self._latency = latency
        self._words = self._chosen_words()
        self._said: list[str] = []
        self._has_item = False
        self._tool: calling.Wanted | None = None
        self._call: Item | None = None  # of the tool
        self._timer: asyncio.TimerHandle | None = None
        self._synthesis: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Announce the response and start to speak after the model's thinking time."""
        self._host.emit("response.created", response=self._body("in_progress"))
        self._timer = self._host.pace.later(self._latency, self._prepare)

    def finish(self, outcome: Outcome, **details: object) -> None:
        """Send what is still open, with ``response.done`` last; later calls change nothing."""
        if self.is_over:
            return
        self.is_over = True
        self.stop()
        if self._has_item and self.item.body["status"] == "in_progress":
            self._close_item("completed" if outcome == "completed" else "incomplete")
        body = self._body(outcome) | {"usage": self._usage()}
        if outcome != "completed":
            body["status_details"] = {"type": outcome, **details}
        self._host.emit("response.done", response=body)
        self._host.response_over(self)

    def stop(self) -> None:
        """Say nothing more, not even how it ended: the connection is gone."""
        self.is_over = True
        if self._timer:
            self._timer.cancel()
        if self._synthesis:
            self._synthesis.cancel()

    def _chosen_words(self) -> str:
        own = self._request.get("instructions")
        if own is not None:
            return words.greeting(own) or "Hello."
        return words.proof(self._host.session["instructions"])

    def _prepare(self) -> None:
        """Find the sound; where a synthesiser has to make it first, in a thread."""
        if speech.is_instant():
            self._tool = self._wanted_tool()
            self._answer()
        else:
            self._synthesis = asyncio.get_running_loop().create_task(self._synthesise())

    async def _synthesise(self) -> None:
        self._tool = await asyncio.to_thread(self._wanted_tool)
        await asyncio.to_thread(deltas, self._words)
        self._answer()

    def _wanted_tool(self) -> calling.Wanted | None:
        return calling.wanted(self._host, self._request, self._host.faults)

    def _answer(self) -> None:
        if self._tool and self._host.faults.tools_silent:
            self._complete()
        else:
            self._open_item()

    def _complete(self) -> None:
        """Everything is said: call the tool that the caller's words ask for."""
        if self._has_item:
            self._close_item("completed")
        if self._tool:
            self._call = calling.call_item(self._host, self._tool)
            previous = self._host.conversation.add(self._call)
            place = {"response_id": self.id, "output_index": int(self._has_item)}
            for kind, fields in calling.events_of(self._call, self._tool, previous, place):
                self._host.emit(kind, **fields)
        self.finish("completed")

    def _open_item(self) -> None:
        item, place = self.item, {"response_id": self.id, "output_index": 0}
        self._has_item = True
        self._host.emit("response.output_item.added", **place, item=item.body)
        if self.in_conversation:
            previous = self._host.conversation.add(item)
            self._host.emit("conversation.item.added", previous_item_id=previous, item=item.body)
        part = {"type": "audio", "transcript": ""}
        self._host.emit("response.content_part.added", **self._place(), part=part)
        item.body = item.body | {"content": [{"type": "output_audio", "transcript": ""}]}
        self._speak(list(deltas(self._words)), 0)

    def _speak(self, pieces: list[Delta], index: int) -> None:
        if index == len(pieces):
            self._complete()
        elif self._is_at_limit():
            self.finish("incomplete", reason="max_output_tokens")
        else:
            self._say(pieces[index])
            self._host.response_reached(self, (index + 1) / len(pieces))
            self._go_on(pieces, index)

    def _go_on(self, pieces: list[Delta], index: int) -> None:
        """Say the next piece later, unless this one was the last for another reason."""
        wait = pieces[index].seconds / FASTER_THAN_PLAYED
        if not self.is_over:
            self._timer = self._host.pace.later(wait, lambda: self._speak(pieces, index + 1))

    def _say(self, piece: Delta) -> None:
        place = self._place()
        if piece.words:
            self._said.append(piece.words)
            self._host.emit("response.output_audio_transcript.delta", **place, delta=piece.words)
        self.item.audio += piece.audio
        if self.in_conversation:
            self._host.conversation.has_model_audio = True
        self._host.emit("response.output_audio.delta", **place, delta=piece.payload)

    def _close_item(self, status: str) -> None:
        host, transcript, place = self._host, "".join(self._said), self._place()
        content = [{"type": "output_audio", "transcript": transcript}]
        self.item.body = self.item.body | {"status": status, "content": content}
        host.emit("response.output_audio.done", **place)
        host.emit("response.output_audio_transcript.done", **place, transcript=transcript)
        part = {"type": "audio", "transcript": transcript}
        host.emit("response.content_part.done", **place, part=part)
        host.emit(
            "response.output_item.done", response_id=self.id, output_index=0, item=self.item.body
        )
        if self.in_conversation:
            host.emit("conversation.item.done", item=self.item.body)

    def _place(self) -> dict[str, Any]:
        return {
            "response_id": self.id,
            "item_id": self.item.id,
            "output_index": 0,
            "content_index": 0,
        }

    def _is_at_limit(self) -> bool:
        limit: int | str = self._own_or_session("max_output_tokens")
        return isinstance(limit, int) and self._output_tokens()["audio_tokens"] >= limit

    def _body(self, status: str) -> dict[str, Any]:
        session, own = self._host.session, self._request
        output = session["audio"]["output"] | own.get("audio", {}).get("output", {})
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": None,
            "output": [item.body for item in self._output()] if status != "in_progress" else [],
            "conversation_id": self._host.session["id"].replace("sess", "conv")
            if self.in_conversation
            else None,
            "output_modalities": self._own_or_session("output_modalities"),
            "max_output_tokens": self._own_or_session("max_output_tokens"),
            "audio": {"output": {"format": output["format"], "voice": output["voice"]}},
            "usage": None,
            "metadata": own.get("metadata"),
        }

    def _output(self) -> list[Item]:
        spoken = [self.item] if self._has_item else []
        return [*spoken, self._call] if self._call else spoken

    def _own_or_session(self, key: str) -> Any:  # Any: JSON
        return self._request.get(key, self._host.session[key])

    def _output_tokens(self) -> dict[str, int]:
        return {
            "text_tokens": sum(map(len, self._said)) // LETTERS_A_TOKEN,
            "audio_tokens": mulaw.duration_ms(self.item.audio) // AUDIO_TOKEN_MS,
        }

    def _usage(self) -> dict[str, Any]:
        """Count roughly as the real one does: the whole conversation is input again."""
        items = self._host.conversation.items.values()
        heard = sum(len(item.audio) for item in items if item.body.get("role") == "user")
        instructions = self._request.get("instructions", self._host.session["instructions"])
        text_in = len(instructions) // LETTERS_A_TOKEN
        audio_in = heard // mulaw.BYTES_PER_MS // USER_AUDIO_TOKEN_MS
        out = self._output_tokens()
        output = sum(out.values())
        return {
            "total_tokens": text_in + audio_in + output,
            "input_tokens": text_in + audio_in,
            "output_tokens": output,
            "input_token_details": {
                "text_tokens": text_in,
                "audio_tokens": audio_in,
                "image_tokens": 0,
                "cached_tokens": 0,
                "cached_tokens_details": {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0},
            },
            "output_token_details": out,
        }
