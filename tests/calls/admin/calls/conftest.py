"""A business in Israel with one prompt, and somebody who may see everything."""

import pytest
from django.test import Client

from prompts.models import Business, PromptVersion
from tests.factories import make_business, make_user, publish_text


@pytest.fixture
def business() -> Business:
    return make_business("Galil", time_zone="Asia/Jerusalem")


@pytest.fixture
def version(business: Business) -> PromptVersion:
    return publish_text(business, "Be kind.")


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("dana"))
    return client
