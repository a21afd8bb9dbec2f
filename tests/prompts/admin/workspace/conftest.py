import pytest

from prompts.models import Business
from tests.factories import make_business, make_user
from tests.prompts.admin.workspace.writer import Writer


@pytest.fixture
def business() -> Business:
    return make_business(agent_name="Ada")


@pytest.fixture
def dana(business: Business) -> Writer:
    return Writer(business, make_user("dana"))


@pytest.fixture
def omer(business: Business) -> Writer:
    return Writer(business, make_user("omer"))
