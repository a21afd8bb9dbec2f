"""Whether the stored rows of one call agree with its log: one sentence for each that does not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from calls.domain.beginning import Beginning
from calls.domain.endings import GENERATING
from calls.domain.pages import Page, link, read
from calls.domain.records import Result, Stamp
from calls.domain.recount import Recount
from prompts.domain.changes import find_fault

Facts = Mapping[str, Any]  # Any: what JSON can hold

LONGEST_ID = 128  # of a response, as rows keep it
LONGEST_STATUS = 32
CONFIRMING = frozenset({Result.ACKNOWLEDGED, Result.ACKNOWLEDGED_UNSEEN, Result.ACKNOWLEDGED_LATE})


class Answer(Struct, frozen=True):
    """What the row of an answer says of the words that it stood under, and of its end."""

    position: int
    response_id: str
    stamp: Stamp | None
    status: str
    usage: Any  # what JSON can hold


class Outcome(Struct, frozen=True):
    """What a receipt says of an update; ``facts`` is all of it, as the log would say it."""

    revision: int
    result: Result | None  # None for a word that is none of ours
    hash_sent: str
    hash_echoed: str
    facts: Facts


class Stored(Struct, frozen=True):
    """All that is stored of one call and has to agree."""

    sid: str
    pages: Sequence[Page]
    answers: Sequence[Answer]
    outcomes: Sequence[Outcome]
    beginning: Beginning


class Finding(Struct, frozen=True):
    """What the check of one call found."""

    faults: list[str]
    answers: int = 0
    has_end: bool = False
    sent: Mapping[str, Facts] = field(default_factory=dict)  # session texts by fingerprint
    own_texts: frozenset[str] = frozenset()
    echoes: frozenset[str] = frozenset()  # hashes of texts that came back

    @property
    def texts(self) -> set[str]:
        """The names of all texts that the call had to do with, layers included."""
        layers = {name for facts in self.sent.values() for name in _hashes(facts["layers"])}
        return layers.union(self.sent, self.own_texts, self.echoes)

    def names_layers_of(self, fingerprint: str, layers: Any, joint: str) -> bool:
        """Whether a session's text is made of these layers; older logs have their hashes alone."""
        facts = self.sent[fingerprint]
        if "joint" in facts:
            return bool((layers, joint) == (facts["layers"], facts["joint"]))
        return bool(_hashes(layers) == facts["layers"])


def _hashes(layers: Any) -> list[Any]:
    """The hashes of layers, which may stand behind their names."""
    given = layers if isinstance(layers, list) else []
    return [layer[-1] if isinstance(layer, list) and layer else layer for layer in given]


def check(stored: Stored) -> Finding:
    """Check the chain of the pages, then every answer and every receipt against the entries."""
    head = stored.pages[-1].hash if stored.pages else ""
    links = (link(stored.sid, page) for page in stored.pages)
    fault = find_fault(links, count=len(stored.pages), head=head)
    if fault:
        return Finding([f"Call {stored.sid}: its log is broken. {fault.replace('Entry', 'Page')}"])
    try:
        recount = Recount().read(read(stored.pages))
        faults = list(_disagreements(stored, recount))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Finding([f"Call {stored.sid}: its log cannot be read ({type(error).__name__})."])
    return Finding(
        faults=[f"Call {stored.sid}: {fault}" for fault in faults],
        answers=len(stored.answers),
        has_end=recount.has_end,
        sent=recount.sent,
        own_texts=frozenset(recount.own_texts),
        echoes=frozenset(recount.echoes),
    )


def _disagreements(stored: Stored, recount: Recount) -> Iterator[str]:
    yield from recount.faults
    yield from _beginning(stored.beginning, recount)
    yield from _answers(stored, recount)
    yield from _endings(stored, recount)
    yield from _outcomes(stored, recount)
    yield from _receipts(stored, recount)


def _beginning(row: Beginning, recount: Recount) -> Iterator[str]:
    """What the row of the call says of its beginning: a log of older times is silent about it."""
    if not row.agrees_with_itself:
        yield "The settings of its session were altered."
    begun, facts = recount.begun or {}, row.facts
    wrong = [name for name, said in begun.items() if facts.get(name) != said]
    if wrong:
        yield f"Its row was altered: {', '.join(wrong)}."


def _answers(stored: Stored, recount: Recount) -> list[str]:
    if stored.answers and not stored.pages:
        return ["It has answers and no log."]
    expected = {name[:LONGEST_ID]: stamp for name, stamp in recount.stamps.items()}
    faults, seen = [], set()
    for answer in stored.answers:
        name = answer.response_id
        if name in seen:
            faults.append(f"Answer {answer.position} is stored twice.")
        elif name not in expected:
            faults.append(f"Answer {answer.position} is not in the log.")
        elif answer.stamp != expected[name]:
            faults.append(_difference(answer, expected[name]))
        seen.add(name)
    if recount.has_end:
        faults += [f"Answer {name} of the log has no row." for name in expected if name not in seen]
    return faults


def _endings(stored: Stored, recount: Recount) -> Iterator[str]:
    """How each answer ended, and what it cost.

    A worker that died may have left the log ahead of a row; no row says more than the log. In a
    log of older times only what the model said once is compared.
    """
    names = {name[:LONGEST_ID]: name for name in recount.stamps}
    for answer in stored.answers:
        name = names.get(answer.response_id)
        if name is None or (recount.begun is None and not recount.endings.is_clear(name)):
            continue
        logged, said = recount.endings.of(name), {"status": answer.status, "usage": answer.usage}
        kept = {"status": logged["status"][:LONGEST_STATUS], "usage": logged["usage"]}
        if said != kept and (recount.has_end or said != GENERATING):
            wrong = [word for word in kept if said[word] != kept[word]]
            yield f"Answer {answer.position} was altered: {', '.join(wrong)}."


def _difference(answer: Answer, expected: Stamp) -> str:
    stamp = answer.stamp
    if stamp is None:
        return f"Answer {answer.position} has lost its stamp."
    names = [
        name for name in Stamp.__struct_fields__ if getattr(stamp, name) != getattr(expected, name)
    ]
    return (
        f"Answer {answer.position} stood under something else than its stamp says: "
        + "; ".join(
            f"{name.replace('_', ' ')} is {_short(getattr(stamp, name))}, "
            f"the log says {_short(getattr(expected, name))}"
            for name in names
        )
        + "."
    )


def _short(value: object) -> str:
    text = str(value)
    return text[:12] if len(text) == 64 else text or "nothing"


def _outcomes(stored: Stored, recount: Recount) -> list[str]:
    faults = []
    for outcome in stored.outcomes:
        name = f"The receipt of revision {outcome.revision}"
        if outcome.hash_sent and outcome.hash_sent not in recount.sent:
            faults.append(f"{name} names a text that was not sent.")
        if outcome.hash_echoed and outcome.hash_echoed not in recount.echoes:
            faults.append(f"{name} names an echo that did not come.")
        if outcome.result is None:
            faults.append(f"{name} has no result.")
        if outcome.result in CONFIRMING and not outcome.hash_sent:
            faults.append(f"{name} confirms what was not sent.")
        if outcome.result is Result.ACKNOWLEDGED and not outcome.hash_echoed:
            faults.append(f"{name} confirms what did not come back.")
    return faults


def _receipts(stored: Stored, recount: Recount) -> Iterator[str]:
    """Each receipt as the log has it, to the last digit of its times.

    A log of older times that breaks off may lack the entry of its last receipt, and one that was
    written before receipts were entered has none at all.
    """
    is_complete = recount.begun is not None or (recount.receipts and recount.has_end)
    missing = dict(recount.receipts)
    for outcome in stored.outcomes:
        logged = missing.pop(outcome.facts["id"], None)
        name = f"The receipt of revision {outcome.revision}"
        if logged is None and is_complete:
            yield f"{name} is not in the log."
        if logged is not None and logged != outcome.facts:
            wrong = [one for one in logged if logged[one] != outcome.facts.get(one)]
            yield f"{name} was altered: {', '.join(wrong)}."
    for logged in missing.values():
        if recount.has_end:
            yield f"The receipt of revision {logged['revision']} of the log has no row."
