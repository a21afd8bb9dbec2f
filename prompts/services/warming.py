"""Letting the cache have new words before anybody hears of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from prompts import cache
from prompts.domain.kinds import Direction
from prompts.domain.layers import Wording
from prompts.models import Business
from prompts.selectors import read_wordings


@contextmanager
def words_ready(locked: Business) -> Iterator[None]:
    """Raise the revision and change the words inside; at the end they are read as they will stand.

    Whoever hears of the revision then finds its words in the cache, instead of every process
    reading them from the database. Entered before the revision is raised, because what is to be
    done after the commit is done in the order in which it was asked for.
    """
    words: list[Wording] = []

    def keep() -> None:
        cache.keep(*words)

    transaction.on_commit(keep, robust=True)
    yield
    words.extend(read_wordings(locked.pk, tuple(Direction)).values())
