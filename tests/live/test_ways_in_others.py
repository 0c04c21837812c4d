"""How the daemon gets into 389 Directory Server and into Samba, which is as Active Directory is, what it says when it does
not, and that it never locks an account out. One server of a kind for all tests; each test has accounts of its own."""

import itertools
import os
import re
import time

import ldap
import pytest
from alert_line import wait_alert
from sections import directory, watch
from servers import Ds389, Samba, wait_until
from servers.samba import DISABLED, NEVER_EXPIRES, NORMAL, REALM, written_password

SECRET = "The-own-passw0rd"
NUMBERS = itertools.count(1)
LONG_AGO = "20200101000000Z"
NO_HOURS, ALL_HOURS = b"\0" * 21, b"\xff" * 21


def running(request, server):
    try:
        yield server.start()
    finally:
        if request.session.testsfailed:
            print(server.report())
        server.close()


@pytest.fixture(scope="module")
def ds389(request, certificates, kdc):
    """The ordinary account may come by a password, a certificate or a ticket."""
    yield from running(request, Ds389(certificates=certificates, kdc=kdc))


@pytest.fixture(scope="module")
def samba(request, certificates):
    """As strict as it is by default; an account is locked after five wrong passwords."""
    yield from dc(request, certificates)


@pytest.fixture(scope="module")
def other_dc(request, certificates):
    """A second one, with accounts of its own."""
    yield from dc(request, certificates)


def dc(request, certificates):
    if os.geteuid() != 0:
        pytest.skip("Samba serves LDAP on port 389 alone, and only root may start it")
    for server in running(request, Samba(certificates=certificates, kdc=True, is_strict=True)):
        server.modify(server.suffix, lockoutThreshold="5")
        yield server


def simple(name, file, certificates, **settings):
    return {"bind": "simple", "bind_dn": name, "password_file": file, "tls_ca_file": certificates.ca, **settings}


def text_of(daemon, name, told):
    """The reason of the watch, once it begins so."""
    seen = daemon.wait_watch(name, lambda watch: watch.get("reason", {}).get("text", "").startswith(told),
                             f"to be told: {told}")
    assert seen["observed"] == "unreachable"
    return seen["reason"]


def assert_all_lead_in(server, daemon, ways):
    """ways: name -> (uri, settings). Each sees the container, whose DN is answered."""
    container = f"CN=of {next(NUMBERS)},{server.recipients}"
    server.add_container(container)
    daemon = daemon("".join(directory(uri, name=name, **settings) + watch(container, name=name, directory=name)
                            for name, (uri, settings) in ways.items()))
    for name, (uri, _) in ways.items():
        assert daemon.wait_verdict(name, "match")["server"].startswith(uri)
    return container


def assert_all_see_drift(server, container, syslog_ng, ways):
    live = server.rename(container, f"CN=now {next(NUMBERS)}")
    for name in ways:
        assert wait_alert(syslog_ng, "DRIFT", name).tags["live"].lower() == live.lower()


# --- 389 Directory Server

def log(server):
    with open(server.path("log", "access"), encoding="utf-8") as file:
        return file.read()


def test_every_way_into_389(ds389, certificates, kdc, monitor, password, daemon, syslog_ng):
    certificate, key = certificates.client()
    trust, start_tls = {"tls_ca_file": certificates.ca}, {"tls_ca_file": certificates.ca, "start_tls": "yes"}
    by_name = simple(ds389.monitor_dn, password(ds389.monitor_password), certificates)
    by_certificate = {"bind": "external", "tls_cert_file": certificate, "tls_key_file": key}
    by_ticket = {"bind": "gssapi", "keytab": monitor, "krb5_conf": kdc.krb5_conf}
    ways = {
        "ldap-anonymous": (ds389.uri, {}),
        "ldaps-anonymous": (ds389.ldaps_uri, trust),
        "starttls-anonymous": (ds389.uri, start_tls),
        "ldapi-anonymous": (ds389.ldapi_uri, {}),
        "ldap-simple": (ds389.uri, {**by_name, "cleartext": "allow", "tls_ca_file": None}),
        "ldaps-simple": (ds389.ldaps_uri, by_name),
        "starttls-simple": (ds389.uri, {**by_name, "start_tls": "yes"}),
        "ldapi-simple": (ds389.ldapi_uri, {**by_name, "tls_ca_file": None}),
        "ldaps-external": (ds389.ldaps_uri, {**trust, **by_certificate}),
        "starttls-external": (ds389.uri, {**start_tls, **by_certificate}),
        "ldapi-external": (ds389.ldapi_uri, {"bind": "external"}),
        "ldap-gssapi": (ds389.uri, by_ticket),
        "ldaps-gssapi": (ds389.ldaps_uri, {**trust, **by_ticket}),
        "starttls-gssapi": (ds389.uri, {**start_tls, **by_ticket}),
    }
    before = len(log(ds389))
    container = assert_all_lead_in(ds389, daemon, ways)
    logins = re.findall(r'RESULT err=0 tag=97 .* dn="(.*)"', log(ds389)[before:])
    assert logins.count(ds389.monitor_dn) == 9, "four passwords, two certificates, three tickets"
    assert f'AUTOBIND dn="{ds389.admin_dn}"' in log(ds389)[before:]
    assert_all_see_drift(ds389, container, syslog_ng, ways)


WRONG, EXPIRED, LOCKED = "wrong password or bind DN ", "the password has expired: set a new one ", \
    "the account is locked out: unlock it: "
IN_CLEAR = "the server takes no password in clear, use ldaps:// or start_tls: "


def account_of_389(server, **attributes):
    dn = f"cn=account {next(NUMBERS)},{server.suffix}"
    server.add(dn, {"objectClass": ["organizationalRole", "simpleSecurityObject"], "cn": dn[3:].partition(",")[0],
                    "userPassword": SECRET, **attributes})
    return dn


def bind_wrongly(server, name, count):
    for _ in range(count):
        with pytest.raises(ldap.LDAPError):
            server.connect(name, "wrong")


def test_what_389_refuses_is_said_and_mended_without_a_restart(ds389, certificates, password, daemon):
    file = password(SECRET)
    ds389.modify("cn=config", passwordExp="on", passwordLockout="on", passwordMaxFailure="3")
    disabled, expired, locked = (account_of_389(ds389) for _ in range(3))
    ds389.modify(disabled, nsAccountLock="true")
    ds389.modify(expired, passwordExpirationTime=LONG_AGO)
    bind_wrongly(ds389, locked, 3)
    accounts = {"disabled": disabled, "expired": expired, "locked": locked}
    daemon = daemon("".join(directory(ds389.ldaps_uri, name=name, **simple(dn, file, certificates))
                            + watch(ds389.charlotte, name=name, directory=name) for name, dn in accounts.items()))
    assert text_of(daemon, "disabled", "the account is disabled: enable it: ")["code"] == 53
    assert text_of(daemon, "expired", EXPIRED)["code"] == 49
    assert text_of(daemon, "locked", LOCKED)["code"] == 19
    ds389.modify(disabled, nsAccountLock="false")
    ds389.modify(expired, passwordExpirationTime="20990101000000Z")
    ds389.modify(locked, passwordRetryCount="0", accountUnlockTime=LONG_AGO)
    for name in accounts:
        daemon.wait_verdict(name, "match")


def test_389_that_takes_nothing_in_clear_and_nobody_unnamed_says_so(ds389_factory, password, daemon):
    server = ds389_factory()
    server.modify("cn=config", **{"nsslapd-require-secure-binds": "on", "nsslapd-allow-anonymous-access": "off"})
    clear = {"bind": "simple", "bind_dn": server.monitor_dn, "password_file": password(server.monitor_password),
             "cleartext": "allow"}
    daemon = daemon(directory(server.uri, name="clear", **clear) + watch(server.charlotte, name="clear", directory="clear")
                    + directory(server.uri, name="nobody") + watch(server.charlotte, name="nobody", directory="nobody"))
    assert text_of(daemon, "clear", IN_CLEAR)["code"] == 13
    assert text_of(daemon, "nobody", "the server answers only who is logged in (see bind): ")["code"] == 48


# --- Samba

def by_ticket(server, name="monitor", **settings):
    return {"bind": "gssapi", "keytab": server.keytab(name), "krb5_conf": server.krb5_conf, **settings}


def test_every_way_into_samba(samba, certificates, password, daemon, syslog_ng):
    file = password(samba.monitor_password)
    names = {"dn": samba.monitor_dn, "upn": f"monitor@{REALM.lower()}", "netbios": "MMS\\monitor"}
    ways = {f"ldaps-{name}": (samba.ldaps_uri, simple(value, file, certificates)) for name, value in names.items()}
    ways |= {f"starttls-{name}": (samba.uri, simple(value, file, certificates, start_tls="yes"))
             for name, value in names.items()}
    ways["ldap-gssapi"] = (samba.uri, by_ticket(samba))
    assert_all_see_drift(samba, assert_all_lead_in(samba, daemon, ways), syslog_ng, ways)


def test_what_samba_refuses_by_default_is_said_with_what_to_do(samba, certificates, password, daemon):
    clear = simple(samba.monitor_dn, password(samba.monitor_password), certificates, cleartext="allow", tls_ca_file=None)
    ticket, trust = by_ticket(samba), {"tls_ca_file": certificates.ca}
    inside_tls = "the server takes no Kerberos inside TLS: use ldap:// without start_tls, Kerberos itself encrypts"
    ways = {"clear": (samba.uri, clear, IN_CLEAR, 8),
            "ldaps-gssapi": (samba.ldaps_uri, {**ticket, **trust}, inside_tls, 8),
            "starttls-gssapi": (samba.uri, {**ticket, **trust, "start_tls": "yes"}, inside_tls, 8),
            "nobody": (samba.uri, {}, "the server answers only who is logged in (see bind): Operations error (00002020", 1)}
    daemon = daemon("".join(directory(uri, name=name, **settings) + watch(samba.custom, name=name, directory=name)
                            for name, (uri, settings, _, _) in ways.items()))
    for name, (_, _, told, code) in ways.items():
        assert text_of(daemon, name, told)["code"] == code
    daemon.wait_watch("nobody", lambda watch: watch["observed_count"] >= 5, "to be asked five times")
    assert daemon.metrics()['dndrift_prober_restarts_total{directory="nobody"}'] == 0, "another try helps nobody"


def account(server, state, **attributes):
    """The name of an own account."""
    name = f"{state}{next(NUMBERS)}"
    server.add_account(name, SECRET, **attributes)
    return name


def dn_of(server, name):
    return f"CN={name},CN=Users,{server.suffix}"


def bad_tries(server, name):
    """How many wrong passwords in a row the server has counted."""
    [(_, found)] = server.connect().search_s(dn_of(server, name), ldap.SCOPE_BASE, attrlist=["badPwdCount"])
    return int(found.get("badPwdCount", [b"0"])[0])


def lock(server, name, certificates):
    """By wrong passwords, of somebody else."""
    connection = ldap.initialize(server.ldaps_uri)
    connection.set_option(ldap.OPT_X_TLS_CACERTFILE, certificates.ca)
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    for _ in range(5):
        with pytest.raises(ldap.INVALID_CREDENTIALS):
            connection.simple_bind_s(dn_of(server, name), "wrong")


# state -> (attributes of the account, what is said of its password, of its ticket, by what it is mended)
REVOKED = "the KDC says that it is locked, disabled or expired, or may not log in at this time"
STATES = {
    "disabled": ({"flags": NORMAL | NEVER_EXPIRES | DISABLED}, "the account is disabled: enable it (", REVOKED,
                 {"userAccountControl": str(NORMAL | NEVER_EXPIRES)}),
    "expired": ({"accountExpires": "131000000000000000"}, "the account has expired (", REVOKED, {"accountExpires": "0"}),
    "at-night": ({"logonHours": NO_HOURS}, "the account may not log in at this time (", REVOKED,
                 {"logonHours": ALL_HOURS}),
    "elsewhere": ({"userWorkstations": "elsewhere"}, "the account may not log in from this machine (", None,
                  {"userWorkstations": []}),
    "must-change": ({"flags": NORMAL, "pwdLastSet": "0"},
                    "the password must be changed before the account may log in: set a new one (",
                    "the KDC says that its password has expired: set a new one, and export the keytab anew",
                    {"pwdLastSet": "-1"}),
    "locked": ({}, "the account is locked out: unlock it (", REVOKED, {"lockoutTime": "0"}),
}


def test_an_account_that_may_not_log_in_is_told_why_and_gets_in_once_it_may(samba, certificates, password, daemon):
    """What is wrong is not the password: no try is counted, and there is no reason to wait long for the next."""
    file = password(SECRET)
    names = {state: account(samba, state, **attributes) for state, (attributes, *_) in STATES.items()}
    lock(samba, names["locked"], certificates)
    ways = {state: (samba.ldaps_uri, simple(f"{name}@{REALM.lower()}", file, certificates))
            for state, name in names.items()}
    ways |= {f"{state}-ticket": (samba.uri, by_ticket(samba, names[state]))
             for state in ("disabled", "at-night", "must-change", "locked")}
    daemon = daemon("".join(directory(uri, name=way, **settings) + watch(samba.custom, name=way, directory=way)
                            for way, (uri, settings) in ways.items()))
    for state, (_, of_password, of_ticket, _) in STATES.items():
        assert text_of(daemon, state, of_password)["code"] == 49
        if f"{state}-ticket" in ways:
            text_of(daemon, f"{state}-ticket", f"{names[state]}@{REALM} gets no ticket: {of_ticket}")
    assert {state: bad_tries(samba, name) for state, name in names.items() if state != "locked"} == \
        {state: 0 for state in names if state != "locked"}
    assert bad_tries(samba, names["locked"]) == 5
    for state, (*_, mended) in STATES.items():
        samba.modify(dn_of(samba, names[state]), **mended)
    for way in ways:
        daemon.wait_verdict(way, "match")


def set_password(server, name, secret):
    server.modify(dn_of(server, name), unicodePwd=written_password(secret))


@pytest.mark.parametrize("replicas", ["failover", "all"])
def test_a_wrong_password_is_tried_once_on_all_controllers_together(samba, other_dc, certificates, password, daemon,
                                                                   replicas):
    servers, name = (samba, other_dc), account(samba, "guarded")
    other_dc.add_account(name, SECRET)
    file = password("wrong")
    daemon = daemon(directory(" ".join(server.ldaps_uri for server in servers), replicas=replicas,
                              **simple(f"{name}@{REALM.lower()}", file, certificates))
                    + watch(samba.charlotte) + watch(samba.custom, name="more"))
    for n_changes in (1, 2):
        for watched in ("custom", "more"):
            count = daemon.watch(watched).get("observed_count", 0)
            daemon.wait_watch(watched, lambda watch: watch.get("observed_count", 0) > count + 5, "to be tried often")
            assert text_of(daemon, watched, WRONG)["code"] == 49
        assert sum(bad_tries(server, name) for server in servers) == n_changes
        if n_changes == 1:
            password("wrong again")
            wait_until(lambda: sum(bad_tries(server, name) for server in servers) > 1, "the new one to be tried")
    password(SECRET)
    for watched in ("custom", "more"):
        daemon.wait_watch(watched, lambda watch: watch.get("observed") != "unreachable", "to be answered")


def test_a_password_that_changes_while_it_is_tried_is_not_tried_more_often(samba, certificates, password, daemon):
    name = account(samba, "hurried")
    daemon = daemon(directory(samba.ldaps_uri, **simple(f"{name}@{REALM.lower()}", password("wrong 0"), certificates))
                    + watch(samba.custom))
    for n in range(1, 4):
        text_of(daemon, "custom", WRONG)
        tries = bad_tries(samba, name)
        samba.pause()
        password(f"wrong {n}")
        count = daemon.watch("custom")["observed_count"]
        time.sleep(0.3)  # a login is under way
        password(f"wrong {n} again" if n < 3 else SECRET)
        samba.resume()
        if n < 3:
            daemon.wait_watch("custom", lambda watch: watch["observed_count"] > count + 5, "to be tried often")
            assert bad_tries(samba, name) <= tries + 2
            samba.modify(dn_of(samba, name), lockoutTime="0")
    daemon.wait_verdict("custom", "match")


# --- tickets that end

def brief(server, seconds):
    """A krb5.conf by which tickets end so soon."""
    file = server.path(f"krb5-{seconds}.conf")
    with open(server.krb5_conf, encoding="ascii") as old, open(file, "w", encoding="ascii") as new:
        new.write(old.read().replace("[realms]", f"ticket_lifetime = {seconds}s\n[realms]"))
    return file


def test_a_connection_whose_ticket_has_ended_is_followed_by_another_and_nobody_notices(samba_factory, daemon, syslog_ng):
    """It is the server that ends it, for its clock says so, not ours."""
    server = samba_factory(kdc=True, is_strict=True)
    daemon = daemon(directory(server.uri, **by_ticket(server, krb5_conf=brief(server, 180))) + watch(server.custom))
    daemon.wait_verdict("custom", "match")
    restarts = 'dndrift_prober_restarts_total{directory="mms"}'
    assert daemon.metrics()[restarts] == 0
    server.clock.advance(200)
    wait_until(lambda: daemon.metrics()[restarts] >= 1, "another login")
    live = server.rename(server.custom, "CN=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["live"] == live
    assert not {name for name, value in daemon.metrics().items() if value and "comparison_failures_total" in name}


def test_tickets_that_end_too_soon_for_the_kdc_are_called_so(samba, daemon):
    daemon = daemon(directory(samba.uri, **by_ticket(samba, krb5_conf=brief(samba, 60))) + watch(samba.custom))
    text_of(daemon, "custom", f"monitor@{REALM} gets no ticket for ldap/{samba.address}: its tickets end too soon: "
                              "ticket_lifetime in krb5_conf has to be more than two minutes")
