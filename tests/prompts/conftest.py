"""What the tests of the words share."""

from tests.plugins import history  # noqa: F401  # the flush between tests of real transactions
