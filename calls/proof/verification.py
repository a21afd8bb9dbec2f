"""Every stored text against its hash, every stored call against its own log."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from calls.domain import audit
from calls.domain.pages import as_logged
from calls.domain.records import KnownBy, Result, Speaker, Stamp
from calls.models import Call, ComposedText, ContextText, EventPage, Receipt, StoredText, Turn
from calls.models.call import OPEN_STATUSES
from calls.proof.texts import rebuild
from prompts.domain.text import sha256

CHUNK = 200
FAULTS_NAMED = 1000

Progress = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """What was checked, and what was found."""

    calls: int = 0
    answers: int = 0
    texts: int = 0
    in_progress: int = 0
    erased: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)  # logs that break off, as a crash leaves
    faults: list[str] = field(default_factory=list)
    fault_count: int = 0

    def blame(self, sentences: Iterable[str]) -> None:
        """Count faults; the first thousand are kept in words."""
        for sentence in filter(None, sentences):
            self.fault_count += 1
            if len(self.faults) < FAULTS_NAMED:
                self.faults.append(sentence)


def verify(progress: Progress = lambda _sentence: None) -> Report:
    """Check all texts, then all calls; writes nothing."""
    report = Report()
    _verify_texts(report, progress)
    _verify_composed(report, progress)
    _verify_calls(report, progress)
    return report


def _verify_texts(report: Report, progress: Progress) -> None:
    for row in StoredText.objects.iterator(CHUNK):
        report.texts += 1
        if sha256(row.text) != row.sha256:
            report.blame([f"Text {row.sha256[:12]} was altered."])
    for context in ContextText.objects.iterator(CHUNK):
        report.texts += 1
        if context.erased_at:
            erased = f"erased on {context.erased_at:%Y-%m-%d}, by {context.erased_by}"
            report.erased.append(f"Context {context.sha256[:12]}: {erased}.")
        elif sha256(context.text) != context.sha256:
            report.blame([f"Context {context.sha256[:12]} was altered."])
        progress(f"{report.texts} texts checked")


def _verify_composed(report: Report, progress: Progress) -> None:
    for rows in _chunks(ComposedText.objects.order_by("pk")):
        report.texts += len(rows)
        for text in rebuild(rows).values():
            # An altered layer was named already, by itself.
            fault = "" if any(piece.fault for piece in text.pieces) else text.fault
            missing = [piece.fault for piece in text.pieces if "missing" in piece.fault]
            for sentence in filter(None, [fault, *missing]):
                report.blame([f"Instructions {text.fingerprint[:12]}: {sentence}"])
        progress(f"{report.texts} texts checked")


def _verify_calls(report: Report, progress: Progress) -> None:
    report.in_progress = Call.objects.filter(status__in=OPEN_STATUSES).count()
    over = Call.objects.exclude(status__in=OPEN_STATUSES).filter(connected_at__isnull=False)
    for calls in _chunks(over.order_by("pk").only("sid", "first_audio_at")):
        stored = _stored(calls)
        findings = [(call, audit.check(stored[call.pk])) for call in calls]
        for call, finding in findings:
            report.answers += finding.answers
            report.blame(finding.faults)
            if call.first_audio_at and not stored[call.pk].pages:
                report.blame([f"Call {call.sid}: it was spoken and has no log."])
            elif not finding.has_end and not finding.faults:
                report.unfinished.append(call.sid)
        _verify_named(report, findings)
        report.calls += len(calls)
        progress(f"{report.calls} calls checked")


def _verify_named(report: Report, findings: Sequence[tuple[Call, audit.Finding]]) -> None:
    """Every text that the logs name is there, made of the layers that the log names."""
    named = {name for _, finding in findings for name in finding.layers or {}}
    own = {name for _, finding in findings for name in finding.own_texts}
    layers = dict(ComposedText.objects.filter(pk__in=named).values_list("pk", "layers"))
    present = set(StoredText.objects.filter(pk__in=own).values_list("pk", flat=True))
    for call, finding in findings:
        for name, expected in (finding.layers or {}).items():
            if name not in layers:
                report.blame([f"Call {call.sid}: its text {name[:12]} is missing."])
            elif [sha for _layer, sha in layers[name]] != expected:
                report.blame([f"Call {call.sid}: the layers of its text {name[:12]} were altered."])
        gone = finding.own_texts - present
        report.blame(f"Call {call.sid}: its text {name[:12]} is missing." for name in sorted(gone))


def _stored(calls: Sequence[Call]) -> dict[int, audit.Stored]:
    """What is stored of these calls, in three queries."""
    pages: dict[int, list[Any]] = defaultdict(list)
    answers: dict[int, list[audit.Answer]] = defaultdict(list)
    outcomes: dict[int, list[audit.Outcome]] = defaultdict(list)
    ids = [call.pk for call in calls]
    for row in EventPage.objects.filter(call__in=ids).order_by("call", "number"):
        pages[row.call_id].append(row.page)
    spoken = Turn.objects.filter(call__in=ids, speaker=Speaker.AGENT.value)
    for turn in spoken.defer("text", "heard", "usage").order_by("call", "position"):
        answers[turn.call_id].append(audit.Answer(turn.position, turn.response_id, stamp_of(turn)))
    for receipt in Receipt.objects.filter(call__in=ids):
        outcomes[receipt.call_id].append(_outcome(receipt))
    return {
        call.pk: audit.Stored(call.sid, pages[call.pk], answers[call.pk], outcomes[call.pk])
        for call in calls
    }


def stamp_of(turn: Turn) -> Stamp | None:
    """The stamp of an answer's row; None where there is none that can be read."""
    try:
        known_by = KnownBy(turn.known_by)
    except ValueError:
        return None
    return Stamp(
        fingerprint=turn.fingerprint,
        known_by=known_by,
        revision=turn.revision or 0,
        version=turn.version or 0,
        version_id=turn.prompt_version_id,
        base_fingerprint=turn.base_fingerprint,
        next_fingerprint=turn.next_fingerprint,
    )


def _outcome(receipt: Receipt) -> audit.Outcome:
    known = receipt.result in {one.value for one in Result}
    result = Result(receipt.result) if known else None
    facts = as_logged(receipt.facts)
    return audit.Outcome(receipt.revision, result, receipt.hash_sent, receipt.hash_echoed, facts)


def _chunks(rows: QuerySet[Any]) -> Iterable[list[Any]]:
    """All rows in pieces, in the order of their keys."""
    last = None
    while True:
        piece: list[Model] = list((rows if last is None else rows.filter(pk__gt=last))[:CHUNK])
        if not piece:
            return
        last = piece[-1].pk
        yield piece
