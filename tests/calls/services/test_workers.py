"""Who carries a call, and what becomes of the calls of a process that is gone."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from calls import selectors
from calls.live.writer import write
from calls.models import Call, ContextText, Turn, Worker
from calls.services import workers
from calls.services.workers import SURE_AFTER, Reaper, forget_old_workers, give_sign
from prompts.models import Business
from prompts.services.profile import erase_profile, save_profile
from tests import factories
from tests.calls.live_rows import make_call, make_worker
from tests.calls.proof import shelf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def business() -> Business:
    return factories.make_business()


@pytest.fixture
def worker() -> Worker:
    return make_worker(NOW)


def live(seconds: float) -> list[str]:
    return [call.sid for call in selectors.live_calls(later(seconds))]


def test_a_sign_is_one_row_however_often_it_is_given(worker: Worker) -> None:
    give_sign(worker, later(5))
    give_sign(worker, later(10))
    assert list(Worker.objects.values_list("started_at", "seen_at")) == [(NOW, later(10))]


def test_the_calls_of_a_silent_worker_leave_the_list(business: Business, worker: Worker) -> None:
    call = make_call(business, 1, NOW, worker_id=worker.pk)
    assert live(15) == [call.sid]
    assert live(15.1) == []
    give_sign(worker, later(15))
    assert live(30) == [call.sid]


def test_a_worker_that_never_wrote_its_row_is_judged_from_when_it_let_the_call_in(
    business: Business,
) -> None:
    call = make_call(business, 1, NOW, worker_id=uuid4())
    assert live(14) == [call.sid]
    assert live(16) == []


def test_a_call_of_a_silent_worker_ends_as_interrupted_and_keeps_its_turns(
    business: Business, worker: Worker
) -> None:
    call = make_call(business, 1, NOW, worker_id=worker.pk)
    other = make_call(business, 2, NOW, worker_id=make_worker(later(20)).pk)
    Turn.objects.create(call=call, position=1, speaker="caller", text="Hello?", started_at=NOW)
    reaper = Reaper()
    assert reaper.look(later(16), at=0) == 0
    assert reaper.look(later(16 + SURE_AFTER), at=SURE_AFTER) == 1
    call.refresh_from_db()
    assert (call.status, call.end_reason) == ("ended", "interrupted")
    assert "gave no sign" in call.end_detail
    assert call.turns.count() == 1
    assert Call.objects.get(pk=other.pk).is_open
    assert reaper.look(later(40), at=40) == 0


def test_a_call_of_a_silent_worker_forgets_a_caller_who_was_forgotten_while_it_went_on(
    worker: Worker,
) -> None:
    business = shelf.make_business()
    row = shelf.make_row(business, caller="+15005550177")
    Call.objects.filter(pk=row.pk).update(worker=worker)
    save_profile(
        business=business, number=row.from_number, values={"name": "Dana"}, actor=None, reason="x"
    )
    told = shelf.begin(business, context=shelf.OF_SOMEBODY)
    erase_profile(business=business, number=row.from_number, actor=None, reason="By letter")
    write(shelf.jobs_of(told, row, ends=False))
    assert ContextText.objects.get().text
    reaper = Reaper()
    reaper.look(later(60), 0)
    reaper.look(later(60), SURE_AFTER)
    assert ContextText.objects.get().text == ""


@pytest.mark.parametrize(
    "path", ["/realtime/sessions", "/admin/calls/call/live/", "/admin/calls/call/"]
)
def test_whoever_watches_the_calls_has_them_closed(
    client: Client, business: Business, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(workers, "SURE_AFTER", 0.0)
    call = make_call(business, 1, NOW, worker_id=make_worker(NOW).pk)
    client.force_login(factories.make_user("root", is_superuser=True, is_staff=True))
    for _look in range(2):
        assert client.get(path).status_code == 200
    call.refresh_from_db()
    assert (call.status, call.end_reason) == ("ended", "interrupted")


def test_a_worker_that_gives_a_sign_between_two_looks_keeps_its_calls(
    business: Business, worker: Worker
) -> None:
    """After an outage of the database everybody has been silent."""
    call = make_call(business, 1, NOW, worker_id=worker.pk)
    reaper = Reaper()
    reaper.look(later(100), at=0)
    give_sign(worker, later(101))
    assert reaper.look(later(120), at=20) == 0
    assert Call.objects.get(pk=call.pk).is_open


def test_a_look_that_comes_too_soon_closes_nothing(business: Business, worker: Worker) -> None:
    make_call(business, 1, NOW, worker_id=worker.pk)
    reaper = Reaper()
    for at in (0, 1, SURE_AFTER - 0.1):
        assert reaper.look(later(20 + at), at=at) == 0
    assert reaper.suspects


def test_two_processes_may_reap_at_once(business: Business, worker: Worker) -> None:
    make_call(business, 1, NOW, worker_id=worker.pk)
    reapers = [Reaper(), Reaper()]
    assert [reaper.look(later(20), at=0) for reaper in reapers] == [0, 0]
    assert [reaper.look(later(30), at=10) for reaper in reapers] == [1, 0]


def test_workers_of_long_ago_are_forgotten(worker: Worker) -> None:
    make_worker(later(24 * 3600))
    forget_old_workers(later(24 * 3600 + 1))
    assert [one.seen_at for one in Worker.objects.all()] == [later(24 * 3600)]


def test_a_call_whose_media_socket_never_came_is_closed_a_minute_after_its_token(
    business: Business,
) -> None:
    ringing = make_call(
        business, 1, NOW, status="received", token_used_at=None, token_expires_at=later(60)
    )
    used = make_call(business, 2, NOW, token_expires_at=later(60), token_used_at=later(1))
    reaper = Reaper()
    reaper.look(later(120), at=0)
    ringing.refresh_from_db()
    assert ringing.status == "received"
    reaper.look(later(121), at=1)
    ringing.refresh_from_db()
    used.refresh_from_db()
    assert (ringing.status, ringing.end_reason) == ("ended", "never_connected")
    assert used.is_open
