"""Fixtures of the tests of the whole daemon."""

import pytest

pytest.register_assert_rewrite("alert_line", "verdict_checks")

from sections import directory, watch  # noqa: E402  (after the line above)
from servers import CUSTOM, Kdc  # noqa: E402


@pytest.fixture(scope="session")
def kdc():
    """A running Kdc that every test may add principals to."""
    with Kdc() as running:
        yield running.start()


@pytest.fixture
def watching(slapd, daemon):
    """watching(dn, **settings of the watch): a daemon that watches it in slapd under the name custom."""
    return lambda dn=CUSTOM, **settings: daemon(directory(slapd.uri) + watch(dn, **settings))
