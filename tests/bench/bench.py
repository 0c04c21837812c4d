#!/usr/bin/python3
"""What comparing costs: dndriftd against the tools that one would use without it, on the same slapd in one run.
Prints figures and judges none of them: it exits with 1 only if something does not work. WATCHES=100000 in the
environment asks for another size."""

import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import population  # noqa: E402  (the path comes first)
import renames  # noqa: E402
import rivals  # noqa: E402
import usage  # noqa: E402
from figures import memory, milliseconds, row, timed, title  # noqa: E402
from servers import Daemon, SyslogNg, wait_until  # noqa: E402

N = population.COUNT
INTERVAL_S = max(2, N // 2500)
ROUNDS = 4
RIVALS_ASK = 300
PATIENCE_S = 60 + N // 100
OURS = "dndriftd and its prober"
LAST = population.watch(N - 1)  # the one that a round asks for last


def wait_round(daemon, pause_s=0.05):
    """Waits until the last watch was compared once more."""
    before = daemon.watch(LAST).get("last_compared")
    wait_until(lambda: daemon.watch(LAST).get("last_compared") != before, "the round to end", PATIENCE_S, pause_s)


def first_contact(daemon, indexed):
    """From the start of a daemon that knows nothing until it has judged all, or its first round is over."""
    seconds, _ = timed(lambda: wait_until(lambda: daemon.get("/readyz").code == 200, "a round", PATIENCE_S))
    pinned = daemon.metrics()['dndrift_watches{verdict="match"}']
    row(f"first contact, {indexed}", f"{seconds:,.1f} s", f"{pinned:,.0f} pinned", f"{pinned / seconds:,.0f}/s")
    return pinned


def compare_rounds(daemon, slapd):
    """Some rounds in which nothing changes; the tiny cost of looking on is counted as the daemon's."""
    wait_round(daemon, 0.01)
    before = daemon.metrics()
    [prober] = daemon.probers()
    pids = (daemon.pid, prober, slapd.pid)
    used = [usage.cpu_s(pid) for pid in pids]
    for _ in range(ROUNDS):
        wait_round(daemon)
    used = [usage.cpu_s(pid) - start for pid, start in zip(pids, used)]
    after = daemon.metrics()
    rounds, elapsed_s, count = (after[name] - before[name] for name in (
        'dndrift_round_duration_seconds_count{directory="mms"}', 'dndrift_round_duration_seconds_sum{directory="mms"}',
        'dndrift_comparisons_total{directory="mms"}'))
    assert rounds >= ROUNDS and count >= ROUNDS * N, f"{count:.0f} comparisons in {rounds:.0f} rounds"
    cost = rivals.Cost(count, elapsed_s, used[0] + used[1], used[2])
    cost.parts_us = [part / count * 1e6 for part in used[:2]]
    return cost


def show_costs(costs):
    title(f"Comparing, while nothing changes ({ROUNDS} rounds of dndriftd; {RIVALS_ASK} runs of the others)")
    row("", "comparisons/s", "CPU us each", "slapd's CPU us")
    for name, cost in costs.items():
        row(name, f"{cost.rate:,.0f}", f"{cost.asking_us:,.1f}", f"{cost.slapd_us:,.1f}")
    own = costs[OURS]
    row("of that daemon, prober", "", *(f"{part:,.1f}" for part in own.parts_us))
    for name, cost in costs.items():
        if cost is not own:
            row(f"{name} : dndriftd", f"1 : {own.rate / cost.rate:,.0f}", f"{cost.asking_us / own.asking_us:,.0f} : 1",
                f"{cost.slapd_us / own.slapd_us:,.1f} : 1")


def ask_rivals(slapd, costs):
    dns = [population.container(index * (N // RIVALS_ASK)) for index in range(RIVALS_ASK)]
    for name in rivals.COMMANDS:
        if rivals.is_installed(name):
            costs[f"{name}, one run each"] = rivals.run(name, slapd, dns)
        else:
            row(f"{name} is not installed")


def show_memory(daemon):
    """What the pages of /metrics took is free again when the next round is over."""
    wait_round(daemon)
    title(f"Memory with {N:,} watches after {ROUNDS} rounds")
    row("", "resident", "of it private")
    row("dndriftd", *memory(daemon.pid))
    for prober in daemon.probers():
        row("dndrift-prober", *memory(prober))


def show_answers(daemon):
    title(f"Answers over HTTP with {N:,} watches")
    row("", "time", "size")
    for path in ("/livez", "/health", "/metrics", "/watches", f"/watches/{LAST}"):
        seconds, reply = timed(lambda path=path: daemon.get(path))
        assert reply.code == 200, reply
        row(path, milliseconds(seconds), f"{len(reply.body):,} B")
    row("after which dndriftd has", *memory(daemon.pid))


def show_start(daemon):
    check = [daemon.program, "-t", "-c", daemon.config_file]
    seconds, _ = timed(lambda: subprocess.run(check, check=True, stdout=subprocess.DEVNULL))
    row("configuration read and checked (-t)", milliseconds(seconds))
    row("until it is ready", milliseconds(timed(daemon.start)[0]))


def show_restart(daemon):
    daemon.stop()
    started_s = time.monotonic()
    daemon.start()
    wait_until(lambda: daemon.get("/readyz").code == 200, "all to be compared", PATIENCE_S)
    row("started again with all pinned, until all judged", milliseconds(time.monotonic() - started_s))


def show_hold_up(daemon):
    """The figure of /metrics covers the time since it was last read."""
    wait_round(daemon)
    daemon.metrics()
    wait_round(daemon)
    row("longest hold-up of the loop during a round", milliseconds(daemon.metrics()["dndrift_loop_lag_seconds"]))


def show_without_index():
    """Debian's slapd has no index on entryUUID: what looking every pin up once costs then."""
    with population.slapd(indexes=()) as slapd, Daemon(sections(slapd.start())) as daemon:
        daemon.start()
        first_contact(daemon, "without an index")


def sections(slapd):
    return population.sections(slapd.uri, f"{INTERVAL_S}s", "200ms")


def bench():
    costs = {}
    print(f"{N:,} containers in one slapd, {os.cpu_count()} processors that all of them share")
    title(f"Start with {N:,} watches")
    show_without_index()
    with population.slapd() as slapd, SyslogNg() as syslog_ng:
        slapd.start()
        syslog_ng.start()
        with Daemon(sections(slapd), syslog=syslog_ng) as daemon:
            show_start(daemon)
            pinned = first_contact(daemon, "entryUUID indexed")
            assert pinned == N, f"{pinned:.0f} of {N} watches are right"
            costs[OURS] = compare_rounds(daemon, slapd)
            show_restart(daemon)
            show_hold_up(daemon)
            show_memory(daemon)
            show_answers(daemon)
        ask_rivals(slapd, costs)
        show_costs(costs)
        renames.show_one(slapd, syslog_ng)
        renames.show_all(slapd, sections(slapd))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        bench()
    except (AssertionError, subprocess.CalledProcessError) as error:
        print(f"This did not work: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
