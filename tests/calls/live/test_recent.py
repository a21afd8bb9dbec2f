from calls.live.recent import Recent


def test_the_newest_things_are_remembered() -> None:
    recent: Recent[int] = Recent(3)
    recent.add(range(5))
    assert [one in recent for one in range(5)] == [False, False, True, True, True]
    recent.add([2, 9])  # 2 came again, so it is newer than 3
    assert [one in recent for one in (2, 3, 4, 9)] == [True, False, True, True]
    recent.forget([9, 9, 77])
    assert 9 not in recent
