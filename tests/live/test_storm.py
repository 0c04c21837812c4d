"""A storm: all watches drift within a second, and while that is told, the receivers of the alerts are killed, stalled and
restarted at random, and so is the daemon. None is lost, none comes out of order, none more often than something broke."""

import collections
import contextlib
import os
import random
import sqlite3
import threading
import time

import pytest
from bench import population
from receivers import LocalLog, Program, RemoteLog

from sections import directory
from servers import wait_until

SEED = int(os.environ.get("STORM_SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
BLOWS = int(os.environ.get("STORM_BLOWS", "60"))
DIRECTORIES = 10
AT_ONCE = 20  # watches of one round: more of one kind become one line
PATIENCE_S = 600


@pytest.fixture
def receivers(started, tmp_path):
    return [started(receiver) for receiver in (LocalLog(), RemoteLog(), Program(str(tmp_path / "exec")))]


@pytest.fixture(scope="module")
def slapd():
    with population.slapd() as server:
        yield server.start()


def watch(index):
    """Asked by groups of AT_ONCE, each a round of its own for its interval; but for the first time, when told to."""
    group = index // AT_ONCE // DIRECTORIES
    return (f"[watch {population.watch(index)}]\ndirectory = mms{index // AT_ONCE % DIRECTORIES}\n"
            f"dn = {population.container(index)}\ninterval = {3600 + group}s\nconfirm = 1\nflap_count = 0\n")


def sections(slapd):
    return "".join([directory(slapd.uri, name=f"mms{n}", timeout="30s") for n in range(DIRECTORIES)]
                   + [watch(index) for index in range(population.COUNT)])


def rename_all(slapd, name):
    """Gives all containers the name of name(old RDN); seconds it took."""
    connection, begun = slapd.connect(), time.monotonic()
    under_way = collections.deque()
    for index in range(population.COUNT):
        before, after = name(index)
        under_way.append(connection.rename(before, after))
        if len(under_way) > 64:
            connection.result(under_way.popleft())
    for message in under_way:
        connection.result(message)
    return time.monotonic() - begun


def away(index):
    return population.container(index), f"cn=drifted {index:06}"


def back(index):
    rdn, _, above = population.container(index).partition(",")
    return f"cn=drifted {index:06},{above}", rdn


class Lags:
    """Reads the greatest lag of the loop all the time."""

    def __init__(self, daemon):
        self.daemon, self.is_on, self.seen = daemon, True, []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read_once(self):
        with contextlib.suppress(OSError, AttributeError, KeyError, Exception):
            self.seen.append(self.daemon.metrics()["dndrift_loop_lag_seconds"])

    def read(self):
        while self.is_on:
            self.read_once()
            time.sleep(0.5)

    def greatest_ms(self):
        self.is_on = False
        self.thread.join()
        return max(self.seen) * 1000


def verdicts(daemon, verdict):
    with contextlib.suppress(OSError):
        return daemon.metrics()[f'dndrift_watches{{verdict="{verdict}"}}']


class Victim:
    """What the storm strikes: up, stalled or gone."""

    def __init__(self, target, strikes):
        self.target, self.strikes, self.state, self.counts = target, strikes, "up", collections.Counter()

    def strike(self, chance):
        if self.state == "up" or (self.state == "pause" and chance.random() < 0.5):
            self.state = chance.choice(self.strikes)
            getattr(self.target, self.state)()
            self.counts[self.state] += 1
        else:
            self.rise()

    def rise(self):
        """Whatever was done to it, it is up again."""
        if self.state != "up":
            (self.target.resume if self.state == "pause" else self.target.start)()
        self.state = "up"


def rage(victims, chance):
    for _ in range(BLOWS):
        chance.choice(victims).strike(chance)
        time.sleep(chance.uniform(0, 0.5))
    for victim in victims:
        victim.rise()


def test_debug(slapd, receivers, daemon_factory):
    chance = random.Random(SEED)
    settings = {"sections": sections(slapd)}
    for receiver in receivers:
        receiver.start()
        for key, value in receiver.settings().items():
            settings[key] = settings.get(key, "") + value
    daemon = daemon_factory(**settings)
    began = time.monotonic()
    daemon.start()
    wait_until(lambda: verdicts(daemon, "match") == population.COUNT, lambda: f"all {daemon.stderr()}", pause_s=0.5)
    print(f"seed {SEED} renamed in {rename_all(slapd, away):.1f}")
    daemon.metrics()
    lags = Lags(daemon)
    began = time.monotonic()
    daemon.control("POST", "/compare")
    hits = [Victim(receiver, ["kill", "pause", "stop"]) for receiver in receivers] + [Victim(daemon, ["kill9"])]
    rage(hits, chance)
    print(f"calm after {time.monotonic() - began:.1f}")
    wait_until(lambda: verdicts(daemon, "renamed") == population.COUNT, "all to drift", pause_s=0.5)
    print(f"drifted after {time.monotonic() - began:.1f}")
    for receiver in receivers:
        wait_until(lambda: daemon.metrics()[f'dndrift_outlet_depth{{outlet="{receiver.outlet}"}}'] == 0, "drained", 300)
        print(f"{receiver.outlet} drained after {time.monotonic() - began:.1f}")
    print(f"lag {lags.greatest_ms():.0f} ms, {sorted(lags.seen)[-10:]}")
    assert daemon.stop() == 0
    time.sleep(3)
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.state, "state.db"))) as kept:
        rows = kept.execute("SELECT number, word, name FROM history WHERE word = 'DRIFT'").fetchall()
        numbers = {n for n, in kept.execute("SELECT number FROM history")}
    print(len(rows), len({name for _, _, name in rows}), len(numbers), max(numbers))
    for victim in hits:
        receiver = victim.target
        if victim is hits[-1]:
            print("daemon", victim.counts)
            continue
        told = [number for number, *_ in receiver.told()]
        first = list(dict.fromkeys(told))
        late = [b for a, b in zip(first, first[1:]) if b < a]
        print(receiver.outlet, victim.counts, "told", len(told), "lost", sorted(numbers - set(told))[:40], len(numbers - set(told)), "strange", set(told) - numbers,
          "out of order", late[:20], len(late), "twice", len(told) - len(first), "most", collections.Counter(told).most_common(3))
