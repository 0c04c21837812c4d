"""High availability: two daemons with one configuration and a cluster of two Alertmanagers are one notification of a
drift and one of its end, whoever of them is killed."""

import contextlib
import random
import threading
import time

import pytest

from sections import alerting, directory, watch
from servers import CUSTOM, Alertmanager, Hook, wait_until

WAIT_S, INTERVAL_S = 2, 4  # of a group: longer than the daemons are apart
SETTLED_S = 2 * INTERVAL_S + 2  # another notification would have come by then


@pytest.fixture
def hook():
    with contextlib.closing(Hook()) as running:
        yield running


@pytest.fixture
def managers(started, hook):
    """A cluster of two that know each other."""
    options = {"hook": hook, "wait": f"{WAIT_S}s", "interval": f"{INTERVAL_S}s"}
    first = started(Alertmanager(is_member=True, **options))
    second = started(Alertmanager(peer=first, **options))
    first.peer = second
    first.start()
    second.start()
    wait_until(lambda: first.is_settled() and second.is_settled(), "the cluster")
    return [first, second]


@pytest.fixture
def daemons(daemon_factory, slapd, managers):
    text = directory(slapd.uri) + watch(CUSTOM) + alerting(*managers)
    both = [daemon_factory(text).start() for _ in range(2)]
    for daemon in both:
        daemon.wait_verdict("custom", "match")
    return both


class Story:
    """A drift and its end, told as they happen."""

    def __init__(self, slapd, hook):
        self.slapd, self.hook, self.renamed = slapd, hook, None

    def begin(self):
        self.renamed = self.slapd.rename(CUSTOM, "cn=elsewhere")

    def end(self):
        self.slapd.rename(self.renamed, "cn=custom")

    def wait(self, status):
        wait_until(lambda: self.hook.of(status), f"the {status} notification")
        time.sleep(SETTLED_S)
        assert len(self.hook.of(status)) == 1, self.hook.notifications

    def check(self):
        """Once each, and in this order."""
        assert [one["status"] for one in self.hook.notifications] == ["firing", "resolved"], self.hook.notifications
        assert [len(one["alerts"]) for one in self.hook.notifications] == [1, 1]


@pytest.fixture
def story(slapd, hook):
    return Story(slapd, hook)


def test_one_drift_is_one_notification_and_its_end_another(daemons, story):
    assert len(daemons) == 2
    story.begin()
    story.wait("firing")
    story.end()
    story.wait("resolved")
    story.check()


def killing(daemons, stop, chance):
    """Kills one or the other, never both, and starts it again."""
    while not stop.wait(chance.uniform(0, 3)):
        daemon = chance.choice(daemons)
        daemon.kill9()
        stop.wait(chance.uniform(0, 2))
        daemon.start()


@pytest.mark.parametrize("seed", range(2))
def test_daemons_that_are_killed_at_random_cause_no_more(daemons, story, seed):
    stop = threading.Event()
    killer = threading.Thread(target=killing, args=(daemons, stop, random.Random(seed)))
    killer.start()
    try:
        story.begin()
        story.wait("firing")
        story.end()
        story.wait("resolved")
    finally:
        stop.set()
        killer.join()
    story.check()


@pytest.mark.parametrize("victim", (0, 1))
def test_an_alertmanager_that_is_killed_is_made_up_for(daemons, managers, story, victim):
    assert daemons
    story.begin()
    story.wait("firing")
    managers[victim].kill()
    story.end()
    story.wait("resolved")
    story.check()


def test_one_that_is_killed_before_it_tells_is_made_up_for(daemons, managers, story):
    assert daemons
    managers[0].kill()
    story.begin()
    story.wait("firing")
    managers[0].start()
    story.end()
    story.wait("resolved")
    story.check()


@pytest.mark.parametrize("when", ("before", "between"))
def test_one_of_each_killed_is_made_up_for(daemons, managers, story, when):
    if when == "before":
        daemons[0].kill9()
        managers[1].kill()
    story.begin()
    story.wait("firing")
    if when == "between":
        daemons[0].kill9()
        managers[1].kill()
    story.end()
    story.wait("resolved")
    daemons[0].start()
    managers[1].start()
    time.sleep(SETTLED_S)
    story.check()
