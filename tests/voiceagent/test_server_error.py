"""The page that people get when something of ours fails, the database for example."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.utils.translation import override
from django.views.defaults import server_error

SENTENCES = {
    "en": ('lang="en" dir="ltr"', "Something went wrong on our side"),
    "he": ('lang="he" dir="rtl"', "משהו השתבש אצלנו"),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_page_stands_without_a_database_in_both_languages(language: str) -> None:
    with override(language):
        response = server_error(RequestFactory().get("/admin/"))
    assert response.status_code == 500
    for words in SENTENCES[language]:
        assert words in response.text


def test_the_page_wears_the_style_of_the_others() -> None:
    page = server_error(RequestFactory().get("/admin/")).text
    sheets = re.findall(
        rf'rel="stylesheet" href="/?{settings.STATIC_URL.strip("/")}/([^"]+)"', page
    )
    assert "voiceagent/skin.css" in sheets
    assert all(map(finders.find, sheets))
    assert not re.search(r"<style|style=|<script", page)
