"""Everybody chooses the language of the pages, before and after the login."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
HEBREW, ENGLISH = 'lang="he" dir="rtl"', 'lang="en" dir="ltr"'


def choose(client: Client, language: str, page: str) -> str:
    """Press the button that stands on a page; the page as it is then."""
    offered = client.get(page).text
    assert f'name="language" value="{language}"' in offered
    origin = {"HTTP_REFERER": f"http://testserver{page}"}
    way = {"path": reverse("set_language"), "data": {"language": language}}
    answer = client.post(**way, follow=True, **origin)
    assert answer.request["PATH_INFO"] == page
    return str(answer.text)


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/password_reset/"])
def test_a_stranger_chooses_before_the_login(client: Client, page: str) -> None:
    assert HEBREW in choose(client, "he", page)
    assert HEBREW in client.get("/admin/login/").text


def test_the_choice_holds_from_page_to_page_and_can_be_taken_back(client: Client) -> None:
    client.force_login(make_user())
    assert HEBREW in choose(client, "he", "/admin/prompts/business/")
    assert HEBREW in client.get("/admin/").text
    assert ENGLISH in choose(client, "en", "/admin/")
