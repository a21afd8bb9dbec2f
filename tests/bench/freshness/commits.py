"""When each revision of the first business was made, and when it was committed."""

import re
from collections.abc import Iterable
from pathlib import Path

import psycopg

COMMITTED = "bench: committed"  # the line that a server prints: business, revision, nanoseconds
LINE = re.compile(rf"^{COMMITTED} 1 (\d+) (\d+)$", re.MULTILINE)
MADE = """
    SELECT number, (extract(epoch FROM created_at) * 1000000000)::bigint
    FROM prompts_revision WHERE business_id = 1
"""


def committed(logs: Iterable[Path]) -> dict[int, int]:
    """The moments at which the publishing process knew, on the clock of the day."""
    found = (LINE.findall(log.read_text(errors="replace")) for log in logs)
    return {int(number): int(moment) for lines in found for number, moment in lines}


def made(database_url: str) -> dict[int, int]:
    """The moments that the revisions themselves carry, and with them the receipts."""
    with psycopg.connect(database_url) as connection:
        return dict(connection.execute(MADE).fetchall())
