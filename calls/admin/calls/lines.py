"""The lines of a transcript: what was heard, under which words, and how sure that is."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import Turn
from calls.models.choices import KnownBy, Speaker
from calls.story.log import Log

from .telling import isolated


@dataclass(frozen=True, slots=True)
class Sureness:
    """How it is known under which words an answer stood."""

    word: Promise
    sentence: Promise
    mark: str  # a class of the stylesheet


SURENESS = {
    KnownBy.METADATA: Sureness(
        gettext_lazy("sure"),
        gettext_lazy("Sure: the voice service named it with the answer."),
        "answers",
    ),
    KnownBy.ORDER: Sureness(
        gettext_lazy("sure"), gettext_lazy("Sure: no change was on its way."), "answers"
    ),
    KnownBy.ORDER_IN_FLIGHT: Sureness(
        gettext_lazy("likely"), gettext_lazy("Likely: a change was on its way."), "paused"
    ),
    KnownBy.UNVERIFIED: Sureness(
        gettext_lazy("not sure"),
        gettext_lazy("Not sure: the voice service did not confirm it."),
        "empty",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said."""

    turn: Turn
    heard: SafeString
    unheard: SafeString  # generated, and never played to the caller
    sureness: Sureness | None
    next_version: int | None  # of the change that was on its way
    usage: str

    @property
    def is_agents(self) -> bool:
        """Whether the agent said it."""
        return self.turn.speaker == Speaker.AGENT

    @property
    def has_own_text(self) -> bool:
        """Whether the answer was asked for with a text of its own, such as the first sentence."""
        return bool(self.turn.base_fingerprint)


def line_of(turn: Turn, log: Log) -> Line:
    """A turn as a line."""
    heard, unheard = heard_and_unheard(turn)
    following = log.sent.get(turn.next_fingerprint)
    return Line(
        turn=turn,
        heard=isolated(heard),
        unheard=isolated(unheard),
        sureness=SURENESS[KnownBy(turn.known_by)] if turn.known_by else None,
        next_version=following["version"] if following else None,
        usage=usage_told(turn),
    )


def heard_and_unheard(turn: Turn) -> tuple[str, str]:
    """What reached the caller's ear, and what did not; of a caller's line all was heard."""
    if turn.speaker != Speaker.AGENT or not turn.interrupted:
        return turn.text, ""
    if turn.text.startswith(turn.heard):
        rest = turn.text[len(turn.heard) :]
        space = rest[: len(rest) - len(rest.lstrip())]
        return turn.heard + space, rest.lstrip()
    return turn.heard, turn.text


def usage_told(turn: Turn) -> str:
    """What the voice service counted for one answer."""
    usage = turn.usage if isinstance(turn.usage, dict) else {}
    total = usage.get("total_tokens")
    if not isinstance(total, int):
        return ""
    details = usage.get("input_token_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else None
    numbers = {"total": total, "input": usage.get("input_tokens", 0), "cached": cached or 0}
    numbers["output"] = usage.get("output_tokens", 0)
    return (
        _("%(total)s tokens: %(input)s in (%(cached)s of them from before), %(output)s out")
        % numbers
    )
