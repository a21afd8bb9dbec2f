"""Finding calls among very many: by number, words, days, tags, and by what they ran under.

Every condition narrows. Words are looked for by reading the lines once, at a hundred thousand
calls within a second; every other condition has an index or reads rows that are few.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from calls import selectors
from calls.domain.periods import Period
from calls.domain.spelling import Sought, spellings_of
from calls.models import Call, CallTag, Receipt, Turn
from calls.models.choices import UNCONFIRMED_ANSWERS, UNCONFIRMED_RESULTS
from prompts.domain.kinds import Channel, Layer
from prompts.models import Business, PromptVersion


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; what is not set narrows nothing."""

    number: Sought | None = None
    words: str = ""
    period: Period | None = None
    business: Business | None = None
    direction: str = ""
    version: int | None = None
    tag: str = ""  # its key
    end_reason: str = ""
    unconfirmed: bool = False
    going_on: bool = False


def find(calls: QuerySet[Call], search: Search, now: datetime) -> QuerySet[Call]:
    """The calls that fit everything, the newest first."""
    if search.business:
        calls = calls.filter(business=search.business)
    if search.direction:
        calls = calls.filter(direction=search.direction)
    if search.end_reason:
        calls = calls.filter(end_reason=search.end_reason)
    if search.going_on:
        calls = calls.filter(pk__in=selectors.live_calls(now).values("pk"))
    return calls.filter(*_narrow(search)).order_by("-started_at", "-pk")


def _narrow(search: Search) -> list[Q]:
    """The conditions that take more than one column."""
    conditions = []
    if search.number:
        conditions.append(_with_number(search.number))
    if search.period:
        conditions.append(_within(search.period, search.business))
    if search.words:
        conditions.append(Q(pk__in=lines_with(search.words).values("call")))
    if search.version:
        conditions.append(_under(search.version, search))
    if search.tag:
        conditions.append(Q(pk__in=CallTag.objects.filter(tag__key=search.tag).values("call")))
    if search.unconfirmed:
        conditions.append(_unconfirmed())
    return conditions


def _with_number(sought: Sought) -> Q:
    """Either end of the line."""
    if sought.call_sid:
        return Q(sid=sought.call_sid)
    if sought.whole:
        return Q(from_number=sought.whole) | Q(to_number=sought.whole)
    return Q(from_number__endswith=sought.ending) | Q(to_number__endswith=sought.ending)


def _within(period: Period, business: Business | None) -> Q:
    """The days of the business; of many businesses, each by its own clock."""
    if business:
        return _between(*period.within(business.time_zone))
    zones = Business.objects.order_by().values_list("time_zone", flat=True).distinct()
    spans = {zone: period.within(zone) for zone in zones}
    home = period.within(settings.TIME_ZONE)
    begins, ends = zip(home, *spans.values(), strict=True)
    widest = _between(min(begins), max(ends))  # lets the index choose, before each zone decides
    by_zone = (Q(business__time_zone=zone) & _between(*span) for zone, span in spans.items())
    return widest & reduce(or_, by_zone, Q(business=None) & _between(*home))


def _between(begins: datetime, ends: datetime) -> Q:
    return Q(started_at__gte=begins, started_at__lt=ends)


def lines_with(words: str) -> QuerySet[Turn]:
    """The lines in which these words were said, by either side, in any case of their letters."""
    if words.upper() == words.lower():  # Hebrew, Arabic, digits: twice as fast
        return Turn.objects.filter(text__contains=words)
    folds_all = connection.vendor != "sqlite"  # SQLite knows the case of ASCII only
    spellings = [words] if folds_all or words.isascii() else spellings_of(words)
    return Turn.objects.filter(reduce(or_, (Q(text__icontains=one) for one in spellings)))


def _under(number: int, search: Search) -> Q:
    """Begun or answered under the version of this number."""
    versions = PromptVersion.objects.filter(
        number=number, prompt__layer=Layer.BUSINESS.value, prompt__channel=Channel.CALLS.value
    )
    if search.business:
        versions = versions.filter(prompt__business=search.business)
    if search.direction:
        versions = versions.filter(prompt__direction=search.direction)
    answers = Turn.objects.filter(prompt_version__in=versions.values("pk"))
    return Q(version=number) | Q(pk__in=answers.values("call"))


def _unconfirmed() -> Q:
    """Some answer, or some change, whose words the voice service had not confirmed."""
    answers = Turn.objects.filter(known_by__in=UNCONFIRMED_ANSWERS).values("call")
    changes = Receipt.objects.filter(result__in=UNCONFIRMED_RESULTS).values("call")
    return Q(pk__in=answers) | Q(pk__in=changes)
