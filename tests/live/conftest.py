"""Fixtures of the tests of the whole daemon."""

import pytest

pytest.register_assert_rewrite("alert_line", "verdict_checks")

from dn_judges import entry_of  # noqa: E402  (after the line above)
from dn_spellings import PARENT  # noqa: E402
from sections import directory, watch  # noqa: E402
from servers import CUSTOM, SUFFIX, Kdc  # noqa: E402


@pytest.fixture(scope="session")
def kdc():
    """A running Kdc that every test may add principals to."""
    with Kdc() as running:
        yield running.start()


@pytest.fixture
def watching(slapd, daemon):
    """watching(dn, **settings of the watch): a daemon that watches it in slapd under the name custom."""
    return lambda dn=CUSTOM, **settings: daemon(directory(slapd.uri) + watch(dn, **settings))


@pytest.fixture
def holder(slapd_factory):
    """holder(pairs): a slapd that holds the first entry of each."""
    def start(pairs):
        tree = [(SUFFIX, {"objectClass": "organization", "o": "mms"}),
                (PARENT, {"objectClass": "organizationalUnit", "ou": "Pair Room"})]
        return slapd_factory(tree=tree + [entry_of(pair) for pair in pairs], log="none")
    return start
