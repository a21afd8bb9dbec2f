"""What changed between two texts: whole lines first, then sentences, then words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from .opening import SENTENCE_END
from .wordbreaks import is_word, split_words

Unit = tuple[str, str]  # a piece that says something, and the silence behind it

# Beyond these the old text is shown whole, then the new one: nobody reads such a mosaic of words.
MOST_PAIRS = 100_000
MOST_RUNS = 2_000
LEAST_ALIKE = 0.35
LINES_AROUND = 2  # unchanged lines that stay in sight beside a change


class Kind(StrEnum):
    """What became of a run of text."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring words with the same fate."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: one equal run, or runs of which at least one was removed or added.

    Joined in order, the runs that were not added are the old text, and those that were not
    removed are the new one.
    """

    runs: tuple[Run, ...]
    folded: bool = False  # unchanged and far from any change

    @property
    def is_equal(self) -> bool:
        """Whether nothing changed in these lines."""
        return all(run.kind is Kind.EQUAL for run in self.runs)

    @property
    def lines(self) -> int:
        """How many lines an equal block has."""
        return len("".join(run.text for run in self.runs).splitlines())


def compare(before: str, after: str) -> tuple[Block, ...]:
    """The way from one text to the other."""
    blocks: list[Block] = []
    for old, new in _aligned(_lines(before), _lines(after)):
        runs = _equal(old) if old == new else _merged(_changed(old, new))
        blocks += [Block(tuple(runs))] if old or new else []
    return tuple(blocks)


def fold(blocks: Sequence[Block], around: int = LINES_AROUND) -> tuple[Block, ...]:
    """The same blocks, with long unchanged stretches set apart so that a page can hide them."""
    last = len(blocks) - 1
    return tuple(
        part
        for place, block in enumerate(blocks)
        for part in _folded(block, around if place else 0, around if place < last else 0)
    )


def count_changes(blocks: Iterable[Block]) -> int:
    """How many places differ: neighbouring removed and added words are one place."""
    places = 0
    for block in blocks:
        touched = [run.kind is not Kind.EQUAL for run in block.runs]
        places += sum(
            now and not before for before, now in zip([False, *touched], touched, strict=False)
        )
    return places


def likeness(before: str, after: str) -> float:
    """How much of two texts is the same: 1 for equal texts, 0 for strangers."""
    size = len(before) + len(after)
    same = sum(
        len(run.text)
        for block in compare(before, after)
        for run in block.runs
        if run.kind is Kind.EQUAL
    )
    return 2 * same / size if size else 1.0


def _changed(before: str, after: str) -> Iterator[Run]:
    """Line by line where as many lines stand on both sides, else sentence by sentence."""
    old, new = _lines(before), _lines(after)
    pairs = list(zip(old, new, strict=False)) if len(old) == len(new) > 1 else []
    if pairs and all(_alike(split_words(one), split_words(two)) for one, two in pairs):
        for one, two in pairs:
            yield from _compare_words(one, two)
        return
    for one, two in _aligned(_sentences(before), _sentences(after)):
        yield from _equal(one) if one == two else _compare_words(one, two)


def _compare_words(before: str, after: str) -> Iterator[Run]:
    """Word by word, unless hardly a word is left."""
    old, new = split_words(before), split_words(after)
    if not _alike(old, new):
        yield from _replaced(before, after)
        return
    runs = [
        run
        for one, two in _aligned(old, new)
        for run in (_equal(one) if one == two else _replaced(one, two))
    ]
    kept = sum(len(run.text) for run in runs if run.kind is Kind.EQUAL)
    is_rewrite = 2 * kept < LEAST_ALIKE * (len(before) + len(after))
    yield from _replaced(before, after) if is_rewrite or len(runs) > MOST_RUNS else runs


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of stretches, equal ones and different ones in turn."""
    before: tuple[str, str] | None = None
    for pair in _pairs_of_units(_units(old), _units(new)):
        if before is not None and _is_equal(before) == _is_equal(pair):
            before = (before[0] + pair[0], before[1] + pair[1])
            continue
        if before is not None:
            yield before
        before = pair
    if before is not None:
        yield before


def _units(pieces: Iterable[str]) -> list[Unit]:
    """Each piece that says something with the silent ones behind it; the first says nothing."""
    units = [("", "")]
    for piece in pieces:
        if _is_silent(piece):
            units[-1] = (units[-1][0], units[-1][1] + piece)
        else:
            units.append((piece, ""))
    return units


def _pairs_of_units(old: Sequence[Unit], new: Sequence[Unit]) -> Iterator[tuple[str, str]]:
    """The units in pairs, matched by what they say; silence alone holds nothing together."""
    words, words_now = [word for word, _ in old], [word for word, _ in new]
    for start, end, new_start, new_end in _matched(words, words_now):
        gone, came = old[start:end], new[new_start:new_end]
        if words[start:end] == words_now[new_start:new_end]:
            for (word, silence), (_, silence_now) in zip(gone, came, strict=True):
                shared = word + silence[: _common(silence, silence_now)]
                yield shared, shared
                yield (word + silence)[len(shared) :], (word + silence_now)[len(shared) :]
        else:
            yield from _parted(gone, came)


def _parted(gone: Sequence[Unit], came: Sequence[Unit]) -> Iterator[tuple[str, str]]:
    """Two different stretches, and the silence that both end with."""
    before, after = _text_of(gone), _text_of(came)
    silence = gone[-1][1] if gone and came and gone[-1][1] == came[-1][1] else ""
    yield before[: len(before) - len(silence)], after[: len(after) - len(silence)]
    yield silence, silence


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that match and stretches that do not; too many candidates count as no match."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    inside, now_inside = old[start : len(old) - end], new[start : len(new) - end]
    yield 0, start, 0, start
    if _pairs(inside, now_inside) > MOST_PAIRS:
        yield start, len(old) - end, start, len(new) - end
    else:
        matcher = SequenceMatcher(None, inside, now_inside)
        for _tag, first, last, now_first, now_last in matcher.get_opcodes():
            yield start + first, start + last, start + now_first, start + now_last
    yield len(old) - end, len(old), len(new) - end, len(new)


def _text_of(units: Iterable[Unit]) -> str:
    return "".join(word + silence for word, silence in units)


def _is_equal(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pieces are the same from the beginning on."""
    differ = (place for place, (one, two) in enumerate(zip(old, new, strict=False)) if one != two)
    return next(differ, min(len(old), len(new)))


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal pieces the matcher would weigh; it passes over the commonest."""
    once, now = Counter(old), Counter(new)
    popular = len(new) // 100 + 1 if len(new) >= 200 else len(new)
    return sum(count * once[piece] for piece, count in now.items() if count <= popular)


def _alike(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether comparing word by word is worth its time; a bound from above, quick to tell."""
    said, says = [one for one in old if is_word(one)], [one for one in new if is_word(one)]
    return SequenceMatcher(None, said, says).quick_ratio() >= LEAST_ALIKE


def _is_silent(piece: str) -> bool:
    """Whether a word, a sentence or a line says nothing."""
    return not any(sign.isalnum() for sign in piece)


def _equal(text: str) -> Iterator[Run]:
    if text:
        yield Run(Kind.EQUAL, text)


def _replaced(before: str, after: str) -> Iterator[Run]:
    if before:
        yield Run(Kind.REMOVED, before)
    if after:
        yield Run(Kind.ADDED, after)


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one kind as one run."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].kind is run.kind:
            merged[-1] = Run(run.kind, merged[-1].text + run.text)
        else:
            merged.append(run)
    return merged


def _folded(block: Block, before: int, after: int) -> Iterator[Block]:
    """A long equal block in up to three parts; ``before`` and ``after`` lines stay in sight."""
    lines = _lines(block.runs[0].text) if block.is_equal else []
    if len(lines) <= before + after + 1:
        yield block
        return
    end = len(lines) - after
    for part, folded in ((lines[:before], False), (lines[before:end], True), (lines[end:], False)):
        if part:
            yield Block(tuple(_equal("".join(part))), folded)


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a newline ends one, as in stored text."""
    pieces = [f"{line}\n" for line in text.split("\n")]
    pieces[-1] = pieces[-1][:-1]
    return pieces if pieces[-1] else pieces[:-1]


def _sentences(text: str) -> list[str]:
    """The sentences, each with the space before it."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
