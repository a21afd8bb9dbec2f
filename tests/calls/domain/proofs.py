"""What a call told to `builders.Call` leaves behind: it agrees with itself wherever it is cut."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from django.db.models import Model
from msgspec.structs import replace

from calls.domain import audit, commands, entries, pages
from calls.domain.answers import Admission
from calls.domain.beginning import Beginning
from calls.domain.pages import LONGEST_PAGE, Logged
from calls.domain.records import ReceiptRecord, TurnRecord
from calls.live.library import Library
from calls.live.notebook import Notebook
from calls.live.rows import Clock
from calls.live.writer import Job, Rows
from calls.models import Call, ComposedText, ContextText, EventPage, Receipt, StoredText, Turn
from calls.proof.stored import stored_of
from calls.services.progress import record_beginning, record_first_audio
from prompts.domain.kinds import Direction
from prompts.domain.layers import Started
from tests.calls.domain import builders as b

BEGAN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ADMISSION = Admission(1, "CA1", "AC1", 7, Direction.INBOUND, Started(1, 1), BEGAN)
NewId = Callable[[UUID], UUID]


def jobs_of(
    call: b.Call,
    *,
    end: bool = False,
    admission: Admission = ADMISSION,
    new_id: NewId = lambda one: one,
) -> list[Job]:
    """What the writer is handed, by the call's own notebook, in the order of the commands."""
    jobs: list[Job] = []
    notebook = Notebook(
        admission, Clock(0.0, BEGAN), lambda job: jobs.append(job) is None, Library()
    )
    notebook.open(call.first, 0.0)
    for command, at in zip(call.log, call.times, strict=True):
        if isinstance(command, commands.Note | commands.Told):
            notebook.note(command.entry, at)
        elif isinstance(command, commands.Record):
            row = command.row
            if isinstance(row, TurnRecord | ReceiptRecord):
                row = replace(row, id=new_id(row.id))
            notebook.keep(row, at)
    if end:
        notebook.note(entries.ended("caller_hung_up"), call.now)
        notebook.close()
    return jobs


class Kept:
    """The rows of one call, as far as its jobs were done."""

    def __init__(self) -> None:
        started = ADMISSION.started
        self.call = Call(
            sid=ADMISSION.call_sid,
            business_id=ADMISSION.business_id,
            direction=ADMISSION.direction.value,
            started_revision=started.revision,
            started_platform_revision=started.platform_revision,
        )
        self.pages: list[EventPage] = []
        self.answers: dict[UUID, Turn] = {}
        self.receipts: list[Receipt] = []
        self.texts: set[str] = set()
        self.was_heard = False

    def take(self, job: Job) -> None:
        if isinstance(job, Rows | Model):
            for row in job.make() if isinstance(job, Rows) else [job]:
                self._take_row(row)
        elif isinstance(job, partial) and job.func is record_beginning:
            for name in Beginning.__struct_fields__:
                setattr(self.call, name, getattr(job.args[1], name))
        elif isinstance(job, partial) and job.func is record_first_audio:
            self.was_heard = True

    def _take_row(self, row: object) -> None:
        match row:
            case EventPage():
                self.pages.append(row)
            case Receipt():
                self.receipts.append(row)
            case Turn(speaker="agent"):
                self.answers[row.pk] = row
            case StoredText() | ContextText() | ComposedText():
                self.texts.add(row.pk)

    @property
    def log(self) -> list[Logged]:
        """The entries of all pages."""
        return pages.read(row.page for row in self.pages)

    def check(self) -> audit.Finding:
        """As `verify` would check it now; ``faults`` tells of missing texts as well."""
        rows = stored_of(self.call, self.pages, self.answers.values(), self.receipts)
        finding = audit.check(rows)
        missing = finding.texts - finding.echoes - self.texts
        silent = ["it was spoken and has no log"] if self.was_heard and not self.pages else []
        return replace(finding, faults=[*finding.faults, *sorted(missing), *silent])


def faults(call: b.Call, *, end: bool = False, longest: int = LONGEST_PAGE) -> list[str]:
    """What is wrong with what was written, at any moment at which the worker might have died.

    ``longest`` pages of few entries let it die in places that are rare with whole ones.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "LONGEST_PAGE", longest)
        return faults_of(jobs_of(call, end=end))


def kept_of(jobs: Iterable[Job]) -> Kept:
    """All rows, once all jobs were done."""
    kept = Kept()
    for job in jobs:
        kept.take(job)
    return kept


def faults_of(jobs: Iterable[Job]) -> list[str]:
    kept = Kept()
    for place, job in enumerate(jobs, start=1):
        kept.take(job)
        if found := kept.check().faults:
            return [f"After job {place}: {fault}" for fault in found]
    return []
