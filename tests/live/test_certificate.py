"""When the certificate of a server expires: in the frame of the prober, as a metric, as a warning of /health, and as
a line in the daemon's own log, once a day."""

import re
import sqlite3

import pytest
from prober import Prober
from sections import directory, watch
from servers import ARTICLE, CUSTOM, wait_until

FAMILY = "dndrift_server_certificate_expiry_timestamp_seconds"
DAY_S = 24 * 3600


@pytest.fixture
def shielded(slapd_factory, certificates):
    """shielded(certificate): a slapd that shows it; all of them hold the same entries, as replicas do."""
    tree = [(dn, {**attributes, "entryUUID": f"00000000-0000-4000-8000-{n:012d}"})
            for n, (dn, attributes) in enumerate(ARTICLE)]
    return lambda certificate="good": slapd_factory(tree=tree, certificates=certificates, certificate=certificate)


def way_in(slapd, scheme, certificates):
    """(uri, settings) of the directory."""
    ca = {"tls_ca_file": certificates.ca}
    return {"ldaps": (slapd.ldaps_uri, ca), "starttls": (slapd.uri, {**ca, "start_tls": "yes"}),
            "ldap": (slapd.uri, {}), "ldapi": (slapd.ldapi_uri, {})}[scheme]


def series(daemon):
    """server -> its metric, of all servers that have one."""
    return {re.search('server="([^"]*)"', name)[1]: value
            for name, value in daemon.metrics().items() if name.startswith(FAMILY)}


def nodes(daemon, name="mms"):
    return daemon.get("/health").json()["checks"].get(f"{name}:certificate", [])


def told(daemon):
    """The lines of the daemon's log about certificates that expire."""
    return re.findall(r"^<4>directory \S+: the certificate of .* expires in .*$", daemon.stderr(), re.MULTILINE)


def rounds(daemon, name="mms"):
    return daemon.metrics()[f'dndrift_round_duration_seconds_count{{directory="{name}"}}']


def wait_rounds(daemon, count, name="mms"):
    """Waits for so many rounds more."""
    before = rounds(daemon, name)
    wait_until(lambda: rounds(daemon, name) >= before + count, f"{count} rounds")


# --- what is read

@pytest.mark.parametrize("certificate", ["good", "expiring", "far", "eternal"])
def test_the_metric_is_the_date_that_openssl_reads(shielded, certificates, daemon, certificate):
    slapd = shielded(certificate)
    ways = {scheme: way_in(slapd, scheme, certificates) for scheme in ("ldaps", "starttls")}
    daemon = daemon("".join(directory(uri, name=name, **settings) + watch(CUSTOM, name=name, directory=name)
                            for name, (uri, settings) in ways.items()))
    for name in ways:
        daemon.wait_verdict(name, "match")
    expires_s = certificates.expires_s(certificate)
    assert series(daemon) == {uri: expires_s for uri, _ in ways.values()}
    line = f'{FAMILY}{{directory="ldaps",server="{slapd.ldaps_uri}"}} {expires_s}.000'
    assert line in daemon.get("/metrics").text.splitlines()
    for name in ways:
        wait_rounds(daemon, 2, name)
    assert len(told(daemon)) == (2 if certificate == "expiring" else 0)
    assert len(nodes(daemon, "ldaps")) == len(nodes(daemon, "starttls")) == (certificate == "expiring")


@pytest.mark.parametrize("scheme", ["ldap", "ldapi", "ldaps", "starttls"])
def test_the_prober_tells_what_it_has_seen(shielded, certificates, started, scheme):
    slapd = shielded("far")
    uri, settings = way_in(slapd, scheme, certificates)
    expires_s = 4102444800 if scheme in ("ldaps", "starttls") else 0
    prober = started(Prober(uri, **settings)).start()
    assert prober.until("READY") == {"frame": "READY", "kind": "OpenLDAP", "limits": None,
                                     "certificate_expires_s": expires_s}


def test_without_tls_there_is_no_series_and_no_warning(shielded, certificates, daemon):
    slapd = shielded("expiring")
    ways = {scheme: way_in(slapd, scheme, certificates) for scheme in ("ldap", "ldapi")}
    daemon = daemon("".join(directory(uri, name=name, **settings) + watch(CUSTOM, name=name, directory=name)
                            for name, (uri, settings) in ways.items()))
    for name in ways:
        daemon.wait_verdict(name, "match")
    assert series(daemon) == {}
    assert daemon.get("/health").json()["status"] == "pass"


def test_an_expired_certificate_is_no_series_but_the_reason_of_a_failure(shielded, certificates, daemon):
    slapd = shielded("expired")
    daemon = daemon(directory(slapd.ldaps_uri, tls_ca_file=certificates.ca) + watch(CUSTOM))
    seen = daemon.wait_observed("custom", "unreachable")
    assert seen["reason"]["text"] == "the server's certificate has expired" and seen["reason"]["phase"] == "tls"
    assert series(daemon) == {} and nodes(daemon) == []


def test_a_certificate_that_was_seen_stays_known_while_the_server_is_away(shielded, certificates, daemon):
    slapd = shielded("expiring")
    daemon = daemon(directory(slapd.ldaps_uri, tls_ca_file=certificates.ca) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    slapd.set_certificate("expired")
    slapd.restart()
    daemon.wait_observed("custom", "unreachable")
    assert series(daemon) == {slapd.ldaps_uri: certificates.expires_s("expiring")}
    assert len(nodes(daemon)) == 1


# --- the warning

@pytest.mark.parametrize("scheme", ["ldaps", "starttls"])
def test_health_warns_until_a_new_certificate_is_shown(shielded, certificates, daemon, scheme):
    slapd = shielded("expiring")
    uri, settings = way_in(slapd, scheme, certificates)
    daemon = daemon(directory(uri, **settings) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    reply = daemon.get("/health")
    [node] = nodes(daemon)
    assert (reply.code, reply.json()["status"], node["status"]) == (200, "warn", "warn")
    assert node["componentId"] == uri and 4 * DAY_S < node["observedValue"] <= 5 * DAY_S
    assert re.fullmatch(rf"the certificate of {re.escape(uri)} expires in [45] days, on 20\d\d-\d\d-\d\dT[\d:]+Z",
                        node["output"])
    assert daemon.get("/health?watch=custom").json()["status"] == "pass"
    assert "certificate" not in daemon.get("/watches").text
    slapd.set_certificate("good")
    slapd.restart()
    wait_until(lambda: series(daemon) == {uri: certificates.expires_s("good")}, "the new certificate to be seen")
    assert nodes(daemon) == []
    daemon.wait_observed("custom", "match")
    wait_until(lambda: daemon.get("/health").json()["status"] == "pass", "/health to pass")


def test_two_servers_have_a_certificate_each(shielded, certificates, daemon):
    first, second = shielded("good"), shielded("expiring")
    daemon = daemon(directory(f"{first.ldaps_uri} {second.ldaps_uri}", tls_ca_file=certificates.ca) + watch(CUSTOM))
    assert daemon.wait_verdict("custom", "match")["server"] == first.ldaps_uri
    assert series(daemon) == {first.ldaps_uri: certificates.expires_s("good")}, "the second was not asked"
    assert nodes(daemon) == []
    first.kill()
    daemon.wait_watch("custom", lambda seen: seen["server"] == second.ldaps_uri, "to be answered by the second")
    assert series(daemon) == {first.ldaps_uri: certificates.expires_s("good"),
                              second.ldaps_uri: certificates.expires_s("expiring")}
    assert [node["componentId"] for node in nodes(daemon)] == [second.ldaps_uri]


def test_the_warning_time_is_the_directorys_own_and_follows_a_reload(shielded, certificates, daemon):
    slapd = shielded("expiring")

    def sections(**settings):
        return directory(slapd.ldaps_uri, tls_ca_file=certificates.ca, **settings) + watch(CUSTOM)

    daemon = daemon(sections(certificate_warning="4d"))
    daemon.wait_verdict("custom", "match")
    wait_rounds(daemon, 2)
    assert nodes(daemon) == [] and not told(daemon)
    daemon.write_config(sections(certificate_warning="6d"))
    daemon.reload()
    wait_until(lambda: nodes(daemon), "the warning")
    wait_until(lambda: told(daemon), "the line")
    daemon.write_config(sections(certificate_warning="0"))
    daemon.reload()
    wait_until(lambda: not nodes(daemon), "no warning")
    assert daemon.get("/health").json()["status"] == "pass"
    assert series(daemon) == {slapd.ldaps_uri: certificates.expires_s("expiring")}


# --- the line in the log

def test_the_line_comes_once_a_day_for_each_server_also_after_a_restart(shielded, certificates, daemon):
    slapd = shielded("expiring")
    daemon = daemon(directory(slapd.ldaps_uri, tls_ca_file=certificates.ca) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    wait_until(lambda: told(daemon), "the line")
    slapd.restart()  # and a new connection
    daemon.wait_observed("custom", "match")
    wait_rounds(daemon, 5)
    [line] = told(daemon)
    assert re.fullmatch(rf"<4>directory mms: the certificate of {re.escape(slapd.ldaps_uri)} expires in [45] days, on "
                        r"20\d\d-\d\d-\d\dT[\d:]+Z", line)
    daemon.restart()
    wait_rounds(daemon, 5)
    daemon.kill9()
    daemon.start()
    wait_rounds(daemon, 5)
    assert told(daemon) == [line]
    daemon.stop()
    with sqlite3.connect(f"{daemon.state}/state.db") as state:
        [(name, server)] = state.execute("SELECT directory, server FROM server").fetchall()
        state.execute("UPDATE server SET wall_certificate_ms = wall_certificate_ms - ?", (DAY_S * 1000,))
    state.close()
    assert (name, server) == ("mms", slapd.ldaps_uri)
    daemon.start()
    wait_until(lambda: len(told(daemon)) == 2, "the line of the next day")
