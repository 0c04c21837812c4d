"""[exec]: a program gets each event as JSON and in its environment, at least once and in order, whatever becomes of it."""

import contextlib
import os
import re
import time

import pytest

from sections import directory, watch
from servers import CUSTOM, LogSocket, wait_until
from teller import TELL, Teller

SLOW = """#!/bin/sh
echo "$DNDRIFT_ALERT" >>"{folder}/begun"
while ! test -e "{folder}/go-on" -o -e "{folder}/go-on.$$"; do sleep 0.05; done
cat >>"{folder}/events"
"""
HOSTILE = 'a"b$(touch /tmp/pwned)`id`\\2C\'; %s'


@pytest.fixture
def log():
    with contextlib.closing(LogSocket()) as socket:
        yield socket.start()


@pytest.fixture
def teller(tmp_path):
    return Teller(tmp_path)


@pytest.fixture
def telling(slapd_factory, daemon_factory, log, teller):
    """telling(**settings of [exec]): (daemon, slapd), the daemon running with the teller."""
    def make(**settings):
        slapd = slapd_factory()
        sections = directory(slapd.uri) + watch(CUSTOM, fix=HOSTILE) + teller.section(**settings)
        daemon = daemon_factory(sections, syslog=log.socket)
        return daemon.start(), slapd
    return make


def children(daemon):
    """{pid: name} of its children that are not probers, nor about to be."""
    return {pid: name for pid, name in daemon.children().items() if name not in ("dndriftd", "dndrift-prober")}


def figure(daemon, name):
    return daemon.metrics()[f'dndrift_{name}{{outlet="exec"}}']


def test_the_program_has_the_event_as_json_and_in_its_environment(telling, teller, log):
    daemon, slapd = telling()
    teller.wait_for("PINNED")
    slapd.rename(CUSTOM, "cn=else\\, where")
    teller.wait_for("DRIFT")
    [event] = [event for event in teller.events() if event["word"] == "DRIFT"]
    assert event["watch"] == event["name"] == "custom" and event["severity"] == "err"
    assert event["verdict"] == "renamed" and event["configured"] == CUSTOM and event["fix"] == HOSTILE
    assert event["live"].startswith("cn=else\\2C where,")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["time"])
    wait_until(lambda: teller.environment().get("DNDRIFT_WORD") == "DRIFT", "its environment")
    assert teller.environment() == {f"DNDRIFT_{key.upper()}": value for key, value in event.items()}
    wait_until(lambda: not children(daemon), "the programs to be reaped")
    assert teller.numbers() == list(range(1, len(log.texts) + 1))


def test_a_run_that_fails_is_repeated_and_said(telling, teller, log):
    teller.write("#!/bin/sh\necho 'no route\tto chat' >&2; exit 7\n")
    daemon, _ = telling()
    log.wait_for("^PINNED")
    wait_until(lambda: figure(daemon, "alert_failures_total") >= 2, "two failures")
    assert "outlet exec: alerts wait: the program ended with 7: no route\\x09to chat" in daemon.stderr()
    assert daemon.stderr().count("outlet exec:") == 1
    teller.write(TELL)
    wait_until(lambda: figure(daemon, "outlet_depth") == 0, "all to be told")
    assert teller.words() == [text.split()[0] for text in log.texts]


def test_a_run_that_hangs_is_killed_with_what_it_has_started(telling, teller, log):
    teller.write("#!/bin/sh\nsleep 1000 & echo $! >>\"{folder}/sleepers\"\nwait\n")
    daemon, _ = telling(timeout="300ms")
    wait_until(lambda: figure(daemon, "alert_failures_total") >= 2, "two failures")
    assert "the program did not end in 300 ms" in daemon.stderr()
    sleepers = [int(line) for line in (teller.folder / "sleepers").read_text().split()]
    wait_until(lambda: not os.path.exists(f"/proc/{sleepers[0]}"), "the sleeper to be gone")
    assert daemon.stop() == 0
    wait_until(lambda: not [pid for pid in sleepers if os.path.exists(f"/proc/{pid}")], "all of them")
    assert log.wait_for("^STOPPED"), "a program that hangs holds up no stop"


def test_so_many_run_at_once_as_it_may_and_no_more(telling, teller, log):
    teller.write("#!/bin/sh\ncat >>\"{folder}/events\"\nsleep 1000\n")
    daemon, slapd = telling(concurrency=2)
    renamed = slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ")
    slapd.rename(renamed, "cn=custom")
    log.wait_for("^RECOVERED custom: ")
    wait_until(lambda: len(teller.events()) == 2, "two runs")
    assert len(children(daemon)) == 2 and figure(daemon, "outlet_depth") == len(log.texts)
    assert daemon.stop() == 0  # which kills them


def test_a_program_that_only_talks_costs_no_more_than_its_time(telling, teller, log):
    teller.write("#!/bin/sh\nexec yes\n")
    daemon, _ = telling(timeout="2s")
    log.wait_for("^PINNED")
    lags = [daemon.metrics()["dndrift_loop_lag_seconds"] for _ in range(20) if not time.sleep(0.1)]
    wait_until(lambda: figure(daemon, "alert_failures_total") >= 1, "the deadline")
    print(f"loop lag while a program floods its stdout: {max(lags) * 1000:.0f} ms")
    assert len(daemon.stderr()) < 10000


def test_what_was_not_told_outlives_a_kill(telling, teller, log):
    teller.write("#!/bin/sh\nexit 1\n")
    daemon, slapd = telling()
    log.wait_for("^PINNED")
    slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ")
    daemon.kill9()
    teller.write(TELL)
    daemon.start()
    log.wait_for("^STARTED", count=2)
    wait_until(lambda: figure(daemon, "outlet_depth") == 0, "all to be told")
    first_time = list(dict.fromkeys(teller.numbers()))
    assert first_time == list(range(1, max(first_time) + 1))
    print(f"{len(first_time)} events, lost 0, duplicates {len(teller.numbers()) - len(first_time)}")


def test_a_run_under_way_outlives_a_kill_and_its_event_comes_again(telling, teller, log):
    """It may be in the middle of a mail: it is left alone, where no systemd ends it with the daemon."""
    teller.write(SLOW)
    daemon, _ = telling()
    begun = teller.folder / "begun"
    wait_until(begun.exists, "a run")
    [pid] = children(daemon)
    daemon.kill9()
    daemon.start()
    wait_until(lambda: len(begun.read_text().split()) == 2, "the second run")
    assert os.path.exists(f"/proc/{pid}") and len(set(begun.read_text().split())) == 1
    (teller.folder / f"go-on.{pid}").touch()
    wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the first to end")
    assert teller.numbers() == [1]
    (teller.folder / "go-on").touch()
    log.wait_for("^STARTED", count=2)
    wait_until(lambda: figure(daemon, "outlet_depth") == 0, "all to be told")
    assert teller.numbers()[:2] == [1, 1]
    assert teller.numbers()[1:] == list(range(1, max(teller.numbers()) + 1))


def test_a_program_that_is_gone_is_said_and_found_again(telling, teller, log):
    daemon, _ = telling()
    teller.wait_for("PINNED")
    os.rename(teller.path, teller.folder / "away")
    daemon.reload()
    wait_until(lambda: "cannot be run: No such file or directory" in daemon.stderr(), "the reload to be refused")
    log.wait_for("^REJECTED")
    wait_until(lambda: "outlet exec: alerts wait: " in daemon.stderr(), "the reason")
    os.rename(teller.folder / "away", teller.path)
    teller.wait_for("REJECTED")


def test_it_runs_inside_the_sandbox_of_the_unit(confine, slapd_factory, open_folder):
    slapd = slapd_factory()
    teller = Teller(open_folder)
    os.chmod(open_folder, 0o777)
    text = directory(slapd.uri) + watch(CUSTOM) + f"\n[exec]\nprogram = {teller.path}\n"
    confine(text)
    teller.wait_for("PINNED")
    slapd.rename(CUSTOM, "cn=elsewhere")
    teller.wait_for("DRIFT")
