"""The playout buffer gives marks back as Twilio does, whatever the order of events."""

from hypothesis import given, settings
from hypothesis import strategies as st

from calls.simulator.telephone.playout import Playout

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "mark", "clear", "advance"]),
        st.integers(0, 300),  # bytes of sound
        st.integers(0, 50),  # milliseconds that pass before
    ),
    max_size=60,
)


@settings(deadline=None)
@given(STEPS)
def test_marks_return_in_order_once_and_only_after_the_sound_before_them(steps):
    playout, now = Playout(), 0.0
    sent, returned, needed = [], [], {}
    queued = cleared_up_to = 0
    for number, (step, size, wait_ms) in enumerate(steps):
        now += wait_ms / 1000
        if step == "add":
            playout.add(now, b"a" * size)
            queued += size
        elif step == "mark":
            sent.append(str(number))
            needed[str(number)] = queued
            playout.mark(now, str(number))
        elif step == "clear":
            returned += playout.clear(now)
            assert returned == sent
            assert not playout.is_playing(now)
            queued = cleared_up_to = len(playout.heard(now))
            needed = dict.fromkeys(needed, 0)
        else:
            for name in playout.advance(now):
                returned.append(name)
                assert len(playout.heard(now)) >= needed[name]
        assert returned == sent[: len(returned)]
        assert cleared_up_to <= len(playout.heard(now)) <= queued
    returned += playout.advance(now + 1000)
    assert returned == sent
    assert len(playout.heard(now + 1000)) == queued


def test_a_mark_behind_nothing_is_due_at_once():
    playout = Playout()
    playout.mark(5.0, "a")
    assert playout.advance(5.0) == ["a"]


def test_a_clear_keeps_what_was_heard_and_drops_the_rest():
    playout = Playout()
    playout.add(1.0, b"x" * 8000)
    playout.mark(1.0, "end")
    assert playout.next_mark_at == 2.0
    assert playout.clear(1.5) == ["end"]
    assert playout.heard(9.0) == b"x" * 4000
    assert playout.next_mark_at is None
