"""The words of the core and the choices of its rows are the same words."""

from enum import StrEnum

import pytest
from django.db.models import TextChoices

from calls.domain import records
from calls.models import choices


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (records.Speaker, choices.Speaker),
        (records.KnownBy, choices.KnownBy),
        (records.Result, choices.ReceiptResult),
        (records.Route, choices.ReceiptRoute),
    ],
)
def test_every_word_of_the_core_has_a_label(words: type[StrEnum], shown: type[TextChoices]) -> None:
    assert {word.value for word in words} == set(shown.values)
