"""dndriftd as built, in a folder of its own, with a receiver for what it tells systemd."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading

from .process import Process, free_port, wait_until

BASE = """[daemon]
state_directory = {state}
control = unix:{control}
{daemon}
[health]
listen = 127.0.0.1:{port}
{health}
[syslog]
socket = {syslog}
{more_syslog}
"""


class Reply:
    """An HTTP reply: code, headers (dict, names in lower case), body (bytes)."""

    def __init__(self, response):
        self.code = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def __iter__(self):
        return iter((self.code, self.headers, self.body))

    def __repr__(self):
        return f"Reply({self.code}, {self.body[:2000]!r})"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class NotifySocket:
    """$NOTIFY_SOCKET: a thread collects the messages."""

    def __init__(self, path):
        self.path = path
        self.messages = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        threading.Thread(target=self.collect, daemon=True).start()

    def collect(self):
        while True:
            try:
                message = self.socket.recv(8192)
            except OSError:
                return
            if message == b"end":
                self.socket.close()
                return
            self.messages.append(message.decode(errors="replace"))

    def fields(self, name):
        """The values of NAME= in the order of arrival."""
        lines = (line for message in list(self.messages) for line in message.splitlines())
        return [line.partition("=")[2] for line in lines if line.partition("=")[0] == name]

    def send(self, message):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
            ours.sendto(message, self.path)

    def catch_up(self):
        """Waits until all is collected that was sent before, as by a daemon that was killed since."""
        n_before = len(self.fields("CAUGHT_UP"))
        self.send(b"CAUGHT_UP=1")
        wait_until(lambda: len(self.fields("CAUGHT_UP")) > n_before, "the messages sent before", pause_s=0.001)

    def close(self):
        with contextlib.suppress(OSError):
            self.send(b"end")


class Daemon(Process):
    """dndriftd with the [directory] and [watch] sections of `sections` and base sections of our own. `daemon`,
    `health` and `more_syslog` are further lines of those; `config` replaces the whole file."""

    name = "dndriftd"

    def __init__(self, sections="", syslog=None, daemon="", health="", more_syslog="", config=None,
                 environment=None, arguments=(), wrapper=(), folder=None, program=None):
        """syslog: a SyslogNg, or the path of a socket. wrapper: a command in front of the daemon's own."""
        super().__init__(folder)
        self.port = free_port()
        self.program = program or os.path.join(os.environ["BUILDDIR"], "dndriftd")
        self.environment, self.arguments, self.wrapper = environment or {}, list(arguments), list(wrapper)
        self.syslog = getattr(syslog, "socket", syslog) or self.path("no-log")
        self.state, self.control_socket = self.path("state"), self.path("control.sock")
        self.config_file = self.path("dndriftd.conf")
        self.base = {"daemon": daemon, "health": health, "more_syslog": more_syslog}
        os.makedirs(self.state, mode=0o700, exist_ok=True)
        self.notify = NotifySocket(self.path("notify"))
        self.write_config(sections, config)

    def write_config(self, sections="", config=None):
        """Writes the file anew; reload() makes the daemon read it."""
        text = config if config is not None else BASE.format(
            state=self.state, control=self.control_socket, port=self.port, syslog=self.syslog, **self.base) + sections
        with open(self.config_file + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.config_file + ".new", self.config_file)  # a daemon that reads it meanwhile sees a whole one

    def command(self):
        return self.wrapper + [self.program, "-c", self.config_file] + self.arguments

    def child_environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name in ("PATH", "LANG", "LC_ALL") or name.endswith("SAN_OPTIONS")}
        return {**kept, "NOTIFY_SOCKET": self.notify.path, **self.environment}

    def spawn(self, **options):
        self.notify.catch_up()
        self.ready_before = len(self.notify.fields("READY"))
        super().spawn(env=self.child_environment(), **options)

    def is_up(self):
        return len(self.notify.fields("READY")) > self.ready_before

    def request(self, connection, method, path, headers):
        try:
            connection.request(method, path, headers=headers or {})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, headers=None, method="GET", timeout_s=30):
        """One request to the health endpoint."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        return self.request(connection, method, path, headers)

    def control(self, method, path, timeout_s=30):
        """One request to the control socket."""
        return self.request(UnixConnection(self.control_socket, timeout_s), method, path, None)

    def watch(self, name):
        """The watch as /watches/NAME shows it; {} while it is unknown."""
        reply = self.get(f"/watches/{name}")
        return reply.json() if reply.code == 200 else {}

    def wait_watch(self, name, condition, what, timeout_s=60):
        """Waits until condition(watch) is true; answers the watch."""
        def judged():
            watch = self.watch(name)
            return watch if watch and condition(watch) else None
        return wait_until(judged, lambda: f"{name} {what}; it is {self.watch(name)}", timeout_s)

    def wait_verdict(self, name, verdict, timeout_s=60):
        """Waits for the confirmed verdict; answers the watch."""
        return self.wait_watch(name, lambda watch: watch.get("verdict") == verdict, f"to be {verdict}", timeout_s)

    def wait_observed(self, name, verdict, timeout_s=60):
        """Waits for the latest observation to be `verdict`; answers the watch."""
        return self.wait_watch(name, lambda watch: watch.get("observed") == verdict, f"to be seen {verdict}",
                               timeout_s)

    def metrics(self):
        """{'name{labels}': value} of /metrics."""
        samples = (line.rpartition(" ") for line in self.get("/metrics").text.splitlines()
                   if line and not line.startswith("#"))
        return {name: float(value) for name, _, value in samples}

    def reload(self):
        """SIGHUP; does not wait."""
        self.signal(signal.SIGHUP)

    def kill9(self):
        return self.kill()

    def probers(self):
        """Process ids of its children, whichever thread began them: the first inherits those of one that ends."""
        found = {}
        first = str(self.pid)
        for thread in sorted(os.listdir(f"/proc/{first}/task"), key=first.__eq__):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open(f"/proc/{first}/task/{thread}/children", encoding="ascii") as file:
                    found.update(dict.fromkeys(map(int, file.read().split())))
        return list(found)

    def children(self):
        """{pid: name} of them; a zombie is among them."""
        found = {}
        for pid in self.probers():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                    found[pid] = file.read().strip()
        return found

    def close(self):
        self.notify.close()
        super().close()
