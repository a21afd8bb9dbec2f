import pytest

from prompts.domain.numbers import normalise


@pytest.mark.parametrize(
    "spelling",
    [
        "+972501234567",
        " +972 50-123-4567 ",
        "00972501234567",
        "+972 (50) 123.4567",
        "\u200e+972501234567",
    ],
)
def test_every_spelling_with_its_country_is_one_number(spelling):
    assert normalise(spelling) == "+972501234567"


@pytest.mark.parametrize(
    "spelling",
    ["", "0501234567", "anonymous", "sip:+15005550101@example.com", "client:dana", "+123",
     "+0501234567", "+1" + "5" * 15, "+٩٧٢٥٠١٢٣٤٥٦٧", "+15005550101\x00"],
)  # fmt: skip
def test_what_names_no_country_or_no_number_is_nothing(spelling):
    assert normalise(spelling) == ""
