"""One business of the old system: what it says, where it came from, and what is left behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from prompts.domain.changes import canonical_json
from prompts.domain.kinds import Direction
from prompts.domain.lint import TEXT_LIMIT
from prompts.domain.numbers import normalise

from .faults import Fault, Wrong, shown
from .strict_json import kind_of
from .texts import Words, parse_text, parse_words

Value = TypeVar("Value")

LINE_LIMIT = 200
LARGEST_ID = 2**63 - 1
PROMPTS = {Direction.INBOUND: "ai_prompt", Direction.OUTBOUND: "outbound_ai_prompt"}
SYSTEM = "system_prompt"
GREETING = "greeting_message"
IDS = ("business_id", "business", "id")  # the first one given names the business
NAMES = ("business_name", "name")
NUMBER = "phone_number"
CHANGED = ("updated_at", "updated_by")
TEXTS = (*PROMPTS.values(), SYSTEM, GREETING)
KNOWN = frozenset((*TEXTS, *IDS, *NAMES, NUMBER, *CHANGED))
# Known to the old system and of no use here, each with the reason.
NO_USE = {
    "temperature": "The voice service takes none.",
    "model": "Choose it under Settings.",
    "voice": "Choose it under Settings.",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """A field that is not imported, and why."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """What one row says, ready to be compared with what stands here."""

    row: int
    business_id: int | None
    name: str
    phone_number: str
    prompts: Mapping[Direction, Words]
    system: Words
    greeting: Words
    updated_at: str
    updated_by: str
    dropped: tuple[Dropped, ...]
    original: str  # the fields that were read, exactly as they came

    def origin(self, source: str, name: str) -> str:
        """Where a text came from, for everybody who looks later."""
        by = f"by {self.updated_by}" if self.updated_by else ""
        changed = " ".join(filter(None, (self.updated_at, by)))
        last = f"; last changed there: {changed}" if changed else ""
        return f"{source}, row {self.row}, field {name}{last}"


@dataclass(slots=True)
class _Reader:
    """Takes the fields of one row, and remembers them and every fault."""

    row: int
    values: Mapping[str, object]
    taken: dict[str, object] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, name: str, parse: Callable[[object], Value], otherwise: Value) -> Value:
        """The parsed value of a field; ``otherwise`` where it is missing or wrong."""
        if name not in self.values:
            return otherwise
        try:
            parsed = parse(self.values[name])
        except Wrong as wrong:
            self.blame(name, str(wrong))
            return otherwise
        self.taken[name] = self.values[name]
        return parsed

    def first(self, *names: str) -> str:
        """The first of these fields that says anything; else the first of them."""
        given = (name for name in names if self.values.get(name) not in (None, ""))
        return next(given, names[0])

    def blame(self, name: str, sentence: str) -> None:
        """Remember a fault."""
        self.faults.append(Fault(self.row, name, sentence))


def parse_record(row: int, values: Mapping[str, object]) -> Record | list[Fault]:
    """The business that a row describes, or everything that is wrong with the row."""
    read = _Reader(row, values)
    business_id = read.take(read.first(*IDS), _id, None)
    name = read.take(read.first(*NAMES), _line, "")
    number = read.take(NUMBER, _number, "")
    record = Record(
        row=row,
        business_id=business_id,
        name=name,
        phone_number=number,
        prompts={one: read.take(name, _words, Words()) for one, name in PROMPTS.items()},
        system=read.take(SYSTEM, _words, Words()),
        greeting=read.take(GREETING, _words, Words()),
        updated_at=read.take("updated_at", _line, ""),
        updated_by=read.take("updated_by", _person, ""),
        dropped=tuple(_dropped(values)),
        original=canonical_json(read.taken),
    )
    if not read.faults and not (business_id or name or number):
        read.blame(IDS[0], "The row names no business.")
    if not any(one in values for one in TEXTS):
        read.blame(TEXTS[0], f"The row has none of {', '.join(TEXTS)}.")
    return read.faults or record


def _words(value: object) -> Words:
    return parse_words(value, TEXT_LIMIT)


def _line(value: object) -> str:
    """One short line."""
    text = parse_text(value, LINE_LIMIT).strip()
    if "\n" in text:
        raise Wrong("Here stand several lines in the place of one.")
    return text


def _number(value: object) -> str:
    """A phone number as E.164."""
    text = _line(value)
    if text and not normalise(text):
        raise Wrong(
            f"“{shown(text)}” is no number with + and the country code. "
            "Correct it, or leave the field out."
        )
    return normalise(text)


def _person(value: object) -> str:
    """A name, or the number of an account of the old system."""
    return f"account {value}" if _is_whole(value) else _line(value)


def _id(value: object) -> int | None:
    """The number of a business; blank is none."""
    if value in (None, ""):
        return None
    text = value.strip() if isinstance(value, str) else str(value) if _is_whole(value) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 0 < int(text) <= LARGEST_ID):
        told = f"“{shown(value)}”" if isinstance(value, str) else kind_of(value)
        raise Wrong(f"{told} is no number of a business. Write one such as 7.")
    return int(text)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dropped(values: Mapping[str, object]) -> list[Dropped]:
    """Every field that nothing here takes, unless it is empty."""
    return [
        Dropped(shown(name), NO_USE.get(name, "It is not known here."))
        for name, value in values.items()
        if name not in KNOWN and value not in (None, "")
    ]
