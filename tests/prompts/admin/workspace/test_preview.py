"""The preview is what calls get."""

import pytest
from django.utils import timezone
from msgspec.structs import replace

from prompts.admin.pages.page import own_url
from prompts.admin.workspace import preview, rehearsing
from prompts.admin.workspace.preview import SAMPLE
from prompts.domain.context import call_context
from prompts.domain.kinds import Direction
from prompts.domain.layers import compose
from prompts.domain.roles import Role
from prompts.models import Business
from prompts.selectors import read_wording
from tests.factories import make_member, make_user, publish_text
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


@pytest.mark.parametrize(
    ("layer", "sentence", "address"),
    [
        ("universal", "the platform&#x27;s prompt for every call", "universal"),
        ("call_type", "the platform&#x27;s prompt for “Customers call us”", "inbound"),
    ],
)
def test_an_empty_prompt_of_the_platform_is_named(
    dana: Writer, layer: str, sentence: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana.write(text="Be kind.")
    page = f'<a href="/admin/prompts/platform/{address}/">Open that prompt</a>'
    editor = Writer(dana.business, make_member(dana.business, Role.EDITOR, username="noa"))
    editor.write(text="Be kind.")
    # The database lets nobody empty a slot of the platform.
    monkeypatch.setattr(
        rehearsing, "read_wording", lambda *of: replace(read_wording(*of), **{layer: ()})
    )
    answer = dana.open("preview").text
    assert f"Nothing is live as <bdi>{sentence}</bdi>" in answer
    assert page in answer
    answer = editor.open("preview").text
    assert sentence in answer
    assert page not in answer


def test_a_value_that_is_missing_elsewhere_is_named_with_the_page_for_it(dana: Writer) -> None:
    Business.objects.update(address="Haifa")
    publish_text(dana.business, "Come to {{ address }}.")
    Business.objects.update(address="")
    root = Writer(None, make_user("root"), Direction.INBOUND)
    root.open()
    root.write(text="Be brief.")
    answer = root.open("preview").text
    assert "uses <bdi>{{ address }}</bdi>, which has no value at <bdi>Bloom" in answer
    assert f'<a href="{own_url("details", dana.business.pk)}">Open the details</a>' in answer


def test_details_that_would_close_a_layer_are_named(dana: Writer) -> None:
    dana.write(text="Be kind.")
    Business.objects.update(name="<<<Bloom")
    assert "Leave &lt; and &gt; out of the details" in dana.open("preview").text


def test_the_obstacle_is_told_in_hebrew_too(dana: Writer) -> None:
    dana.write(text="Be kind.")
    Business.objects.update(name="<<<Bloom")
    dana.client.cookies["django_language"] = "he"
    assert "מן הפרטים" in dana.open("preview").text
