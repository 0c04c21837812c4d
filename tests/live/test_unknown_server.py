"""A server of a kind that is not known: it works with what it offers, and the log says once what it cannot do."""

import os
import re
import shutil

import pytest
from sections import directory, watch
from servers import CUSTOM, wait_until

BUILD = os.environ.get("BUILDDIR", ".")
LIMITS = ("this kind of server is unknown: entries are followed by entryUUID (RFC 4530) alone, and one that does not "
          "show it is merely missing after it was renamed, moved or deleted")


@pytest.fixture
def unknown(slapd_factory):
    """A slapd that keeps to itself what it is: nobody may read its root DSE."""
    return slapd_factory(extra_global=['access to dn.base="" by * none'])


def told(daemon):
    return re.findall(r"^<\d>directory \S+, server \S+: this kind .*$", daemon.stderr(), re.MULTILINE)


def wait_observed_again(daemon, slapd):
    """The server goes and comes back, on a new connection."""
    slapd.kill()
    daemon.wait_observed("custom", "unreachable")
    slapd.start()
    daemon.wait_observed("custom", "match")


def test_it_is_told_once_a_server_however_often_it_is_connected_to(unknown, slapd, daemon):
    daemon = daemon(directory(unknown.uri) + watch(CUSTOM)
                    + directory(slapd.uri, name="known") + watch(CUSTOM, name="known", directory="known"))
    line = f"<5>directory mms, server {unknown.uri}: {LIMITS}"
    daemon.wait_verdict("custom", "match")
    daemon.wait_verdict("known", "match")
    wait_until(lambda: told(daemon), "the line")
    for _ in range(2):
        wait_observed_again(daemon, unknown)
    assert told(daemon) == [line]
    assert daemon.get("/health").json()["status"] == "pass"
    daemon.restart()
    wait_until(lambda: told(daemon) == [line] * 2, "the line of the new daemon")


def test_its_entries_are_followed_by_their_identity(unknown, daemon):
    daemon = daemon(directory(unknown.uri) + watch(CUSTOM))
    assert daemon.wait_verdict("custom", "match")["identity"].startswith("entryUUID:")
    live = unknown.rename(CUSTOM, "cn=partners")
    assert daemon.wait_verdict("custom", "renamed")["live"] == live


def test_one_that_shows_no_identity_is_merely_missing_after_a_rename(slapd_factory, daemon):
    slapd = slapd_factory(extra_global=['access to dn.base="" by * none'],
                          access=("to attrs=entryUUID by * none", "to * by * read"))
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM))
    assert daemon.wait_verdict("custom", "match")["identity"] is None
    slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_verdict("custom", "missing")


def test_what_a_broken_prober_says_of_its_server_does_no_harm_to_the_log(daemon_factory, tmp_path):
    shutil.copy(os.path.join(BUILD, "dndriftd"), tmp_path / "dndriftd")
    shutil.copy(os.path.join(BUILD, "tests/fault/fake_prober"), tmp_path / "dndrift-prober")
    daemon = daemon_factory(directory("ldap://limited:389") + watch(CUSTOM), program=str(tmp_path / "dndriftd")).start()
    line = r"<5>directory mms, server ldap://limited:389: it cannot\x1b[31m do much\x0a<0>really"
    wait_until(lambda: line in daemon.stderr().splitlines(), "the line")
    assert not [said for said in daemon.stderr().splitlines() if said.startswith("<0>")]
