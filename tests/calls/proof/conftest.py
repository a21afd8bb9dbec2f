"""A call whose proof is stored."""

import pytest

from calls.models import Call
from prompts.models import Business
from tests import factories
from tests.calls.proof import shelf


@pytest.fixture
def business() -> Business:
    return shelf.make_business()


@pytest.fixture
def row(business: Business) -> Call:
    """A call with a greeting, two answers, and a publish between them."""
    call = shelf.begin(business, context=shelf.OF_SOMEBODY)
    shelf.answer(call, "before")
    factories.publish_text(business, "The second words.", greeting="Hello there.")
    shelf.learn(call, business, context=shelf.OF_SOMEBODY)
    shelf.echo(call)
    shelf.answer(call, "after")
    return shelf.store(call, business)
