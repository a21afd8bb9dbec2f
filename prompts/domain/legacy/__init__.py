"""The prompts of the system before this one: read strictly, judged field by field."""

from .faults import BadFile, Fault
from .files import RawRow, read_rows
from .records import Dropped, Record, parse_record
from .texts import Words, single_braces

__all__ = [
    "BadFile",
    "Dropped",
    "Fault",
    "RawRow",
    "Record",
    "Words",
    "parse_record",
    "read_rows",
    "single_braces",
]
