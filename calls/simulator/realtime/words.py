"""What the stand-in says, chosen so that it proves which instructions were in force."""

import hashlib
import re

from calls.simulator import speech
from prompts.domain import markers, opening
from prompts.domain.kinds import Layer

LONGEST = 300  # characters of one spoken sentence

_ABOUT = "Who you are:\n"
_QUOTED = re.compile('[“"«](?P<words>[^”"»]+)[”"»]')
_BUSINESS = re.compile(r"BUSINESS, business (?P<id>\d+)")


def fingerprint(instructions: str) -> str:
    """Return the twelve hex digits that stand for a text on screens and in logs."""
    return hashlib.sha256(instructions.encode()).hexdigest()[:12]


def greeting(instructions: str) -> str:
    """Return what a response with instructions of its own says.

    The greeting that an opening quotes, word for word; else the first sentence about the
    business, the first words in quotation marks, or the first sentence of it all.
    """
    _, found, rest = instructions.partition(f"{opening.WITH_GREETING}\n")
    if found:
        return rest.partition(f"\n{opening.RULES}")[0].strip()
    _, found, rest = instructions.partition(_ABOUT)
    if found:
        return _first_sentence(rest)
    quoted = _QUOTED.search(instructions)
    return quoted["words"].strip() if quoted else _first_sentence(instructions)


def proof(instructions: str) -> str:
    """Return the first sentence of the business's own words, and the fingerprint of it all."""
    sentence = _first_sentence(_business_layer(instructions))
    return f"{sentence} Fingerprint {fingerprint(instructions)}.".strip()


def _first_sentence(text: str) -> str:
    """Return the first sentence of ``text`` below any headings; nothing when there is none."""
    lines = [line.strip("*- \t") for line in text.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return next(iter(speech.sentences(first)), "")[:LONGEST]


def _business_layer(instructions: str) -> str:
    """Return what stands between the markers of the business layer; without markers, all."""
    named = _BUSINESS.search(instructions)
    body = markers.body(instructions, Layer.BUSINESS, int(named["id"])) if named else None
    return instructions if body is None else body
