"""How the writer takes what proves: in few statements, and the same batch twice without harm."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.domain.records import TextRecord
from calls.live.library import Library
from calls.live.writer import Rows, write
from calls.models import Call, ComposedText, EventPage, StoredText
from prompts.domain.kinds import Layer
from prompts.domain.layers import Part, joined
from prompts.domain.text import sha256
from tests.calls.proof import shelf

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def text_of(*bodies: str) -> TextRecord:
    layers = (Layer.BUSINESS, Layer.CONTEXT)
    parts = tuple(Part(one, body, sha256(body)) for one, body in zip(layers, bodies, strict=True))
    text = joined(bodies)
    return TextRecord(sha256(text), text, parts)


def jobs_of(library: Library, *texts: TextRecord) -> list[Rows]:
    jobs: list[Rows] = []
    for text in texts:
        library.keep(text, lambda job: not jobs.append(job))
    return jobs


def test_a_text_is_handed_over_once() -> None:
    library = Library()
    assert len(jobs_of(library, text_of("a", "b"), text_of("a", "b"))) == 1
    (job,) = jobs_of(library, text_of("a", "c"))
    assert [type(row).__name__ for row in job.make()] == ["ContextText", "ComposedText"]


def test_a_text_that_found_no_room_is_handed_over_again() -> None:
    library = Library()
    library.keep(text_of("a", "b"), lambda job: False)
    assert len(jobs_of(library, text_of("a", "b"))) == 1


def test_rows_of_many_kinds_are_written_in_a_few_statements() -> None:
    texts = [text_of("a", f"context {number}") for number in range(30)]
    jobs = jobs_of(Library(), *texts)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        write(list(jobs))
    written = [query for query in queries if "INSERT" in query["sql"]]
    assert len(written) == 3
    assert (StoredText.objects.count(), ComposedText.objects.count()) == (1, 30)


def test_a_batch_that_is_repeated_writes_nothing_twice() -> None:
    business = shelf.make_business()
    row: Call = shelf.store(shelf.begin(business), business)
    pages = list(EventPage.objects.filter(call=row))
    jobs = [Rows(lambda: pages), *jobs_of(Library(), text_of("a", "b"))]
    write(list(jobs))
    write(list(jobs))
    assert EventPage.objects.filter(call=row).count() == len(pages)
    assert ComposedText.objects.filter(pk=text_of("a", "b").fingerprint).count() == 1
