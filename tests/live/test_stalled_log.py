"""Two thousand alerts of the whole daemon, and nobody reads /dev/log: the endpoint answers all the while, and once
somebody reads again every alert is there, in order. Killed or stopped meanwhile, the daemon sends them after its next
start."""

import collections
import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from servers import Daemon, LogSocket, wait_until
from servers.slapd import ARTICLE, RECIPIENTS

WATCHES = 500
PER_DIRECTORY = 20  # BULLETIN_MANY: more would be told as one
LIVEZ = os.path.join(os.environ["SRCDIR"], "tests/fault/livez.py")
WORST_MS = 500  # this machine may be busy with more than this test
IN_KERNEL = 20  # datagrams that the kernel holds for a reader who does not read: 11 on Linux

DIRECTORY = """
[directory d{n}]
uri = {uri}
"""
WATCH = """
[watch w{n:03}]
directory = d{directory}
dn = cn=c{n:03},{recipients}
interval = 300ms
confirm_interval = 50ms
"""


@pytest.fixture
def log():
    with contextlib.closing(LogSocket()) as socket:
        yield socket.start()


@pytest.fixture
def many(started, slapd_factory, log):
    """(daemon, slapd): WATCHES containers, all pinned, of so many directories that each is told by itself."""
    containers = [(f"cn=c{n:03},{RECIPIENTS}", {"objectClass": "container", "cn": f"c{n:03}"}) for n in range(WATCHES)]
    slapd = slapd_factory(tree=ARTICLE + containers, log="none")
    directories = "".join(DIRECTORY.format(n=n, uri=slapd.uri) for n in range(WATCHES // PER_DIRECTORY))
    watches = "".join(WATCH.format(n=n, directory=n // PER_DIRECTORY, recipients=RECIPIENTS) for n in range(WATCHES))
    daemon = started(Daemon(directories + watches, syslog=log.socket)).start()
    wait_verdicts(daemon, "match")
    log.wait_for("^PINNED @d", count=WATCHES // PER_DIRECTORY)
    return daemon, slapd


def wait_verdicts(daemon, verdict):
    name = f'dndrift_watches{{verdict="{verdict}"}}'
    wait_until(lambda: daemon.metrics()[name] == WATCHES, f"all to be {verdict}", pause_s=0.1)


def drift_and_recover(daemon, slapd):
    """A line DRIFT and a line RECOVERED for each."""
    away = [slapd.rename(f"cn=c{n:03},{RECIPIENTS}", f"cn=c{n:03} elsewhere") for n in range(WATCHES)]
    wait_verdicts(daemon, "renamed")
    for n, dn in enumerate(away):
        slapd.rename(dn, f"cn=c{n:03}")
    wait_verdicts(daemon, "match")


def depth(daemon):
    return int(daemon.metrics()["dndrift_outbox_depth"])


def wait_depth(daemon, least):
    """Waits until so many alerts wait; answers how many do."""
    wait_until(lambda: depth(daemon) >= least, lambda: f"{least} alerts to wait, it is {depth(daemon)}")
    return depth(daemon)


def wait_empty(daemon):
    wait_until(lambda: depth(daemon) == 0, lambda: f"the outbox to be empty, it holds {depth(daemon)}")


def numbers(log):
    assert len({store for store, _ in log.alerts()}) == 1
    return [number for _, number in log.alerts()]


def wait_all(log, count):
    """Waits until RECOVERED came `count` times; answers the numbers in order of arrival."""
    log.wait_for("^RECOVERED ", count=count)
    return numbers(log)


@contextlib.contextmanager
def asked_for_life(daemon):
    """Asks /livez every 10 ms meanwhile; yields a dict that holds the figures afterwards."""
    figures = {}
    asker = subprocess.Popen([sys.executable, LIVEZ, str(daemon.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield figures
        figures.update(json.loads(asker.communicate()[0]))
    finally:
        asker.kill()
        asker.wait()


def test_two_thousand_alerts_into_a_stalled_log_arrive_in_order_once_it_reads(many, log):
    daemon, slapd = many
    log.stall()
    with asked_for_life(daemon) as livez:
        daemon.metrics()  # the loop's lag is the greatest since the last scrape
        drift_and_recover(daemon, slapd)
        drift_and_recover(daemon, slapd)
        rose = wait_depth(daemon, 4 * WATCHES - IN_KERNEL)
        log.start()
        start = time.monotonic()
        arrived = wait_all(log, 2 * WATCHES)
        took_s = time.monotonic() - start
        wait_empty(daemon)
    print(f"outbox_depth rose to {rose} and fell to 0; {len(arrived)} alerts read in {took_s:.1f} s; /livez asked "
          f"{livez['asked']} times: median {livez['median_ms']:.1f} ms, greatest delay {livez['worst_ms']:.0f} ms")
    assert arrived == list(range(1, len(arrived) + 1))
    assert len(log.matching("^RECOVERED w")) == len(log.matching("^DRIFT w")) == 2 * WATCHES
    assert livez["refused"] == 0 and livez["worst_ms"] < WORST_MS


def test_alerts_wait_while_the_socket_is_gone_and_go_to_the_one_made_anew(many, log):
    daemon, slapd = many
    wait_empty(daemon)
    before = len(numbers(log))
    log.remove()
    with asked_for_life(daemon) as livez:
        drift_and_recover(daemon, slapd)
        rose = wait_depth(daemon, 2 * WATCHES)
        log.bind()
        log.start()
        arrived = wait_all(log, WATCHES)
        wait_empty(daemon)
    again = [number for number, times in collections.Counter(arrived).items() if times > 1]
    print(f"{rose} alerts waited for the socket, {len(again)} were told again; /livez: greatest delay "
          f"{livez['worst_ms']:.0f} ms")
    assert first_ones(arrived) == list(range(1, max(arrived) + 1))
    assert max(collections.Counter(arrived).values()) <= 2
    assert not again or max(again) <= before, "only what the one before may not have kept comes again"
    assert rose <= max(arrived) - before
    assert livez["refused"] == 0 and livez["worst_ms"] < WORST_MS


def first_ones(arrived):
    """The numbers without those that came again."""
    return list(dict.fromkeys(arrived))


@pytest.mark.parametrize("number, status, repeated", [(signal.SIGKILL, -9, IN_KERNEL), (signal.SIGTERM, 0, 0)],
                         ids=["kill -9", "SIGTERM"])
def test_what_a_stalled_log_did_not_take_is_sent_after_the_next_start(number, status, repeated, many, log):
    daemon, slapd = many
    log.stall()
    drift_and_recover(daemon, slapd)
    wait_depth(daemon, 2 * WATCHES - IN_KERNEL)
    start = time.monotonic()
    assert daemon.end(number) == status
    took_s = time.monotonic() - start
    log.start()
    log.wait_for("^DRIFT ")
    kept = len(log.matching("^RECOVERED "))
    assert kept < IN_KERNEL, "the stalled log took more than it can"
    daemon.start()
    wait_verdicts(daemon, "match")
    log.wait_for("^STARTED ", count=2)
    wait_empty(daemon)
    arrived = numbers(log)
    again = len(arrived) - len(set(arrived))
    print(f"ended in {took_s:.2f} s with {WATCHES - kept} recoveries waiting: lost 0, {again} came twice")
    assert first_ones(arrived) == list(range(1, max(arrived) + 1))
    assert again <= repeated
    assert len({text.split()[1] for text in log.matching("^RECOVERED ")}) == WATCHES
    assert len(set(log.matching("^STOPPED "))) == (1 if number == signal.SIGTERM else 0)
    assert took_s < 2
