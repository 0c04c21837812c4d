"""Somebody sets the clock of the host ten years ahead, or two back, while the daemon runs, and sets it right again: no
history is lost, its order is that of the events, and of reminders there is at most one too many."""

import time

import pytest
from sections import directory, watch
from servers import CUSTOM, wait_until
from servers.clock import WALL_ALONE, Clock

YEAR_S = 365 * 24 * 3600
JUMPS = (0, 10 * YEAR_S, -2 * YEAR_S, 0)
REMIND_S = 2


@pytest.fixture
def jumping(daemon_factory, slapd):
    """jumping(**settings of the watch): (daemon, clock), the daemon running on that clock."""
    def make(**settings):
        daemon = daemon_factory(directory(slapd.uri) + watch(CUSTOM, **settings), daemon="history_age = 400d\n")
        clock = Clock(daemon.path("clock"), **WALL_ALONE)
        daemon.environment |= clock.environment
        daemon.start()
        daemon.wait_verdict("custom", "match")
        return daemon, clock
    return make


def history(daemon):
    return daemon.get("/history?limit=1000").json()["history"]


def years(daemon):
    """Of the entries, oldest first, as the difference to the right one."""
    return [int(entry["time"][:4]) - time.gmtime().tm_year for entry in reversed(history(daemon))]


def told(log, pattern=""):
    """The lines in the order in which they came first: what was told just before a kill comes again."""
    return list(dict.fromkeys(log.texts(pattern)))


def trim(daemon, log, slapd, size):
    """Has the daemon look at once what is too old."""
    daemon.base["daemon"] = f"history_age = 400d\nhistory_size = {size}\n"
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM))
    n_before = len(log.texts("^RELOADED "))
    daemon.reload()
    log.wait_for("^RELOADED ", count=n_before + 1)


def test_a_clock_that_jumps_costs_no_history(jumping, slapd, syslog_ng):
    daemon, clock = jumping()
    where, word = CUSTOM, ("DRIFT", "RECOVERED")
    for n, jump in enumerate(JUMPS):
        clock.advance(jump)
        where = slapd.rename(where, "cn=custom" if n % 2 else "cn=elsewhere")
        syslog_ng.wait_for(f"^{word[n % 2]} custom: ", count=n // 2 + 1)
        trim(daemon, syslog_ng, slapd, 90000 + n)
        daemon.kill9()
        daemon.start()
        syslog_ng.wait_for("^STARTED ", count=n + 2)
    n_events = len(["STARTED", "PINNED"]) + len(JUMPS) * len(["DRIFT", "RELOADED", "STARTED"])
    wait_until(lambda: len(told(syslog_ng)) == n_events, lambda: f"{n_events} lines: {told(syslog_ng)}")
    wait_until(lambda: len(history(daemon)) == n_events, lambda: f"{n_events} entries: {history(daemon)}")
    said = [text.split()[0] for text in told(syslog_ng)]
    assert [entry["word"] for entry in reversed(history(daemon))] == said
    assert [entry["number"] for entry in reversed(history(daemon))] == list(range(1, n_events + 1))
    assert sorted(set(years(daemon))) == [-2, 0, 10] and years(daemon) != sorted(years(daemon)), years(daemon)


def test_a_clock_that_jumps_costs_or_brings_one_reminder_at_most(jumping, slapd, syslog_ng):
    daemon, clock = jumping(remind=f"{REMIND_S}s")
    slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT custom: ")
    start = time.monotonic()
    for n, jump in enumerate(JUMPS):
        clock.advance(jump)
        syslog_ng.wait_for("^REMINDER custom: ", count=2 * n + 2)
    waited_s = time.monotonic() - start
    n_reminders = len(syslog_ng.texts("^REMINDER custom: "))
    print(f"{n_reminders} reminders in {waited_s:.1f} s, one every {REMIND_S} s, over {len(JUMPS) - 1} jumps")
    assert n_reminders <= waited_s / REMIND_S + len(JUMPS)


def test_a_clock_that_is_wrong_at_the_start_brings_one_reminder_at_most(jumping, slapd, syslog_ng):
    daemon, clock = jumping(remind="1h")
    slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT custom: ")
    for n, jump in enumerate(JUMPS[1:]):
        daemon.kill9()
        clock.advance(jump)
        daemon.start()
        syslog_ng.wait_for("^STARTED ", count=n + 2)
        daemon.wait_observed("custom", "renamed")
    assert len(told(syslog_ng, "^REMINDER custom: ")) <= len(JUMPS) - 1
