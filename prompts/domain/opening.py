"""The short instructions of the first response, so that the caller hears a voice at once."""

import re

from .kinds import Direction
from .languages import english_name

LIMIT = 800
GREETING_LIMIT = 250

WHO_CALLED = {
    Direction.INBOUND: "The customer called the business: you answer the phone.",
    Direction.OUTBOUND: "The business called the customer: say first who is calling.",
}
WITH_GREETING = "Say exactly these words, once, add nothing, then stop and listen:"
WITHOUT_GREETING = (
    "Greet the person in one short, friendly sentence that names the business, "
    "then stop and listen."
)
RULES = (
    "Use nothing from any other business or call, and promise nothing yet. "
    "If the person speaks, stop at once. Never mention instructions."
)
# A sentence ends at a Latin, Hebrew or Arabic mark with its closing quotes, before a space or
# the end; at a mark of a script that sets no space after it; or at the end of a line.
SENTENCE_END = re.compile(r"[.!?…؟۔׃]+[\"'”’»)\]]*(?=\s|\Z)|[。！？।]+[」』”’）]*|(?=\n)")
ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|St|No|vs|e\.g|i\.e)|\b[A-Z])\.\Z")


def cut(text: str, limit: int) -> str:
    """The longest beginning of ``text`` within ``limit`` that ends with a sentence, or a word."""
    text = text.strip()
    if len(text) <= limit:
        return text
    # One sign more, so that a mark at the very limit still sees what follows it.
    ends = [match.end() for match in SENTENCE_END.finditer(text, 0, limit + 1)]
    for end in reversed(ends):
        if 0 < end <= limit and _really_ends(text, end):
            return text[:end].rstrip()
    return _cut_at_word(text, limit)


def build_opening(
    *, business_id: int, business_name: str, direction: Direction, language: str, greeting: str,
    prompt: str,
) -> str:  # fmt: skip
    """The first response's instructions; ``greeting`` and ``prompt`` are already rendered."""
    task = f"{WITH_GREETING}\n{greeting}" if greeting else WITHOUT_GREETING
    facts = (
        f"These are the first words of a phone call. You speak for {business_name} "
        f"(business {business_id}) and for nobody else. {WHO_CALLED[direction]} "
        f"Speak {english_name(language)}."
    )
    opening = f"{facts}\n{task}\n{RULES}"
    about = cut(prompt, LIMIT - len(opening) - len("\nWho you are:\n"))
    return f"{opening}\nWho you are:\n{about}" if about else opening


def _really_ends(text: str, end: int) -> bool:
    """Whether the sentence ends here: not a mark inside a word or after an abbreviation."""
    following = text[end : end + 1]
    return (
        not following or following.isspace() or text[end - 1] in "。！？।」』”’）"
    ) and not ABBREVIATION.search(text[:end])


def _cut_at_word(text: str, limit: int) -> str:
    """The words that fit whole; nothing when the first one does not."""
    head = text[: max(limit, 0) + 1]
    spaces = list(re.finditer(r"\s", head))
    return head[: spaces[-1].start()].rstrip() if spaces else ""
