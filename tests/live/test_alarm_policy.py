"""Fewer alerts, and none lost: watches of one cause, watches that flap, maintenance windows; watches dealt out."""

import contextlib
import datetime
import hashlib
import os
import subprocess

from alert_line import alerts, wait_alert
from control import dndriftctl
from sections import directory, section, watch
from servers import CUSTOM, Daemon, wait_until
from servers.slapd import RECIPIENTS


def written(seconds_from_now):
    """That moment as RFC 3339 writes it."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_from_now)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def silence(patterns="custom", seconds=3600):
    return section("silence", "change", {"watches": patterns, "from": written(-60), "until": written(seconds)})


def status(daemon):
    done = dndriftctl(daemon.config_file, "status")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_watches_of_one_cause_are_one_alert_and_one_recovery(slapd, daemon, syslog_ng):
    slapd.add_container(f"cn=other,{RECIPIENTS}", cn="other")
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM) + watch(f"cn=other,{RECIPIENTS}", name="other", interval="300ms"))
    daemon.wait_verdict("custom", "match")
    daemon.wait_verdict("other", "match")
    slapd.rename(RECIPIENTS, "cn=people")
    alert = wait_alert(syslog_ng, "DRIFT", "@mms")
    assert f"2 watches lead nowhere because {RECIPIENTS} was renamed to cn=people,ou=charlotte,o=mms, since " in alert.sentence
    assert ": custom, other - name it back" in alert.sentence or ": other, custom - name it back" in alert.sentence
    for name in ("custom", "other"):
        seen = daemon.watch(name)
        assert seen["alert"] == alert.tags["alert"] and seen["live"].endswith(",cn=people,ou=charlotte,o=mms")
    slapd.rename("cn=people,ou=charlotte,o=mms", "cn=recipients")
    recovery = wait_alert(syslog_ng, "RECOVERED", "@mms")
    assert recovery.sentence.startswith(f"2 watches lead to the right entry again, as before {RECIPIENTS} was renamed")
    assert len(alerts(syslog_ng, "DRIFT")) == len(alerts(syslog_ng, "RECOVERED")) == 1


def test_a_kill_while_alerts_wait_for_their_like_loses_none(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM) + watch(CUSTOM, name="twin"))
    daemon.wait_verdict("twin", "match")
    slapd.rename(RECIPIENTS, "cn=people")
    daemon.wait_verdict("custom", "ancestor-renamed")
    daemon.kill9()
    daemon.start()
    assert wait_alert(syslog_ng, "DRIFT", "@mms").sentence.startswith("2 watches lead nowhere")
    assert len(alerts(syslog_ng, "DRIFT")) == 1


def test_a_watch_that_flaps_says_so_and_is_quiet_until_it_is_steady(slapd, watching, syslog_ng):
    daemon = watching(flap_count=2, flap_window="15s")
    daemon.wait_verdict("custom", "match")
    dn = CUSTOM
    for verdict in ("renamed", "match") * 3:
        dn = slapd.rename(dn, "cn=custom" if verdict == "match" else "cn=partners")
        daemon.wait_verdict("custom", verdict)
    assert daemon.watch("custom")["flapping"] is True
    assert daemon.metrics()['dndrift_watch_flapping{watch="custom"}'] == 1
    assert "match, flapping" in status(daemon)
    told = wait_alert(syslog_ng, "DRIFT", "custom", 2)
    assert ", it flaps: 3 changes between drift and ok since " in told.sentence
    assert [alert.word for alert in alerts(syslog_ng, name="custom")] == ["PINNED", "DRIFT", "RECOVERED", "DRIFT"]
    last = wait_alert(syslog_ng, "RECOVERED", "custom", 2)
    assert last.sentence.startswith(f"{CUSTOM} leads to the right entry, steady since ")
    assert " after 6 changes between drift and ok since " in last.sentence
    assert "flapping" not in daemon.watch("custom")


def test_in_a_maintenance_window_alerts_wait_and_all_else_goes_on(slapd, daemon, syslog_ng):
    sections = directory(slapd.uri) + watch(CUSTOM)
    daemon = daemon(sections + silence())
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_verdict("custom", "renamed")
    assert daemon.get("/health").code == 503
    assert daemon.watch("custom")["silenced"] == "change"
    assert daemon.metrics()['dndrift_watch_silenced{watch="custom"}'] == 1
    assert "renamed, silenced" in status(daemon)
    assert "renamed, silenced" in daemon.get("/").text
    daemon.kill9()
    daemon.start()
    daemon.wait_observed("custom", "renamed")
    assert alerts(syslog_ng, "DRIFT") == []
    daemon.write_config(sections)  # the window is taken out while it is open
    daemon.reload()
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    assert ", so since " in alert.sentence and "which was not told while it was silenced - configure" in alert.sentence
    assert "silenced" not in daemon.watch("custom")


def test_the_end_of_a_window_tells_what_waited(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM) + silence("cus*", seconds=8))
    daemon.wait_verdict("custom", "match")
    live = slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_verdict("custom", "renamed")
    slapd.rename(live, "cn=custom")
    daemon.wait_verdict("custom", "match")
    alert = wait_alert(syslog_ng, "RECOVERED", "custom")
    assert ", after it drifted 1 time while it was silenced since " in alert.sentence
    assert alerts(syslog_ng, "DRIFT") == []


def shard_of(name, count):
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % count


def test_every_watch_is_in_exactly_one_shard(slapd, syslog_ng):
    names = [f"w{n}" for n in range(10)]
    sections = directory(slapd.uri) + "".join(watch(CUSTOM, name=name) for name in names)
    seen = []
    with contextlib.ExitStack() as stack:
        for index in range(2):
            mine = [name for name in names if shard_of(name, 2) == index]
            daemon = stack.enter_context(contextlib.closing(Daemon(
                sections + f"\n[shard]\nindex = {index}\ncount = 2\n", syslog=syslog_ng.socket)))
            daemon.start()
            says = f"{len(mine)} watches in 1 directory, shard {index} of 2, {10 - len(mine)} watches belong to the others"
            wait_until(lambda d=says: any(alert.sentence.endswith(d) for alert in alerts(syslog_ng, "STARTED")), says)
            tested = subprocess.run([os.path.join(os.environ["BUILDDIR"], "dndriftd"), "-t", "-c", daemon.config_file],
                                    capture_output=True, text=True, timeout=60, check=False)
            assert (tested.returncode, tested.stdout) == (0, f"{daemon.config_file}: good, {says}\n")
            shown = [entry["watch"] for entry in daemon.get("/watches").json()["watches"]]
            assert shown == sorted(mine)
            seen += shown
            for name in mine:
                daemon.wait_verdict(name, "match")
    assert sorted(seen) == sorted(names)


def test_a_watch_dealt_to_another_daemon_and_back_is_no_recovery_and_keeps_its_pin(slapd, daemon, syslog_ng):
    """The daemon has no other watch."""
    sections = directory(slapd.uri) + watch(CUSTOM) + "\n[shard]\ncount = 2\nindex = "
    mine = shard_of("custom", 2)
    daemon = daemon(sections + f"{mine}\n")
    pinned = daemon.wait_verdict("custom", "match")["identity"]
    slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    daemon.write_config(sections + f"{1 - mine}\n")
    daemon.reload()
    removed = wait_alert(syslog_ng, "REMOVED", "custom")
    assert removed.sentence.startswith("no longer watched by this daemon, it was renamed since ")
    wait_until(lambda: daemon.get("/health").json()["status"] == "pass", "nothing to be wrong")
    assert daemon.get("/readyz").code == 200 and daemon.get("/watches").json()["watches"] == []
    daemon.write_config(sections + f"{mine}\n")
    daemon.reload()
    again = wait_alert(syslog_ng, "DRIFT", "custom", 2)
    assert again.tags["identity"] == pinned and again.tags["verdict"] == "renamed"
    assert alerts(syslog_ng, "RECOVERED") == [] and len(alerts(syslog_ng, "PINNED")) == 1
