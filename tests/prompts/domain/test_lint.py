from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.lint import Code, Field, Finding, Ground, blocks, lint
from prompts.domain.repairs import MENDERS, repair

GROUND = Ground({"business_name": "Bloom", "agent_name": "Ada", "address": ""}, language="en")
FINE = "You are {{ agent_name }} of {{ business_name }}. Be kind and brief."
KEY = "sk-proj-" + "a1B2" * 8

# Made of what lint looks for, so that bad texts are common.
PIECES = [*"ab <>{}.\n\u200f\u202e\x00\u2028＜﹥", "{{", "}}", "<<<", KEY, "agent_name"]
SIGNS = st.lists(st.sampled_from(PIECES)).map("".join)


def codes(findings: Iterable[Finding]) -> list[tuple[Code, Field]]:
    return [(one.code, one.where) for one in findings]


def of_text(text: str, ground: Ground = GROUND) -> list[Code]:
    return [code for code, where in codes(lint(text, "Hello.", ground)) if where is Field.TEXT]


def test_a_good_prompt_has_no_findings() -> None:
    assert lint(FINE, "Hello, this is {{ agent_name }}.", GROUND) == []


@pytest.mark.parametrize(
    ("text", "code", "line", "found"),
    [
        ("", Code.EMPTY, 0, ""),
        (" \u200f\n", Code.EMPTY, 0, ""),
        ("x" * 20_001, Code.TOO_LONG, 0, ""),
        ("One.\nTwo\u202e.", Code.INVISIBLE, 2, "\u202e"),
        ("One.\n\n<<<END", Code.MARKER, 3, "<<<"),
        ("One.\n＜\u200d＜＜", Code.MARKER, 2, "＜\u200d＜＜"),
        (f"One.\nThe key is {KEY}", Code.CREDENTIAL, 2, KEY),
        ("One.\nAsk {{nobody}}.", Code.UNKNOWN_NAME, 2, "{{nobody}}"),
        ("At {{ address }}.", Code.NO_VALUE, 1, "{{ address }}"),
        ("One.\nTwo {{ three.", Code.LOOSE_BRACE, 2, "{{"),
        ("I am {agent_name}.", Code.SINGLE_BRACE, 1, "{agent_name}"),
        ("אתם הנציגים של העסק.", Code.OTHER_LANGUAGE, 0, ""),
        ("x" * 10_001, Code.LONG, 0, ""),
    ],
)
def test_each_fault_is_found_in_its_place(text: str, code: Code, line: int, found: str) -> None:
    [finding] = [one for one in lint(text, "Hello.", GROUND) if one.code is code]
    assert (finding.where, finding.line, finding.found) == (Field.TEXT, line, found)


HOSTILE = {
    "an address": "x" * 300_000,
    "keys that never end": "-----BEGIN PRIVATE KEY-----" * 10_000,
    "unknown names": "".join(f"{{{{n{number}}}}}" for number in range(30_000)),
    "loose braces": "{{" * 100_000,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", HOSTILE)
def test_of_a_text_that_is_too_long_nothing_more_is_read(name: str) -> None:
    assert [one.code for one in blocks(HOSTILE[name], "Hello.", GROUND)] == [Code.TOO_LONG]
    assert [one.code for one in blocks(FINE, HOSTILE[name], GROUND)] == [Code.TOO_LONG]
    blocks(HOSTILE[name][:20_000], "Hello.", GROUND)


def test_a_marker_that_only_the_values_complete_is_found() -> None:
    ground = replace(GROUND, values={"agent_name": "<Al>"})
    assert of_text("You are <<{{ agent_name }}>>.", ground) == [Code.RENDERED_MARKER]
    assert of_text("You are {{ agent_name }}.", ground) == []
    [finding] = blocks(FINE.replace("{{ business_name }}", ""), "<<{{ agent_name }}", ground)
    assert (finding.code, finding.where) == (Code.RENDERED_MARKER, Field.GREETING)


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        ("One.\nTwo.", Code.LINES),
        ("x" * 251, Code.TOO_LONG),
        ("Hi\x07", Code.INVISIBLE),
        ("Hi {{ website }}", Code.NO_VALUE),
        ("", Code.NO_GREETING),
        ("שלום, הגעתם לעסק שלנו", Code.OTHER_LANGUAGE),
    ],
)
def test_the_first_sentence_has_faults_of_its_own(greeting: str, code: Code) -> None:
    assert codes(lint(FINE, greeting, GROUND)) == [(code, Field.GREETING)]


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        "AC" + "0a" * 16,
        "AKIA" + "A1" * 8,
        "AIza" + "a" * 35,
        "ghp_" + "a1" * 18,
        "xoxb-" + "1" * 12,
        "sk_live_" + "a" * 24,
        "SG." + "a" * 22 + "." + "b" * 43,
        "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + ".c",
        "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----",
        "https://user:secret@example.com/x",
        "Bearer " + "a1" * 20,
    ],
)
def test_secrets_are_found_beside_hebrew_too_and_never_shown_whole(secret: str) -> None:
    [finding] = blocks(f"המפתח:ה{secret} .", "", GROUND)
    assert finding.code is Code.CREDENTIAL
    assert secret not in str(finding.facts)
    assert secret not in repair(f"המפתח:ה{secret} .", Code.CREDENTIAL)


@pytest.mark.parametrize("text", ["Ask for order SK-1234.", "https://example.com/a:b@c", "ask-me"])
def test_ordinary_words_are_no_secrets(text: str) -> None:
    assert of_text(text) == []


def test_marks_of_right_to_left_scripts_and_joiners_are_allowed() -> None:
    text = "‏שלום‎ and می\u200cخواهم and 👩\u200d👧, all in one English sentence."
    assert of_text(text) == []


def test_a_prompt_in_english_for_a_hebrew_business_is_worth_a_look() -> None:
    hebrew = replace(GROUND, language="he")
    assert of_text(FINE, hebrew) == [Code.OTHER_LANGUAGE]
    assert of_text("אתם {{ agent_name }} של {{ business_name }}, נציגי שירות.", hebrew) == []


def test_the_text_of_the_other_direction_is_worth_a_look() -> None:
    other = "\n".join(f"Rule {number}: be kind." for number in range(20))
    pasted = replace(GROUND, other_text=other)
    assert of_text(other.replace("Rule 7", "Rule seven"), pasted) == [Code.SAME_AS_OTHER]
    assert of_text(FINE, pasted) == []


def test_a_misspelt_name_brings_the_right_one() -> None:
    text = "We are {{ busines_name }}."
    [finding] = blocks(text, "", GROUND)
    assert finding.better == "{{ business_name }}"
    mended = repair(text, finding.code, finding.found, finding.better)
    assert mended == "We are {{ business_name }}."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call {{ order_of_the_day }}, then {{agent_name}}.", Code.UNKNOWN_NAME),
        ("Call {{ website }}, then {{agent_name}}.", Code.NO_VALUE),
    ],
)
def test_a_name_that_stands_for_nothing_can_be_taken_out(text: str, code: Code) -> None:
    without = replace(GROUND, values={**GROUND.values, "website": ""})
    [finding] = blocks(text, "", without)
    assert (finding.code, finding.has_repair, finding.better) == (code, True, "")
    mended = repair(text, finding.code, finding.found, finding.better)
    assert mended == "Call, then {{agent_name}}."
    assert repair(text, code) == text


@pytest.mark.parametrize(
    ("code", "text", "mended"),
    [
        (Code.LINES, "One.\n Two.\n", "One. Two."),
        (Code.INVISIBLE, "a\u202eb\x00", "ab"),
        (Code.MARKER, "a <<<<b>>> c ≪", "a b c ≪"),
        (Code.LOOSE_BRACE, "{{ agent_name }} {{ }} or }}", "{{ agent_name }} {{ }} or "),
        (Code.SINGLE_BRACE, "I am {agent_name}.", "I am {{ agent_name }}."),
        (Code.EMPTY, "stays", "stays"),
    ],
)
def test_a_repair_takes_away_the_fault_and_no_more(code: Code, text: str, mended: str) -> None:
    assert repair(text, code) == mended


@given(SIGNS, st.sampled_from(sorted(MENDERS)))
def test_after_its_repair_a_fault_is_gone(text: str, code: Code) -> None:
    where = Field.GREETING if code is Code.LINES else Field.TEXT
    mended = repair(text, code)
    texts = ("x", mended) if where is Field.GREETING else (mended, "")
    assert (code, where) not in codes(lint(*texts, GROUND))
