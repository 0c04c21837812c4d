"""What the account may not see, by access rules of a real OpenLDAP: never taken for drift, said once it lasts, and
told with the rights to grant."""

import pytest
from alert_line import alerts, severity, wait_alert
from sections import directory, watch
from servers import CUSTOM, free_port, wait_until
from servers.slapd import RECIPIENTS
from verdict_checks import assert_drift, assert_recovered, checks, matched


ALL = "to * by * read"
REFUSING = [
    ('to dn.base="o=mms" by * none', ALL),  # the naming context itself is closed
    ("to attrs=entryUUID by * =r", ALL),    # it may be read, not searched by
]


@pytest.mark.parametrize("access", REFUSING)
def test_an_identity_that_cannot_be_looked_up_is_said_when_it_is_pinned(watching, slapd, syslog_ng, access):
    slapd.set_access(*access)
    daemon = watching()
    seen = matched(daemon)
    assert seen["identity_lookup"] == "refused" and seen["identity"] == slapd.identity(CUSTOM)
    assert checks(daemon) == (200, "warn", {"custom": "warn"})
    line = wait_alert(syslog_ng, "PINNED", "custom").sentence
    assert "refuses to look this identity up" in line
    assert "search by that attribute from the naming context and read the entries above" in line
    live = slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_observed("custom", "hidden")
    assert not alerts(syslog_ng, "DRIFT"), "deleted or renamed: nobody can tell"
    slapd.set_access(ALL)
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["live"] == live


def test_a_lookup_that_was_refused_is_tried_again_once_it_is_granted(watching, slapd):
    slapd.set_access(*REFUSING[0])
    daemon = watching()
    assert matched(daemon)["identity_lookup"] == "refused"
    slapd.set_access(ALL)
    daemon.wait_watch("custom", lambda watch: "identity_lookup" not in watch, "to be looked up by identity")
    assert checks(daemon) == (200, "pass", {})


def test_an_entry_without_readable_identity_matches_with_a_warning(watching, slapd, syslog_ng):
    slapd.set_access("to attrs=entryUUID by * none", ALL)
    daemon = watching()
    seen = matched(daemon)
    assert seen["identity"] is None and "pinned_at" not in seen
    assert checks(daemon) == (200, "warn", {"custom": "warn"})
    assert not alerts(syslog_ng, "PINNED")
    slapd.set_access(ALL)
    alert = wait_alert(syslog_ng, "PINNED", "custom")
    assert alert.tags["identity"] == slapd.identity(CUSTOM)
    wait_until(lambda: checks(daemon) == (200, "pass", {}), "health to pass")


HIDING = {  # a way to hide the container
    "closed": f'to dn.subtree="{CUSTOM}" by * none',
    "search-only": f'to dn.subtree="{CUSTOM}" by * search',
    "without-identity": f'to dn.base="{CUSTOM}" attrs=entryUUID by * none',
}


@pytest.mark.parametrize("way", HIDING)
def test_what_an_access_rule_hides_is_no_drift(watching, slapd, syslog_ng, way):
    daemon = watching()
    identity = matched(daemon)["identity"]
    slapd.set_access(HIDING[way], ALL)
    daemon.wait_watch("custom", lambda watch: watch["observed"] == "hidden" and watch["observed_count"] > 5,
                      "to be seen hidden often")
    slapd.set_access(ALL)
    seen = daemon.wait_observed("custom", "match")
    assert (seen["verdict"], seen["identity"]) == ("match", identity)
    assert [alert.word for alert in alerts(syslog_ng)] == ["STARTED", "PINNED"]


def test_a_drift_stays_open_while_its_entry_is_hidden(watching, slapd, syslog_ng):
    daemon = watching()
    matched(daemon)
    live = slapd.rename(CUSTOM, "cn=partners")
    assert_drift(daemon, syslog_ng, slapd, "renamed")
    slapd.set_access(f'to dn.subtree="{live}" by * none', f'to dn.subtree="{RECIPIENTS}" by * none', ALL)
    daemon.wait_observed("custom", "hidden")
    assert daemon.watch("custom")["verdict"] == "renamed" and daemon.get("/health").code == 503
    slapd.set_access(ALL)
    slapd.rename(live, "cn=custom")
    assert_recovered(daemon, syslog_ng, "renamed")
    assert len(alerts(syslog_ng, "DRIFT")) == 1


# --- what stays unverifiable is said, but not in the first minute after the start

GRACE_S = 60


def assert_unverifiable(daemon, syslog_ng, name, told):
    alert = wait_alert(syslog_ng, "UNVERIFIABLE", name)
    seen = daemon.watch(name)
    assert (seen["verdict"], seen["class"], seen["stale"]) == ("hidden", "unverifiable", False)
    assert told in alert.sentence and "let anonymous read the container" in alert.sentence
    assert alert.tags["verdict"] == "hidden" and alert.tags["configured"] == seen["configured"]
    assert severity(syslog_ng, "UNVERIFIABLE", name) == "warning"


def test_after_the_grace_unverifiable_watches_are_announced_and_their_end_too(slapd, daemon, syslog_ng):
    places = {name: f"cn={name},{RECIPIENTS}" for name in (*HIDING, "unseen")}
    for name, dn in places.items():
        slapd.add_container(dn, cn=name)
    down, port = [], free_port()
    for name in ("one", "two", "three"):
        down.append(watch(CUSTOM, name=name, directory="down", confirm_unverifiable="2"))
    slapd.set_access(f'to dn.base="{places["unseen"]}" by * none', ALL)
    daemon = daemon(directory(slapd.uri) + "".join(watch(dn, name=name) for name, dn in places.items())
                    + directory(f"ldap://127.0.0.1:{port}", name="down") + "".join(down))
    for name in HIDING:
        daemon.wait_verdict(name, "match")
    slapd.set_access(f'to dn.base="{places["unseen"]}" by * none',
                     *(HIDING[name].replace(CUSTOM, places[name]) for name in HIDING), ALL)
    daemon.wait_observed("one", "unreachable")
    assert [alert.word for alert in alerts(syslog_ng) if alert.word == "UNVERIFIABLE"] == []
    wide = wait_alert(syslog_ng, "UNVERIFIABLE", "@down", timeout_s=GRACE_S + 30)
    assert wide.sentence == "3 watches cannot be compared: connect: Connection refused (111)"
    assert wide.tags["server"] == f"ldap://127.0.0.1:{port}" and "watch" not in wide.tags
    for name in ("one", "two", "three"):
        seen = daemon.wait_verdict(name, "unreachable")
        assert (seen["class"], seen["reason"]["phase"]) == ("unverifiable", "connect")
        assert seen["reason"]["text"] == "Connection refused" and "last_compared" not in seen
    for name in (*HIDING, "unseen"):
        assert_unverifiable(daemon, syslog_ng, name,
                            "its pinned identity cannot be read" if name == "without-identity" else "may be hidden")
    code, status, listed = checks(daemon)
    assert (code, status) == (200, "warn") and set(listed.values()) == {"warn"} and len(listed) == 7
    metrics = daemon.metrics()
    assert metrics['dndrift_watches{verdict="hidden"}'] == 4 and metrics['dndrift_watches{verdict="unreachable"}'] == 3
    assert metrics['dndrift_comparison_failures_total{directory="down",reason="connect"}'] > 3
    assert metrics['dndrift_comparison_failures_total{directory="mms",reason="acl"}'] > 3
    slapd.set_access(ALL)
    for name in HIDING:
        wait_alert(syslog_ng, "VERIFIABLE", name)
        daemon.wait_verdict(name, "match")
    assert len(alerts(syslog_ng, "UNVERIFIABLE")) == 5 and not alerts(syslog_ng, "DRIFT")
