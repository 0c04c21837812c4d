"""Many watches, and time that passes: like drifts in one line, reminders, staleness, readiness."""

import itertools
import time

from alert_line import alerts, wait_alert
from control import dndriftctl
from sections import directory, watch
from servers import CUSTOM, free_port, wait_until
from servers.slapd import RECIPIENTS

MANY = 25


def crowd(slapd, **settings):
    """Sections of MANY watches on containers of their own."""
    for n in range(MANY):
        slapd.add_container(f"cn=n{n},{RECIPIENTS}", cn=f"n{n}")
    return "".join(watch(f"cn=n{n},{RECIPIENTS}", name=f"n{n:02}", **settings) for n in range(MANY))


def test_many_like_drifts_of_one_round_are_one_line(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + crowd(slapd, interval="1s"))
    pinned = wait_alert(syslog_ng, "PINNED", "@mms")
    assert pinned.sentence == f"{MANY} watches are pinned to their entries: n00, n01, n02, n03, n04 and 20 more"
    daemon.stop()  # so that no round sees a part of them before the rename and the rest after it
    slapd.rename(RECIPIENTS, "cn=people")
    daemon.start()
    alert = wait_alert(syslog_ng, "DRIFT", "@mms")
    assert alert.sentence.startswith(f"{MANY} watches lead nowhere because {RECIPIENTS} was renamed to cn=people,")
    assert ": n00, n01, n02, n03, n04 and 20 more - name it back" in alert.sentence
    assert alert.tags["verdict"] == "ancestor-renamed" and alert.tags["server"] == slapd.uri
    wait_until(lambda: daemon.metrics()['dndrift_watches{verdict="ancestor-renamed"}'] == MANY, "all to drift")
    assert {daemon.watch(f"n{n:02}")["alert"] for n in range(MANY)} == {alert.tags["alert"]}
    assert len(alerts(syslog_ng, "DRIFT")) == 1
    slapd.rename("cn=people,ou=charlotte,o=mms", "cn=recipients")
    assert wait_alert(syslog_ng, "RECOVERED", "@mms").sentence.startswith(f"{MANY} watches lead to the right entry again")
    assert daemon.get("/health").code == 200


def test_a_drift_that_stays_open_is_reminded_of(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, remind="1s"))
    daemon.wait_verdict("custom", "match")
    live = slapd.rename(CUSTOM, "cn=partners")
    first = wait_alert(syslog_ng, "DRIFT", "custom")
    second = wait_alert(syslog_ng, "REMINDER", "custom", 2)
    assert second.sentence.startswith(f"still so since {first.tags['since']} (") and second.tags["live"] == live
    assert daemon.watch("custom")["alert"] == first.tags["alert"]
    slapd.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")
    count = len(alerts(syslog_ng, "REMINDER"))
    seen = daemon.watch("custom")["observed_count"]
    daemon.wait_watch("custom", lambda watch: watch["observed_count"] > seen + 8, "to match for a while")
    assert len(alerts(syslog_ng, "REMINDER")) == count


def test_a_reminder_after_a_kill_comes_no_sooner(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, remind="24h"))
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    daemon.kill9()
    daemon.start()
    daemon.wait_watch("custom", lambda watch: watch.get("observed_count", 0) > 5, "to be compared")
    assert not alerts(syslog_ng, "REMINDER") and len(alerts(syslog_ng, "DRIFT")) == 1


def test_what_cannot_be_verified_for_long_fails_health_as_stale(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, stale_after="1s"))
    daemon.wait_verdict("custom", "match")
    assert daemon.get("/health").code == 200
    slapd.kill()
    seen = daemon.wait_watch("custom", lambda watch: watch["stale"], "to be stale")
    assert seen["verdict"] == "match" and daemon.get("/health").code == 503
    [check] = daemon.get("/health").json()["checks"]["custom:verdict"]
    assert (check["status"], check["reason"]) == ("fail", "stale")
    slapd.start()
    daemon.wait_watch("custom", lambda watch: not watch["stale"], "to be fresh")
    assert daemon.get("/health").code == 200 and not alerts(syslog_ng, "RECOVERED")


def test_what_was_never_compared_fails_health_after_a_while(daemon):
    daemon = daemon(directory(f"ldap://127.0.0.1:{free_port()}") + watch(CUSTOM, stale_after="2s"))
    assert daemon.get("/health").code == 200, "it has only just started"
    wait_until(lambda: daemon.get("/health").code == 503, "health to fail")
    [check] = daemon.get("/health").json()["checks"]["custom:verdict"]
    assert check["reason"] == "never compared"


def test_ready_means_that_each_watch_was_asked_for(slapd, daemon):
    slapd.pause()
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM))
    assert daemon.get("/livez").code == 200 and daemon.get("/readyz").code == 503
    slapd.resume()
    daemon.wait_verdict("custom", "match")
    assert daemon.get("/readyz").code == 200


def test_compare_looks_at_once_and_confirms(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, interval="1h")
                    + watch(RECIPIENTS, name="other", interval="1h"))
    daemon.wait_verdict("custom", "match")
    daemon.wait_verdict("other", "match")
    slapd.rename(CUSTOM, "cn=partners")
    done = dndriftctl(daemon.config_file, "compare", "custom")
    assert (done.returncode, done.stdout) == (0, "comparing custom now\n"), done.stderr
    wait_alert(syslog_ng, "DRIFT", "custom", timeout_s=10)
    assert daemon.watch("other")["observed_count"] == 1
    assert dndriftctl(daemon.config_file, "compare").stdout == "comparing all watches now\n"
    daemon.wait_watch("other", lambda watch: watch["observed_count"] == 2, "to be compared too")
    assert "renamed" in dndriftctl(daemon.config_file, "status").stdout


def test_a_container_that_never_rests_is_never_taken_for_gone(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM, interval="100ms", confirm="1", confirm_interval="10ms",
                                                 flap_count="0"))
    daemon.wait_verdict("custom", "match")
    connection, end = slapd.connect(), time.monotonic() + 5
    names = itertools.cycle((("ou=raleigh", "cn=partners"), ("ou=charlotte", "cn=custom")))
    top, leaf, renames = "ou=charlotte", "cn=custom", 0
    while time.monotonic() < end or top != "ou=charlotte":
        new_top, new_leaf = next(names)
        connection.rename_s(f"{leaf},cn=recipients,{top},o=mms", new_leaf)
        connection.rename_s(f"{top},o=mms", new_top)
        top, leaf, renames = new_top, new_leaf, renames + 2
    daemon.wait_verdict("custom", "match")
    told = {alert.tags["verdict"] for alert in alerts(syslog_ng, name="custom")}
    print(f"{renames} renames, {len(alerts(syslog_ng))} alerts, verdicts {sorted(told)}")
    assert "renamed" in told and not told & {"deleted", "missing", "replaced", "hidden"}
