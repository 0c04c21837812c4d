"""The history on a disk that is small, full, or fails: what is told is told all the same, what the history lacks comes
into it once the disk is well, and nothing twice."""

import collections
import contextlib
import os
import re
import subprocess

import pytest
import tracing
from arrivals import check_complete
from sections import directory, watch
from servers import CUSTOM, RemoteSyslogNg, wait_until
from teller import Teller

STORE_ERRORS = "dndrift_store_errors_total"
MENDED_S = 60  # the daemon tries every 10 s
TINY_BYTES = 64 * 1024


class Disk:
    """A small disk of its own in the place of a folder."""

    def __init__(self, folder, size):
        self.folder, self.ballast = folder, os.path.join(folder, "ballast")
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", folder],
                               stderr=subprocess.PIPE, check=False)
        if tried.returncode:
            pytest.skip(f"no disk can be mounted here: {tried.stderr.decode(errors='replace').strip()}")

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)

    def fill(self):
        """No room is left; the daemon may write in between."""
        def try_it():
            done = subprocess.run(["mount", "-o", f"remount,size={self.used()}", self.folder], check=False,
                                  stderr=subprocess.DEVNULL)
            return done.returncode == 0
        wait_until(try_it, "the disk to be full")

    def used(self):
        room = os.statvfs(self.folder)
        return (room.f_blocks - room.f_bfree) * room.f_frsize

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


def sections(slapd):
    return directory(slapd.uri) + watch(CUSTOM)


def numbers(log):
    return [int(number) for text in log.texts() for number in re.findall(r"alert='[0-9a-f]+-(\d+)'", text)]


def history(daemon):
    """None while it cannot be read."""
    answer = daemon.get("/history?limit=1000")
    assert answer.code in (200, 503), answer.text
    return answer.json()["history"] if answer.code == 200 else None


def numbers_kept(daemon):
    return [entry["number"] for entry in history(daemon) or ()]


def check_whole(daemon, log):
    """What was sent is there, once, in order, and as told."""
    sent = numbers(log)
    assert len(set(sent)) == len(sent)
    wait_until(lambda: numbers_kept(daemon) == sorted(sent, reverse=True),
               lambda: f"the history to have {sorted(sent)}: {numbers_kept(daemon)}", MENDED_S)
    wait_until(lambda: all(entry["told"] for entry in history(daemon)), "who was told", MENDED_S)


def drift_and_back(slapd, log, n):
    away = slapd.rename(CUSTOM, "cn=elsewhere")
    log.wait_for("^DRIFT custom: ", count=n)
    slapd.rename(away, "cn=custom")
    log.wait_for("^RECOVERED custom: ", count=n)


def test_what_was_told_while_the_disk_was_full_is_in_the_history_afterwards(daemon_factory, slapd, syslog_ng):
    running = daemon_factory(sections(slapd))
    with contextlib.closing(Disk(running.state, 1024 * 1024)) as disk:
        running.start()
        syslog_ng.wait_for("^PINNED custom: ")
        disk.fill()
        drift_and_back(slapd, syslog_ng, 1)
        drift_and_back(slapd, syslog_ng, 2)
        wait_until(lambda: running.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
        disk.resize(1024 * 1024)
        check_whole(running, syslog_ng)
        drift_and_back(slapd, syslog_ng, 3)
        check_whole(running, syslog_ng)
        running.kill9()
        running.start()
        syslog_ng.wait_for("^STARTED ", count=2)
        check_whole(running, syslog_ng)
        running.kill()


def test_on_a_disk_of_64_kib_the_daemon_does_not_begin_and_on_a_larger_one_it_goes_on_when_that_is_full(
        daemon_factory, slapd, syslog_ng):
    running = daemon_factory(sections(slapd))
    with contextlib.closing(Disk(running.state, TINY_BYTES)) as disk:
        running.spawn()
        assert running.wait() == 3
        assert re.search(r"state[.]db: .*(full|No space left)", running.stderr()), running.stderr()
        disk.resize(4 * TINY_BYTES)
        running.start()
        syslog_ng.wait_for("^PINNED custom: ")
        n = 0
        while "state could not be kept: " not in running.stderr() and n < 300:
            n += 1
            drift_and_back(slapd, syslog_ng, n)
        assert n < 300, "it never was full"
        assert running.metrics()[STORE_ERRORS] > 0
        print(f"full after {n} drifts")
        drift_and_back(slapd, syslog_ng, n + 1)
        assert numbers(syslog_ng) == list(range(1, len(numbers(syslog_ng)) + 1))
        disk.resize(64 * TINY_BYTES)
        check_whole(running, syslog_ng)
        running.kill()


@pytest.mark.parametrize("call, when", (("pwrite64", "20..60"), ("fdatasync", "4..12")))
def test_errors_of_the_disk_delay_the_history_and_nothing_else(call, when, daemon_factory, slapd, syslog_ng):
    """EIO, from some call on and for many calls, in the thread that commits."""
    tracing.demand()
    running = daemon_factory(sections(slapd))
    running.start()
    syslog_ng.wait_for("^PINNED custom: ")
    assert running.stop() == 0
    running.wrapper = tracing.wrapper(call, f"error=EIO:when={when}")
    running.start()
    for n in range(1, 4):
        drift_and_back(slapd, syslog_ng, n)
    wait_until(lambda: running.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
    check_whole(running, syslog_ng)
    running.wrapper = []
    running.kill9()
    running.start()
    syslog_ng.wait_for("^STARTED ", count=3)
    check_whole(running, syslog_ng)


# --- several outlets

@pytest.fixture
def others(started, tmp_path):
    """A syslog server over tcp and a program, told besides the log."""
    return started(RemoteSyslogNg("tcp")).start(), Teller(tmp_path)


@pytest.fixture
def telling(daemon_factory, slapd, others):
    """A daemon with three outlets that does not run yet."""
    remote, teller = others
    return daemon_factory(sections(slapd) + teller.section(), more_syslog=f"remote = {remote.uri}")


def check_told_to_all(running, log, others, n_kills=0):
    """Each outlet has each alert that the log has, once but for the kills, and the history says so."""
    remote, teller = others
    check_whole(running, log)
    last, everybody = max(numbers(log)), {"syslog", remote.uri, "exec"}
    for heard in (remote.numbers, teller.numbers):
        wait_until(lambda: max(heard()) == last, lambda: f"{last}: {heard()}", MENDED_S)
    assert check_complete(teller.numbers()) <= n_kills, teller.numbers()
    check_complete(remote.numbers())  # a server has the last minutes again after a kill, each of them once
    assert max(collections.Counter(remote.numbers()).values()) <= 1 + n_kills, remote.numbers()
    wait_until(lambda: all({told["outlet"] for told in entry["told"]} == everybody for entry in history(running)),
               lambda: f"the notes of who was told: {history(running)}", MENDED_S)


def test_what_could_not_be_kept_on_a_full_disk_is_told_by_each_outlet_once(telling, slapd, syslog_ng, others):
    with contextlib.closing(Disk(telling.state, 1024 * 1024)) as disk:
        telling.start()
        syslog_ng.wait_for("^PINNED custom: ")
        disk.fill()
        drift_and_back(slapd, syslog_ng, 1)
        drift_and_back(slapd, syslog_ng, 2)
        wait_until(lambda: telling.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
        for heard in (others[0].numbers, others[1].numbers):
            wait_until(lambda: heard() == numbers(syslog_ng), lambda: f"{numbers(syslog_ng)} while it is full: {heard()}")
        disk.resize(1024 * 1024)
        check_told_to_all(telling, syslog_ng, others)
        telling.kill9()
        telling.start()
        syslog_ng.wait_for("^STARTED ", count=2)
        check_told_to_all(telling, syslog_ng, others, n_kills=1)
        telling.kill()


def test_what_could_not_be_kept_for_errors_of_the_disk_is_told_by_each_outlet_once(telling, slapd, syslog_ng, others):
    tracing.demand()
    telling.start()
    syslog_ng.wait_for("^PINNED custom: ")
    others[1].wait_for("PINNED")
    assert telling.stop() == 0
    telling.wrapper = tracing.wrapper("pwrite64", "error=EIO:when=20..60")
    telling.start()
    for n in range(1, 4):
        drift_and_back(slapd, syslog_ng, n)
    wait_until(lambda: telling.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
    check_told_to_all(telling, syslog_ng, others, n_kills=1)  # the stop kills a run as well
    telling.wrapper = []
    telling.kill9()
    telling.start()
    syslog_ng.wait_for("^STARTED ", count=3)
    check_told_to_all(telling, syslog_ng, others, n_kills=2)
