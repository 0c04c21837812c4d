"""All directories gone at once: one line in syslog, and one when they are back."""

import time

import pytest
from alert_line import alerts, severity, wait_alert
from sections import directory, watch
from servers import CUSTOM, Slapd
from servers.network import FAR_ADDRESS, Network

GRACE_S = 60
MANY = 10


def names(count):
    return [f"site{n}" for n in range(count)]


def wait_pinned(syslog_ng, sites):
    for name in sites:
        wait_alert(syslog_ng, "PINNED", name)


def told(syslog_ng):
    """The outages and their ends, as they were told."""
    return [f"{alert.word} {alert.name}" for alert in alerts(syslog_ng) if alert.word.endswith("VERIFIABLE")]


def test_servers_that_are_all_stopped_are_one_event_over_a_restart_too(slapd_factory, daemon, syslog_ng):
    sites = dict(zip(names(4), (slapd_factory() for _ in range(4))))
    daemon = daemon("".join(
        directory(slapd.uri, name=name)
        + "".join(watch(CUSTOM, name=f"{name}-{n}" if n else name, directory=name, interval="1s") for n in range(5))
        for name, slapd in sites.items()))
    for name in sites:
        daemon.wait_verdict(name, "match")
    for slapd in sites.values():
        slapd.pause()  # no answer, from one moment to the next
    alert = wait_alert(syslog_ng, "UNVERIFIABLE", "dndriftd", timeout_s=GRACE_S + 60)
    assert alert.sentence.startswith("all 4 directories fail since 20")
    assert "Z, the fault is probably at this end: 20 watches cannot be compared (site" in alert.sentence
    assert set(alert.tags) == {"alert"} and severity(syslog_ng, "UNVERIFIABLE", "dndriftd") == "warning"
    for name in sites:
        daemon.wait_verdict(name, "unreachable")
    assert daemon.get("/health").json()["status"] == "warn"
    daemon.kill9()
    daemon.start()
    daemon.wait_observed("site3", "unreachable")
    for slapd in sites.values():
        slapd.resume()
    end = wait_alert(syslog_ng, "VERIFIABLE", "dndriftd")
    assert alert.sentence.split()[5].rstrip(",") in end.sentence, "it names the same beginning"
    for name in sites:
        daemon.wait_verdict(name, "match")
    assert told(syslog_ng) == ["UNVERIFIABLE dndriftd", "VERIFIABLE dndriftd"]


@pytest.fixture
def network(started):
    if not Network.is_possible():
        pytest.skip("only root may make network namespaces")
    return started(Network())


class FarSlapd(Slapd):
    """slapd at the far end of the network."""

    def __init__(self, network, **options):
        super().__init__(**options)
        self.network = network
        self.uri = f"ldap://{FAR_ADDRESS}:{self.port}"

    def command(self):
        return self.network.far + super().command()


def test_a_network_that_goes_down_at_our_own_end_is_one_event(network, started, daemon, syslog_ng):
    slapd = started(FarSlapd(network)).start()
    sites = names(MANY)
    daemon("".join(directory(slapd.uri, name=name, timeout="2s")
                   + watch(CUSTOM, name=name, directory=name, interval=f"{1 + n % 3}s")
                   for n, name in enumerate(sites)), wrapper=network.near)
    wait_pinned(syslog_ng, sites)
    network.down()
    start = time.monotonic()
    alert = wait_alert(syslog_ng, "UNVERIFIABLE", "dndriftd", timeout_s=GRACE_S + 60)
    print(f"told {time.monotonic() - start:.1f} s after the link went down, as soon as {GRACE_S} s after the start allow")
    assert alert.sentence.startswith(f"all {MANY} directories fail since 20")
    assert f"{MANY} watches cannot be compared" in alert.sentence
    network.up()
    wait_alert(syslog_ng, "VERIFIABLE", "dndriftd")
    live = slapd.rename(CUSTOM, "cn=partners")
    for name in sites:
        assert wait_alert(syslog_ng, "DRIFT", name).tags["live"] == live
    assert told(syslog_ng) == ["UNVERIFIABLE dndriftd", "VERIFIABLE dndriftd"]
