"""The life of a pin: the identity that a watch remembers outlives kill -9, edits, renamed sections and removal, and
changes only when somebody says so."""

import re

import pytest
from alert_line import alerts, wait_alert
from control import dndriftctl
from sections import directory, watch
from servers import CUSTOM, wait_until
from servers.slapd import RECIPIENTS

OTHER = "cn=other," + RECIPIENTS


@pytest.fixture
def pinned(slapd, daemon, syslog_ng):
    """A daemon that has pinned CUSTOM as watch custom, and said so: from then on it must not forget."""
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    wait_alert(syslog_ng, "PINNED", "custom")
    return daemon


def reload_with(daemon, sections):
    """Reloads and waits until it is in force."""
    before = len(daemon.notify.fields("READY"))
    daemon.write_config(sections)
    daemon.reload()
    wait_until(lambda: len(daemon.notify.fields("READY")) > before, "the reload")
    assert daemon.metrics()["dndrift_config_last_reload_successful"] == 1


def words(syslog_ng, name="custom"):
    return [alert.word for alert in alerts(syslog_ng, name=name)]


def numbers(syslog_ng):
    return [int(alert.tags["alert"].rpartition("-")[2]) for alert in alerts(syslog_ng)]


def replace(slapd):
    """CUSTOM is another entry afterwards; the old one is where the answer says."""
    aside = slapd.rename(CUSTOM, "cn=old custom")
    slapd.add_container(CUSTOM, cn="custom")
    return aside


# --- kill -9

def test_a_rename_while_the_daemon_was_dead_is_a_rename(pinned, slapd, syslog_ng):
    before = pinned.watch("custom")
    pinned.kill9()
    live = slapd.rename(CUSTOM, "cn=partners")
    pinned.start()
    seen = pinned.wait_verdict("custom", "renamed")
    assert (seen["live"], seen["identity"], seen["pinned_at"]) == (live, before["identity"], before["pinned_at"])
    wait_alert(syslog_ng, "DRIFT", "custom")
    assert words(syslog_ng) == ["PINNED", "DRIFT"]


def test_an_open_drift_is_served_at_once_after_a_kill_and_not_told_again(pinned, slapd, syslog_ng):
    live = slapd.rename(CUSTOM, "cn=partners")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    slapd.stop()  # so that nothing can be judged anew
    pinned.kill9()
    pinned.start()
    seen = pinned.watch("custom")
    assert (seen["verdict"], seen["live"], seen["alert"]) == ("renamed", live, alert.tags["alert"])
    assert seen["since"] == alert.tags["since"]
    assert pinned.get("/health").code == 503
    slapd.start()
    pinned.wait_watch("custom", lambda watch: watch.get("observed") == "renamed" and watch["observed_count"] > 3,
                      "to be seen renamed again")
    slapd.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "RECOVERED"]
    assert numbers(syslog_ng) == sorted(set(numbers(syslog_ng))), "no number twice"


def test_ancestors_that_were_renamed_while_it_was_dead_are_named(pinned, slapd, syslog_ng):
    pinned.kill9()
    slapd.rename("ou=charlotte,o=mms", "ou=raleigh")
    pinned.start()
    seen = pinned.wait_verdict("custom", "ancestor-renamed")
    assert "ou=charlotte,o=mms above it was renamed to ou=raleigh,o=mms" in seen["sentence"]


# --- another configured value

def test_an_edit_that_follows_the_rename_keeps_the_pin(pinned, slapd, syslog_ng):
    before = pinned.watch("custom")
    live = slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    reload_with(pinned, directory(slapd.uri) + watch(live))
    wait_alert(syslog_ng, "RECOVERED", "custom")
    seen = pinned.wait_verdict("custom", "match")
    assert (seen["identity"], seen["pinned_at"]) == (before["identity"], before["pinned_at"])
    assert words(syslog_ng) == ["PINNED", "DRIFT", "EDITED", "RECOVERED"]
    edited = wait_alert(syslog_ng, "EDITED", "custom")
    assert edited.sentence == f"the configured value was changed from {CUSTOM} to {live}"


def test_an_edit_to_another_entry_is_deliberate(pinned, slapd, syslog_ng):
    slapd.add_container(OTHER, cn="other")
    reload_with(pinned, directory(slapd.uri) + watch(OTHER))
    alert = wait_alert(syslog_ng, "PINNED", "custom", 2)
    assert alert.tags["identity"] == slapd.identity(OTHER)
    assert words(syslog_ng) == ["PINNED", "EDITED", "PINNED"]
    assert pinned.wait_verdict("custom", "match")["identity"] == slapd.identity(OTHER)


def test_an_edit_to_nothing_is_missing_and_tells_where_the_old_entry_is(pinned, slapd, syslog_ng):
    identity = slapd.identity(CUSTOM)
    nowhere = "cn=typo," + RECIPIENTS
    reload_with(pinned, directory(slapd.uri) + watch(nowhere))
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    assert alert.tags["verdict"] == "missing" and CUSTOM in alert.sentence
    seen = pinned.watch("custom")
    assert (seen["identity"], seen["pinned_live"]) == (identity, CUSTOM)
    reload_with(pinned, directory(slapd.uri) + watch(CUSTOM))
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert pinned.watch("custom")["identity"] == identity
    assert words(syslog_ng) == ["PINNED", "EDITED", "DRIFT", "EDITED", "RECOVERED"]


def test_an_edit_while_the_daemon_was_dead_is_an_edit_too(pinned, slapd, syslog_ng):
    slapd.add_container(OTHER, cn="other")
    pinned.kill9()
    pinned.write_config(directory(slapd.uri) + watch(OTHER))
    pinned.start()
    wait_alert(syslog_ng, "PINNED", "custom", 2)
    assert words(syslog_ng) == ["PINNED", "EDITED", "PINNED"]


# --- accepting another entry

def test_adopt_accepts_the_entry_that_is_there_now(pinned, slapd, syslog_ng):
    replace(slapd)
    wait_alert(syslog_ng, "DRIFT", "custom")
    done = dndriftctl(pinned.config_file, "adopt", "custom")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"custom takes {slapd.identity(CUSTOM)} for its own from now on\n"
    wait_alert(syslog_ng, "RECOVERED", "custom")
    seen = pinned.wait_verdict("custom", "match")
    assert seen["identity"] == slapd.identity(CUSTOM) and pinned.get("/health").code == 200
    assert wait_alert(syslog_ng, "PINNED", "custom", 2).tags["identity"] == slapd.identity(CUSTOM)
    pinned.kill9()
    pinned.start()
    assert pinned.wait_observed("custom", "match")["identity"] == slapd.identity(CUSTOM)


@pytest.mark.parametrize("name, told", [
    ("custom", "custom is not replaced by another entry: there is nothing to adopt"),
    ("nobody", "there is no watch nobody"),
])
def test_adopt_refuses_where_there_is_nothing_to_adopt(pinned, name, told):
    identity = pinned.watch("custom")["identity"]
    done = dndriftctl(pinned.config_file, "adopt", name)
    assert done.returncode not in (0, 2) and told in done.stderr, done
    assert pinned.watch("custom")["identity"] == identity


def test_the_line_that_the_alert_prints_accepts_the_new_entry(pinned, slapd, syslog_ng):
    replace(slapd)
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    key, value = re.search(r"(identity) = (\S+)", alert.sentence).groups()
    reload_with(pinned, directory(slapd.uri) + watch(CUSTOM, **{key: value}))
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert pinned.wait_verdict("custom", "match")["identity"] == value == slapd.identity(CUSTOM)
    done = dndriftctl(pinned.config_file, "adopt", "custom")
    assert done.returncode != 0 and "change it there and reload" in done.stderr


def test_an_identity_by_hand_overrides_the_stored_pin(pinned, slapd, syslog_ng):
    slapd.add_container(OTHER, cn="other")
    reload_with(pinned, directory(slapd.uri) + watch(CUSTOM, identity=slapd.identity(OTHER)))
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    seen = pinned.wait_verdict("custom", "replaced")
    assert (seen["identity"], seen["pinned_live"]) == (slapd.identity(OTHER), OTHER)
    assert OTHER in alert.sentence


def test_a_pin_by_hand_holds_from_the_first_start(slapd, daemon, syslog_ng):
    identity = slapd.identity(CUSTOM)
    live = slapd.rename(CUSTOM, "cn=partners")
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, identity=identity.upper().replace("ENTRYUUID", "entryUUID")))
    seen = daemon.wait_verdict("custom", "renamed")
    assert seen["live"] == live
    slapd.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")


# --- out of the configuration, and back

def test_a_watch_taken_out_ends_its_drift_as_removed_and_comes_back_with_its_pin(pinned, slapd, syslog_ng):
    before = pinned.watch("custom")
    live = slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    reload_with(pinned, directory(slapd.uri) + watch(RECIPIENTS, name="recipients"))
    assert "renamed" in wait_alert(syslog_ng, "REMOVED", "custom").sentence
    assert pinned.get("/watches/custom").code == 404 and pinned.get("/health").code == 200
    assert not [name for name in pinned.metrics() if 'watch="custom"' in name]
    pinned.kill9()
    pinned.start()
    assert pinned.get("/watches/custom").code == 404
    reload_with(pinned, directory(slapd.uri) + watch(CUSTOM))
    wait_alert(syslog_ng, "DRIFT", "custom", 2)
    seen = pinned.wait_verdict("custom", "renamed")
    assert (seen["live"], seen["identity"], seen["pinned_at"]) == (live, before["identity"], before["pinned_at"])
    assert words(syslog_ng) == ["PINNED", "DRIFT", "REMOVED", "DRIFT"]


def test_a_watch_without_drift_is_taken_out_in_silence(pinned, slapd, syslog_ng):
    reload_with(pinned, directory(slapd.uri) + watch(RECIPIENTS, name="recipients"))
    reload_with(pinned, directory(slapd.uri) + watch(CUSTOM))
    pinned.wait_verdict("custom", "match")
    assert words(syslog_ng) == ["PINNED"]


def test_a_directory_section_with_another_name_loses_no_pin(pinned, slapd, syslog_ng):
    before = pinned.watch("custom")
    reload_with(pinned, directory(slapd.uri, name="mail") + watch(CUSTOM, directory="mail"))
    seen = pinned.wait_watch("custom", lambda watch: watch["directory"] == "mail" and watch["observed_count"] > 3,
                             "to be compared with mail")
    assert (seen["verdict"], seen["identity"], seen["pinned_at"]) == ("match", before["identity"], before["pinned_at"])
    slapd.rename("ou=charlotte,o=mms", "ou=raleigh")
    seen = pinned.wait_verdict("custom", "ancestor-renamed")
    assert "ou=charlotte,o=mms above it was renamed to ou=raleigh,o=mms" in seen["sentence"]
    wait_alert(syslog_ng, "DRIFT", "custom")
    assert words(syslog_ng) == ["PINNED", "DRIFT"]


# --- two watches, one DN

def test_two_watches_on_one_dn_are_asked_once_and_told_both(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, name="a") + watch(CUSTOM, name="b"))
    for name in ("a", "b"):
        daemon.wait_watch(name, lambda watch: watch.get("observed_count", 0) >= 10, "to be compared ten times")
    count = min(daemon.watch(name)["observed_count"] for name in ("a", "b"))
    searches = len(re.findall(rf'SRCH base="{CUSTOM}" scope=0', slapd.stderr()))
    assert count <= searches <= count + 5, f"{searches} searches for {count} comparisons of each"
    slapd.rename(CUSTOM, "cn=partners")
    for name in ("a", "b"):
        assert wait_alert(syslog_ng, "DRIFT", name).tags["verdict"] == "renamed"
