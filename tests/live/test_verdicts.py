"""Every verdict on a real OpenLDAP, by really renaming, moving, deleting and recreating the container: what syslog,
/watches, /health and /metrics say of it, and the recovery. test_hidden.py has what access rules lead to."""

import pytest
from alert_line import alerts, severity, wait_alert
from ldap.controls.simple import RelaxRulesControl
from sections import directory, watch
from servers import CUSTOM, wait_until
from servers.slapd import RECIPIENTS
from verdict_checks import assert_drift, assert_recovered, assert_shown, checks, matched, without_details

NEW_PARENT = "ou=dallas,o=mms"


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
    assert without_details(alert.sentence) == f"{CUSTOM} was renamed to cn=external partners - configure {live}"
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
    assert seen["live"] == live and seen["parent_identity"] != "unknown"
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
    assert without_details(seen["sentence"]) == f"{CUSTOM} is now {live} because {told}"
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
