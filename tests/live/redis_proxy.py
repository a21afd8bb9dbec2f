"""A proxy before Redis that reads its protocol, to lose, double or reorder what it pushes."""

from collections.abc import Callable, Iterator

from tests.live.fault_proxy import FaultProxy

GROUP = b"__group__"  # in the names of channels that carry news to everybody
LINE = b"\r\n"

Mischief = Callable[[bytes], list[bytes]]
"""Takes one push as it came over the wire; gives what the subscriber gets at this moment."""


def pass_on(push: bytes) -> list[bytes]:
    return [push]


def drop(push: bytes) -> list[bytes]:
    return []


def double(push: bytes) -> list[bytes]:
    return [push, push]


class Reorder:
    """Holds every other push back until the one after it has passed."""

    def __init__(self) -> None:
        self._held: bytes | None = None

    def __call__(self, push: bytes) -> list[bytes]:
        if self._held is None:
            self._held = push
            return []
        held, self._held = self._held, None
        return [push, held]


class RedisProxy(FaultProxy):
    """News for everybody may be lost or doubled; replies and heartbeats pass as they are."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.mischief: Mischief = pass_on
        self.pushed = 0  # news that Redis sent to the process behind this proxy

    def flow(self) -> None:
        self.mischief = pass_on
        super().flow()

    def _answers(self) -> Callable[[bytes], bytes]:
        rest = b""

        def change(data: bytes) -> bytes:
            nonlocal rest
            whole, rest = split(rest + data)
            return b"".join(piece for reply in whole for piece in self._changed(reply))

        return change

    def _changed(self, reply: bytes) -> list[bytes]:
        if not is_news(reply):
            return [reply]
        self.pushed += 1
        return self.mischief(reply)


def is_news(reply: bytes) -> bool:
    """Whether a reply is a push to a group: ``message``, the channel, the content."""
    parts = list(_strings(reply)) if reply[:1] in b"*>" else []
    return len(parts) == 3 and parts[0] == b"message" and GROUP in parts[1]


def split(data: bytes) -> tuple[list[bytes], bytes]:
    """The whole replies at the beginning, and the rest."""
    whole, start = [], 0
    while (end := _end(data, start)) is not None:
        whole.append(data[start:end])
        start = end
    return whole, data[start:]


def _end(data: bytes, start: int) -> int | None:
    """Where the reply that begins at ``start`` ends; None while it is not whole."""
    line_end = data.find(LINE, start)
    if line_end < 0:
        return None
    kind, end = data[start : start + 1], line_end + len(LINE)
    if kind in b"$=!":
        size = int(data[start + 1 : line_end])
        end += size + len(LINE) if size >= 0 else 0
        return end if end <= len(data) else None
    if kind in b"*>~%|":
        count = int(data[start + 1 : line_end]) * (2 if kind in b"%|" else 1)
        return _end_of_many(data, end, count)
    return end


def _end_of_many(data: bytes, start: int, count: int) -> int | None:
    end: int | None = start
    for _ in range(count):
        end = _end(data, end) if end is not None else None
    return end


def _strings(reply: bytes) -> Iterator[bytes]:
    """The strings of a flat array."""
    start = reply.find(LINE) + len(LINE)
    while start < len(reply):
        line_end = reply.find(LINE, start)
        if reply[start : start + 1] != b"$":
            yield reply[start + 1 : line_end]
            start = line_end + len(LINE)
            continue
        begin = line_end + len(LINE)
        size = int(reply[start + 1 : line_end])
        yield reply[begin : begin + size]
        start = begin + size + len(LINE)
