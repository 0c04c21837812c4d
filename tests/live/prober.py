"""dndrift-prober under a driver that speaks its frames, and a server that says what a test wants."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import threading

from servers.process import PATIENCE_S, Process

BUILD = os.environ.get("BUILDDIR", ".")
DRIVER = os.path.join(BUILD, "tests/live/ask_prober")
PROBER = os.path.join(BUILD, "dndrift-prober")


class Prober(Process):
    """The driver and, as its child, a prober. Settings are those of a [directory] of one server."""

    name = "ask_prober"

    def __init__(self, uri, **settings):
        super().__init__()
        self.settings = {"uri": uri, **settings}
        self.heard = queue.Queue()
        self.frames = []

    def command(self):
        return [DRIVER, PROBER] + [f"{key}={value}" for key, value in self.settings.items()]

    def environment(self, base):
        """In a build with sanitizers: libldap 2.5 forgets one priority string of GnuTLS, libsasl2 of Debian the
        credentials that it asks not to encrypt inside TLS."""
        with open(self.path("suppressions"), "w", encoding="ascii") as file:
            file.write("leak:gnutls_priority_init\nleak:gss_acquire_cred_from\n")
        return {**(base or os.environ), "LSAN_OPTIONS": f"suppressions={self.path('suppressions')}"}

    def start(self, env=None):
        with open(self.stderr_file, "ab") as out:
            self.child = subprocess.Popen(self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out,
                                          env=self.environment(env))
        threading.Thread(target=self.listen, args=(self.child.stdout,), daemon=True).start()
        self.prober_pid = self.next()["pid"]
        return self

    def listen(self, stdout):
        with stdout:
            for line in stdout:
                self.heard.put(json.loads(line))
        self.heard.put(None)

    def next(self):
        """The next frame; None when the driver has ended."""
        frame = self.heard.get(timeout=PATIENCE_S)
        self.frames.append(frame)
        return frame

    def until(self, *kinds):
        """The first frame of one of these kinds."""
        while True:
            frame = self.next()
            assert frame is not None, f"no {kinds}, but {self.frames}"
            if frame["frame"] in kinds:
                return frame
            assert frame["frame"] not in ("FAILED", "ENDED", "BROKEN"), f"{frame} instead of {kinds}"

    def say(self, *lines):
        self.child.stdin.write(("\n".join(lines) + "\n").encode())
        self.child.stdin.flush()

    def ask(self, *lines):
        """Asks a batch, lines as the driver takes them. Answers its observations in the order of the questions."""
        self.say(*lines, "go")
        observations = []
        while True:
            frame = self.until("OBSERVATION", "DONE")
            if frame["frame"] == "DONE":
                return sorted(observations, key=lambda seen: seen["question"])
            observations.append(frame)

    def ask_one(self, dn, pinned=None, path=False, ancestors=(), details=False, **wanted):
        """wanted: object_class, entry_filter, entry_limit."""
        words = {"object_class": "class", "entry_filter": "filter", "entry_limit": "limit"}
        lines = [f"ask {dn}"] + ([f"pinned {pinned}"] if pinned else []) + (["path"] if path else [])
        lines += (["details"] if details else []) + [f"{words[key]} {value}" for key, value in wanted.items()]
        [seen] = self.ask(*lines, *(f"ancestor {identity}" for identity in ancestors))
        return seen

    def ask_value(self, value, attribute="legacyExchangeDN", find=None, near=None, parent=False, more=()):
        """Asks who bears a value; more: further lines."""
        lines = [f"ask {value}", f"attribute {attribute}"] + ([f"find {find}"] if find else [])
        lines += ([f"near {near}"] if near else []) + (["parent"] if parent else [])
        [seen] = self.ask(*lines, *more)
        return seen

    def failure(self):
        """What it says when it gives up."""
        return self.until("FAILED")

    def leave(self):
        """Closes the driver's end; answers how the prober ended."""
        self.child.stdin.close()
        return self.until("ENDED")

    def phases(self):
        """The phases it went through, each once."""
        return list(dict.fromkeys(frame["phase"] for frame in self.frames if frame["frame"] == "PROGRESS"))

    def report(self):
        return super().report() + "\n" + "\n".join(map(str, self.frames))


class Listener(Process):
    """A TCP server in this process. serve(connection) runs for each connection; `received` is all that arrived."""

    name = "listener"

    def __init__(self, serve=None):
        super().__init__()
        self.serve = serve or (lambda connection: connection.read())
        self.received = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.uri = f"ldap://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            with peer, contextlib.suppress(OSError):
                self.serve(Connection(self, peer))

    def close(self):
        self.socket.close()
        super().close()


class Connection:
    """One connection to a Listener, with as much BER as the tests need."""

    def __init__(self, listener, peer):
        self.listener, self.peer, self.buffer = listener, peer, b""

    def more(self):
        got = self.peer.recv(65536)
        self.listener.received += got
        self.buffer += got
        return bool(got)

    def read(self):
        """Everything, until the peer is gone."""
        while self.more():
            pass

    def request(self):
        """The next LDAP message as (message id, tag of the operation, all its bytes); None at the end."""
        while True:
            size = ber_size(self.buffer)
            if size and len(self.buffer) >= size:
                message, self.buffer = self.buffer[:size], self.buffer[size:]
                at = 2 if message[1] < 0x80 else 2 + message[1] - 0x80
                operation = at + 2 + message[at + 1]
                return int.from_bytes(message[at + 2:operation], "big"), message[operation], message
            if not self.more():
                return None

    def send(self, data):
        self.peer.sendall(data)


def ber_size(data):
    """The size of the BER element that begins here; None if that is not to be seen yet."""
    if len(data) < 2 or (data[1] > 0x80 and len(data) < 2 + data[1] - 0x80):
        return None
    if data[1] < 0x80:
        return 2 + data[1]
    n = data[1] - 0x80
    return 2 + n + int.from_bytes(data[2:2 + n], "big")


def ber(tag, *parts):
    content = b"".join(parts)
    length = len(content).to_bytes(4, "big")
    return bytes([tag, 0x84]) + length + content  # the long form, as Active Directory writes it


def text(value):
    return ber(0x04, value if isinstance(value, bytes) else value.encode())


def message(msgid, operation, *controls):
    """controls: (OID, value) each."""
    envelope = [ber(0xA0, *(ber(0x30, text(oid), text(value)) for oid, value in controls))] if controls else []
    return ber(0x30, ber(0x02, msgid.to_bytes(4, "big")), operation, *envelope)


def result(msgid, code=0, matched="", said="", tag=0x65, controls=()):
    return message(msgid, ber(tag, ber(0x0A, bytes([code])), text(matched), text(said)), *controls)


def entry(msgid, dn, **attributes):
    """attributes: a value or a list of values each."""
    parts = [ber(0x30, text(name), ber(0x31, *(map(text, values) if isinstance(values, list) else [text(values)])))
             for name, values in attributes.items()]
    return message(msgid, ber(0x64, text(dn), ber(0x30, *parts)))


def search_reference(msgid, uri):
    return message(msgid, ber(0x73, text(uri)))


SEARCH_REQUEST = 0x63


def scripted(*answers, **root):
    """A serve() for Listener: the root DSE has these attributes; searches after
    it are answered by answers(connection, message id), one after the other, the last again and again."""
    def serve(connection):
        n = 0
        while True:
            request = connection.request()
            if request is None:
                return
            msgid, tag, data = request
            if b"namingContexts" in data:
                connection.send(entry(msgid, "", **root) + result(msgid))
            elif tag == SEARCH_REQUEST:  # abandon and unbind want no answer
                answers[min(n, len(answers) - 1)](connection, msgid)
                n += 1
    return serve


def says(*build):
    """An answer made of messages: each of build gets the message id."""
    return lambda connection, msgid: connection.send(b"".join(one(msgid) for one in build))


def shows(dn, **attributes):
    return lambda msgid: entry(msgid, dn, **attributes)


def done(code=0, matched="", said="", controls=()):
    return lambda msgid: result(msgid, code, matched, said, controls=controls)
