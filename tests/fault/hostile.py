"""LDAP servers that misbehave at a chosen step: written by hand, byte by byte, so that every fault can be placed.
Never the message that makes libldap itself abort: a prober's death is tested by killing it."""

import socket
import ssl
import struct
import sys
import threading
import time

# The steps a prober takes; the server is well-behaved until the one where its fault lies.
STEPS = ("connect", "starttls", "handshake", "bind", "profile", "search")
IDENTITY = b"310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11"
BIND, SEARCH, ABANDON, UNBIND, EXTENDED = 0x60, 0x63, 0x50, 0x42, 0x77


def tlv(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    return bytes([tag, 0x84]) + struct.pack(">I", size) + content


def message(number, operation):
    return tlv(0x30, tlv(0x02, struct.pack(">i", number).lstrip(b"\0") or b"\0") + operation)


def result(tag, code=0, text=b"", matched=b""):
    return tlv(tag, tlv(0x0a, bytes([code])) + tlv(0x04, matched) + tlv(0x04, text))


def entry(dn, attributes):
    values = b"".join(tlv(0x30, tlv(0x04, name) + tlv(0x31, b"".join(tlv(0x04, value) for value in some)))
                      for name, some in attributes)
    return tlv(0x64, tlv(0x04, dn) + tlv(0x30, values))


ROOT_DSE = entry(b"", [(b"objectClass", [b"top", b"OpenLDAProotDSE"]), (b"namingContexts", [b"o=mms"]),
                       (b"supportedControl", [b"2.16.840.1.113730.3.4.2"])])


def take(data):
    """(tag, content, rest) of the value at the head of data."""
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7f
        size = int.from_bytes(data[2:start], "big")
    return data[0], data[start:start + size], data[start + size:]


def busy(data):
    """The answer `busy` to the question that data would have answered."""
    _, content, _ = take(data)
    _, number, operation = take(content)
    tag = 0x65 if operation[0] == 0x64 else operation[0]
    return message(int.from_bytes(number, "big"), result(tag, 51, b"come back later"))


class Reader:
    """Requests of one connection."""

    def __init__(self, peer):
        self.peer = peer
        self.data = b""

    def need(self, size):
        while len(self.data) < size:
            more = self.peer.recv(65536)
            if not more:
                raise ConnectionError("the prober has gone")
            self.data += more

    def request(self):
        """(message id, tag, content)."""
        self.need(2)
        start = 2 + (self.data[1] & 0x7f if self.data[1] & 0x80 else 0)
        self.need(start)
        size = int.from_bytes(self.data[2:start], "big") if start > 2 else self.data[1]
        self.need(start + size)
        _, content, self.data = take(self.data)
        _, number, content = take(content)
        tag, content, _ = take(content)
        return int.from_bytes(number, "big"), tag, content


class HostileServer:
    """Listens at once on self.port. step: where the fault lies; None: nowhere. fault: a method name below.
    tls: "ldaps", "starttls" or None. n_honest: so many answers in that step are honest before."""

    def __init__(self, step=None, fault=None, tls=None, certificate=None, delay_s=0, n_honest=0):
        assert step is None or step in STEPS
        self.n_honest = n_honest
        self.step, self.fault, self.tls, self.delay_s = step, fault, tls, delay_s
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.is_over = threading.Event()
        self.n_connections = 0
        self.stage = None  # the step at which it misbehaves, once it does
        self.peers = []
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.uri = f"{'ldaps' if tls == 'ldaps' else 'ldap'}://127.0.0.1:{self.port}"
        self.open()

    def open(self):
        if self.fault == "refuse":
            self.listener.close()
            return
        if self.fault == "black_hole":  # a full backlog: the kernel drops further SYNs
            self.listener.listen(0)
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", self.port))
                self.peers.append(filler)
            return
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.n_connections += 1
            self.peers.append(peer)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            self.converse(peer)
        except (OSError, ValueError, IndexError):
            pass  # the prober was killed, or has had enough
        finally:
            peer.close()

    def converse(self, peer):
        if self.step == "connect":
            self.misbehave(peer, b"\x30\x0c\x02\x01\x01")
            return
        if self.tls == "ldaps":
            peer = self.secure(peer)
        reader = Reader(peer)
        while True:
            number, tag, content = reader.request()
            if tag == EXTENDED:
                self.answer(peer, "starttls", message(number, result(0x78)))
                peer = self.secure(peer)
                reader = Reader(peer)
            elif tag == BIND:
                self.answer(peer, "bind", message(number, result(0x61)))
            elif tag == SEARCH:
                _, base, _ = take(content)
                if b"contextCSN" in content:  # how new its data is: asked once a batch, before the questions
                    peer.sendall(message(number, entry(base, [])) + message(number, result(0x65)))
                else:
                    self.answer_search(peer, number, base)
            elif tag == UNBIND:
                return

    def answer_search(self, peer, number, base):
        done = message(number, result(0x65))
        if not base:
            self.answer(peer, "profile", message(number, ROOT_DSE) + done)
            return
        time.sleep(self.delay_s)
        found = message(number, entry(base, [(b"entryUUID", [IDENTITY])]))
        if self.step == "search" and self.fault == "endless":
            while True:
                peer.sendall(found * 64)
        self.answer(peer, "search", found + done)

    def secure(self, peer):
        if self.step == "handshake":
            self.misbehave(peer, b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03")
        return self.context.wrap_socket(peer, server_side=True)

    def answer(self, peer, step, data):
        if self.step == step and self.n_honest > 0:
            self.n_honest -= 1
        elif self.step == step and self.fault == "busy":
            data = busy(data)
        elif self.step == step:
            self.misbehave(peer, data)
        peer.sendall(data)

    def misbehave(self, peer, data):
        """data: what an honest server would begin with here."""
        self.stage = self.step
        getattr(self, self.fault)(peer, data)
        raise ConnectionError("that was it")  # does not return to honest work

    def silent(self, _peer, _data):
        self.is_over.wait()

    def one_byte(self, peer, data):
        peer.sendall(data[:1])
        self.is_over.wait()

    def half(self, peer, data):
        peer.sendall(data[:len(data) // 2])
        self.is_over.wait()

    def trickle(self, peer, data):
        """A byte a second, and never the last one."""
        for byte in data[:-1]:
            peer.sendall(bytes([byte]))
            if self.is_over.wait(1):
                return
        self.is_over.wait()

    def half_and_reset(self, peer, data):
        peer.sendall(data[:len(data) // 2])
        time.sleep(0.05)
        self.reset(peer, data)

    def reset(self, peer, _data):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    def close_at_once(self, peer, _data):
        peer.shutdown(socket.SHUT_RDWR)

    def garbage(self, peer, _data):
        peer.sendall(bytes((n * 131 + 89) & 0xff for n in range(4096)))
        self.is_over.wait()

    def giant(self, peer, _data):
        peer.sendall(b"\x30\x84\xff\xff\xff\xf0")
        self.is_over.wait()

    def wrong_number(self, peer, data):
        """An honest answer to a question that was never put."""
        _, content, _ = take(data)
        _, _, operation = take(content)
        peer.sendall(message(77, operation))
        self.is_over.wait()

    def half_record(self, peer, _data):
        """Under TLS: the head of a record and a little of it."""
        raw_send(peer, b"\x17\x03\x03\x01\x00" + b"x" * 20)
        self.is_over.wait()

    def close(self):
        self.is_over.set()
        self.listener.close()
        for peer in self.peers:
            peer.close()


def raw_send(peer, data):
    """Past the TLS layer, straight to the wire."""
    duplicate = socket.socket(fileno=socket.dup(peer.fileno()))
    duplicate.sendall(data)
    duplicate.close()


def main():
    """hostile.py CERTIFICATE KEY [STEP:FAULT:TLS]...: prints one URI a line, serves until stdin ends."""
    servers = []
    for case in sys.argv[3:]:
        step, fault, tls = case.split(":")
        servers.append(HostileServer(step, fault, tls or None, sys.argv[1:3] if tls else None))
        print(servers[-1].uri, flush=True)
    sys.stdin.read()
    for server in servers:
        server.close()


if __name__ == "__main__":
    main()
