"""Reload and stop: a good file is in force at once, a bad one changes nothing, systemd is told each step, and nothing
holds the daemon for more than two seconds when it shall end."""

import http.client
import itertools
import os
import re
import signal
import socket
import threading
import time

import pytest
from alert_line import alerts, severity, wait_alert
from sections import directory, section, watch
from servers import ARTICLE, CUSTOM, SyslogNg, free_port, wait_until
from servers.slapd import RECIPIENTS

SUCCESS = "dndrift_config_last_reload_successful"
TIME = "dndrift_config_last_reload_success_timestamp_seconds"


@pytest.fixture
def matched(slapd, daemon):
    """A daemon with the watch custom, which matches."""
    daemon = daemon(good(slapd))
    daemon.wait_verdict("custom", "match")
    return daemon


def good(slapd, *more):
    return directory(slapd.uri) + watch(CUSTOM) + "".join(more)


def reload(daemon, sections=None, **base):
    """SIGHUP with these sections and base lines; waits until systemd heard READY again."""
    before = len(daemon.notify.fields("READY"))
    daemon.base.update(base)
    if sections is not None:
        daemon.write_config(sections)
    daemon.reload()
    wait_until(lambda: len(daemon.notify.fields("READY")) > before, "READY after the reload")


@pytest.fixture
def silent():
    """The address of a server that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept = []

        def accept():
            while True:
                try:
                    kept.append(listener.accept())
                except OSError:
                    return
        threading.Thread(target=accept, daemon=True).start()
        yield f"ldap://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


# --- good files

def test_a_good_file_is_in_force_at_once(matched, slapd, syslog_ng):
    before = matched.metrics()
    assert before[SUCCESS] == 1
    wait_until(lambda: time.time() > before[TIME] + 1, "the next second")
    reload(matched, good(slapd, watch(RECIPIENTS, name="recipients")))
    assert matched.wait_verdict("recipients", "match")["identity"] == slapd.identity(RECIPIENTS)
    after = matched.metrics()
    assert after[SUCCESS] == 1 and after[TIME] > before[TIME]
    alert = wait_alert(syslog_ng, "RELOADED", "dndriftd")
    assert alert.sentence == "the configuration was reloaded: 2 watches in 1 directory"
    assert severity(syslog_ng, "RELOADED", "dndriftd") == "notice"


def test_a_directory_that_moves_to_another_server_keeps_its_watches(matched, slapd, slapd_factory, syslog_ng):
    before = matched.watch("custom")
    identity = before["identity"].partition(":")[2]
    other = slapd_factory(tree=[(dn, {**entry, **({"entryUUID": identity} if dn == CUSTOM else {})})
                                for dn, entry in ARTICLE])
    slapd.stop()
    reload(matched, good(other))
    seen = matched.wait_watch("custom", lambda watch: watch["server"] == other.uri, "to be asked from the other")
    assert (seen["verdict"], seen["identity"], seen["pinned_at"]) == ("match", before["identity"], before["pinned_at"])
    assert not alerts(syslog_ng, "DRIFT") and len(alerts(syslog_ng, "PINNED")) == 1


def test_alerts_go_to_the_new_log_socket(matched, slapd, started, syslog_ng):
    other = started(SyslogNg()).start()
    matched.syslog = other.socket
    reload(matched, good(slapd))
    slapd.rename(CUSTOM, "cn=partners")
    wait_alert(other, "DRIFT", "custom")
    assert not alerts(syslog_ng, "DRIFT")


# --- bad files

BAD = {  # further sections, the line that is bad, what is said about it
    "unknown-key": (watch(RECIPIENTS, name="extra", intervall="5s"), "intervall = 5s",
                    "unknown key `intervall` in [watch], did you mean `interval`?"),
    "no-directory": (watch(RECIPIENTS, name="extra", directory="nowhere"), "directory = nowhere",
                     "there is no section [directory nowhere]"),
    "bad-dn": (watch("cn=x,,o=mms", name="extra"), "dn = cn=x,,o=mms", "`cn=x,,o=mms` is no DN: at position 6"),
    "bad-source": (watch(RECIPIENTS, name="extra", dn_from="nslcd"), "dn_from = nslcd",
                   "`dn_from` stands beside `dn`"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_changes_nothing(matched, slapd, syslog_ng, name):
    text, bad_line, told = BAD[name]
    before = matched.watch("custom")
    reload(matched, good(slapd, text))
    with open(matched.config_file, encoding="utf-8") as file:
        told = f"{matched.config_file}:{file.read().splitlines().index(bad_line) + 1}: .*{re.escape(told)}"
    alert = wait_alert(syslog_ng, "REJECTED", "dndriftd")
    assert alert.sentence.startswith("the configuration was not reloaded, the old one stays: ")
    assert re.search(told, alert.sentence), alert.sentence
    assert severity(syslog_ng, "REJECTED", "dndriftd") == "warning"
    assert re.search(told, matched.stderr())
    assert matched.metrics()[SUCCESS] == 0 and matched.get("/watches/extra").code == 404
    matched.wait_watch("custom", lambda watch: watch["observed_count"] > before["observed_count"] + 2,
                       "to be compared on")
    reload(matched, good(slapd))
    assert matched.metrics()[SUCCESS] == 1
    assert matched.watch("custom")["pinned_at"] == before["pinned_at"]


def test_a_file_that_is_gone_changes_nothing(matched, slapd, syslog_ng):
    os.unlink(matched.config_file)
    reload(matched)
    assert matched.config_file in wait_alert(syslog_ng, "REJECTED", "dndriftd").sentence
    slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")


def test_the_state_directory_cannot_change_while_it_runs(matched, slapd, syslog_ng):
    matched.state = matched.path("elsewhere")
    reload(matched, good(slapd))
    assert "state_directory cannot change" in wait_alert(syslog_ng, "REJECTED", "dndriftd").sentence
    assert not os.path.exists(matched.state) and matched.metrics()[SUCCESS] == 0


def test_the_control_socket_answers_a_bad_reload_with_the_reason(matched, slapd):
    matched.write_config(good(slapd, watch(RECIPIENTS, name="extra", intervall="5s")))
    reply = matched.control("POST", "/reload")
    assert reply.code == 409 and "unknown key `intervall`" in reply.json()["sentence"]
    matched.write_config(good(slapd))
    assert matched.control("POST", "/reload").code == 200


# --- listeners

def test_a_new_port_is_open_before_the_old_one_is_closed(matched, slapd):
    old, matched.port = matched.port, free_port()
    failures, end = [], threading.Event()

    def knock():  # at least one of both answers at any time
        while not end.is_set():
            if not any(answers(port) for port in (old, matched.port, old)):
                failures.append(time.monotonic())
    thread = threading.Thread(target=knock)
    thread.start()
    reload(matched, good(slapd))
    wait_until(lambda: answers(matched.port) and not answers(old), "the new port alone")
    end.set()
    thread.join()
    assert not failures


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_a_port_in_use_rejects_the_whole_file(matched, slapd, syslog_ng):
    old = matched.port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        matched.port = taken.getsockname()[1]
        reload(matched, good(slapd, watch(RECIPIENTS, name="extra")))
        alert = wait_alert(syslog_ng, "REJECTED", "dndriftd")
        assert f"cannot listen on 127.0.0.1:{matched.port}: Address already in use" in alert.sentence
        assert "(key listen in [health])" in alert.sentence
    matched.port = old
    assert matched.get("/watches/extra").code == 404 and matched.metrics()[SUCCESS] == 0


def test_a_port_that_stays_is_never_closed(matched, slapd):
    failures, end = [], threading.Event()

    def knock():
        while not end.is_set():
            if not answers(matched.port):
                failures.append(time.monotonic())
    thread = threading.Thread(target=knock)
    thread.start()
    for n in range(20):
        reload(matched, good(slapd), health=f"allow_host = h{n}.example")
    end.set()
    thread.join()
    assert not failures


# --- many at once

def test_fifty_quick_reloads_lose_no_watch_and_no_state(slapd, daemon, syslog_ng):
    names = [f"n{n}" for n in range(20)]
    for name in names:
        slapd.add_container(f"cn={name},{RECIPIENTS}", cn=name)
    watches = "".join(watch(f"cn={name},{RECIPIENTS}", name=name) for name in names)
    daemon = daemon(good(slapd, watches))
    daemon.wait_verdict("custom", "match")
    live = slapd.rename(CUSTOM, "cn=partners")
    first = wait_alert(syslog_ng, "DRIFT", "custom")
    wait_until(lambda: daemon.metrics()['dndrift_watches{verdict="match"}'] == len(names), "all others to match")
    before = {name: daemon.watch(name) for name in ("custom", *names)}
    for timeout in range(50):  # each is another configuration of the directory
        daemon.write_config(good(slapd, watches).replace("timeout = 5s", f"timeout = {5000 + timeout}ms"))
        daemon.reload()
    reload(daemon)
    for name, was in before.items():
        seen = daemon.wait_watch(name, lambda watch: watch["observed_count"] >= 2, "to be compared")
        for key in ("verdict", "since", "identity", "pinned_at", "live", "alert"):
            assert seen.get(key) == was.get(key), (name, key)
    wait_until(lambda: len(daemon.probers()) == 1, "one prober to be left")
    slapd.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")
    told = [alert for alert in alerts(syslog_ng) if alert.word not in ("RELOADED", "PINNED")]
    assert [alert.word for alert in told] == ["STARTED", "DRIFT", "RECOVERED"]
    assert told[1] == first and daemon.metrics()[SUCCESS] == 1


def test_reloads_while_a_server_is_silent_hold_nobody(slapd, daemon, silent, syslog_ng):
    with_it = good(slapd, directory(silent, name="silent", timeout="2s"), watch(CUSTOM, name="s", directory="silent"))
    daemon = daemon(with_it)
    daemon.wait_verdict("custom", "match")
    for sections in itertools.islice(itertools.cycle((good(slapd), with_it)), 10):
        reload(daemon, sections)
    live = slapd.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom", timeout_s=10)
    assert daemon.watch("custom")["live"] == live
    seen = daemon.wait_observed("s", "unreachable")
    assert seen["reason"]["text"].startswith("no answer within 2 s")


# --- systemd

def test_systemd_hears_a_reload_as_it_wants_to(matched):
    before = time.monotonic_ns() // 1000
    seen = len(matched.notify.messages)
    reload(matched)
    messages = [message for message in matched.notify.messages[seen:] if not message.startswith("STATUS=")]
    assert len(messages) == 2 and messages[1] == "READY=1"
    first, second = messages[0].splitlines()
    assert first == "RELOADING=1" and second.startswith("MONOTONIC_USEC=")
    assert before <= int(second.partition("=")[2]) <= time.monotonic_ns() // 1000


def test_systemd_hears_a_rejected_reload_end_too(matched, slapd):
    reload(matched, good(slapd, section("nonsense", "x", {})))
    assert matched.notify.fields("RELOADING") == ["1"] and len(matched.notify.fields("READY")) == 2


def test_the_status_counts_the_watches(slapd, daemon):
    daemon = daemon(good(slapd, watch("cn=nobody," + RECIPIENTS, name="nobody")))
    wait_until(lambda: "2 watches: 1 right, 1 drifted, 0 not verified" in daemon.notify.fields("STATUS"), "the status")


def test_the_watchdog_is_fed_twice_as_often_as_it_asks(slapd, daemon, silent):
    daemon = daemon(good(slapd, directory(silent, name="silent"), watch(CUSTOM, name="s", directory="silent")),
                    environment={"WATCHDOG_USEC": "400000"})
    start = time.monotonic()
    wait_until(lambda: len(daemon.notify.fields("WATCHDOG")) >= 11, "eleven pings")
    assert 1.5 < time.monotonic() - start < 4


# --- the end

def is_prober(pid):
    """Whether there is still a prober of that number: on a busy machine it may be another process by now."""
    try:
        with open(f"/proc/{pid}/comm", encoding="ascii") as file:
            return file.read() == "dndrift-prober\n"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_two_seconds_whatever_its_servers_do(slapd, daemon, silent, syslog_ng, number):
    daemon = daemon(good(slapd, *(directory(silent, name=f"s{n}", timeout="5m") + watch(CUSTOM, name=f"s{n}",
                                                                                       directory=f"s{n}")
                                  for n in range(5))))
    daemon.wait_verdict("custom", "match")
    slapd.pause()
    probers = wait_until(lambda: len(daemon.probers()) == 6 and daemon.probers(), "six probers")
    start = time.monotonic()
    assert daemon.end(number) == 0
    assert time.monotonic() - start < 2
    assert daemon.notify.fields("STOPPING") == ["1"]
    wait_alert(syslog_ng, "STOPPED", "dndriftd")
    assert alerts(syslog_ng)[-1].word == "STOPPED"
    wait_until(lambda: not any(map(is_prober, probers)), "the probers to be gone")


def test_it_stops_within_two_seconds_although_nobody_reads_its_log(slapd, daemon_factory):
    daemon = daemon_factory(good(slapd), syslog="/nonexistent/log").start()
    daemon.wait_verdict("custom", "match")
    start = time.monotonic()
    assert daemon.stop() == 0
    assert time.monotonic() - start < 2


def test_what_was_not_sent_before_the_stop_is_sent_after_the_next_start(slapd, daemon_factory, started):
    log = started(SyslogNg())
    daemon = daemon_factory(good(slapd), syslog=log).start()
    daemon.wait_verdict("custom", "match")
    daemon.stop()
    log.start()
    daemon.start()
    wait_alert(log, "STARTED", "dndriftd", 2)
    assert [alert.word for alert in alerts(log)] == ["STARTED", "PINNED", "STOPPED", "STARTED"]
