"""The ledger of sound: what was sent, what was played, what was thrown out."""

from base64 import b64decode

from calls.domain.playback import LONGEST_GAP, Playback, size_of
from tests.calls.domain import builders as b


def add(playback: Playback, item: str, size: int) -> list[str]:
    """Send some sound; give the marks that go with it."""
    return [piece.mark for piece in playback.add("r", item, b.sound(size)) if piece.mark]


def test_pieces_put_together_are_the_sound() -> None:
    pieces = list(Playback().add("r", "i", b.sound(5003)))
    assert b"".join(b64decode(piece.payload) for piece in pieces) == b"\xff" * 5003


def test_marks_are_never_further_apart_than_promised() -> None:
    playback, sent, marked = Playback(), 0, 0
    for size in (1199, 1602, 3, 4000, 1, 1100, 5000):
        for piece in playback.add("r", "i", b.sound(size)):
            sent += size_of(piece.payload)
            if piece.mark:
                assert sent - marked <= LONGEST_GAP
                marked = sent


def test_a_mark_acknowledges_all_before_it() -> None:
    playback = Playback()
    marks = add(playback, "i", 4000)
    playback.echoed(marks[1])
    assert playback._items["i"].heard == 3204
    assert playback.queued


def test_an_item_leaves_when_it_is_complete_and_heard() -> None:
    playback = Playback()
    add(playback, "i", 2000)
    last = playback.complete("i")
    playback.echoed(last)
    assert [item.heard for item in playback.retire()] == [2000]
    assert not playback.queued


def test_an_item_heard_to_its_last_mark_leaves_when_it_is_closed() -> None:
    playback = Playback()
    (mark,) = add(playback, "i", 1500)
    playback.echoed(mark)
    assert playback.retire() == []
    assert playback.complete("i") == ""
    assert [item.item_id for item in playback.retire()] == ["i"]


def test_a_clear_voids_the_marks_that_are_out() -> None:
    playback = Playback()
    (old,) = add(playback, "i", 1500)
    assert [item.item_id for item in playback.clear()] == ["i"]
    (new,) = add(playback, "j", 1500)
    playback.echoed(old)
    assert playback._items["j"].heard == 0
    playback.echoed(new)
    assert playback._items["j"].heard == 1500


def test_an_item_that_the_model_still_speaks_is_cut_though_all_so_far_was_heard() -> None:
    playback = Playback()
    (mark,) = add(playback, "i", 1600)
    playback.echoed(mark)
    assert not playback.queued
    assert [item.heard_ms for item in playback.clear()] == [200]


def test_the_ledger_of_an_hour_is_empty_at_its_end() -> None:
    playback = Playback()
    for number in range(2000):
        marks = add(playback, f"i{number}", 3000)
        marks.append(playback.complete(f"i{number}"))
        for mark in marks:
            playback.echoed(mark)
        playback.retire()
    assert not playback._items
    assert not playback._marks
