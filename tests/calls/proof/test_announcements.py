"""An outage of the channel layer is one line in the log, however many changes meet it."""

from collections.abc import Callable

import pytest

from calls.proof import announcements
from calls.proof.announcements import announced, is_untold, not_announced


@pytest.fixture(autouse=True)
def _nothing_before(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_told", {}), ("_untold", {}), ("_failed", False)):
        monkeypatch.setattr(announcements, name, value)


def lines(caplog: pytest.LogCaptureFixture, happens: Callable[[], None]) -> list[str]:
    caplog.clear()
    happens()
    return [record.getMessage() for record in caplog.records]


def test_an_outage_is_one_line_and_its_end_another(caplog: pytest.LogCaptureFixture) -> None:
    (line,) = lines(caplog, lambda: not_announced(1, 2, TimeoutError()))
    assert "(TimeoutError)" in line
    assert lines(caplog, lambda: not_announced(1, 3, TimeoutError())) == []
    assert lines(caplog, lambda: not_announced(None, 1, OSError())) == []
    assert lines(caplog, lambda: announced(1, 4)) == ["Changes are announced again."]
    assert lines(caplog, lambda: announced(1, 5)) == []
    assert len(lines(caplog, lambda: not_announced(1, 6, OSError()))) == 1


def test_a_change_is_untold_until_one_as_new_is_told() -> None:
    not_announced(1, 3, OSError())
    announced(1, 2)
    assert is_untold(1, 3)
    announced(1, 3)
    assert not is_untold(1, 3)
