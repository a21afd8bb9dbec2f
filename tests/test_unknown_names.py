"""The tests hear of a name in one of our templates that its view does not give."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template import Context, Engine

from tests.unknown_names import UnknownNames


class Thing:
    """A value with one part."""

    known = "yes"


Names = Callable[[str], list[str]]


@pytest.fixture
def names_in(tmp_path: Path, unknown_names: UnknownNames) -> Names:
    """Renders a template and answers what was found in it, which then counts no more."""

    def render(text: str) -> list[str]:
        (tmp_path / "page.html").write_text(text)
        page = Engine(dirs=[str(tmp_path)]).get_template("page.html")
        page.render(Context({"there": Thing(), "nothing": None, "empty": ""}))
        found = sorted(unknown_names.found)
        unknown_names.found.clear()
        return [one.removeprefix(f"{tmp_path}/page.html names ") for one in found]

    return render


@pytest.fixture
def ours(names_in: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Names:
    monkeypatch.setattr("tests.unknown_names.OURS", (str(tmp_path),))
    return names_in


@pytest.mark.parametrize(
    "text",
    [
        "{{ lost }}",
        "{% if lost %}x{% endif %}",
        "{% if not lost %}x{% endif %}",
        "{% for one in lost %}x{% endfor %}",
        "{% with one=lost %}x{% endwith %}",
        "{{ lost|default:'x' }}",
    ],
)
def test_a_name_that_nobody_gives_is_found_however_it_is_asked_for(ours: Names, text: str) -> None:
    assert ours(text) == ["lost, which is not there."]


def test_a_part_that_a_value_does_not_have_is_found(ours: Names) -> None:
    assert ours("{% if there.lost %}{% endif %}") == ["there.lost, which is not there."]


def test_what_is_given_is_there_though_it_is_empty_or_nothing(ours: Names) -> None:
    assert ours("{{ empty }}{{ nothing }}{{ there.known }}") == []
    assert ours("{{ nothing.part }}{% if nothing.part %}{% endif %}") == []


def test_templates_of_others_may_ask_for_what_they_like(names_in: Names) -> None:
    assert names_in("{{ lost }}") == []


def test_nothing_of_it_reaches_a_log(ours: Names, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert ours("{{ lost }}")
    assert caplog.records == []
