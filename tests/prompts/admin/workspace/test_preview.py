"""The preview is what calls get."""

import pytest
from django.utils import timezone

from prompts.admin.workspace import preview
from prompts.admin.workspace.preview import SAMPLE
from prompts.domain.context import call_context
from prompts.domain.layers import compose
from prompts.selectors import read_wording
from tests.factories import publish_text
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TEXT = 'You are {{ agent_name }} & kind.\n\n  \'Quotes\', "צה""ל" <3 😀'


def test_it_shows_exactly_the_text_that_a_call_gets_once_it_is_published(
    dana: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(preview.timezone, "now", lambda: now)
    publish_text(dana.business, "Something else.")
    dana.open()
    dana.write(text=TEXT)
    shown = dana.open("preview").context["instructions"]
    dana.publish()
    wording = read_wording(dana.business.pk, dana.direction)
    context = call_context(wording, began_at=now, caller=SAMPLE)
    assert shown.text == compose(wording, context=context).text
    assert shown.fingerprint == compose(wording, context=context).fingerprint


def test_the_layers_stand_one_by_one_with_their_sizes(dana: Writer) -> None:
    dana.write(text="Be kind.")
    page = dana.open("preview")
    sheets = page.context["sheets"]
    assert [sheet.number for sheet in sheets] == [1, 2, 3, 4]
    assert [sheet.is_own for sheet in sheets] == [False, True, False, False]
    assert all(sheet.characters == len(sheet.text) for sheet in sheets)
    assert "Dana Levi" in sheets[3].text
    unknown = dana.client.get(f"{dana.url('preview')}?caller=unknown").context["sheets"]
    assert "Dana Levi" not in unknown[3].text


def test_a_text_that_no_call_could_be_given_is_explained(dana: Writer) -> None:
    for text, sentence in (("", "Write the prompt"), ("{{ nobody }}", "is no placeholder")):
        dana.write(text=text)
        page = dana.open("preview").text
        assert "No call could be given this text yet." in page
        assert sentence in page
