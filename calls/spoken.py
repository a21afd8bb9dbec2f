"""What was spoken under one version: the calls, and in each of them the answers."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from calls.models import Call, Turn
from prompts.models import PromptVersion, Release

ANSWERS_SHOWN = 10  # of each call
STANDS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Stand:
    """A stretch of time in which a version was in force; without an end it still is."""

    begun: Release
    ended: Release | None


def stands_of(version: PromptVersion) -> list[Stand]:
    """When a version was in force, the newest time first; two queries."""
    following = Release.objects.filter(
        prompt=OuterRef("prompt"), revision__gt=OuterRef("revision")
    ).order_by("revision")
    moves = version.releases.order_by("-revision").annotate(
        next_move=Subquery(following.values("pk")[:1])
    )
    begun = list(moves[:STANDS_SHOWN])
    names = [move.next_move for move in begun if move.next_move]
    ended = Release.objects.select_related("to_version").in_bulk(names)
    return [Stand(move, ended.get(move.next_move)) for move in begun]


def answers_under(version: PromptVersion, stand: Stand | None = None) -> QuerySet[Turn]:
    """The answers that stood under a version; with ``stand``, under that one release of it.

    Calls that a release for new calls left as they were keep standing under the one before it, so
    the revision that an answer names decides, and not the time of day.
    """
    answers = Turn.objects.filter(prompt_version=version)
    if stand is None:
        return answers
    answers = answers.filter(revision__gte=stand.begun.revision)
    again = version.releases.filter(revision__gt=stand.begun.revision).order_by("revision").first()
    return answers.filter(revision__lt=again.revision) if again else answers


def calls_under(answers: QuerySet[Turn], calls: QuerySet[Call]) -> QuerySet[Call]:
    """The calls among ``calls`` with such answers, the newest first."""
    found = calls.filter(pk__in=answers.values("call"))
    return found.select_related("business").defer("settings").order_by("-started_at", "-pk")


def counts_of(answers: QuerySet[Turn], calls: Collection[Call]) -> dict[int, int]:
    """How many such answers each call has; one query."""
    rows = answers.filter(call__in=calls).order_by().values_list("call").annotate(Count("pk"))
    return dict(rows)


def first_of(answers: QuerySet[Turn], calls: Collection[Call]) -> dict[int, list[Turn]]:
    """The first few such answers of each call; one query."""
    place = Window(RowNumber(), partition_by=F("call"), order_by=F("position").asc())
    rows = answers.filter(call__in=calls).annotate(place=place).filter(place__lte=ANSWERS_SHOWN)
    found: dict[int, list[Turn]] = {}
    for turn in rows.order_by("call", "position"):
        found.setdefault(turn.call_id, []).append(turn)
    return found
