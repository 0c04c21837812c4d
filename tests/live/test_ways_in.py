"""How the daemon gets in - ldap, ldaps, ldapi, StartTLS; anonymous, simple, EXTERNAL - and what it says and does when
it does not: bad certificates, wrong passwords, dead servers, referrals."""

import os
import re

import pytest
from alert_line import alerts, wait_alert
from prober import Listener, entry, result
from sections import directory, watch
from servers import ARTICLE, CUSTOM, SUFFIX, free_port, wait_until
from servers.clock import Clock
from servers.slapd import RECIPIENTS

BIND_REQUEST, BIND_RESPONSE = 0x60, 0x61
MONITOR = "cn=monitor,o=mms"
SECRET = "the-monitor-password"
ACCOUNT = (MONITOR, {"objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": "monitor",
                     "userPassword": SECRET})
PEER = f"gidNumber={os.getgid()}+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth"


@pytest.fixture
def guarded(slapd_factory, certificates):
    """guarded(certificate): a slapd with TLS and the account MONITOR, which takes client certificates."""
    return lambda certificate="good": slapd_factory(tree=ARTICLE + [ACCOUNT], certificates=certificates,
                                                    certificate=certificate, extra_global=["TLSVerifyClient try"])


def simple(file, **settings):
    return {"bind": "simple", "bind_dn": MONITOR, "password_file": file, **settings}


def binds(slapd, dn=MONITOR):
    """How often somebody tried to log in as dn with a password."""
    return len(re.findall(rf'BIND dn="{re.escape(dn)}" method=128', slapd.stderr()))


def ways(slapd, certificates, file):
    """name -> (uri, settings of the directory, what slapd's log says of the bind)."""
    ca = {"tls_ca_file": certificates.ca}
    start_tls = {**ca, "start_tls": "yes"}
    certificate, key = certificates.client()
    external = {"bind": "external", "tls_cert_file": certificate, "tls_key_file": key}
    by_name = f'BIND dn="{MONITOR}" mech=SIMPLE'
    return {
        "ldap-anonymous": (slapd.uri, {}, None),
        "ldaps-anonymous": (slapd.ldaps_uri, ca, None),
        "starttls-anonymous": (slapd.uri, start_tls, None),
        "ldapi-anonymous": (slapd.ldapi_uri, {}, None),
        "ldap-simple": (slapd.uri, simple(file, cleartext="allow"), by_name + " bind_ssf=0 ssf=0"),
        "ldaps-simple": (slapd.ldaps_uri, simple(file, **ca), by_name + " bind_ssf=0 ssf=256"),
        "starttls-simple": (slapd.uri, simple(file, **start_tls), by_name + " bind_ssf=0 ssf=256"),
        "ldapi-simple": (slapd.ldapi_uri, simple(file), by_name + " bind_ssf=0 ssf=71"),
        "ldaps-external": (slapd.ldaps_uri, {**ca, **external}, f'BIND dn="{MONITOR}" mech=EXTERNAL'),
        "starttls-external": (slapd.uri, {**start_tls, **external}, f'BIND dn="{MONITOR}" mech=EXTERNAL'),
        "ldapi-external": (slapd.ldapi_uri, {"bind": "external"}, f'BIND dn="{PEER}" mech=EXTERNAL'),
    }


def test_every_way_in_leads_to_the_same_verdicts(guarded, certificates, password, daemon, syslog_ng):
    slapd = guarded()
    entrances = ways(slapd, certificates, password(SECRET + "\n"))
    daemon = daemon("".join(directory(uri, name=name, **settings) + watch(CUSTOM, name=name, directory=name)
                            for name, (uri, settings, _) in entrances.items()))
    for name, (uri, _, _) in entrances.items():
        assert daemon.wait_verdict(name, "match")["server"] == uri
    for name, (_, _, bind) in entrances.items():
        assert bind is None or bind in slapd.stderr(), (name, bind)
    live = slapd.rename(CUSTOM, "cn=partners")
    for name in entrances:
        assert wait_alert(syslog_ng, "DRIFT", name).tags["live"] == live


# --- bad certificates

FLAWS = {"expired": "the server's certificate has expired",
         "wrong-name": "the server's certificate does not name 127.0.0.1",
         "unknown-ca": "was issued by an authority that is not trusted here: check tls_ca_file"}


@pytest.mark.parametrize("certificate", FLAWS)
@pytest.mark.parametrize("scheme", ["ldaps", "starttls"])
def test_a_bad_certificate_is_named_and_no_password_is_sent(guarded, certificates, password, daemon, certificate,
                                                            scheme):
    slapd = guarded(certificate)
    settings = {"tls_ca_file": certificates.ca, **({"start_tls": "yes"} if scheme == "starttls" else {})}
    daemon = daemon(directory(slapd.uri if scheme == "starttls" else slapd.ldaps_uri,
                              **simple(password(SECRET), **settings)) + watch(CUSTOM))
    seen = daemon.wait_watch("custom", lambda watch: watch.get("observed_count", 0) >= 3, "to be tried three times")
    assert (seen["observed"], seen["reason"]["phase"]) == ("unreachable", "tls")
    assert FLAWS[certificate] in seen["reason"]["text"]
    assert daemon.metrics()['dndrift_comparison_failures_total{directory="mms",reason="tls"}'] >= 3
    slapd.set_certificate("good")
    assert binds(slapd) == 0
    slapd.restart()
    daemon.wait_verdict("custom", "match")
    assert binds(slapd) == 1


def test_a_ca_file_that_does_not_hold_the_authority_is_not_trusted_through_the_system(guarded, certificates, daemon):
    slapd = guarded()
    daemon = daemon(directory(slapd.ldaps_uri, tls_ca_file=certificates.path("other-ca.crt")) + watch(CUSTOM))
    seen = daemon.wait_observed("custom", "unreachable")
    assert FLAWS["unknown-ca"] in seen["reason"]["text"]


# --- passwords

def test_a_wrong_password_is_tried_once_until_a_new_one_is_there(guarded, certificates, password, daemon):
    slapd = guarded()
    settings = simple(password("wrong"), tls_ca_file=certificates.ca)
    daemon = daemon(directory(slapd.ldaps_uri, **settings) + watch(CUSTOM)
                    + watch(RECIPIENTS, name="slow", interval="1s"))
    for name in ("custom", "slow"):
        seen = daemon.wait_watch(name, lambda watch: watch.get("observed_count", 0) >= 5, "to be tried five times")
        assert (seen["observed"], seen["reason"]["phase"], seen["reason"]["code"]) == ("unreachable", "bind", 49)
        assert "wrong password or bind DN" in seen["reason"]["text"]
    assert binds(slapd) == 1, "an account may be locked by more"
    password(SECRET)
    daemon.wait_verdict("custom", "match")
    daemon.wait_verdict("slow", "match")
    assert binds(slapd) == 2


@pytest.mark.parametrize("replicas", ["failover", "all"])
def test_one_server_that_differs_does_not_blind_the_others_for_ever(slapd_factory, certificates, password, daemon_factory,
                                                                   replicas):
    """All wait for the first refusal to be forgiven; then who did not refuse goes first."""
    other = (ACCOUNT[0], {**ACCOUNT[1], "userPassword": "another"})
    differing, good = (slapd_factory(tree=replica() + [account], certificates=certificates)
                       for account in (other, ACCOUNT))
    daemon = daemon_factory(directory(f"{differing.ldaps_uri} {good.ldaps_uri}", replicas=replicas,
                                      **simple(password(SECRET), tls_ca_file=certificates.ca)) + watch(CUSTOM))
    clock = Clock(daemon.path("clock"))
    daemon.environment |= clock.environment
    good.kill()  # the other is to be the first
    daemon.start()
    wait_until(lambda: binds(differing) == 1, "it to refuse")
    good.start()
    count = daemon.wait_observed("custom", "unreachable")["observed_count"]
    daemon.wait_watch("custom", lambda watch: watch["observed_count"] > count + 5, "to be tried five times")
    assert (binds(differing), binds(good)) == (1, 0), "both are barred"
    clock.advance(11 * 60)
    daemon.wait_watch("custom", lambda watch: watch.get("server") == good.ldaps_uri and watch["observed"] == "match",
                      "to be answered by the good one", timeout_s=90)
    good.restart()
    count = daemon.watch("custom")["observed_count"]
    daemon.wait_watch("custom", lambda watch: watch["observed_count"] > count + 5 and watch["observed"] == "match",
                      "to be answered again", timeout_s=90)
    assert binds(differing) <= 2, "an account may be locked by more"


def test_a_reload_tries_a_wrong_password_once_more(guarded, certificates, password, daemon):
    slapd = guarded()
    settings = simple(password("wrong"), tls_ca_file=certificates.ca)
    daemon = daemon(directory(slapd.ldaps_uri, **settings) + watch(CUSTOM))
    daemon.wait_watch("custom", lambda watch: watch.get("observed_count", 0) >= 3, "to be tried three times")
    daemon.reload()
    wait_until(lambda: binds(slapd) == 2, "one more bind")
    count = daemon.watch("custom")["observed_count"]
    daemon.wait_watch("custom", lambda watch: watch["observed_count"] > count + 5, "to be tried five more times")
    assert binds(slapd) == 2


def test_a_password_file_that_is_opened_to_others_is_not_used(guarded, certificates, password, daemon):
    slapd = guarded()
    file = password(SECRET)
    daemon = daemon(directory(slapd.ldaps_uri, **simple(file, tls_ca_file=certificates.ca)) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    os.chmod(file, 0o644)
    slapd.restart()
    seen = daemon.wait_observed("custom", "unreachable")
    seen = daemon.wait_watch("custom", lambda watch: watch["reason"]["phase"] == "bind", "to stop at the bind")
    assert "is open to others (mode 644): chmod 600" in seen["reason"]["text"]


# --- servers that die

def test_a_server_that_is_killed_at_any_time_is_no_drift(slapd, daemon, syslog_ng):
    count = 300
    for n in range(count):
        slapd.add_container(f"cn=n{n},{RECIPIENTS}", cn=f"n{n}")
    daemon = daemon(directory(slapd.uri) + "".join(watch(f"cn=n{n},{RECIPIENTS}", name=f"w{n}") for n in range(count)))
    match = 'dndrift_watches{verdict="match"}'
    wait_until(lambda: daemon.metrics()[match] == count, "all to match")
    for _ in range(4):
        before = daemon.metrics()['dndrift_comparisons_total{directory="mms"}']
        wait_until(lambda: daemon.metrics()['dndrift_comparisons_total{directory="mms"}'] > before + 50, "a round")
        slapd.pause()  # whatever is under way stops there
        slapd.kill()
        daemon.wait_observed("w0", "unreachable")
        slapd.start()
        daemon.wait_observed("w0", "match")
    assert daemon.metrics()[match] == count and daemon.get("/health").code == 200
    assert {alert.word for alert in alerts(syslog_ng)} == {"STARTED", "PINNED"}


def replica():
    """The tree of the article with the same identities in every server that holds it."""
    return [(dn, {**attributes, "entryUUID": f"00000000-0000-4000-8000-{n:012d}"})
            for n, (dn, attributes) in enumerate(ARTICLE)]


def test_the_second_server_is_asked_in_the_same_round_and_the_first_again_when_it_is_back(slapd_factory, daemon):
    first, second = slapd_factory(tree=replica()), slapd_factory(tree=replica())
    daemon = daemon(directory(f"{first.uri} {second.uri}") + watch(CUSTOM))
    assert daemon.wait_verdict("custom", "match")["server"] == first.uri
    assert "SRCH" not in second.stderr(), "nobody asks the second while the first answers"
    first.kill()
    daemon.wait_watch("custom", lambda watch: watch["server"] == second.uri, "to be answered by the second")
    metrics = daemon.metrics()
    assert not {name for name, value in metrics.items() if value and "comparison_failures_total" in name}
    assert metrics[f'dndrift_directory_up{{directory="mms",server="{first.uri}"}}'] == 0
    assert metrics[f'dndrift_directory_up{{directory="mms",server="{second.uri}"}}'] == 1
    first.start()
    daemon.wait_watch("custom", lambda watch: watch["server"] == first.uri, "to be answered by the first", timeout_s=90)
    assert daemon.metrics()[f'dndrift_directory_up{{directory="mms",server="{first.uri}"}}'] == 1


def test_a_replica_that_is_behind_ends_no_drift(slapd_factory, daemon, syslog_ng):
    first, behind = slapd_factory(tree=replica()), slapd_factory(tree=replica())
    daemon = daemon(directory(f"{first.uri} {behind.uri}") + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    live = first.rename(CUSTOM, "cn=partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    first.kill()
    seen = daemon.wait_watch("custom", lambda watch: watch["observed"] == "match" and watch["observed_count"] > 5,
                             "to match on the second")
    assert (seen["verdict"], seen["live"], seen["server"]) == ("renamed", live, first.uri)
    assert daemon.get("/health").code == 503
    first.start()
    daemon.wait_watch("custom", lambda watch: watch["observed"] == "renamed", "to be seen renamed", timeout_s=90)
    first.rename(live, "cn=custom")
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert [alert.word for alert in alerts(syslog_ng, name="custom")] == ["PINNED", "DRIFT", "RECOVERED"]


def test_what_another_server_says_for_long_ends_a_drift(slapd_factory, daemon, syslog_ng):
    first, second = slapd_factory(tree=replica()), slapd_factory(tree=replica())
    first.stop()
    daemon = daemon(directory(f"{first.uri} {second.uri}", split_after="5s") + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    second.rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["server"] == second.uri
    first.start()  # and never asks for the second again
    daemon.wait_watch("custom", lambda watch: watch["observed"] == "match", "to match on the first", timeout_s=90)
    assert daemon.watch("custom")["verdict"] == "renamed"
    assert wait_alert(syslog_ng, "RECOVERED", "custom").tags["server"] == first.uri


def test_both_servers_down_name_the_first_and_count_the_others(slapd_factory, daemon):
    slapd = slapd_factory()
    dead = f"ldap://127.0.0.1:{free_port()}"
    daemon = daemon(directory(f"{slapd.uri} {dead}") + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    slapd.kill()
    seen = daemon.wait_observed("custom", "unreachable")
    assert seen["reason"]["text"] == "Connection refused; 1 more of the servers failed too"


def test_a_directory_that_fails_is_announced_once_with_the_count_and_so_is_its_end(guarded, certificates, password,
                                                                                  daemon, syslog_ng):
    good, expired = guarded(), guarded("expired")
    wrong = simple(password("wrong"), tls_ca_file=certificates.ca)
    daemon = daemon(
        directory(good.uri, name="dies") + directory(expired.ldaps_uri, name="expired", tls_ca_file=certificates.ca)
        + directory(good.ldaps_uri, name="locked", **wrong)
        + "".join(watch(CUSTOM, name=f"{name}-{n}", directory=name, stale_after="10m")
                  for name in ("dies", "expired", "locked") for n in range(3)))
    daemon.wait_verdict("dies-0", "match")
    wait_alert(syslog_ng, "UNVERIFIABLE", "@locked", timeout_s=90)
    wait_alert(syslog_ng, "UNVERIFIABLE", "@expired")
    good.kill()
    wait_alert(syslog_ng, "UNVERIFIABLE", "@dies")
    for name, told in (("@locked", "bind: wrong password or bind DN"), ("@expired", "tls: " + FLAWS["expired"]),
                       ("@dies", "connect: Connection refused")):
        [alert] = alerts(syslog_ng, "UNVERIFIABLE", name)
        assert alert.sentence.startswith("3 watches cannot be compared: " + told), alert
        assert alert.tags["directory"] == name[1:] and alert.tags["server"].startswith("ldap")
    assert daemon.get("/health").code == 200, "unverifiable but fresh is a warning"
    daemon.kill9()
    daemon.start()
    daemon.wait_watch("dies-0", lambda watch: watch.get("observed_count", 0) >= 5, "to be tried again")
    password(SECRET)
    expired.set_certificate("good")
    expired.restart()
    good.start()
    for name in ("dies", "expired", "locked"):
        assert "its watches can be compared again" in wait_alert(syslog_ng, "VERIFIABLE", f"@{name}").sentence
        for n in range(3):
            daemon.wait_verdict(f"{name}-{n}", "match")
    assert len(alerts(syslog_ng, "UNVERIFIABLE")) == len(alerts(syslog_ng, "VERIFIABLE")) == 3
    assert binds(good) == 2 and not alerts(syslog_ng, "DRIFT")


# --- referrals

def refer(target):
    return ("ou=away,o=mms", {"objectClass": ["referral", "extensibleObject"], "ou": "away",
                              "ref": f"{target.uri}/ou=away,o=mms"})


def is_untouched(target):
    """Nobody came over TCP: the tests themselves use its socket."""
    return "IP=127.0.0.1" not in target.stderr().replace(f"(IP=127.0.0.1:{target.port})", "listener")


@pytest.mark.parametrize("dn", ["ou=away,o=mms", "cn=x,ou=away,o=mms", "o=elsewhere"])
def test_a_referral_is_never_followed(slapd_factory, daemon, dn):
    target = slapd_factory(tree=ARTICLE + [("ou=away,o=mms", {"objectClass": "organizationalUnit", "ou": "away"})])
    slapd = slapd_factory(tree=ARTICLE + [refer(target)], extra_global=[f"referral {target.uri}"])
    daemon = daemon(directory(slapd.uri) + watch(dn))
    seen = daemon.wait_watch("custom", lambda watch: watch.get("observed_count", 0) >= 3, "to be compared three times")
    assert (seen["observed"], seen["reason"]["phase"], seen["reason"]["code"]) == ("unreachable", "search", 10)
    assert daemon.metrics()['dndrift_comparison_failures_total{directory="mms",reason="referral"}'] >= 3
    assert is_untouched(target)


def test_a_referral_elsewhere_in_the_tree_hides_no_rename(slapd_factory, daemon):
    target = slapd_factory()
    slapd = slapd_factory(tree=ARTICLE + [refer(target)])
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_verdict("custom", "renamed")
    assert SUFFIX in daemon.watch("custom")["live"] and is_untouched(target)


def test_who_is_logged_in_no_longer_logs_in_anew(started, daemon, password):
    """Active Directory answers operationsError once a ticket has ended: the connection is worth nothing any more."""
    connections = []

    def serve(connection):
        connections.append(connection)
        while request := connection.request():
            number, operation, message = request
            if operation == BIND_REQUEST:
                connection.send(result(number, tag=BIND_RESPONSE))
            elif b"o=mms" not in message:
                connection.send(entry(number, "", namingContexts="o=mms") + result(number))
            elif connection is connections[0]:
                connection.send(result(number, 1, said="000004DC: LdapErr: a successful bind must be completed"))
            else:
                connection.send(entry(number, "o=mms", entryUUID="310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11") + result(number))

    listener = started(Listener(serve))
    daemon(directory(listener.uri, **simple(password(SECRET), cleartext="allow")) + watch("o=mms")).wait_verdict(
        "custom", "match")
    assert len(connections) >= 2
