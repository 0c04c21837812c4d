"""A directory server in another network namespace, and packets that do not arrive or are sent back, in every phase of a
connection: that is never drift, holds nobody else up, and what was renamed meanwhile is found when it is over."""

import json
import subprocess

import pytest
from alert_line import alerts, wait_alert
from sections import directory, watch
from servers import ADMIN, CUSTOM, PASSWORD, Slapd
from servers.network import FAR_ADDRESS, Network

# To a server all packets, or those with something in them: the handshake of TCP goes through, what follows does not.
EVERYTHING, CONTENT = "", "meta length > 60"
REFUSE = "reject with tcp reset"
# phase: (packets, scheme, settings of the directory)
PHASES = {
    "connect": (EVERYTHING, "ldap", {}),
    "tls": (CONTENT, "ldaps", {}),
    "bind": (CONTENT, "ldap", {"bind": "simple", "bind_dn": ADMIN, "cleartext": "allow"}),
    "profile": (CONTENT, "ldap", {}),
}


class FarSlapd(Slapd):
    """slapd at the far end of the network."""

    def __init__(self, network, certificates, **options):
        super().__init__(certificates=certificates, **options)
        self.network = network
        self.uri = f"ldap://{FAR_ADDRESS}:{self.port}"
        self.ldaps_uri = f"ldaps://{FAR_ADDRESS}:{self.tls_port}"

    def write_config(self):
        kept, self.certificates = self.certificates, Readdressed(self.certificates)
        super().write_config()
        self.certificates = kept

    def command(self):
        return self.network.far + super().command()


class Readdressed:
    """Certificates that name the far end."""

    def __init__(self, certificates):
        self.ca, self.server = certificates.ca, lambda name: certificates.server(name, FAR_ADDRESS)


class Filter:
    """What happens to packets on their way out of the near end."""

    def __init__(self, network):
        self.near = network.near
        self.nft("add table ip partition")
        self.nft("add chain ip partition out { type filter hook output priority 0; }")

    def nft(self, command):
        subprocess.run([*self.near, "/usr/sbin/nft", command], check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def begin(self, packets, what):
        self.nft(f"add rule ip partition out ip daddr {FAR_ADDRESS} meta l4proto tcp {packets} {what}")

    def end(self):
        self.nft("flush chain ip partition out")


@pytest.fixture
def network(started):
    if not Network.is_possible():
        pytest.skip("only root may make network namespaces")
    return started(Network())


@pytest.fixture
def far(network, started, certificates):
    return started(FarSlapd(network, certificates)).start()


@pytest.fixture
def watching(network, far, slapd, daemon, certificates, tmp_path):
    """watching(scheme, settings): a daemon at the near end that watches the far server, and one beside it over a local
    socket."""
    def start(scheme, settings):
        password = tmp_path / "password"
        password.write_text(PASSWORD)
        password.chmod(0o600)
        if settings:
            settings = {**settings, "password_file": password}
        uri = far.ldaps_uri if scheme == "ldaps" else far.uri
        made = daemon(directory(uri, name="far", tls_ca_file=certificates.ca, **{**settings, "timeout": "1s"})
                      + watch(CUSTOM, name="far", directory="far")
                      + directory(slapd.ldapi_uri, name="here") + watch(CUSTOM, name="here", directory="here"),
                      wrapper=network.near)
        for name in ("far", "here"):
            wait_pinned(made, name)
        return made
    return start


def wait_pinned(daemon, name):
    daemon.wait_watch(name, lambda watch: watch.get("verdict") == "match" and watch.get("identity"), "to be pinned")


@pytest.fixture(autouse=True)
def reachable(monkeypatch, network):
    """The daemon's endpoint is in the namespace of the near end, where the test is not: it asks from there."""
    def get(self, path, headers=None, method="GET", timeout_s=30):
        done = subprocess.run([*network.near, "/usr/bin/curl", "-s", "-o", "-", "-w", "\\n%{http_code}", "-m", str(timeout_s),
                               f"http://127.0.0.1:{self.port}{path}"], check=True, stdout=subprocess.PIPE)
        body, _, code = done.stdout.rpartition(b"\n")
        return Answer(int(code), body)
    monkeypatch.setattr("servers.daemon.Daemon.get", get)


class Answer:
    def __init__(self, code, body):
        self.code, self.body = code, body

    def json(self):
        return json.loads(self.body)


def goes_on(daemon):
    """The watch beside it is compared again and again."""
    seen = daemon.watch("here")["observed_count"]
    daemon.wait_watch("here", lambda watch: watch["verdict"] == "match" and watch["observed_count"] > seen + 5, "to go on")
    assert daemon.get("/livez").code == 200


def survives(daemon, far, filter_, syslog_ng):
    """No word of drift while it lasts; and afterwards the rename that happened meanwhile."""
    goes_on(daemon)
    live = far.rename(CUSTOM, "cn=partners")
    goes_on(daemon)
    assert daemon.watch("far")["verdict"] in ("match", "unreachable") and daemon.watch("far")["observed"] == "unreachable"
    assert not [alert for alert in alerts(syslog_ng) if alert.word in ("DRIFT", "CHANGED", "RECOVERED")]
    filter_.end()
    daemon.reload()  # which ends the back-offs
    assert wait_alert(syslog_ng, "DRIFT", "far").tags["live"] == live
    assert daemon.wait_verdict("far", "renamed")["live"] == live


@pytest.mark.parametrize("what", ["drop", REFUSE])
@pytest.mark.parametrize("phase", PHASES)
def test_a_new_connection_that_gets_no_further_than(phase, what, network, far, watching, syslog_ng):
    packets, scheme, settings = PHASES[phase]
    daemon, filter_ = watching(scheme, settings), Filter(network)
    far.stop()  # which ends the connection that is kept
    filter_.begin(packets, what)
    far.start()
    daemon.reload()
    seen = daemon.wait_watch("far", lambda watch: watch.get("reason", {}).get("phase") == phase, f"to fail in {phase}")
    assert seen["observed"] == "unreachable"
    survives(daemon, far, filter_, syslog_ng)


@pytest.mark.parametrize("what", ["drop", REFUSE])
def test_a_connection_that_was_kept_loses_what_is_asked_on_it(what, network, far, watching, syslog_ng):
    daemon, filter_ = watching("ldap", {}), Filter(network)
    filter_.begin(CONTENT, what)
    seen = daemon.wait_observed("far", "unreachable")
    assert seen["reason"]["phase"] in ("profile", "search"), "each batch begins with the root DSE"
    survives(daemon, far, filter_, syslog_ng)
