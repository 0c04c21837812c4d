"""Fixtures of the tests of the whole daemon."""

import pytest

pytest.register_assert_rewrite("alert_line", "verdict_checks")

from sections import directory, watch  # noqa: E402  (after the line above)
from servers import CUSTOM  # noqa: E402


@pytest.fixture
def watching(slapd, daemon):
    """watching(dn, **settings of the watch): a daemon that watches it in slapd under the name custom."""
    return lambda dn=CUSTOM, **settings: daemon(directory(slapd.uri) + watch(dn, **settings))
