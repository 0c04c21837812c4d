"""Several outlets of the whole daemon: none waits for another, each gets every alert at least once and in order,
whatever is killed meanwhile; one that is taken out is forgotten."""

import contextlib
import os
import random
import re
import signal
import sqlite3
import time

import pytest

from arrivals import check_complete
from sections import directory, watch
from servers import CUSTOM, LogSocket, RemoteSyslogNg, wait_until

KILLS = 12
NUMBER = re.compile(r"alert='[0-9a-f]+-(\d+)'")


@pytest.fixture
def log():
    with contextlib.closing(LogSocket()) as socket:
        yield socket.start()


@pytest.fixture
def remote(started):
    """A RemoteSyslogNg over tcp that does not run yet."""
    return started(RemoteSyslogNg("tcp"))


@pytest.fixture
def telling(slapd_factory, daemon_factory, log):
    """telling(remote...): (daemon, slapd), the daemon running with these outlets besides the log."""
    def make(*remotes):
        slapd = slapd_factory()
        lines = "remote = " + " ".join(remote.uri for remote in remotes) if remotes else ""
        daemon = daemon_factory(directory(slapd.uri) + watch(CUSTOM), syslog=log.socket, more_syslog=lines).start()
        daemon.wait_verdict("custom", "match")
        return daemon, slapd
    return make


def figure(daemon, name, outlet):
    return daemon.metrics()[f'dndrift_{name}{{outlet="{outlet}"}}']


def waiting(daemon):
    """{outlet: how many alerts wait for it} in the database."""
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.state, "state.db"))) as kept:
        return dict(kept.execute("SELECT outlet, count(*) FROM delivery GROUP BY outlet").fetchall())


def told(daemon):
    """The sets of outlets that /history says were told of an event."""
    return {frozenset(by["outlet"] for by in entry["told"]) for entry in daemon.get("/history").json()["history"]}


def couriers(daemon):
    return [pid for pid, name in daemon.children().items() if name == "dndrift-courier"]


def log_numbers(log):
    return [int(NUMBER.search(text)[1]) for text in list(log.texts)]


def test_a_server_that_is_away_holds_up_nobody(telling, remote, log):
    daemon, slapd = telling(remote)
    renamed = slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ")
    slapd.rename(renamed, "cn=custom")
    log.wait_for("^RECOVERED custom: ")
    n_told = len(log.texts)
    assert figure(daemon, "outlet_depth", "syslog") == 0
    assert figure(daemon, "outlet_depth", remote.uri) == n_told == daemon.metrics()["dndrift_outbox_depth"]
    assert figure(daemon, "alert_failures_total", remote.uri) > 0
    assert re.search(rf"outlet {re.escape(remote.uri)}: alerts wait: .*Connection refused", daemon.stderr())
    wait_until(lambda: told(daemon) == {frozenset(["syslog"])}, "the notes of who was told")
    remote.start()
    wait_until(lambda: figure(daemon, "outlet_depth", remote.uri) == 0, "all to be taken")
    wait_until(lambda: told(daemon) == {frozenset(["syslog", remote.uri])}, "the notes of who was told later")
    assert figure(daemon, "alerts_sent_total", remote.uri) == n_told
    wait_until(lambda: len(remote.events()) >= n_told, "all to be there")
    assert check_complete(remote.numbers()) == 0
    assert [event["MSGID"] for event in remote.events()] == [text.split()[0] for text in log.texts]


def test_what_waited_for_a_server_outlives_the_daemon(telling, remote, log):
    daemon, slapd = telling(remote)
    slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ")
    wait_until(lambda: waiting(daemon) == {remote.uri: len(log.texts)}, "the rows of the log to go")
    daemon.kill9()
    remote.start()
    daemon.start()
    log.wait_for("^STARTED", count=2)
    wait_until(lambda: len(set(remote.numbers())) == len(set(log_numbers(log))), "all of them")
    check_complete(remote.numbers())


def test_what_nobody_read_is_sent_again_though_daemon_and_reader_are_killed(telling, remote, log):
    """The kernel of the server had acknowledged it, and that of this host holds it in the socket of the log."""
    remote.start()
    daemon, slapd = telling(remote)
    log.wait_for("^PINNED custom: ")
    wait_until(lambda: "PINNED" in [event["MSGID"] for event in remote.events()], "the pin")
    log.stall()
    remote.pause()
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: daemon.watch("custom")["verdict"] == "renamed", "the drift")
    wait_until(lambda: figure(daemon, "outlet_depth", remote.uri) == figure(daemon, "outlet_depth", "syslog") == 0,
               "all to be taken")
    wait_until(lambda: told(daemon) == {frozenset(["syslog", remote.uri])}, "the notes of who was told")
    daemon.kill9()
    remote.kill()
    log.remove()
    log.bind()
    log.start()
    remote.start()
    daemon.start()
    log.wait_for("^DRIFT custom: ")
    wait_until(lambda: "DRIFT" in [event["MSGID"] for event in remote.events()], "the drift to be told again")
    log.wait_for("^STARTED", count=2)
    wait_until(lambda: max(remote.numbers()) == max(log_numbers(log)), "the last")
    check_complete(remote.numbers())
    check_complete(log_numbers(log))


def test_no_kill_loses_an_alert_of_any_outlet(telling, remote, log):
    chance = random.Random(5424)
    remote.start()
    daemon, slapd = telling(remote)
    where = CUSTOM
    for n in range(KILLS):
        where = slapd.rename(where, f"cn=custom {n}")
        time.sleep(chance.uniform(0, 0.6))
        daemon.kill9()
        daemon.start()
    slapd.rename(where, "cn=custom")
    daemon.wait_verdict("custom", "match")
    assert daemon.stop() == 0
    last = max(log_numbers(log))
    wait_until(lambda: max(remote.numbers()) == last, "the last")
    assert not waiting(daemon)
    print(f"{KILLS} kills, {last} alerts: lost 0, duplicates {check_complete(log_numbers(log))} in the log, "
          f"{check_complete(remote.numbers())} at the server")


def test_a_courier_that_dies_is_started_again(telling, remote, log):
    remote.start()
    daemon, slapd = telling(remote)
    [courier] = wait_until(lambda: couriers(daemon), "a courier")
    os.kill(courier, signal.SIGKILL)
    wait_until(lambda: courier not in daemon.probers(), "it to be reaped")
    slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ")
    wait_until(lambda: "DRIFT" in [event["MSGID"] for event in remote.events()], "the drift")
    check_complete(remote.numbers())


def test_no_courier_outlives_the_daemon(telling, remote):
    remote.start()
    daemon, _ = telling(remote)
    [courier] = wait_until(lambda: couriers(daemon), "a courier")
    daemon.kill9()
    wait_until(lambda: not os.path.exists(f"/proc/{courier}"), "the courier to end")


def test_an_outlet_is_taken_out_and_put_in_by_a_reload(telling, remote, log):
    daemon, slapd = telling(remote)
    sections = directory(slapd.uri) + watch(CUSTOM)
    wait_until(lambda: waiting(daemon).keys() == {remote.uri}, "alerts to wait")
    daemon.base["more_syslog"] = ""
    daemon.write_config(sections)
    daemon.reload()
    log.wait_for("^RELOADED")
    wait_until(lambda: not waiting(daemon), "them to be given up")
    assert f"outlet {remote.uri}: alerts are given up: it was taken out of the configuration" in daemon.stderr()
    remote.start()
    daemon.base["more_syslog"] = f"remote = {remote.uri}"
    daemon.write_config(sections)
    daemon.reload()
    log.wait_for("^RELOADED", count=2)
    wait_until(remote.events, "the next event")
    assert [event["MSGID"] for event in remote.events()] == ["RELOADED"]


def test_what_waits_for_an_outlet_that_is_gone_at_the_start_is_given_up(telling, remote, log):
    daemon, slapd = telling(remote)
    assert daemon.stop() == 0
    assert waiting(daemon)[remote.uri] > 0
    daemon.base["more_syslog"] = ""
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM))
    daemon.start()
    log.wait_for("^STARTED", count=2)
    wait_until(lambda: not waiting(daemon), "them to be given up")


def test_it_tells_a_server_over_tls_out_of_the_sandbox_of_the_unit(confine, slapd_factory, started, certificates):
    slapd = slapd_factory()
    remote = started(RemoteSyslogNg("tls", (*certificates.server(), certificates.ca))).start()
    daemon = confine(directory(slapd.uri) + watch(CUSTOM), {"ca": certificates.ca})
    daemon.base["more_syslog"] = f"remote = {remote.uri}\nremote_ca_file = {daemon.path('ca')}"
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM))
    os.chmod(daemon.config_file, 0o644)
    daemon.reload()
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: "DRIFT" in [event["MSGID"] for event in remote.events()], lambda: daemon.stderr())
