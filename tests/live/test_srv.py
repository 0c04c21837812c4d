"""Servers that DNS names, with a real name server: which of them is asked, and what happens when names, servers and
name server come and go."""

import re
import time

import pytest

from alert_line import alerts, wait_alert
from sections import directory, watch
from servers import ARTICLE, CUSTOM, free_port, wait_until
from servers.dns import IS_ALLOWED, Dns, SilentDns, srv

pytestmark = pytest.mark.skipif(not IS_ALLOWED, reason="only root may serve port 53")

IDENTITY = "310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11"
# Replicas: the same entries under the same identities.
REPLICA = [(dn, {**entry, "entryUUID": f"{n:08x}{IDENTITY[8:]}"}) for n, (dn, entry) in enumerate(ARTICLE)]
HOSTS = tuple(f"{name} A 127.0.0.1" for name in ("dc1", "dc2", "dc3"))
UP = 'dndrift_directory_discovery_up{directory="mms",uri="ldap:///dc=example,dc=com"}'


@pytest.fixture
def replica(slapd_factory):
    """replica(): one more slapd with the entries of REPLICA."""
    return lambda **options: slapd_factory(tree=REPLICA, **options)


@pytest.fixture
def dns(started):
    """dns(*records): a running name server that knows dc1, dc2 and dc3 as well."""
    return lambda *records: started(Dns(*HOSTS, *records)).start()


@pytest.fixture
def finding(daemon_factory, tmp_path):
    """finding(name server, uri, **settings of the directory): a daemon that watches CUSTOM there."""
    def make(server, uri=Dns.uri, **settings):
        return daemon_factory(sections(uri, **settings), wrapper=server.seen_by(tmp_path, "timeout:1", "attempts:1"))
    return make


def sections(uri=Dns.uri, **settings):
    return directory(uri, **settings) + watch(CUSTOM)


def uri(host, slapd):
    return f"ldap://{host}.example.com:{slapd.port}"


def wait_server(daemon, server, verdict="match"):
    """Until the watch is judged by what that server says."""
    return daemon.wait_watch("custom", lambda watch: watch.get("server") == server and watch["observed"] == verdict,
                             f"to be {verdict} at {server}")


def wait_compared(daemon, times=5):
    """Some more comparisons."""
    before = daemon.watch("custom")["observed_count"]
    return daemon.wait_watch("custom", lambda watch: watch["observed_count"] >= before + times, "to be compared on")


def wait_servers(daemon, *expected):
    """Until /metrics shows these and no others."""
    def shown():
        return [name for name in daemon.metrics() if name.startswith("dndrift_directory_up{")]
    return wait_until(lambda: shown() == [f'dndrift_directory_up{{directory="mms",server="{server}"}}'
                                          for server in expected], lambda: f"{expected}; there are {shown()}")


def wait_discovery(daemon, value):
    return wait_until(lambda: daemon.metrics()[UP] == value, f"{UP} to be {value}")


def assert_unresolved(daemon, reason, told):
    """The watch cannot be compared, for DNS, and nothing else went wrong."""
    seen = daemon.wait_observed("custom", "unreachable")
    assert seen["reason"]["phase"] == "dns" and told in seen["reason"]["text"], seen
    failures = {name: value for name, value in daemon.metrics().items() if 'failures_total{directory="mms"' in name}
    assert [name for name, value in failures.items() if value] == [
        f'dndrift_comparison_failures_total{{directory="mms",reason="{reason}"}}'], failures
    assert daemon.metrics()[UP] == 0


def assert_quiet(syslog_ng):
    """Nobody was told of anything but the pin, and that the daemon runs."""
    assert {alert.word for alert in alerts(syslog_ng)} <= {"STARTED", "PINNED", "RELOADED"}, alerts(syslog_ng)


# --- which server is asked

def test_the_server_of_the_best_priority_is_asked(replica, dns, finding, syslog_ng):
    first, second = replica(), replica()
    daemon = finding(dns(srv("dc1", first.port, 10, 65535), srv("dc2", second.port, 5, 0))).start()
    seen = wait_server(daemon, uri("dc2", second))
    assert seen["verdict"] == "match" and seen["identity"] == second.identity(CUSTOM)
    wait_servers(daemon, uri("dc2", second), uri("dc1", first))
    assert daemon.metrics()[UP] == 1 and daemon.get("/health").code == 200
    assert_quiet(syslog_ng)


def test_the_second_server_stands_in_until_the_first_is_back(replica, dns, finding, syslog_ng):
    first, second = replica(), replica()
    daemon = finding(dns(srv("dc1", first.port, 1), srv("dc2", second.port, 2))).start()
    wait_server(daemon, uri("dc1", first))
    first.kill()
    wait_server(daemon, uri("dc2", second))
    first.start()
    wait_server(daemon, uri("dc1", first))
    assert_quiet(syslog_ng)


def test_sixteen_servers_are_known_and_those_of_the_file_among_them(replica, dns, finding):
    last = replica()
    dead = free_port()
    server = dns(*(srv("dc1", dead + n, 0, 1) for n in range(20)), *(srv(f"x{n:03}", 389, 9) for n in range(1000)))
    daemon = finding(server, f"{Dns.uri} {last.uri}").start()
    wait_server(daemon, last.uri)
    shown = [re.search('server="(.*)"', name)[1] for name in daemon.metrics() if name.startswith("dndrift_directory_up{")]
    assert len(shown) == 16 and shown[-1] == last.uri
    assert len({server for server in shown if server.startswith("ldap://dc1.example.com:")}) == 15


def test_the_servers_of_a_domain_take_its_place_in_the_list(replica, dns, finding):
    server = replica()
    records = [srv("dc2", server.port, 1), srv("dc3", server.port, 2), srv("DC1", server.port, 3)]
    daemon = finding(dns(*records), f"{server.uri} {Dns.uri} ldap://dc1.example.com:{server.port} ldap://[::1]:9").start()
    wait_servers(daemon, server.uri, uri("dc2", server), uri("dc3", server), uri("dc1", server), "ldap://[::1]:9")


def test_hostile_names_reach_nothing(replica, dns, finding, syslog_ng):
    good = replica()
    daemon = finding(dns(srv("dc1", good.port, 9), *(srv(name, good.port, n) for n, name in enumerate((
        r"dc\010\"1", r"\<script\>", r"dc\027\091m", r"dc\000", r"d\195\188", "dc1/x", r"ldapi:\/\/x"))))).start()
    wait_server(daemon, uri("dc1", good))
    wait_servers(daemon, uri("dc1", good))
    assert_quiet(syslog_ng)


# --- names come and go

def test_a_server_that_is_named_or_named_no_more_raises_no_alarm(replica, dns, finding, syslog_ng):
    first, second, third = replica(), replica(), replica()
    server = dns(srv("dc1", first.port, 5))
    daemon = finding(server).start()
    wait_server(daemon, uri("dc1", first))
    probers = daemon.probers()
    server.change(*HOSTS, srv("dc1", first.port, 5), srv("dc2", second.port, 9))
    daemon.reload()
    wait_servers(daemon, uri("dc1", first), uri("dc2", second))
    assert daemon.probers() == probers, "the connection that serves is kept"
    server.change(*HOSTS, srv("dc1", first.port, 5), srv("dc3", third.port, 1))
    daemon.reload()
    wait_server(daemon, uri("dc3", third))
    server.change(*HOSTS, srv("dc2", second.port, 0))
    daemon.reload()
    wait_server(daemon, uri("dc2", second))
    wait_servers(daemon, uri("dc2", second))
    assert wait_compared(daemon)["verdict"] == "match"
    assert_quiet(syslog_ng)


def test_servers_named_in_place_of_those_that_died_are_found_at_once(replica, dns, finding, syslog_ng):
    """No reload, and the next look-up in order is minutes away."""
    first, second = replica(), replica()
    server = dns(srv("dc1", first.port))
    daemon = finding(server).start()
    wait_server(daemon, uri("dc1", first))
    server.change(*HOSTS, srv("dc2", second.port))
    first.kill()
    wait_server(daemon, uri("dc2", second))
    wait_servers(daemon, uri("dc2", second))
    assert wait_compared(daemon)["verdict"] == "match"
    assert_quiet(syslog_ng)


def test_a_drift_is_not_ended_by_another_server_because_dns_forgot_the_first(replica, dns, finding, syslog_ng):
    """The second replica is behind: it has not heard of the rename."""
    first, behind = replica(), replica()
    server = dns(srv("dc1", first.port))
    daemon = finding(server).start()
    daemon.wait_verdict("custom", "match")
    live = first.rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["server"] == uri("dc1", first)
    server.change(*HOSTS, srv("dc2", behind.port))
    daemon.reload()
    daemon.wait_observed("custom", "match")
    assert wait_compared(daemon, 10)["verdict"] == "renamed" and not alerts(syslog_ng, "RECOVERED")
    behind.rename(CUSTOM, "cn=partners")
    daemon.wait_observed("custom", "renamed")
    behind.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert len(alerts(syslog_ng, "DRIFT")) == 1


# --- the name server comes and goes

def test_what_dns_named_last_outlives_it(replica, dns, finding, syslog_ng):
    """A target that is its own address: to dial it takes no name server."""
    slapd = replica()
    server = dns(srv("127.0.0.1.", slapd.port))
    daemon = finding(server).start()
    wait_server(daemon, slapd.uri)
    server.stop()
    daemon.reload()
    wait_discovery(daemon, 0)
    assert wait_compared(daemon)["verdict"] == "match" and daemon.get("/health").code == 200
    slapd.restart()  # a new connection, without DNS
    assert wait_compared(daemon)["verdict"] == "match"
    wait_server(daemon, slapd.uri)
    wait_servers(daemon, slapd.uri)
    assert "server ldap:///dc=example,dc=com: " in daemon.stderr()
    server.start()
    wait_discovery(daemon, 1)  # by itself
    assert_quiet(syslog_ng)


def test_dns_that_is_dead_at_the_start_is_unreachable_and_then_it_matches(replica, dns, finding, syslog_ng):
    slapd = replica()
    server = dns(srv("dc1", slapd.port))
    server.stop()
    daemon = finding(server).start()
    assert_unresolved(daemon, "dns", "the SRV records of _ldap._tcp.example.com cannot be looked up")
    wait_servers(daemon)
    server.start()
    wait_server(daemon, uri("dc1", slapd))
    assert_quiet(syslog_ng)


@pytest.mark.parametrize("records, told", [
    ((), "the name _ldap._tcp.example.com does not exist"),
    ((srv(".", 0),), "the domain says that it has no LDAP service"),
    ((srv("dc1", 0),), "the SRV records of _ldap._tcp.example.com name no server"),
])
def test_a_domain_without_servers_is_unreachable_with_the_reason(dns, finding, records, told):
    daemon = finding(dns(*records)).start()
    assert_unresolved(daemon, "dns", told)
    assert told in daemon.stderr()


def test_a_domain_that_says_it_has_no_servers_any_more_keeps_those_it_had(replica, dns, finding, syslog_ng):
    slapd = replica()
    server = dns(srv("dc1", slapd.port))
    daemon = finding(server).start()
    wait_server(daemon, uri("dc1", slapd))
    server.change(*HOSTS, srv(".", 0))
    daemon.reload()
    wait_discovery(daemon, 0)
    assert wait_compared(daemon)["verdict"] == "match"
    wait_servers(daemon, uri("dc1", slapd))
    assert_quiet(syslog_ng)


class Silent(SilentDns):
    def seen_by(self, folder, *_):
        return Dns.seen_by(self, folder)


def test_a_silent_name_server_holds_up_nobody(slapd, started, daemon_factory, tmp_path):
    silent = started(Silent())
    text = (directory(Dns.uri, timeout="2s") + watch(CUSTOM) + directory(slapd.uri, name="healthy")
            + watch(CUSTOM, name="beside", directory="healthy"))
    daemon = daemon_factory(text, wrapper=silent.seen_by(tmp_path)).start()
    wait_until(silent.questions, "a question to the name server")
    daemon.metrics()  # the lag is the greatest since the last scrape
    begun, n_answers = time.monotonic(), 0
    while not daemon.watch("custom").get("observed_count"):
        assert daemon.get("/livez").code == 200
        n_answers += 1
    lag_ms = daemon.metrics()["dndrift_loop_lag_seconds"] * 1000
    print(f"unreachable after {time.monotonic() - begun:.1f} s; /livez answered {n_answers} times meanwhile, greatest "
          f"loop lag {lag_ms:.1f} ms")
    assert_unresolved(daemon, "timeout", "no answer within 2 s")
    assert daemon.wait_verdict("beside", "match")["observed_count"] > 1


def test_with_a_silent_name_server_the_servers_of_the_file_are_asked(slapd, started, finding):
    daemon = finding(started(Silent()), f"{Dns.uri} {slapd.uri}", timeout="1s").start()
    wait_server(daemon, slapd.uri)
    assert wait_compared(daemon)["verdict"] == "match"


def test_the_daemon_ends_at_once_while_it_looks_up(started, finding):
    silent = started(Silent())
    daemon = finding(silent).start()
    wait_until(silent.questions, "a question to the name server")
    [prober] = daemon.probers()
    assert daemon.stop() == 0
    wait_until(lambda: not is_alive(prober), "the prober to be gone")


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# --- reload, TLS

def test_a_reload_leads_to_discovery_and_back(replica, dns, finding, syslog_ng):
    named, found = replica(), replica()
    daemon = finding(dns(srv("dc1", found.port)), named.uri).start()
    wait_server(daemon, named.uri)
    before = daemon.watch("custom")
    daemon.write_config(sections())
    daemon.reload()
    wait_server(daemon, uri("dc1", found))
    wait_servers(daemon, uri("dc1", found))
    daemon.write_config(sections(named.uri))
    daemon.reload()
    after = wait_server(daemon, named.uri)
    wait_servers(daemon, named.uri)
    assert UP not in daemon.metrics()
    assert (after["identity"], after["pinned_at"]) == (before["identity"], before["pinned_at"])
    assert_quiet(syslog_ng)


def test_a_server_must_prove_the_name_that_dns_gave_it(replica, dns, finding, certificates):
    """Its certificate is for 127.0.0.1, not for dc1.example.com."""
    slapd = replica(certificates=certificates)
    trust = {"start_tls": "yes", "tls_ca_file": certificates.ca}
    server = dns(srv("dc1", slapd.port))
    daemon = finding(server, **trust).start()
    seen = daemon.wait_observed("custom", "unreachable")
    assert seen["reason"]["phase"] == "tls" and "does not name dc1.example.com" in seen["reason"]["text"]
    server.change(*HOSTS, srv("127.0.0.1.", slapd.port))
    wait_server(daemon, slapd.uri)
