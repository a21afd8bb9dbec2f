import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.domain.placeholders import PlaceholderError, find, loose_brace, render

VALUES = {"business_name": "Bloom", "agent_name": "Dana", "website": ""}


def test_declared_names_are_replaced_with_or_without_spaces():
    assert render("{{ agent_name }} of {{business_name}}", VALUES) == "Dana of Bloom"


def test_unknown_and_missing_names_are_errors():
    with pytest.raises(PlaceholderError) as caught:
        render("{{ business_name }} {{ price }} {{ website }} {{}}", VALUES)
    assert caught.value.unknown == ("price", "")
    assert caught.value.missing == ("website",)


@pytest.mark.parametrize(
    "text",
    ["{business_name}", "{ {agent_name} }", "{}", "{% if x %}", "$name", "%(a)s"],
)
def test_other_braces_stay_text(text):
    assert render(text, VALUES) == text


@pytest.mark.parametrize(
    ("text", "brace"),
    [
        ("Hello {{ agent_name you", "{{"),
        ("Hello agent_name }} you", "}}"),
        ("{{ agent_name }} and {{ agent_name", "{{"),
        ("{{ agent_{name} }}", "{{"),
    ],
)
def test_a_double_brace_that_stands_alone_is_an_error(text, brace):
    with pytest.raises(PlaceholderError) as caught:
        render(text, VALUES)
    assert (caught.value.unknown, caught.value.missing, caught.value.loose) == ((), (), brace)


def test_a_value_that_looks_like_a_placeholder_stays_text():
    assert (
        render("{{ business_name }}", {"business_name": "{{ agent_name }}"}) == "{{ agent_name }}"
    )


@given(st.text())
def test_a_text_renders_or_says_why_not(text):
    if find(text) or loose_brace(text):
        with pytest.raises(PlaceholderError):
            render(text, {})
    else:
        assert render(text, {}) == text
