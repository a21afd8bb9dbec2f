"""The real application, which prints when revisions were committed, and puts its loop first.

A revision's own time is taken within its transaction, some milliseconds before the commit.

The bench pins a server to one core at a real-time priority, and there threads of one priority do
not interrupt each other for 100 ms. So the threads that ask the database go one lower than the
loop, which then waits for nothing but the interpreter's lock, as on a machine with more cores.
"""

import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from voiceagent.asgi import application  # sets Django up, so it comes first

# isort: split
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from prompts.models import Revision
from tests.bench.freshness.commits import COMMITTED

__all__ = ["application"]


@receiver(post_save, sender=Revision)
def tell_when_committed(instance: Revision, **_kwargs: Any) -> None:
    """Before all else that is done after the commit: as soon as the database has answered."""
    connection = transaction.get_connection()
    business_id, number = instance.business_id, instance.number

    def tell() -> None:
        now = time.time_ns()
        sys.stdout.write(f"{COMMITTED} {business_id} {number} {now}\n")
        sys.stdout.flush()

    connection.run_on_commit.insert(0, (set(connection.savepoint_ids), tell, True))


def step_back(*_event: Any) -> None:
    """The first that a new thread does."""
    sys.setprofile(None)
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


threading.setprofile(step_back)
