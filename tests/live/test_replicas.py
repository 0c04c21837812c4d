"""Several servers of one directory: OpenLDAP replicas by syncrepl, of which one falls behind, falls silent or dies; all
asked side by side (`replicas = all`), or one after the other (`replicas = failover`)."""

import re
import time

import pytest
from alert_line import alerts, wait_alert
from sections import directory, watch
from servers import CUSTOM, Relay, Slapd, wait_until
from servers.slapd import RECIPIENTS
from verdict_checks import assert_recovered, assert_shown

PARTNERS = "cn=partners," + RECIPIENTS
CSN = r"contextCSN:(?:\d{14}\.\d{6}Z#\d{6}#\w{3}#\d{6} ?)+"
NEVER = "30d"  # is how long replicas may disagree
SOON = "3s"


def is_in_step(a, b):
    return a.context_csn() == b.context_csn() != []


@pytest.fixture
def link(started):
    """The way by which changes come from the provider to the consumer."""
    return started(Relay())


@pytest.fixture
def provider(link, slapd_factory):
    provider = slapd_factory(server_id=1)
    link.target = provider.port
    return provider


@pytest.fixture
def consumer(provider, link, slapd_factory):
    """It takes no changes of its own."""
    consumer = slapd_factory(tree=None, providers=[link.uri])
    wait_until(lambda: is_in_step(provider, consumer), "the consumer to have all")
    return consumer


@pytest.fixture
def mirror(started):
    """Two providers, each with all that the other has."""
    links = [started(Relay()), started(Relay())]
    pair = [started(Slapd(server_id=1, providers=[links[1].uri])),
            started(Slapd(server_id=2, providers=[links[0].uri], tree=None))]
    for link, server in zip(links, pair):
        link.target = server.port
        server.start()
    wait_until(lambda: is_in_step(*pair), "both to have all")
    return pair


def sections(servers, replicas, split_after, dn=CUSTOM, **settings):
    uris = " ".join(server.uri for server in servers)
    return directory(uris, replicas=replicas, split_after=split_after, timeout="2s") + watch(dn, **settings)


@pytest.fixture
def watching(daemon):
    """watching(servers, replicas, split_after): a daemon that found the container on them."""
    def start(servers, replicas="all", split_after=NEVER):
        running = daemon(sections(servers, replicas, split_after))
        running.wait_verdict("custom", "match")
        return running
    return start


def correct(daemon, *args, **settings):
    """The consumer is told another DN."""
    daemon.write_config(sections(*args, **settings))
    daemon.reload()


def wait_seen(daemon, verdict, times=5):
    """The latest observations say so, one after the other."""
    return daemon.wait_watch("custom", lambda watch: watch["observed"] == verdict and watch["observed_count"] > times,
                             f"to be seen {verdict} more than {times} times")


def words(syslog_ng):
    return [alert.word for alert in alerts(syslog_ng, name="custom")]


def split_verdicts(syslog_ng):
    return [alert for alert in alerts(syslog_ng) if alert.tags.get("verdict") == "split"]


def up(daemon, *servers):
    metrics = daemon.metrics()
    return [metrics[f'dndrift_directory_up{{directory="mms",server="{server.uri}"}}'] for server in servers]


# --- all at once

def test_replicas_that_agree_are_one_match(provider, consumer, watching, syslog_ng):
    daemon = watching([provider, consumer])
    assert_shown(daemon, "match", 200)
    assert daemon.watch("custom")["server"] == provider.uri and len(daemon.probers()) == 2
    assert up(daemon, provider, consumer) == [1, 1]
    before = [server.stderr().count("SRCH") for server in (provider, consumer)]
    wait_until(lambda: all(server.stderr().count("SRCH") > was + 5
                           for server, was in zip((provider, consumer), before)), "both to be asked again and again")
    assert words(syslog_ng) == ["PINNED"]


def test_a_change_that_reaches_all_is_a_drift_and_no_split(provider, consumer, watching, syslog_ng):
    daemon = watching([provider, consumer], split_after="20s")
    for turn in range(1, 4):
        live = provider.rename(CUSTOM, f"cn=partners {turn}")
        alert = wait_alert(syslog_ng, "DRIFT", "custom", turn)
        assert (alert.tags["verdict"], alert.tags["live"]) == ("renamed", live)
        provider.rename(live, "cn=custom")
        wait_alert(syslog_ng, "RECOVERED", "custom", turn)
    assert words(syslog_ng) == ["PINNED"] + ["DRIFT", "RECOVERED"] * 3 and not split_verdicts(syslog_ng)


def test_a_change_that_does_not_reach_all_is_split_and_not_before_its_time(provider, consumer, link, watching,
                                                                          syslog_ng):
    daemon = watching([provider, consumer], split_after=SOON)
    link.cut()
    start = time.monotonic()
    provider.rename(CUSTOM, "cn=partners")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    assert time.monotonic() - start > 3
    assert (alert.tags["verdict"], alert.tags["live"]) == ("split", PARTNERS), "the provider is shown to be the newer"
    told = re.search(rf"{re.escape(provider.uri)} says renamed \({PARTNERS}\) \[({CSN})\] and "
                     rf"{re.escape(consumer.uri)} says match \[({CSN})\]", alert.sentence)
    assert told, alert.sentence
    assert [csns.strip().partition(":")[2].split() for csns in told.groups()] == [provider.context_csn(),
                                                                                 consumer.context_csn()]
    seen = assert_shown(daemon, "split", 503)
    assert told[0] in seen["sentence"] and seen["live"] == PARTNERS
    link.mend()
    alert = wait_alert(syslog_ng, "CHANGED", "custom")
    assert (alert.tags["verdict"], alert.tags["live"]) == ("renamed", PARTNERS)
    provider.rename(PARTNERS, "cn=custom")
    assert_recovered(daemon, syslog_ng, "renamed")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "CHANGED", "RECOVERED"]


def test_a_change_that_catches_up_in_time_is_never_split(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer])
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_seen(daemon, "split")
    assert words(syslog_ng) == ["PINNED"] and daemon.get("/health").code == 200
    link.mend()
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["verdict"] == "renamed"
    link.cut()
    provider.rename(PARTNERS, "cn=custom")
    wait_seen(daemon, "split")
    assert words(syslog_ng) == ["PINNED", "DRIFT"] and daemon.get("/health").code == 503
    link.mend()
    assert_recovered(daemon, syslog_ng, "renamed")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "RECOVERED"] and not split_verdicts(syslog_ng)


def test_a_split_ends_when_the_change_is_taken_back(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer], split_after=SOON)
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["verdict"] == "split"
    provider.rename(PARTNERS, "cn=custom")
    assert_recovered(daemon, syslog_ng, "split")


@pytest.mark.parametrize("how", ["pause", "kill"])
@pytest.mark.parametrize("sick, healthy", [(0, 1), (1, 0)])
def test_who_gives_no_answer_has_no_say(mirror, watching, syslog_ng, sick, healthy, how):
    daemon = watching(mirror, split_after=SOON)
    getattr(mirror[sick], how)()
    wait_until(lambda: up(daemon, mirror[sick], mirror[healthy]) == [0, 1], "it to be found dead")
    wait_until(lambda: f"directory mms, server {mirror[sick].uri}: " in daemon.stderr(), "it to be said")
    mirror[healthy].rename(CUSTOM, "cn=partners")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    assert (alert.tags["verdict"], alert.tags["server"]) == ("renamed", mirror[healthy].uri)
    mirror[sick].resume() if how == "pause" else mirror[sick].start()
    wait_until(lambda: up(daemon, *mirror) == [1, 1], "it to be asked again")
    wait_until(lambda: is_in_step(*mirror), "it to catch up")
    mirror[sick].rename(PARTNERS, "cn=custom")
    assert_recovered(daemon, syslog_ng, "renamed")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "RECOVERED"] and not split_verdicts(syslog_ng)


def test_both_dead_is_one_outage_that_names_the_first_and_counts_the_other(provider, consumer, watching, syslog_ng):
    daemon = watching([provider, consumer])
    provider.kill()
    consumer.kill()
    seen = daemon.wait_observed("custom", "unreachable")
    assert (seen["reason"]["phase"], seen["reason"]["text"]) == (
        "connect", "Connection refused; 1 more of the servers failed too")
    provider.start()
    daemon.wait_observed("custom", "match")
    assert not alerts(syslog_ng, "DRIFT") and up(daemon, provider, consumer) == [1, 0]


def test_a_replica_that_is_behind_and_alone_ends_no_drift(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer])
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_seen(daemon, "split")
    consumer.pause()
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    assert (alert.tags["verdict"], alert.tags["server"]) == ("renamed", provider.uri)
    provider.kill()
    consumer.resume()
    wait_seen(daemon, "match")
    assert words(syslog_ng) == ["PINNED", "DRIFT"] and daemon.get("/health").code == 503


def test_a_replica_that_is_behind_and_alone_makes_no_drift(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer])
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    correct(daemon, [provider, consumer], "all", NEVER, dn=PARTNERS)
    wait_alert(syslog_ng, "EDITED", "custom")
    wait_seen(daemon, "split")
    consumer.pause()
    daemon.wait_watch("custom", lambda watch: watch["observed"] == "match" and watch["configured"] == PARTNERS,
                      "to match on the provider alone")
    provider.kill()
    consumer.resume()
    wait_seen(daemon, "renamed")
    assert words(syslog_ng) == ["PINNED", "EDITED"] and daemon.get("/health").code == 200
    link.mend()
    provider.start()
    wait_until(lambda: is_in_step(provider, consumer), "the consumer to catch up")
    wait_seen(daemon, "match")
    assert words(syslog_ng) == ["PINNED", "EDITED"]


def test_a_reload_adds_a_replica_and_takes_it_out_again(provider, consumer, link, watching, syslog_ng):
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    daemon = watching([consumer], split_after=SOON)
    correct(daemon, [provider, consumer], "all", SOON)
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["verdict"] == "split"
    correct(daemon, [consumer], "all", SOON)
    assert_recovered(daemon, syslog_ng, "split")


# --- one after the other

def test_a_replica_that_is_behind_makes_no_drift_of_a_corrected_value(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer], "failover")
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    correct(daemon, [provider, consumer], "failover", NEVER, dn=PARTNERS)
    assert_recovered(daemon, syslog_ng, "renamed")
    provider.kill()
    wait_seen(daemon, "renamed")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "EDITED", "RECOVERED"] and daemon.get("/health").code == 200
    provider.start()
    wait_seen(daemon, "match")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "EDITED", "RECOVERED"]
    assert up(daemon, provider) == [1]


def test_a_replica_that_stays_behind_a_corrected_value_is_split(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer], "failover", SOON)
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    correct(daemon, [provider, consumer], "failover", SOON, dn=PARTNERS)
    assert_recovered(daemon, syslog_ng, "renamed")
    provider.kill()
    alert = wait_alert(syslog_ng, "DRIFT", "custom", 2)
    assert alert.tags["verdict"] == "split"
    assert re.search(rf"{re.escape(consumer.uri)} says renamed .*\[{CSN}\], which is behind what "
                     rf"{re.escape(provider.uri)} had shown \[{CSN}\]", alert.sentence), alert.sentence
    provider.start()
    assert_recovered(daemon, syslog_ng, "split", 2)


def test_a_replica_that_is_behind_ends_no_drift(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer], "failover")
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    provider.kill()
    wait_seen(daemon, "match")
    assert words(syslog_ng) == ["PINNED", "DRIFT"] and daemon.get("/health").code == 503
    assert daemon.watch("custom")["live"] == PARTNERS
    provider.start()
    wait_seen(daemon, "renamed")
    provider.rename(PARTNERS, "cn=custom")
    assert_recovered(daemon, syslog_ng, "renamed")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "RECOVERED"]


def test_a_replica_that_says_so_for_long_ends_a_drift(provider, consumer, link, watching, syslog_ng):
    daemon = watching([provider, consumer], "failover", SOON)
    link.cut()
    provider.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    start = time.monotonic()
    provider.kill()
    assert assert_recovered(daemon, syslog_ng, "renamed")["server"] == consumer.uri
    assert time.monotonic() - start > 3


def test_a_replica_that_is_shown_to_be_newer_ends_a_drift_at_once(mirror, watching, syslog_ng):
    daemon = watching(mirror, "failover")
    mirror[0].rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["server"] == mirror[0].uri
    wait_until(lambda: is_in_step(*mirror), "the second to have it")
    mirror[0].kill()
    wait_seen(daemon, "renamed")
    mirror[1].rename(PARTNERS, "cn=custom")
    assert assert_recovered(daemon, syslog_ng, "renamed")["server"] == mirror[1].uri
    mirror[0].start()
    daemon.wait_watch("custom", lambda watch: watch["server"] == mirror[0].uri, "to be answered by the first again")
    assert words(syslog_ng) == ["PINNED", "DRIFT", "RECOVERED"]
