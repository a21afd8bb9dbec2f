"""Whether a business can take calls, point by point; the business page and `doctor` show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prompts.domain.kinds import Direction
from prompts.models import Business, Release
from prompts.selectors import newest_releases
from prompts.sentences import Sentence

from .window import Window, look


class Mark(StrEnum):
    """How a point stands; a note is worth reading and nothing is broken."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a checklist: what it is about, how it stands, what to do."""

    name: str
    mark: Mark
    sentence: str
    remedy: str = ""
    address: str = ""  # to be copied


def connection_checklist(business: Business) -> list[Point]:
    """Every point of a business whose settings are read with it."""
    window = look()
    return [
        _number(business),
        *_webhook_addresses(business, window),
        *_prompts(business, window),
        _agent(business),
        _fallback_number(business),
        _last_webhook(business, window),
        _refusals(business, window),
    ]


def _number(business: Business) -> Point:
    name = _("Phone number")
    numbers = [one.number for one in business.phone_numbers.all()]
    if numbers:
        return Point(name, Mark.GOOD, Sentence.alone(", ".join(numbers)))
    return Point(
        name,
        Mark.WRONG,
        _("No number is saved."),
        _("Buy a number at Twilio and add it under “Phone numbers”."),
    )


def _webhook_addresses(business: Business, window: Window) -> Iterator[Point]:
    names = {
        Direction.INBOUND: _("Webhook address, customers call us"),
        Direction.OUTBOUND: _("Webhook address, we call customers"),
    }
    advice = {
        Direction.INBOUND: Sentence.of(
            _(
                "At Twilio, open the number and enter this under “A call comes in”, with HTTP POST,"
                " and %(status)s under “Call status changes”."
            ),
            status=window.status_address(),
        ),
        Direction.OUTBOUND: _("Give this address to Twilio as the Url of each call you place."),
    }
    for direction, name in names.items():
        address = window.webhook_address(business.pk, direction)
        if settings.PUBLIC_IS_LOOPBACK:
            yield Point(
                name,
                Mark.NOTE,
                _("Twilio cannot reach this machine."),
                _("Set PUBLIC_BASE_URL to the address of your server or tunnel."),
                address,
            )
        else:
            yield Point(name, Mark.GOOD, "", advice[direction], address)


def _prompts(business: Business, window: Window) -> Iterator[Point]:
    names = {Direction.INBOUND: _("Inbound prompt"), Direction.OUTBOUND: _("Outbound prompt")}
    empty = empty_slots(business, window)
    for direction, release in newest_releases(business).items():
        if release is not None:
            yield Point(names[direction], Mark.GOOD, live_sentence(business, release))
        elif direction in empty:
            yield Point(
                names[direction],
                Mark.WRONG,
                empty[direction],
                _("Write the prompt and publish it."),
            )
        else:
            yield Point(
                names[direction],
                Mark.NOTE,
                _("None is published."),
                _("You need one only when you call customers."),
            )


def empty_slots(business: Business, window: Window) -> Mapping[Direction, str]:
    """What calls miss that come, or have come, in a direction without a prompt."""
    sentences = {
        Direction.INBOUND: _(
            "Calls from customers are not answered by the agent: no inbound prompt is published."
        ),
        Direction.OUTBOUND: _(
            "Calls to customers are not spoken by the agent: no outbound prompt is published."
        ),
    }
    empty = {}
    for direction, release in newest_releases(business).items():
        if release is not None:
            continue
        at = window.last_call_at(business.pk, direction)
        if direction is Direction.INBOUND or at:
            empty[direction] = f"{sentences[direction]} {_unanswered(business, at)}".strip()
    return empty


def _unanswered(business: Business, at: datetime | None) -> str:
    """Why an empty slot is more than a thing to do later."""
    if at is None:
        return ""
    sentence = _("A call of this kind came on %(time)s and was not answered by the agent.")
    return Sentence.of(sentence, time=moment(business, at))


def moment(business: Business, at: datetime) -> str:
    """A time of day where the business is, with the name of its zone."""
    local = timezone.localtime(at, ZoneInfo(business.time_zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({business.time_zone})"


def live_sentence(business: Business, release: Release) -> str:
    """Which version is live, since when and by whom."""
    return Sentence.of(
        _("v%(number)d is live since %(time)s, by %(person)s."),
        number=release.to_version.number,
        time=moment(business, release.created_at),
        person=release.actor_name,
    )


def _agent(business: Business) -> Point:
    name = _("Agent")
    if not business.is_active:
        return Point(
            name,
            Mark.NOTE,
            _("The business is switched off: new calls hear the fallback words."),
            _("Switch it on under “Details”."),
        )
    if business.settings.paused:
        return Point(
            name,
            Mark.NOTE,
            _("The agent is paused: new calls hear the fallback words."),
            _("Press “Resume the agent” when it shall answer again."),
        )
    return Point(name, Mark.GOOD, _("The agent is switched on."))


def _fallback_number(business: Business) -> Point:
    name, number = _("Fallback number"), business.settings.fallback_number
    if number:
        return Point(name, Mark.GOOD, Sentence.alone(number))
    return Point(
        name,
        Mark.NOTE,
        _("None: callers whom the agent cannot serve hear a goodbye."),
        _("Enter a number under “Settings” to put them through to a person."),
    )


def _last_webhook(business: Business, window: Window) -> Point:
    name, at = _("Last webhook seen"), window.last_webhook_at(business.pk)
    if at:
        return Point(name, Mark.GOOD, moment(business, at))
    return Point(
        name,
        Mark.NOTE,
        _("None yet."),
        _("Call the number. If nothing appears here, compare the address at Twilio."),
    )


def _refusals(business: Business, window: Window) -> Point:
    name, refused = _("Refused webhooks"), window.refusals(business.pk)
    if not refused:
        return Point(name, Mark.GOOD, _("None."))
    sentence = Sentence.of(
        _("The newest was refused at %(time)s: %(cause)s"),
        time=moment(business, refused[0].at),
        cause=_(refused[0].cause),
    )
    return Point(name, Mark.NOTE, sentence)
