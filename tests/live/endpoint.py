"""The health endpoint alone, on a view of made-up watches (serve_health.c), and what comes back from it."""

import os
import re
import socket

import pytest
from servers.process import Process, free_port


class Endpoint(Process):
    """serve_health with so many watches. texts: "plain", "hostile", or a file of what is in each, in base64."""

    name = "serve_health"

    def __init__(self, n_watches=4, texts="plain", listen=None, folder=None):
        super().__init__(folder)
        self.n_watches, self.texts = n_watches, texts
        self.port = free_port()
        self.control = self.path("run", "control.sock")
        self.unix = self.path("health.sock")
        self.listen = listen or [f"127.0.0.1:{self.port}", f"unix:{self.unix}"]

    def command(self):
        return [os.path.join(os.environ["BUILDDIR"], "tests/live/serve_health"), str(self.n_watches), self.texts,
                self.control, *self.listen]

    def spawn(self, **options):
        self.n_ready_before = self.stderr().count("ready")
        # At the end of a process the leak check may hang where ptrace is emulated; the unit tests look for leaks.
        super().spawn(env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, **options)

    def is_up(self):
        return self.stderr().count("ready") > self.n_ready_before

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def connect_unix(self, path=None):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(30)
        client.connect(path or self.control)
        return client

    def raw(self, request, client=None):
        """Everything that comes back until the endpoint closes."""
        with client or self.connect() as sock:
            try:
                sock.sendall(request)
            except OSError:
                pass
            return read_all(sock)

    def get(self, path, method="GET", host="localhost", client=None):
        request = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        return Answer(self.raw(request, client))

    def rss_kib(self, what="VmRSS"):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return int(re.search(rf"{what}:\s+(\d+)", status.read())[1])

    def cpu_s(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def serving(**options):
    """A fixture: one endpoint for all tests of a file, which has to end well."""
    @pytest.fixture(scope="module")
    def endpoint():
        with Endpoint(**options).start() as running:
            yield running
            assert running.stop() == 0, running.stderr()
    return endpoint


class Answer:
    """A reply as it stood on the wire."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.code = int(lines[0].split()[1]) if lines[0] else None
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}


def read_all(sock):
    chunks = []
    while True:
        try:
            chunk = sock.recv(65536)
        except ConnectionError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    return b"".join(chunks)
