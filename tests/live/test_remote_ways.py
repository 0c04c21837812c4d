"""Syslog servers on the network as an operator meets them: what is said when one is not to be had, and that it is found
again; servers that close, stall or speak IPv6."""

import contextlib
import re
import shutil
import socket
import ssl
import threading

import pytest

from sections import directory, watch
from servers import CUSTOM, Certificates, LogSocket, free_port, wait_until

COUNT = re.compile(rb"(\d+) ")


@pytest.fixture
def log():
    with contextlib.closing(LogSocket()) as socket_of_log:
        yield socket_of_log.start()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls"))


class Receiver:
    """Takes messages over tcp or tls, octet counted, and does with each connection as it is told."""

    def __init__(self, address="127.0.0.1", pair=None, closes_after=0):
        self.family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.pair, self.closes_after = pair, closes_after
        self.messages, self.n_connections = [], 0
        self.listener = socket.socket(self.family)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, 0))
        self.listener.listen()
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            with contextlib.suppress(OSError), self.wrap(connection) as stream:
                self.read(stream)

    def wrap(self, connection):
        if not self.pair:
            return connection
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.pair)
        return context.wrap_socket(connection, server_side=True)

    def read(self, stream):
        data, n_taken = b"", 0
        while more := stream.recv(65536):
            data += more
            while (head := COUNT.match(data)) and len(data) >= head.end() + int(head[1]):
                self.messages.append(data[head.end():head.end() + int(head[1])].decode())
                data, n_taken = data[head.end() + int(head[1]):], n_taken + 1
                if n_taken == self.closes_after:
                    return

    def words(self):
        return [message.split()[5] for message in list(self.messages)]

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@pytest.fixture
def receiver():
    with contextlib.ExitStack() as stack:
        yield lambda *options, **more: stack.enter_context(contextlib.closing(Receiver(*options, **more)))


@pytest.fixture
def telling(slapd_factory, daemon_factory, log):
    """telling(lines of [syslog]...): (daemon, slapd), running."""
    def make(*lines):
        slapd = slapd_factory()
        daemon = daemon_factory(directory(slapd.uri) + watch(CUSTOM), syslog=log.socket, more_syslog="\n".join(lines))
        return daemon.start(), slapd
    return make


def why(daemon, uri):
    """The sentence about the outlet, once there is one."""
    pattern = re.compile(rf"<4>outlet {re.escape(uri)}: alerts wait: (.*)\n")
    return wait_until(lambda: pattern.search(daemon.stderr()), "the reason")[1]


@pytest.mark.parametrize("uri, sentence", [
    ("tcp://nowhere.invalid:601", "the name nowhere.invalid cannot be resolved: Name or service not known"),
    ("tcp://127.0.0.1:{port}", "127.0.0.1 port {port} cannot be reached: Connection refused"),
    ("tcp://[::1]:{port}", "::1 port {port} cannot be reached: Connection refused"),
    ("udp://127.0.0.1:{port}", "the datagram was refused: Connection refused"),
])
def test_nobody_there_is_said_in_one_sentence(telling, uri, sentence):
    port = free_port()
    daemon, _ = telling(f"remote = {uri.format(port=port)}")
    assert why(daemon, uri.format(port=port)) == sentence.format(port=port)


@pytest.mark.parametrize("name, sentence", [
    ("expired", "The certificate is NOT trusted. The certificate chain uses expired certificate."),
    ("wrong-name", "The certificate is NOT trusted. The name in the certificate does not match the expected."),
    ("unknown-ca", "The certificate is NOT trusted. The certificate issuer is unknown."),
])
def test_a_certificate_that_proves_nothing_is_said_in_one_sentence(telling, receiver, certificates, name, sentence):
    server = receiver(pair=certificates.server(name))
    daemon, _ = telling(f"remote = tls://127.0.0.1:{server.port}", f"remote_ca_file = {certificates.ca}")
    assert why(daemon, f"tls://127.0.0.1:{server.port}") == f"TLS failed: {sentence}"
    assert not server.messages


def test_a_renewed_authority_is_found_without_a_reload(telling, receiver, certificates, tmp_path):
    authority = tmp_path / "ca.crt"
    shutil.copy(certificates.path("other-ca.crt"), authority)
    server = receiver(pair=certificates.server())
    daemon, _ = telling(f"remote = tls://127.0.0.1:{server.port}", f"remote_ca_file = {authority}")
    assert "issuer is unknown" in why(daemon, f"tls://127.0.0.1:{server.port}")
    authority.unlink()
    wait_until(lambda: f"alerts wait: {authority}: No such file or directory\n" in daemon.stderr(), "that it is gone")
    shutil.copy(certificates.ca, authority)
    wait_until(lambda: server.words()[:2] == ["STARTED", "PINNED"], lambda: f"the alerts: {server.words()}")


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_it_speaks_ipv6(telling, receiver, certificates, transport):
    certificates.make("six", "ca", "/CN=six", "subjectAltName=IP:::1", None)
    pair = (certificates.path("six.crt"), certificates.path("six.key")) if transport == "tls" else None
    server = receiver("::1", pair=pair)
    telling(f"remote = {transport}://[::1]:{server.port}",
            f"remote_ca_file = {certificates.ca}" if pair else "")
    wait_until(lambda: server.words() == ["STARTED", "PINNED"], lambda: f"the alerts: {server.words()}")


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_a_server_that_closes_after_each_message_gets_all(telling, receiver, certificates, log, transport):
    server = receiver(pair=certificates.server() if transport == "tls" else None, closes_after=1)
    _, slapd = telling(f"remote = {transport}://127.0.0.1:{server.port}",
                       f"remote_ca_file = {certificates.ca}" if transport == "tls" else "")
    log.wait_for("^PINNED")
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: "DRIFT" in server.words(), lambda: f"the drift: {server.words()}")
    assert list(dict.fromkeys(server.words())) == ["STARTED", "PINNED", "DRIFT"]
    print(f"{transport}, closed after each message: lost 0, duplicates {len(server.words()) - 3}")
