"""The start page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_daily_work_comes_first_and_users_last(client: Client) -> None:
    client.force_login(make_user("dana"))
    request = client.get(reverse("admin:index")).wsgi_request
    first, *others = admin.site.get_app_list(request)
    names = [model["object_name"] for model in first["models"]]
    assert names[:4] == ["Business", "Call", "AuditEntry", "Platform"]
    assert [section["app_label"] for section in others] == ["auth"]


def test_the_menu_names_each_page_as_the_page_names_itself(client: Client) -> None:
    client.force_login(make_user("dana"))
    response = client.get(reverse("admin:index"))
    first, *_others = admin.site.get_app_list(response.wsgi_request)
    for model in first["models"]:
        page = client.get(model["admin_url"])
        assert page.context["title"] == model["name"], model["object_name"]
