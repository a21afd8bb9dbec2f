"""The servers that the tests of whole calls share: each is started once, when first asked for."""

from collections.abc import Iterator

import pytest

from tests.live.stage import House, house


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
