"""The one wrapper around Twilio's validator."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from calls.twilio import signatures
from calls.twilio.signatures import refused_stream, refused_webhook

BASE = "https://voice.example.com"
PATH = "/twiml/incoming/1"
TOKEN, OLD_TOKEN = "a" * 32, "b" * 32
SOCKET = "/media-stream/abc-_123"


@pytest.fixture(autouse=True)
def _tokens(settings):
    settings.PUBLIC_BASE_URL = BASE
    settings.TWILIO_AUTH_TOKENS = (TOKEN, OLD_TOKEN)
    settings.TWILIO_STREAM_SIGNATURE = "if-present"


def form_of(*fields: tuple[str, str]) -> QueryDict:
    return QueryDict(urlencode(fields).encode())


def sign(url: str, form: QueryDict | None = None, token: str = TOKEN) -> str:
    return RequestValidator(token).compute_signature(url, form or QueryDict())


def refused(form: QueryDict, signature: str | bytes | None, query: str = "") -> str | None:
    return refused_webhook(path=PATH, query=query, form=form, signature=signature)


def test_a_rightly_signed_webhook_is_let_in():
    form = form_of(("CallSid", "CA1"), ("From", "+15005550006"))
    assert refused(form, sign(BASE + PATH, form)) is None


def test_the_second_token_is_good_too():
    form = form_of(("CallSid", "CA1"))
    assert refused(form, sign(BASE + PATH, form, OLD_TOKEN)) is None


def test_repeated_blank_and_foreign_fields_are_signed_as_they_came():
    form = form_of(("Word", "שלום"), ("Word", "two"), ("Word", "two"), ("CallerName", ""))
    assert refused(form, sign(BASE + PATH, form)) is None
    assert refused(form_of(("Word", "שלום"), ("CallerName", "")), sign(BASE + PATH, form))


def test_the_query_counts_exactly_as_received():
    form, query = form_of(("CallSid", "CA1")), "b=%D7%A9&a=+x&empty="
    assert refused(form, sign(f"{BASE}{PATH}?{query}", form), query) is None
    assert refused(form, sign(f"{BASE}{PATH}?{query}", form)) == signatures.WRONG


@pytest.mark.parametrize(
    ("signature", "sentence"),
    [
        (None, signatures.MISSING),
        ("", signatures.EMPTY),
        (b"  ", signatures.EMPTY),
        ("חתימה", signatures.NOT_ASCII),
        (b"\xff\xfe", signatures.NOT_ASCII),
        ("garbage", signatures.WRONG),
        ("=" * 9000, signatures.WRONG),
    ],
)
def test_every_other_header_is_a_refusal_with_a_sentence(signature, sentence):
    assert refused(form_of(("CallSid", "CA1")), signature) == sentence
    assert sentence.endswith(".")


def test_without_a_token_everything_is_let_in(settings):
    settings.TWILIO_AUTH_TOKENS = ()
    assert refused(form_of(), None) is None
    assert refused_stream(path=SOCKET, signature="wrong") is None


def test_a_signature_of_another_scheme_is_refused_and_cannot_be_chosen_by_a_header():
    form = form_of(("CallSid", "CA1"))
    stronger = RequestValidator(TOKEN).compute_signature(BASE + PATH, form, "HMAC_SHA256")
    assert refused(form, stronger) == signatures.WRONG


@given(
    path=st.text(),
    query=st.text(),
    body=st.binary(max_size=300),
    signature=st.none() | st.text() | st.binary(),
)
def test_no_request_whatever_makes_the_wrapper_raise(path, query, body, signature):
    form = QueryDict(body, encoding="utf-8")
    answers = (
        refused_webhook(path=path, query=query, form=form, signature=signature),
        refused_stream(path=path, signature=signature),
    )
    assert all(answer is None or answer.endswith(".") for answer in answers)


fields = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=8)


@given(fields=fields, other=fields, token=st.sampled_from([TOKEN, OLD_TOKEN, "c" * 32]))
def test_the_wrapper_agrees_with_twilios_own_validator(fields, other, token):
    form, sent = form_of(*fields), form_of(*other)
    signature = sign(BASE + PATH, form, token)
    right = any(
        RequestValidator(known).validate(BASE + PATH, sent, signature)
        for known in (TOKEN, OLD_TOKEN)
    )
    assert (refused(sent, signature) is None) is right


@given(fields=fields)
def test_a_signature_by_the_rule_of_twilios_documentation_is_let_in(fields):
    form = form_of(*fields)
    words = "".join(
        name + value for name in sorted(form) for value in sorted(set(form.getlist(name)))
    )
    mac = hmac.new(TOKEN.encode(), (BASE + PATH + words).encode(), hashlib.sha1)
    assert refused(form, base64.b64encode(mac.digest()).decode()) is None


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_media_socket_is_signed_over_its_wss_address_with_or_without_a_slash(slash):
    signature = sign(f"wss://voice.example.com{SOCKET}{slash}")
    assert refused_stream(path=SOCKET, signature=signature) is None
    assert refused_stream(path=f"{SOCKET}/", signature=signature.encode()) is None


@pytest.mark.parametrize(
    "url",
    [
        f"https://voice.example.com{SOCKET}",
        f"wss://other.example.com{SOCKET}",
        f"wss://voice.example.com{SOCKET}//",
        f"wss://voice.example.com{SOCKET}x",
    ],
)
@pytest.mark.parametrize("mode", ["if-present", "required", "off"])
def test_a_media_socket_signed_over_another_address_is_refused(settings, mode, url):
    settings.TWILIO_STREAM_SIGNATURE = mode
    assert refused_stream(path=SOCKET, signature=sign(url)) == signatures.WRONG


def test_a_missing_signature_of_a_media_socket_matters_only_when_required(settings):
    assert refused_stream(path=SOCKET, signature=None) is None
    settings.TWILIO_STREAM_SIGNATURE = "required"
    assert refused_stream(path=SOCKET, signature=None) == signatures.MISSING


def test_an_address_with_a_port_and_plain_http_gives_a_ws_address(settings):
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
    assert signatures.stream_url(SOCKET) == f"ws://127.0.0.1:8000{SOCKET}"
    signature = sign(f"ws://127.0.0.1:8000{SOCKET}")
    assert refused_stream(path=SOCKET, signature=signature) is None
