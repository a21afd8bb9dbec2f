"""What is wrong with a text before it is published: what blocks it, and what is worth a look."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from .credentials import find_credentials, masked
from .difference import likeness
from .invisible import ALLOWED, find_invisible, name_of
from .markers import find_markers, has_marker
from .opening import GREETING_LIMIT
from .placeholders import (
    NAMES,
    PLACEHOLDER,
    PLATFORM_NAMES,
    PlaceholderError,
    check,
    loose_brace,
    render,
)
from .scripts import count_letters, share_of_language

TEXT_LIMIT = 20_000
LONG_TEXT = 10_000
NEARLY_IDENTICAL = 0.9
MOST_NAMES = 50  # unknown ones that are told one by one
LEAST_LETTERS = 12  # fewer tell no language
SINGLE_BRACE = re.compile(r"(?<!\{)\{\s*([a-z_]+)\s*\}(?!\})")


class Field(StrEnum):
    """The two texts that an editor writes."""

    TEXT = "text"
    GREETING = "greeting"


class Code(StrEnum):
    """Every kind of finding; the sentences live where they can be translated."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    LINES = "lines"
    INVISIBLE = "invisible"
    MARKER = "marker"
    RENDERED_MARKER = "rendered_marker"
    CREDENTIAL = "credential"
    UNKNOWN_NAME = "unknown_name"
    NO_VALUE = "no_value"
    LOOSE_BRACE = "loose_brace"
    NO_GREETING = "no_greeting"
    OTHER_LANGUAGE = "other_language"
    SAME_AS_OTHER = "same_as_other"
    LONG = "long"
    SINGLE_BRACE = "single_brace"


WARNINGS = frozenset(
    {Code.NO_GREETING, Code.OTHER_LANGUAGE, Code.SAME_AS_OTHER, Code.LONG, Code.SINGLE_BRACE}
)
# With one of these no call could be given the text at all.
UNSPEAKABLE = frozenset(
    {
        Code.EMPTY,
        Code.MARKER,
        Code.RENDERED_MARKER,
        Code.UNKNOWN_NAME,
        Code.NO_VALUE,
        Code.LOOSE_BRACE,
    }
)
REPAIRABLE = frozenset(
    {
        Code.LINES,
        Code.INVISIBLE,
        Code.MARKER,
        Code.CREDENTIAL,
        Code.UNKNOWN_NAME,
        Code.NO_VALUE,
        Code.LOOSE_BRACE,
        Code.SINGLE_BRACE,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One point about one of the texts, and where in it."""

    code: Code
    where: Field
    line: int = 0  # counted from 1; 0 is the text as a whole
    found: str = ""  # the very signs that stand there
    better: str = ""  # what to write instead
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether it keeps the text from being published."""
        return self.code not in WARNINGS

    @property
    def has_repair(self) -> bool:
        """Whether `repairs.repair` can mend it."""
        return self.code in REPAIRABLE or bool(self.better)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a text is judged by: the business's values and language, and its other prompt."""

    values: Mapping[str, str]
    allowed: Collection[str] = NAMES
    language: str = ""
    other_text: str = ""
    has_greeting: bool = True  # whether a first sentence belongs to it


# What a prompt of the platform is judged by: every business has a name.
PLATFORM_GROUND = Ground(
    dict.fromkeys(PLATFORM_NAMES, "Business"), PLATFORM_NAMES, has_greeting=False
)


def blocks(text: str, greeting: str, ground: Ground) -> list[Finding]:
    """All that keeps the two from being published; both are canonical."""
    return [*_text_blocks(text, ground), *_greeting_blocks(greeting, ground)]


def lint(text: str, greeting: str, ground: Ground) -> list[Finding]:
    """The blocks, then the warnings."""
    return [*blocks(text, greeting, ground), *_warnings(text, greeting, ground)]


def _text_blocks(text: str, ground: Ground) -> Iterator[Finding]:
    if len(text) > TEXT_LIMIT:  # and no more of it is read: it may be of any size
        yield _too_long(Field.TEXT, len(text), TEXT_LIMIT)
        return
    yield from _bad_signs(text, Field.TEXT)
    if not "".join(text.split()).strip(ALLOWED):
        yield Finding(Code.EMPTY, Field.TEXT)
    bad_names = list(_bad_names(text, Field.TEXT, ground))
    yield from bad_names or _rendered_marker(text, Field.TEXT, ground)


def _greeting_blocks(greeting: str, ground: Ground) -> Iterator[Finding]:
    if len(greeting) > TEXT_LIMIT:
        yield _too_long(Field.GREETING, len(greeting), GREETING_LIMIT)
        return
    yield from _bad_signs(greeting, Field.GREETING)
    if "\n" in greeting:
        yield Finding(Code.LINES, Field.GREETING)
    bad_names = list(_bad_names(greeting, Field.GREETING, ground))
    spoken = greeting if bad_names else render(greeting, ground.values, ground.allowed)
    if len(spoken) > GREETING_LIMIT:
        yield _too_long(Field.GREETING, len(spoken), GREETING_LIMIT)
    yield from bad_names or _rendered_marker(greeting, Field.GREETING, ground)


def _too_long(where: Field, count: int, limit: int) -> Finding:
    return Finding(Code.TOO_LONG, where, facts={"count": count, "limit": limit})


def _rendered_marker(text: str, where: Field, ground: Ground) -> Iterator[Finding]:
    """A marker that only the values complete: ``<{{ agent_name }}`` for somebody named ``<<Al``."""
    if has_marker(text):  # said already, and has a repair
        return
    if has_marker(render(text, ground.values, ground.allowed)):
        yield Finding(Code.RENDERED_MARKER, where)


def _bad_signs(text: str, where: Field) -> Iterator[Finding]:
    """Signs that no prompt may hold."""
    if invisible := find_invisible(text):
        names = [
            name_of(sign) if count == 1 else f"{name_of(sign)} (x {count})"
            for sign, count in invisible.items()
        ]
        first = next(iter(invisible))
        facts = {"names": ", ".join(names), "count": sum(invisible.values())}
        yield Finding(Code.INVISIBLE, where, _line_of(text, first), first, facts=facts)
    if has_marker(text):
        marker = find_markers(text)[0]
        yield Finding(Code.MARKER, where, _line_of(text, marker), marker)
    for secret, kind in find_credentials(text).items():
        facts = {"kind": kind, "shown": masked(secret)}
        yield Finding(Code.CREDENTIAL, where, _line_of(text, secret), secret, facts=facts)


def _bad_names(text: str, where: Field, ground: Ground) -> Iterator[Finding]:
    """One finding for each placeholder that is unknown or has no value, and for a loose brace."""
    try:
        check(text, ground.values, ground.allowed)
    except PlaceholderError as error:
        written: dict[str, str] = {}
        for match in PLACEHOLDER.finditer(text):
            written.setdefault(match[1].strip(), match[0])
        for code, names in (
            (Code.UNKNOWN_NAME, error.unknown[:MOST_NAMES]),
            (Code.NO_VALUE, error.missing),
        ):
            for name in names:
                yield _bad_name(code, written[name], text, where, ground)
        if error.loose:
            facts = {"example": _example(ground.allowed)}
            line = _line_of_loose(text, error.loose)
            yield Finding(Code.LOOSE_BRACE, where, line, error.loose, facts=facts)


def _bad_name(code: Code, written: str, text: str, where: Field, ground: Ground) -> Finding:
    """The finding about one placeholder, with the known name that looks most like its own."""
    name = written.strip("{}").strip()
    near = get_close_matches(name.lower().replace(" ", "_"), ground.allowed, n=1, cutoff=0.6)
    better = _braced(near[0]) if near and code is Code.UNKNOWN_NAME else ""
    known = ", ".join(map(_braced, ground.allowed))
    facts = {"name": name, "known": known}
    return Finding(code, where, _line_of(text, written), written, better, facts)


def _warnings(text: str, greeting: str, ground: Ground) -> Iterator[Finding]:
    if ground.has_greeting and not greeting:
        yield Finding(Code.NO_GREETING, Field.GREETING)
    for where, words in ((Field.GREETING, greeting), (Field.TEXT, text)):
        yield from _other_language(words, where, ground.language)
        yield from _single_braces(words, where, ground.allowed)
    other = ground.other_text
    if text.strip() and other.strip() and likeness(text, other) >= NEARLY_IDENTICAL:
        yield Finding(Code.SAME_AS_OTHER, Field.TEXT)
    if LONG_TEXT < len(text) <= TEXT_LIMIT:
        yield Finding(Code.LONG, Field.TEXT, facts={"count": len(text), "limit": LONG_TEXT})


def _other_language(words: str, where: Field, language: str) -> Iterable[Finding]:
    """A text most of whose letters the language is not written with."""
    said = PLACEHOLDER.sub(" ", words)
    share = share_of_language(said, language)
    if share is None or share >= 0.5 or sum(count_letters(said).values()) < LEAST_LETTERS:
        return []
    return [Finding(Code.OTHER_LANGUAGE, where, facts={"language": language})]


def _single_braces(words: str, where: Field, allowed: Collection[str]) -> Iterator[Finding]:
    """Known names in the single braces of other systems, which would be spoken as they stand."""
    for written, name in {match[0]: match[1] for match in SINGLE_BRACE.finditer(words)}.items():
        if name in allowed:
            line = _line_of(words, written)
            yield Finding(Code.SINGLE_BRACE, where, line, written, _braced(name))


def _line_of(text: str, found: str) -> int:
    """The line on which something first stands."""
    place = text.find(found)
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def _line_of_loose(text: str, brace: str) -> int:
    """The line of the first double brace that is no part of a placeholder."""
    return next(
        (number for number, line in enumerate(text.split("\n"), 1) if loose_brace(line) == brace),
        _line_of(text, brace),
    )


def _example(allowed: Collection[str]) -> str:
    """A placeholder to show how one is written."""
    return _braced("agent_name" if "agent_name" in allowed else next(iter(allowed)))


def _braced(name: str) -> str:
    return f"{{{{ {name} }}}}"
