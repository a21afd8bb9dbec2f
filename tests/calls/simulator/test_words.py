"""What the stand-in says names the instructions that were in force."""

import hashlib

from calls.simulator.realtime import words
from prompts.domain import markers, opening
from prompts.domain.kinds import Direction, Layer


def opening_with(greeting: str, prompt: str = "You are Dana of Rosa's Bakery. Be kind.") -> str:
    return opening.build_opening(
        business_id=7,
        business_name="Rosa's Bakery",
        direction=Direction.INBOUND,
        language="en",
        greeting=greeting,
        prompt=prompt,
    )


def test_the_greeting_of_an_opening_is_said_word_for_word():
    greeting = 'Good morning! Rosa\'s "best" Bakery, how can I help?'
    assert words.greeting(opening_with(greeting)) == greeting


def test_without_a_greeting_the_first_words_about_the_business_are_said():
    assert words.greeting(opening_with("")) == "You are Dana of Rosa's Bakery."


def test_quoted_words_are_said_else_the_first_sentence():
    assert words.greeting("Say goodbye: “Goodbye, and thank you.” Then stop.") == (
        "Goodbye, and thank you."
    )
    assert words.greeting("Ask whether they are still there. Wait.") == (
        "Ask whether they are still there."
    )
    assert words.greeting("") == ""


def test_the_proof_is_the_first_sentence_of_the_business_layer_and_the_fingerprint():
    layers = [
        markers.fence(Layer.UNIVERSAL, 7, "Be brief. Stop when interrupted."),
        markers.fence(Layer.BUSINESS, 7, "# Who you are\n\nאתם במאפייה. ענו יפה."),
    ]
    text = "\n\n".join(layers)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert words.proof(text) == f"אתם במאפייה. Fingerprint {fingerprint}."
    assert words.proof("Plain words. More.").startswith("Plain words. Fingerprint ")
    assert words.proof("").startswith("Fingerprint ")
