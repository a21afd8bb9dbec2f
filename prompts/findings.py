"""What lint found, in sentences that staff can act on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from prompts.domain.languages import english_name, primary
from prompts.domain.lint import Code, Field, Finding, Ground, blocks
from prompts.domain.text import sha256
from prompts.sentences import Sentence

SENTENCES: dict[tuple[Code, Field] | Code, Promise] = {
    Code.EMPTY: gettext_lazy("Write the prompt: without a text the agent cannot answer."),
    (Code.TOO_LONG, Field.TEXT): gettext_lazy(
        "The prompt has %(count)d characters; at most %(limit)d fit."
    ),
    (Code.TOO_LONG, Field.GREETING): gettext_lazy(
        "The greeting has %(count)d characters; at most %(limit)d fit into a first sentence."
    ),
    Code.LINES: gettext_lazy("Write the greeting on one line."),
    Code.INVISIBLE: gettext_lazy(
        "The text holds signs that nobody can see, control characters for example: "
        "%(names)s. Remove them."
    ),
    Code.MARKER: gettext_lazy("The signs <<< and >>> separate the layers; leave them out."),
    Code.RENDERED_MARKER: gettext_lazy(
        "With the details of the business in place the text holds <<< or >>>, which separate the "
        "layers: leave the < and > beside the placeholder out."
    ),
    Code.CREDENTIAL: gettext_lazy(
        "“%(shown)s” looks like a secret (%(kind)s). Callers could be told it: remove it, "
        "and replace it wherever it is in use."
    ),
    Code.UNKNOWN_NAME: gettext_lazy("{{ %(name)s }} is no placeholder. Known are: %(known)s."),
    Code.NO_VALUE: gettext_lazy(
        "{{ %(name)s }} has no value yet: fill it in at the business first."
    ),
    Code.NO_GREETING: gettext_lazy(
        "There is no first sentence: the agent will greet in its own words, "
        "a little differently in each call."
    ),
    (Code.OTHER_LANGUAGE, Field.TEXT): gettext_lazy(
        "Most of the prompt is not written in %(language)s, in which the calls of this business "
        "begin. That works, but is it the right prompt?"
    ),
    (Code.OTHER_LANGUAGE, Field.GREETING): gettext_lazy(
        "The first sentence is not in %(language)s, in which the calls of this business begin. "
        "It is spoken exactly as it is written."
    ),
    Code.SAME_AS_OTHER: gettext_lazy(
        "This is nearly the text of the other direction. Was it pasted into the wrong tab?"
    ),
    Code.LONG: gettext_lazy(
        "The prompt has %(count)d characters. Beyond %(limit)d or so, agents begin to overlook "
        "rules: keep what matters in calls."
    ),
    Code.SINGLE_BRACE: gettext_lazy(
        "%(found)s stands in single braces, so it is spoken as it stands. "
        "Write %(better)s to have it replaced."
    ),
}
LOOSE = {
    "{{": gettext_lazy("A {{ is not closed. Write %(example)s, or leave the braces out."),
    "}}": gettext_lazy("A }} has no {{ before it. Write %(example)s, or leave the braces out."),
}
BUTTONS: dict[Code, Promise] = {
    Code.LINES: gettext_lazy("Join the lines"),
    Code.INVISIBLE: gettext_lazy("Remove them"),
    Code.MARKER: gettext_lazy("Remove them"),
    Code.CREDENTIAL: gettext_lazy("Remove it"),
    Code.UNKNOWN_NAME: gettext_lazy("Remove it"),
    Code.NO_VALUE: gettext_lazy("Remove it"),
    Code.LOOSE_BRACE: gettext_lazy("Remove the braces"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A finding as a page shows it; ``button`` names its repair, where it has one."""

    finding: Finding
    sentence: str
    button: str

    @property
    def key(self) -> str:
        """A name by which a page asks for the repair of this very finding."""
        one = self.finding
        return sha256(f"{one.code} {one.where} {one.found}")[:16]


def point(finding: Finding) -> Point:
    """The finding in words."""
    return Point(finding, sentence(finding), _button(finding))


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, with the line where there is one."""
    words = Sentence.of(_template(finding), **{**finding.facts, **_named(finding)})
    if not finding.line or finding.where is not Field.TEXT:
        return words
    return Sentence.of(_("Line %(line)d: %(sentence)s"), line=finding.line, sentence=words)


def faults(
    text: str, greeting: str, ground: Ground, *, only: Iterable[Code] = tuple(Code)
) -> dict[Field, list[str]]:
    """By field, every reason of the ``only`` kinds that keeps the two from being published."""
    found = [one for one in blocks(text, greeting, ground) if one.code in only]
    return {where: [sentence(one) for one in found if one.where is where] for where in Field}


def _template(finding: Finding) -> str:
    """The sentence of this kind, for this field where it has one of its own."""
    if finding.code is Code.LOOSE_BRACE:
        return str(LOOSE[finding.found])
    own = SENTENCES.get((finding.code, finding.where))
    return str(own or SENTENCES[finding.code])


def _named(finding: Finding) -> dict[str, object]:
    """The values that a sentence may name beside the facts."""
    named: dict[str, object] = {"found": finding.found, "better": finding.better}
    if language := finding.facts.get("language"):
        named["language"] = _language_name(str(language))
    return named


def _language_name(tag: str) -> str:
    """The language as the reader calls it."""
    try:
        return str(get_language_info(primary(tag))["name_translated"])
    except KeyError:
        return english_name(tag)


def _button(finding: Finding) -> str:
    """What to press to have it mended."""
    if not finding.has_repair:
        return ""
    if finding.better:
        return Sentence.of(_("Write %(better)s"), better=finding.better)
    return str(BUTTONS[finding.code])
