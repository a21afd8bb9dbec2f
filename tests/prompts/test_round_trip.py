"""Any text that a person can type arrives as the same bytes, by form, API and import alike."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prompts.domain.kinds import Direction, Layer
from prompts.domain.layers import compose
from prompts.domain.markers import body
from prompts.domain.placeholders import render
from prompts.domain.text import canonical, sha256
from prompts.models import Business, PromptVersion
from prompts.selectors import current_versions, read_wording
from prompts.services.importing import import_prompts
from tests.factories import make_business, make_user
from tests.prompts.admin.workspace.writer import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

INBOUND, OUTBOUND = Direction
SIGNS = "ab שלוםצה\"״'׳’&<>;{}#\\%\t\n\u00a0\u05b0\u200f\u200d😀🇮🇱é\u0301ﬁİ"
# A draft cannot hold the one sign that no database takes; that has a test of its own.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00")) | st.text(SIGNS)


@given(TEXTS)
@example('צה״ל, "צה"ל" ג\'ירפה &amp; <b>bold</b> {business_name} 👩‍👩‍👧 e\u0301 ')
@example("&lt;script&gt; &#x27; %(name)s %s {{ business_name }} \\n")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_form_and_api_store_the_same_bytes_or_refuse_with_the_same_sentences(text: str) -> None:
    number = Business.objects.count()
    writer = Writer(make_business(f"Business {number}"), make_user(f"dana-{number}"))
    writer.open()
    writer.write(text=text.replace("\n", "\r\n"), greeting="")
    page = writer.publish()
    answer = put(writer, text)
    if answer.status_code == 422:
        refused = page.context["form"].errors["__all__"]
        assert answer.json()["errors"]["outbound"] == list(refused)
        return
    versions = current_versions(writer.business)
    by_form, by_api = versions[INBOUND], versions[OUTBOUND]
    assert by_form is not None
    assert by_api is not None
    assert by_form.text == by_api.text == canonical(text)
    assert by_form.sha256 == by_api.sha256 == sha256(canonical(text))
    assert heard(writer.business, INBOUND) == heard(writer.business, OUTBOUND) == spoken(by_form)


@given(TEXTS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_import_stores_them_too(text: str) -> None:
    business = make_business(f"Business {Business.objects.count()}")
    rows = json.dumps([{"business_id": business.pk, "ai_prompt": text}])
    import_prompts(rows.encode(), source="old.json", actor=None)
    version = current_versions(business)[INBOUND]
    if version is not None:
        assert version.text == canonical(text)
        assert heard(business, INBOUND) == spoken(version)


def put(writer: Writer, text: str):  # the test client's own kind of answer
    """The same words by the API, for the other direction."""
    words = {"outbound": text, "note": "Why", "base": {"outbound": None}}
    url = f"/api/admin/businesses/{writer.business.pk}/prompt"
    return writer.client.put(url, json.dumps(words), "application/json")


def heard(business: Business, direction: Direction) -> str | None:
    """What the model reads in the business's own layer."""
    instructions = compose(read_wording(business.pk, direction), context="")
    return body(instructions.text, Layer.BUSINESS, business.pk)


def spoken(version: PromptVersion) -> str:
    """The text with its placeholders filled in, and nothing else done to it."""
    return render(version.text, version.prompt.business.placeholders)
