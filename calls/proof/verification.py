"""Every stored text against its hash, every stored call against its own log."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from calls.domain import audit
from calls.models import Call, ComposedText, ContextText, EventPage, StoredText
from calls.models.call import OPEN_STATUSES
from calls.proof.erasures import Erasures
from calls.proof.stains import Stains
from calls.proof.stored import BEGINNING, stored
from calls.proof.texts import ExactText, rebuild
from prompts.domain.text import sha256

CHUNK = 1000  # texts, or names of texts, in one question
CALLS = 50  # with all that is stored of them
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
    report, stains = Report(), Stains()
    _verify_texts(report, stains, progress)
    _verify_composed(report, stains, progress)
    _verify_calls(report, stains, progress)
    texts = list(stains.sentences())
    report.fault_count += len(texts)
    report.faults = [*texts, *report.faults][:FAULTS_NAMED]
    return report


def _verify_texts(report: Report, stains: Stains, progress: Progress) -> None:
    for name, text in StoredText.objects.values_list("sha256", "text").iterator(CHUNK):
        report.texts += 1
        if sha256(text) != name:
            stains.add(name, f"Text {name[:12]} was altered.")
    erasures = Erasures()
    for context in ContextText.objects.iterator(CHUNK):
        report.texts += 1
        name = f"Context {context.sha256[:12]}"
        is_there = sha256(context.text) == context.sha256
        if context.erased_at and is_there:
            stains.add(context.sha256, f"{name} is said to be erased and is there.")
        elif context.erased_at and not erasures.are_told_of(context.erased_by, context.erased_at):
            stains.add(context.sha256, f"{name} is said to be erased, and the audit knows nothing.")
        elif context.erased_at and not context.text:
            erased = f"erased on {context.erased_at:%Y-%m-%d}, by {context.erased_by}"
            report.erased.append(f"{name}: {erased}.")
        elif not is_there:
            stains.add(context.sha256, f"{name} was altered.")
        progress(f"{report.texts} texts checked")


def _verify_composed(report: Report, stains: Stains, progress: Progress) -> None:
    for rows in _chunks(ComposedText.objects.order_by("pk"), CHUNK):
        report.texts += len(rows)
        for text in rebuild(rows).values():
            fault = text.fault and _fault_of_its_own(text)
            if fault:
                stains.add(text.fingerprint, f"Instructions {text.fingerprint[:12]}: {fault}")
        progress(f"{report.texts} texts checked")


def _fault_of_its_own(text: ExactText) -> str:
    """What is wrong with it beside layers that were altered, which are named by themselves."""
    faults = [piece.fault for piece in text.pieces if piece.fault]
    missing = [fault for fault in faults if "missing" in fault]
    return " ".join(missing) if faults else text.fault


def _verify_calls(report: Report, stains: Stains, progress: Progress) -> None:
    report.in_progress = Call.objects.filter(status__in=OPEN_STATUSES).count()
    has_log = Exists(EventPage.objects.filter(call=OuterRef("pk")))
    over = Call.objects.exclude(status__in=OPEN_STATUSES)
    over = over.filter(Q(connected_at__isnull=False) | has_log)
    for calls in _chunks(over.order_by("pk").only("sid", "first_audio_at", *BEGINNING), CALLS):
        rows = stored(calls)
        findings = [(call, audit.check(rows[call.pk])) for call in calls]
        for call, finding in findings:
            report.answers += finding.answers
            report.blame(finding.faults)
            stains.meet(call.sid, finding)
            if call.first_audio_at and not rows[call.pk].pages:
                report.blame([f"Call {call.sid}: it was spoken and has no log."])
            elif not finding.has_end and not finding.faults:
                report.unfinished.append(call.sid)
        _verify_named(report, findings)
        report.calls += len(calls)
        progress(f"{report.calls} calls checked")


def _verify_named(report: Report, findings: Sequence[tuple[Call, audit.Finding]]) -> None:
    """Every text that the logs name is there, made of the layers that the log names."""
    composed = _rows_of(
        ComposedText.objects.values_list("pk", "layers", "joint"),
        {name for _, finding in findings for name in finding.sent},
    )
    present = _rows_of(
        StoredText.objects.values_list("pk"),
        {name for _, finding in findings for name in finding.own_texts},
    )
    for call, finding in findings:
        for name in finding.sent:
            if name not in composed:
                report.blame([f"Call {call.sid}: its text {name[:12]} is missing."])
            elif not finding.names_layers_of(name, *composed[name]):
                report.blame([f"Call {call.sid}: the layers of its text {name[:12]} were altered."])
        gone = finding.own_texts - present.keys()
        report.blame(f"Call {call.sid}: its text {name[:12]} is missing." for name in sorted(gone))


def _rows_of(columns: QuerySet[Any, Any], names: set[str]) -> dict[str, tuple[Any, ...]]:
    """The rows of these names, by name; no database takes any number of them at once."""
    found, wanted = {}, sorted(names)
    for start in range(0, len(wanted), CHUNK):
        for name, *rest in columns.filter(pk__in=wanted[start : start + CHUNK]):
            found[name] = tuple(rest)
    return found


def _chunks(rows: QuerySet[Any], size: int) -> Iterable[list[Any]]:
    """All rows in pieces, in the order of their keys."""
    last = None
    while True:
        piece: list[Model] = list((rows if last is None else rows.filter(pk__gt=last))[:size])
        if not piece:
            return
        last = piece[-1].pk
        yield piece
