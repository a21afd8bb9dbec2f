"""The servers that the tests of whole calls share: each is started once, when first asked for."""

from collections.abc import Iterator

import pytest

from prompts.models import Business
from tests import factories
from tests.live.stage import GREETING, House, house


@pytest.fixture(scope="session")
def uvicorn() -> Iterator[House]:
    with house("uvicorn") as running:
        yield running


@pytest.fixture(scope="session")
def daphne() -> Iterator[House]:
    with house("daphne") as running:
        yield running


@pytest.fixture(params=["uvicorn", "daphne"])
def either(request: pytest.FixtureRequest) -> House:
    """Each server in turn."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def business(transactional_db: None) -> Business:
    """A business on the tests' own database, for a server in the test's own loop."""
    made = factories.make_business("Harbor")
    text = "Words that are longer than a hundred frames of sound."
    factories.publish_text(made, text, greeting=GREETING)
    return made
