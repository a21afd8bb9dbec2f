import unicodedata

import pytest

from prompts.domain.invisible import ALLOWED, find_invisible, name_of, remove_invisible


def test_every_control_and_format_sign_is_found_but_those_that_are_seen_or_needed() -> None:
    seen = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")
    for code in range(0x110000):
        sign = chr(code)
        category, name = unicodedata.category(sign), unicodedata.name(sign, "")
        is_hidden = category in ("Cc", "Cf", "Zl", "Zp", "Cs")
        is_fine = sign in f"\t\n{ALLOWED}" or (
            name.startswith(seen) and sign != "\u061c"
        )  # the Arabic letter mark is a hidden one
        if is_hidden and not is_fine:
            assert find_invisible(sign), hex(code)
        elif category != "Cn":
            assert not find_invisible(sign), hex(code)


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\x00", "U+0000 NULL"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x7f", "U+007F DELETE"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\x85", "U+0085 CONTROL CHARACTER"),
        ("\ud800", "U+D800 HALF A CHARACTER"),
    ],
)
def test_a_sign_is_told_by_name(sign: str, name: str) -> None:
    assert name_of(sign) == name


def test_signs_are_counted_in_the_order_of_first_use() -> None:
    assert find_invisible("a\u202eb\x07c\u202e") == {"\u202e": 2, "\x07": 1}


def test_removing_keeps_letters_joiners_and_lines() -> None:
    text = "א\u200fב\u202eג\r\nd\u2028e 👩\u200d👧 می\u200cخواهم\x00"
    assert remove_invisible(text) == "א\u200fבג\nd\ne 👩\u200d👧 می\u200cخواهم"
