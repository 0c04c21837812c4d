"""Every verdict on a real OpenLDAP, by really renaming, moving, deleting, recreating and hiding the container: what
syslog, /watches, /health and /metrics say of it, and the recovery."""

import re

import pytest
from alert_line import alerts, severity, wait_alert
from ldap.controls.simple import RelaxRulesControl
from sections import directory, watch
from servers import CUSTOM, free_port, wait_until
from servers.slapd import RECIPIENTS

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CLASSES = {"match": "ok", "spelling": "ok", "invalid": "configuration", "hidden": "unverifiable",
           "unreachable": "unverifiable"}
NEW_PARENT = "ou=dallas,o=mms"


@pytest.fixture
def watching(slapd, daemon):
    """watching(dn, **settings of the watch): a daemon that watches it in slapd under the name custom."""
    return lambda dn=CUSTOM, **settings: daemon(directory(slapd.uri) + watch(dn, **settings))


def matched(daemon):
    return daemon.wait_verdict("custom", "match")


def checks(daemon):
    """{component: status} of what does not pass, with the status and code of /health."""
    reply = daemon.get("/health")
    health = reply.json()
    listed = {check["componentId"]: check["status"] for nodes in health["checks"].values() for check in nodes}
    return reply.code, health["status"], listed


def assert_shown(daemon, verdict, code):
    """All that the outside sees agrees on the verdict of the watch custom; answers the watch."""
    seen = daemon.wait_verdict("custom", verdict)
    assert seen["class"] == CLASSES.get(verdict, "drift")
    assert seen["directory"] == "mms" and not seen["stale"]
    for key in ("since", "last_attempt", "last_compared", "pinned_at"):
        assert key not in seen or RFC3339.fullmatch(seen[key]), (key, seen[key])
    assert daemon.get("/health").code == code and daemon.get("/health?watch=custom").code == code
    metrics = daemon.metrics()
    of_watch = {name: value for name, value in metrics.items() if name.startswith("dndrift_watch_verdict{")}
    assert of_watch == {f'dndrift_watch_verdict{{watch="custom",verdict="{verdict}"}}': 1}
    assert metrics[f'dndrift_watches{{verdict="{verdict}"}}'] == 1
    assert metrics['dndrift_watch_drift{watch="custom"}'] == (seen["class"] == "drift")
    return seen


def assert_drift(daemon, syslog_ng, slapd, verdict, word="DRIFT", count=1):
    """The drift is announced and shown everywhere. Answers (the watch, the alert)."""
    alert = wait_alert(syslog_ng, word, "custom", count)
    seen = assert_shown(daemon, verdict, 503)
    tags = alert.tags
    assert (tags["watch"], tags["verdict"], tags["directory"], tags["server"]) == ("custom", verdict, "mms", slapd.uri)
    assert tags["configured"] == seen["configured"]
    for key in ("live", "first_missing", "identity"):
        assert tags.get(key) == seen.get(key), key
    assert RFC3339.fullmatch(tags["since"]) and tags["since"] == seen["since"]
    assert re.fullmatch(r"[0-9a-z-]+-\d+", tags["alert"]) and seen["alert"] == tags["alert"]
    assert severity(syslog_ng, word, "custom") == "err"
    assert alert.sentence == " - ".join(filter(None, (seen["sentence"], seen.get("remedy"))))
    assert checks(daemon) == (503, "fail", {"custom": "fail"})
    return seen, alert


def assert_recovered(daemon, syslog_ng, was, count=1):
    alert = wait_alert(syslog_ng, "RECOVERED", "custom", count)
    seen = assert_shown(daemon, alert.tags["verdict"], 200)
    assert f"it was {was} since " in alert.sentence
    assert "alert" not in seen and "pinned_live" not in seen and "first_missing" not in seen
    assert severity(syslog_ng, "RECOVERED", "custom") == "notice"
    assert checks(daemon) == (200, "pass", {})
    return seen


def test_match_is_the_entry_as_the_directory_spells_it(watching, slapd, syslog_ng):
    daemon = watching(consumer='MMS Exchange MAPI MA "charlotte"')
    seen = matched(daemon)
    assert_shown(daemon, "match", 200)
    assert seen["identity"] == slapd.identity(CUSTOM)
    assert (seen["configured"], seen["live"], seen["live_in_configured_form"]) == (CUSTOM, CUSTOM, CUSTOM)
    assert (seen["server"], seen["configured_form"]) == (slapd.uri, "ldap")
    assert seen["consumer"] == 'MMS Exchange MAPI MA "charlotte"'
    assert checks(daemon) == (200, "pass", {})
    alert = wait_alert(syslog_ng, "PINNED", "custom")
    assert alert.tags["identity"] == seen["identity"] and severity(syslog_ng, "PINNED", "custom") == "info"
    before = daemon.metrics()['dndrift_comparisons_total{directory="mms"}']
    wait_until(lambda: daemon.metrics()['dndrift_comparisons_total{directory="mms"}'] > before + 3, "more comparisons")
    assert [alert.word for alert in alerts(syslog_ng)] == ["STARTED", "PINNED"]


@pytest.mark.parametrize("configured, why", [
    ("CN=Custom,CN=Recipients,OU=Charlotte,O=MMS", "case"),
    ("cn = custom , cn=recipients,  ou=charlotte,o=mms", "blanks"),
    ("commonName=custom,2.5.4.3=recipients,organizationalUnitName=charlotte,o=mms", "names of types"),
    ("cn=\\63ustom,cn=recipients,ou=charlotte,o=mms", "escapes"),
])
def test_spelling_is_the_same_entry_written_otherwise(watching, slapd, syslog_ng, configured, why):
    daemon = watching(configured)
    seen = daemon.wait_verdict("custom", "spelling")
    assert_shown(daemon, "spelling", 200)
    assert (seen["configured"], seen["live"], seen["identity"]) == (configured, CUSTOM, slapd.identity(CUSTOM)), why
    alert = wait_alert(syslog_ng, "SPELLING", "custom")
    assert (alert.tags["live"], alert.tags["configured"]) == (CUSTOM, configured)
    assert checks(daemon) == (200, "pass", {})
    daemon.wait_watch("custom", lambda watch: watch["observed_count"] > 4, "to be seen again")
    assert len(alerts(syslog_ng, "SPELLING")) == 1, "once is enough"


def test_spelling_warns_where_it_is_taken_strictly(watching):
    daemon = watching(CUSTOM.upper(), strict="yes")
    daemon.wait_verdict("custom", "spelling")
    assert checks(daemon) == (200, "warn", {"custom": "warn"})


def test_renamed_names_the_new_name_and_recovers(watching, slapd, syslog_ng):
    daemon = watching(fix="Configure the Management Agent > Custom Recipients", severity="crit")
    matched(daemon)
    identity = slapd.identity(CUSTOM)
    live = slapd.rename(CUSTOM, "cn=external partners")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    seen = assert_shown(daemon, "renamed", 503)
    assert severity(syslog_ng, "DRIFT", "custom") == "crit"
    assert (seen["live"], seen["identity"], seen["first_missing"]) == (live, identity, "cn=custom")
    assert alert.tags["fix"] == seen["fix"] == "Configure the Management Agent > Custom Recipients"
    assert alert.sentence == f"{CUSTOM} was renamed to cn=external partners - configure {live}"
    slapd.rename(live, "cn=custom")
    assert_recovered(daemon, syslog_ng, "renamed")


def test_a_second_rename_is_another_value_to_put_back(watching, slapd, syslog_ng):
    daemon = watching()
    matched(daemon)
    first = slapd.rename(CUSTOM, "cn=partners")
    assert_drift(daemon, syslog_ng, slapd, "renamed")
    second = slapd.rename(first, "cn=external partners")
    seen, alert = assert_drift(daemon, syslog_ng, slapd, "renamed", word="CHANGED")
    assert alert.tags["live"] == seen["live"] == second
    moved = slapd.move(second, "ou=charlotte,o=mms")
    seen, _ = assert_drift(daemon, syslog_ng, slapd, "moved", word="CHANGED", count=2)
    assert seen["live"] == moved
    slapd.rename(moved, "cn=custom", RECIPIENTS)
    assert_recovered(daemon, syslog_ng, "moved")


def test_a_rename_that_only_changes_the_spelling_is_no_drift(watching, slapd, syslog_ng):
    daemon = watching()
    matched(daemon)
    slapd.rename(CUSTOM, "cn=Custom")
    seen = daemon.wait_verdict("custom", "spelling")
    assert seen["live"] == f"cn=Custom,{RECIPIENTS}"
    wait_alert(syslog_ng, "SPELLING", "custom")
    assert not alerts(syslog_ng, "DRIFT")


@pytest.mark.parametrize("new_rdn", ["cn=custom", "cn=partners"])
def test_moved_tells_the_new_parent_and_a_new_name_as_well(watching, slapd, syslog_ng, new_rdn):
    daemon = watching()
    matched(daemon)
    slapd.add(NEW_PARENT, {"objectClass": "organizationalUnit", "ou": "dallas"})
    live = slapd.rename(CUSTOM, new_rdn, NEW_PARENT)
    seen, alert = assert_drift(daemon, syslog_ng, slapd, "moved")
    assert seen["live"] == live and "parent_identity" not in seen
    assert f"was moved below {NEW_PARENT}" in seen["sentence"]
    assert ("renamed to cn=partners" in seen["sentence"]) == (new_rdn == "cn=partners")
    assert seen["remedy"] == f"configure {live}" and alert.tags["first_missing"] == "cn=custom"
    slapd.rename(live, "cn=custom", RECIPIENTS)
    assert_recovered(daemon, syslog_ng, "moved")


@pytest.mark.parametrize("ancestor, new_rdn, new_parent, live, first_missing, told", [
    (RECIPIENTS, "cn=people", None, "cn=custom,cn=people,ou=charlotte,o=mms", "cn=recipients",
     f"{RECIPIENTS} above it was renamed to cn=people,ou=charlotte,o=mms"),
    ("ou=charlotte,o=mms", "ou=raleigh", None, "cn=custom,cn=recipients,ou=raleigh,o=mms", "ou=charlotte",
     "ou=charlotte,o=mms above it was renamed to ou=raleigh,o=mms"),
    (RECIPIENTS, "cn=recipients", NEW_PARENT, "cn=custom,cn=recipients,ou=dallas,o=mms", "cn=recipients",
     f"{RECIPIENTS} above it was moved to cn=recipients,ou=dallas,o=mms"),
])
def test_ancestor_renamed_names_the_ancestor(watching, slapd, syslog_ng, ancestor, new_rdn, new_parent, live,
                                             first_missing, told):
    daemon = watching()
    matched(daemon)
    slapd.add(NEW_PARENT, {"objectClass": "organizationalUnit", "ou": "dallas"})
    renamed = slapd.rename(ancestor, new_rdn, new_parent)
    seen, _ = assert_drift(daemon, syslog_ng, slapd, "ancestor-renamed")
    assert (seen["live"], seen["first_missing"]) == (live, first_missing)
    assert seen["sentence"] == f"{CUSTOM} is now {live} because {told}"
    assert seen["remedy"] == f"configure {live}"
    slapd.rename(renamed, *[part for part in ancestor.split(",", 1)])
    assert_recovered(daemon, syslog_ng, "ancestor-renamed")


def test_replaced_is_another_entry_under_the_old_name(watching, slapd, syslog_ng):
    daemon = watching()
    pinned = matched(daemon)["identity"]
    aside = slapd.rename(CUSTOM, "cn=old custom")
    slapd.add_container(CUSTOM, cn="custom")
    other = slapd.identity(CUSTOM)
    seen, alert = assert_drift(daemon, syslog_ng, slapd, "replaced")
    assert (seen["identity"], seen["pinned_live"]) == (pinned, aside)
    assert f"identity = {other}" in alert.sentence and aside in alert.sentence
    slapd.delete(CUSTOM)
    slapd.rename(aside, "cn=custom")
    assert_recovered(daemon, syslog_ng, "replaced")


def test_replaced_after_a_deletion_says_that_the_old_one_is_gone(watching, slapd, syslog_ng):
    daemon = watching()
    matched(daemon)
    slapd.delete(CUSTOM)
    assert_drift(daemon, syslog_ng, slapd, "deleted")
    slapd.add_container(CUSTOM, cn="custom")
    seen, alert = assert_drift(daemon, syslog_ng, slapd, "replaced", word="CHANGED")
    assert "deleted and created again" in alert.sentence and "pinned_live" not in seen


def test_deleted_and_restored_with_its_identity(watching, slapd, syslog_ng):
    daemon = watching()
    pinned = matched(daemon)["identity"]
    slapd.delete(CUSTOM)
    seen, alert = assert_drift(daemon, syslog_ng, slapd, "deleted")
    assert (seen["identity"], seen["certainty"], seen["first_missing"]) == (pinned, "absent", "cn=custom")
    assert "live" not in seen
    assert "no longer visible to anonymous: deleted, or moved where it may not read" in alert.sentence
    entry = [("objectClass", b"container"), ("cn", b"custom"), ("entryUUID", pinned.partition(":")[2].encode())]
    slapd.connect().add_ext_s(CUSTOM, entry, serverctrls=[RelaxRulesControl()])
    assert_recovered(daemon, syslog_ng, "deleted")


def test_deleted_with_all_above_it_up_to_the_suffix(watching, slapd, syslog_ng):
    daemon = watching()
    matched(daemon)
    slapd.delete("ou=charlotte,o=mms")
    seen, _ = assert_drift(daemon, syslog_ng, slapd, "deleted")
    assert seen["first_missing"] == "ou=charlotte"


@pytest.mark.parametrize("configured, first_missing, live, told, remedy", [
    ("cn=Custom Recipients," + RECIPIENTS, "cn=Custom Recipients", CUSTOM,
     "cn=Custom Recipients is the displayName of an entry whose directory name is cn=custom", f"configure {CUSTOM}"),
    ("ou=custom," + RECIPIENTS, "ou=custom", CUSTOM, "cn=custom has the same name under another type",
     f"configure {CUSTOM}"),
    ("cn=custom,cn=Public Recipients,ou=charlotte,o=mms", "cn=Public Recipients", None,
     "cn=Public Recipients is the displayName of an entry whose directory name is cn=recipients",
     f"configure {CUSTOM}"),
    ("cn=nobody," + RECIPIENTS, "cn=nobody", None, f"there is no cn=nobody below {RECIPIENTS}",
     "correct the configured DN or create the container"),
    ("cn=custom,o=elsewhere", "o=elsewhere", None, "lies outside every naming context of the server",
     "correct the configured DN or create the container"),
])
def test_missing_is_diagnosed(watching, slapd, syslog_ng, configured, first_missing, live, told, remedy):
    slapd.modify(RECIPIENTS, displayName="Public Recipients")
    daemon = watching(configured)
    seen, _ = assert_drift(daemon, syslog_ng, slapd, "missing")
    assert (seen["first_missing"], seen.get("live"), seen["remedy"]) == (first_missing, live, remedy)
    assert told in seen["sentence"]
    assert "identity" not in seen and "pinned_at" not in seen and not alerts(syslog_ng, "PINNED")


def test_missing_recovers_when_the_container_is_made(watching, slapd, syslog_ng):
    dn = "cn=new ones," + RECIPIENTS
    daemon = watching(dn)
    assert_drift(daemon, syslog_ng, slapd, "missing")
    slapd.add_container(dn, cn="new ones")
    assert assert_recovered(daemon, syslog_ng, "missing")["identity"] == slapd.identity(dn)


def test_missing_recovers_when_the_configured_value_is_corrected(watching, slapd, syslog_ng):
    daemon = watching("cn=Custom Recipients," + RECIPIENTS)
    assert_drift(daemon, syslog_ng, slapd, "missing")
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM))
    daemon.reload()
    assert_recovered(daemon, syslog_ng, "missing")
    assert wait_alert(syslog_ng, "EDITED", "custom").tags["configured"] == CUSTOM


def test_invalid_is_what_the_server_takes_for_no_dn(watching, slapd, syslog_ng):
    daemon = watching("nosuchtype=custom," + RECIPIENTS)
    alert = wait_alert(syslog_ng, "INVALID", "custom")
    seen = assert_shown(daemon, "invalid", 503)
    assert "does not take" in alert.sentence and seen["reason"]["code"] == 34
    assert severity(syslog_ng, "INVALID", "custom") == "err"
    assert "identity" not in seen and not alerts(syslog_ng, "DRIFT")
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM))
    daemon.reload()
    assert_recovered(daemon, syslog_ng, "invalid")


# --- what the account may not see

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


HIDING = {  # a way to hide the container -> where the observation comes from
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
