"""bind = gssapi against a real KDC and a real slapd: tickets by a keytab, a security layer or TLS, and what is said and
done when there is no ticket."""

import contextlib
import os
import re
import socket
import ssl
import threading

import pytest
import tracing
from alert_line import wait_alert
from prober import Listener, Prober, ber, message, result, text
from sections import directory, watch
from servers import CUSTOM, Kdc, wait_until
from servers.kdc import REALM, SERVICE, write_client
from servers.process import free_port

MONITOR = "cn=monitor,o=mms"
UNBIND = b"0\x05\x02\x01\x02B\x00"
BIND_IN_PROGRESS = 14


@pytest.fixture
def slapd(slapd_factory, kdc, certificates):
    """slapd(*lines of slapd.conf, **options): one that takes tickets, and lets nobody read but the account monitor."""
    def make(*more, **options):
        return slapd_factory(certificates=certificates, **{"access": (f'to * by dn.exact="{MONITOR}" read by * none',),
                                                           **kdc.for_slapd(*more), **options})
    return make


@pytest.fixture
def prober(started, kdc, monitor):
    """prober(uri, **settings): one that logs in as monitor, unless the settings say otherwise."""
    def make(uri, kind=Prober, **settings):
        return started(kind(uri, **{"bind": "gssapi", "keytab": monitor, "krb5_conf": kdc.krb5_conf,
                                    **settings})).start()
    return make


def way(slapd, name, certificates):
    trust = {"tls_ca_file": certificates.ca}
    return {"ldap": (slapd.uri, {}), "ldaps": (slapd.ldaps_uri, trust),
            "starttls": (slapd.uri, {**trust, "start_tls": "yes"})}[name]


def failure(asker, reason="bind", is_credentials=False):
    """The text of its failure, which is one of the bind."""
    failed = asker.failure()
    assert (failed["failure"]["phase"], failed["failure"]["reason"]) == ("bind", reason), failed
    assert failed["is_credentials"] == is_credentials, failed
    return failed["failure"]["text"]


class Relay(Listener):
    """Between the prober and a server: keeps what goes both ways. With contexts for TLS, it ends that of the one side
    and begins that of the other, as somebody in the middle would."""

    name = "relay"

    def __init__(self, port, inner=None, outer=None):
        self.port, self.inner, self.outer, self.seen = port, inner, outer, b""
        super().__init__(self.pass_on)
        self.ldaps_uri = self.uri.replace("ldap:", "ldaps:")

    def pass_on(self, connection):
        near, far = connection.peer, socket.create_connection(("127.0.0.1", self.port))
        if self.inner:
            near = self.inner.wrap_socket(near, server_side=True)
            far = self.outer.wrap_socket(far, server_hostname="127.0.0.1")
        threading.Thread(target=self.pump, args=(far, near), daemon=True).start()
        self.pump(near, far)

    def pump(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.seen += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


# --- the ways in

@pytest.mark.parametrize("transport, strength", [("ldap", "bind_ssf=256 ssf=256"), ("ldaps", "bind_ssf=0 ssf=256"),
                                                 ("starttls", "bind_ssf=0 ssf=256")])
def test_a_ticket_comes_in(slapd, prober, kdc, certificates, transport, strength):
    server = slapd()
    issued = kdc.issued(SERVICE)
    uri, settings = way(server, transport, certificates)
    asker = prober(uri, **settings)
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"
    assert f'BIND dn="{MONITOR}" mech=GSSAPI {strength}' in server.stderr()
    assert kdc.issued(SERVICE) == issued + 1, "one ticket a login"
    assert asker.leave() == {"frame": "ENDED", "status": 0, "signal": 0}


@pytest.mark.parametrize("is_layered", [True, False])
def test_on_a_connection_in_clear_nobody_reads_along(slapd, started, prober, is_layered):
    server = slapd(access=("to * by * read",))
    relay = started(Relay(server.port))
    asker = prober(relay.uri) if is_layered else started(Prober(relay.uri)).start()
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"
    for word in (b"cn=recipients", b"namingContexts", b"entryUUID"):
        assert (word in relay.seen) != is_layered
    print(f"{len(relay.seen)} bytes went by")


def test_the_server_is_the_one_in_the_uri_whatever_dns_and_krb5_conf_say(slapd, prober, kdc, tmp_path):
    """By DNS the server would be localhost, for which the KDC has no key."""
    assert socket.getfqdn("127.0.0.1") != "127.0.0.1"
    eager = write_client(tmp_path / "krb5.conf", kdc.port, "    dns_canonicalize_hostname = true\n    rdns = true\n")
    assert prober(slapd().uri, krb5_conf=eager).ask_one(CUSTOM)["dn"] == "ENTRY"


def test_the_principal_is_the_first_of_the_keytab_or_the_chosen_one(slapd, prober, kdc, monitor, tmp_path):
    kdc.add("first")
    keytab = kdc.keytab(tmp_path / "keytab", "first", "monitor")
    server = slapd()
    assert prober(server.uri, keytab=keytab).ask_one(CUSTOM)["dn"] == "UNMATCHED"
    assert 'BIND dn="cn=first,o=mms" mech=GSSAPI' in server.stderr()
    assert prober(server.uri, keytab=keytab, principal=f"monitor@{REALM}").ask_one(CUSTOM)["dn"] == "ENTRY"
    assert f'BIND dn="{MONITOR}" mech=GSSAPI' in server.stderr()


# --- servers that are not to be believed

def test_a_server_that_gives_no_layer_is_refused_in_clear_and_taken_inside_tls(slapd, prober, certificates):
    server = slapd("sasl-secprops noplain,noanonymous,maxssf=0")
    assert failure(prober(server.uri)) == \
        "the server gives no security layer to a connection in clear: use ldaps:// or start_tls"
    assert "mech=GSSAPI" not in server.stderr() and "SRCH" not in server.stderr()
    assert prober(server.ldaps_uri, tls_ca_file=certificates.ca).ask_one(CUSTOM)["dn"] == "ENTRY"


def bind_answer(msgid, code, token=None):
    return message(msgid, ber(0x61, ber(0x0A, bytes([code])), text(""), text(""), *([ber(0x87, token)] if token else [])))


def tls_context(certificates, name="good"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*(certificates.path(f"{name}.{suffix}") for suffix in ("crt", "key")))
    return context


@pytest.mark.parametrize("is_tls", [False, True])
def test_a_server_that_says_yes_too_soon_is_told_nothing_more(started, prober, certificates, is_tls):
    """libldap takes its word for it."""
    received = []

    def serve(connection):
        if is_tls:
            connection.peer = tls_context(certificates).wrap_socket(connection.peer, server_side=True)
        msgid, operation, _ = connection.request()
        received.append(operation)
        connection.send(bind_answer(msgid, 0))
        while request := connection.request():
            received.append(request[1])

    listener = started(Listener(serve))
    uri = listener.uri.replace("ldap:", "ldaps:") if is_tls else listener.uri
    asker = prober(uri, tls_ca_file=certificates.ca)
    assert failure(asker) == "the server ends the login before it has proven who it is"
    asker.until("ENDED")
    assert set(received) <= {0x60, 0x42}, "bind and unbind"


@pytest.mark.parametrize("token", [b"no token", b"\x60\x84\xff\xff\xff\xf0\x06\x09", b"x" * 60000],
                         ids=["short", "lying", "long"])
def test_a_server_that_talks_nonsense_is_not_believed(started, prober, token):
    def serve(connection):
        while request := connection.request():
            connection.send(bind_answer(request[0], BIND_IN_PROGRESS, token))

    assert failure(prober(started(Listener(serve)).uri)).startswith("the login by Kerberos failed: ")


def test_a_conversation_without_end_is_ended(started, prober):
    def serve(connection):
        while request := connection.request():
            connection.send(bind_answer(request[0], BIND_IN_PROGRESS))

    assert failure(prober(started(Listener(serve)).uri), "protocol") == "the login by Kerberos comes to no end"


def test_a_server_that_falls_silent_in_the_conversation_is_late(started, prober):
    asker = prober(started(Listener()).uri, timeout_ms=1000)
    assert failure(asker, "timeout") == "no answer in time"


@pytest.mark.parametrize("is_bound", [True, False])
def test_inside_tls_the_login_is_good_for_that_certificate_alone(slapd, started, prober, certificates, is_bound):
    """Somebody in the middle who has a certificate that is trusted."""
    certificates.make("middle", "ca", "/CN=middle", "subjectAltName=IP:127.0.0.1", None)
    server = slapd(*(["sasl-cbinding tls-endpoint"] if is_bound else []))
    settings = {"tls_ca_file": certificates.ca}
    relay = started(Relay(server.tls_port, tls_context(certificates, "middle"),
                          ssl.create_default_context(cafile=certificates.ca)))
    assert prober(server.ldaps_uri, **settings).ask_one(CUSTOM)["dn"] == "ENTRY"
    asker = prober(relay.ldaps_uri, **settings)
    if is_bound:
        assert failure(asker).startswith("the server refuses the ticket: Invalid credentials (")
        assert "SRCH" not in server.stderr().rpartition("method=163")[2]
    else:
        assert asker.ask_one(CUSTOM)["dn"] == "ENTRY", "a server that does not ask for it cannot be helped"


@pytest.mark.parametrize("code, said, told", [
    (49, "80090346: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 80090346, v4563",
     "the server sees another TLS connection than this one: uri has to lead to itself, or use ldap:// without start_tls, "
     "Kerberos itself encrypts"),
    (8, "SASL:[GSSAPI]: not allowed if TLS is used.",
     "the server takes no Kerberos inside TLS: use ldap:// without start_tls, Kerberos itself encrypts"),
    (49, "", "the server refuses the ticket: Invalid credentials"),
])
def test_what_active_directory_says_of_kerberos_inside_tls(started, prober, certificates, code, said, told):
    def serve(connection):
        connection.peer = tls_context(certificates).wrap_socket(connection.peer, server_side=True)
        connection.send(result(connection.request()[0], code, said=said, tag=0x61))

    listener = started(Listener(serve))
    asker = prober(listener.uri.replace("ldap:", "ldaps:"), tls_ca_file=certificates.ca)
    assert failure(asker) == told


def test_a_server_without_kerberos_says_so(slapd_factory, prober):
    server = slapd_factory(environment={"KRB5_KTNAME": "/nonexistent/keytab"}, extra_global=["sasl-host 127.0.0.1"])
    assert failure(prober(server.uri)).startswith("the server refuses the ticket: ")


# --- no ticket

WRONG_KEY = "the key in the keytab is not, or no longer, its key: export the keytab anew"
# what is done to the account, whether the key itself was refused, what is said
REFUSALS = {
    "wrong-key": ("cpw -randkey {name}", True, WRONG_KEY),
    "no-preauth": ("modprinc -requires_preauth {name}\ncpw -randkey {name}", True, WRONG_KEY),
    "locked": ("modprinc -allow_tix {name}", False,
               "the KDC says that it is locked, disabled or expired, or may not log in at this time"),
    "expired": ("modprinc -expire 2020-01-01 {name}", False, "the KDC says that it has expired"),
    "password-expired": ("modprinc -pwexpire 2020-01-01 {name}", False,
                         "the KDC says that its password has expired: set a new one, and export the keytab anew"),
    "unknown": ("delprinc -force {name}", False,
                "the KDC does not know it: principal or the keytab has to name an account of that realm"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_what_the_kdc_refuses_is_said(slapd, prober, kdc, tmp_path, why):
    queries, is_credentials, sentence = REFUSALS[why]
    name = kdc.add(why)
    keytab = kdc.keytab(tmp_path / "keytab", why)
    server = slapd()
    for query in queries.splitlines():
        kdc.admin(query.format(name=why))
    asker = prober(server.uri, keytab=keytab)
    assert failure(asker, is_credentials=is_credentials) == f"{name} gets no ticket: {sentence}"
    assert "method=163" not in server.stderr(), "a server is told nothing"


def test_a_server_that_the_kdc_does_not_know_is_named(slapd, prober):
    server = slapd()
    asker = prober(server.uri.replace("127.0.0.1", "127.1"))
    assert failure(asker) == (f"monitor@{REALM} gets no ticket for ldap/127.1: "
                              "the KDC does not know such a server: uri has to give its own name")


class Renamed(Prober):
    """A prober on a host where alias.example is another name of real.example."""

    def command(self):
        with open(self.path("hosts"), "w", encoding="ascii") as file:
            file.write("127.0.0.1 real.example alias.example\n")
        return ["unshare", "-m", "sh", "-c", f'mount --bind {self.path("hosts")} /etc/hosts && exec "$@"',
                "sh"] + super().command()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may replace /etc/hosts for a program")
def test_an_alias_is_asked_for_by_that_name(slapd, prober, kdc):
    asker = prober(slapd().uri.replace("127.0.0.1", "alias.example"), kind=Renamed)
    assert " for ldap/alias.example: " in failure(asker)
    assert f"for ldap/alias.example@{REALM}, Server not found" in kdc.log() and "ldap/real.example" not in kdc.log()


def test_a_kdc_that_is_down(slapd, prober, tmp_path):
    dead = write_client(tmp_path / "krb5.conf", free_port())
    assert failure(prober(slapd().uri, krb5_conf=dead)) == \
        f"monitor@{REALM} gets no ticket: no KDC of its realm can be reached: " \
        "check those of krb5_conf or DNS, and the way to their port 88"


def test_a_realm_without_a_kdc(slapd, prober, tmp_path):
    stranger = write_client(tmp_path / "krb5.conf", 88, realm="ELSEWHERE.EXAMPLE")
    assert failure(prober(slapd().uri, krb5_conf=stranger)) == \
        f"monitor@{REALM} gets no ticket: no KDC of its realm is known: krb5_conf or DNS has to name one"


@contextlib.contextmanager
def silent_port():
    """A port that takes everything over UDP and TCP and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(tcp.getsockname())
        yield tcp.getsockname()[1]


def test_a_kdc_that_is_silent(slapd, prober, tmp_path):
    with silent_port() as port:
        asker = prober(slapd().uri, krb5_conf=write_client(tmp_path / "krb5.conf", port), timeout_ms=1500)
        assert failure(asker, "timeout") == f"monitor@{REALM} gets no ticket: no KDC answered in time"
        assert asker.until("ENDED") == {"frame": "ENDED", "status": 0, "signal": 0}


def test_clocks_that_differ(started, slapd, prober, tmp_path):
    late = started(Kdc(arguments=["-T", "-7200"])).start()
    late.add("monitor")
    exact = write_client(tmp_path / "krb5.conf", late.port, "    kdc_timesync = 0\n")
    asker = prober(slapd().uri, krb5_conf=exact, keytab=late.keytab(tmp_path / "keytab", "monitor"))
    assert failure(asker) == (f"monitor@{REALM} gets no ticket: "
                              "the clock here and the clock of the KDC differ too much: set them right")


@pytest.mark.parametrize("content, mode, told", [
    (None, 0o600, "cannot be read: No such file or directory"),
    (b"", 0o600, "cannot be used: "),
    (b"\5\2", 0o600, "holds no key"),
    (b"the-password\n", 0o600, "cannot be used: Unsupported key table format version number"),
    (b"\5\2", 0o644, "is open to others (mode 644): chmod 600"),
    (b"\5\2", 0o440, "is open to others (mode 440): chmod 600"),
])
def test_a_keytab_that_will_not_do(slapd, prober, tmp_path, content, mode, told):
    file = tmp_path / "keytab"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    assert failure(prober(slapd().uri, keytab=file)).startswith(f"the keytab {file} {told}")


def test_a_keytab_of_somebody_else(slapd, prober, monitor):
    asker = prober(slapd().uri, principal=f"nobody@{REALM}")
    assert failure(asker) == f"the keytab {monitor} holds no key of nobody@{REALM}"


def test_a_configuration_of_kerberos_that_is_none(slapd, prober, tmp_path):
    file = tmp_path / "krb5.conf"
    file.write_text("[libdefaults\nthis is none\n")
    assert failure(prober(slapd().uri, krb5_conf=file)).startswith(
        f"the configuration of Kerberos, {file}, cannot be used: ")


class WithoutMechanism(Prober):
    """A prober on a host without the package of the mechanism."""

    def command(self):
        os.makedirs(self.path("empty"), exist_ok=True)
        return ["unshare", "-m", "sh", "-c", f'mount --bind {self.path("empty")} /usr/lib/$(uname -m)-linux-gnu/sasl2 && '
                'exec "$@"', "sh"] + super().command()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may hide a folder from a program")
def test_a_mechanism_that_is_not_installed_is_named_with_its_package(slapd, prober):
    assert failure(prober(slapd().uri, kind=WithoutMechanism)) == \
        "SASL mechanism GSSAPI is not installed: libsasl2-modules-gssapi-mit"


# --- where the secrets are

class Traced(Prober):
    """A prober whose opened files are written down."""

    def command(self):
        return ["strace", "-f", "-y", "-o", self.path("trace"), "-e", "trace=open,openat,creat,connect"] \
            + super().command()

    def trace(self):
        with open(self.path("trace"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def opened(self):
        """(name, flags) of each file that was opened."""
        return re.findall(r'open(?:at)?\([^"]*"([^"]+)", (\S+?)[,)]', self.trace())


def test_no_ticket_is_ever_written_to_a_disk(slapd, prober, monitor):
    tracing.demand()
    asker = prober(slapd().uri, kind=Traced)
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"
    asker.leave()
    opened = asker.opened()
    assert monitor in [name for name, _ in opened], "the trace shows nothing"
    written = {name for name, flags in opened if "O_WRONLY" in flags or "O_RDWR" in flags or "O_CREAT" in flags}
    assert written - {"/dev/null"} == {"/proc/self/oom_score_adj"}
    assert not [name for name in os.listdir("/tmp") if name.startswith("krb5cc")]


def test_the_libraries_write_no_log_of_their_own(slapd, prober, tmp_path):
    """One that nobody reads would hold up the login."""
    tracing.demand()
    asker = prober(slapd().uri, kind=Traced)
    assert asker.ask_one(CUSTOM)["dn"] == "ENTRY"
    asker.leave()
    refused = prober(slapd("sasl-secprops maxssf=0").uri, kind=Traced)
    failure(refused)
    refused.until("ENDED")
    for trace in (asker.trace(), refused.trace()):
        assert "connect(" in trace, "the trace shows nothing"
        assert "/dev/log" not in trace


# --- the whole daemon

def settings(kdc, keytab, **more):
    return {"bind": "gssapi", "keytab": keytab, "krb5_conf": kdc.krb5_conf, **more}


def test_the_daemon_itself_never_opens_the_keytab(slapd, kdc, monitor, daemon):
    tracing.demand()
    server = slapd()
    daemon = daemon(directory(server.uri, **settings(kdc, monitor)) + watch(CUSTOM),
                    wrapper=["strace", "-D", "-f", "-b", "execve", "-o", "/proc/self/fd/2", "-e", "trace=%file"])
    daemon.wait_verdict("custom", "match")
    daemon.reload()
    about = [line for line in daemon.stderr().splitlines() if monitor in line and "(" in line]
    assert about, "it looks at the file from outside"
    assert not [line for line in about if "open" in line], about


def test_a_refused_key_is_tried_once_until_a_new_keytab_is_there(slapd, kdc, tmp_path, daemon, syslog_ng):
    kdc.add("guarded")
    keytab = kdc.keytab(tmp_path / "keytab", "guarded")
    kdc.admin("cpw -randkey guarded")
    server = slapd(access=("to * by * read",))
    daemon = daemon(directory(server.uri, **settings(kdc, keytab)) + watch(CUSTOM))
    seen = daemon.wait_watch("custom", lambda watch: watch.get("observed_count", 0) >= 5, "to be tried five times")
    assert (seen["observed"], seen["reason"]["phase"]) == ("unreachable", "bind")
    assert seen["reason"]["text"].startswith(
        f"guarded@{REALM} gets no ticket: {WRONG_KEY}")
    assert kdc.failed_logins("guarded") == 1, "an account may be locked by more"
    assert daemon.metrics()['dndrift_comparison_failures_total{directory="mms",reason="bind"}'] >= 5
    os.replace(kdc.keytab(tmp_path / "new", "guarded"), keytab)
    daemon.wait_verdict("custom", "match")
    live = server.rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["live"] == live


def test_a_silent_kdc_is_told_apart_from_a_silent_server(slapd, kdc, monitor, daemon, tmp_path):
    server = slapd()
    with silent_port() as port:
        silent = write_client(tmp_path / "krb5.conf", port)
        daemon = daemon(directory(server.uri, **settings(kdc, monitor, krb5_conf=silent, timeout="1s"))
                        + watch(CUSTOM))
        seen = daemon.wait_observed("custom", "unreachable")
        assert seen["reason"]["phase"] == "bind"
        assert seen["reason"]["text"] == f"monitor@{REALM} gets no ticket: no KDC answered in time"
        assert daemon.metrics()['dndrift_comparison_failures_total{directory="mms",reason="timeout"}'] >= 1
    write_client(silent, kdc.port)
    daemon.wait_verdict("custom", "match", timeout_s=90)


def test_a_ticket_that_ends_is_followed_by_another_and_nobody_notices(slapd, started, daemon, tmp_path, syslog_ng):
    brief = started(Kdc(max_life="3s")).start()
    brief.add("monitor")
    keytab = brief.keytab(tmp_path / "keytab", "monitor")
    server = slapd(**brief.for_slapd())
    daemon = daemon(directory(server.uri, **settings(brief, keytab)) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    wait_until(lambda: brief.issued(SERVICE) >= 4, "four tickets")
    metrics = daemon.metrics()
    assert not {name for name, value in metrics.items() if value and "comparison_failures_total" in name}
    assert daemon.watch("custom")["observed"] == "match"
    live = server.rename(CUSTOM, "cn=partners")
    assert wait_alert(syslog_ng, "DRIFT", "custom").tags["live"] == live
