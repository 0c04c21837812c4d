"""dndrift-prober looks up the servers of a domain: at a real name server, and at one that lies."""

import contextlib
import random
import socket
import struct
import threading
import time

import pytest

from prober import Prober
from servers.dns import IS_ALLOWED, Dns, SilentDns, free_address, seeing, srv

pytestmark = pytest.mark.skipif(not IS_ALLOWED, reason="only root may serve port 53")

NAME = "_ldap._tcp.example.com"


class Locating(Prober):
    """A prober that sees one name server."""

    def __init__(self, address, uri=Dns.uri, **settings):
        super().__init__(uri, **settings)
        self.address = address

    def command(self):
        return seeing(self.address, self.folder, "timeout:1", "attempts:1") + super().command()


@pytest.fixture
def dns(started):
    """dns(*records): a running name server."""
    return lambda *records: started(Dns(*records)).start()


@pytest.fixture
def locate(started):
    """locate(address, uri): the one frame that the prober answers with, after which it ends by itself."""
    def ask(address, uri=Dns.uri):
        asker = started(Locating(address, uri)).start()
        frame = asker.until("SERVERS", "FAILED")
        assert asker.phases() == ["dns"]
        assert asker.next() == {"frame": "ENDED", "status": 0, "signal": 0}
        return frame
    return ask


def servers(frame):
    assert frame["frame"] == "SERVERS", frame
    return frame["servers"]


def sentence(frame):
    """Why there are no servers."""
    assert frame["frame"] == "FAILED", frame
    failure = frame["failure"]
    assert (failure["phase"], failure["reason"], frame["is_credentials"]) == ("dns", "dns", False)
    return failure["text"]


# --- a name server that tells the truth

def test_each_record_is_told_with_port_priority_and_weight(dns, locate):
    server = dns(srv("dc1", 389, 10, 7), srv("DC2", 3268, 0, 65535), srv("far.away.example.", 1, 65535, 0))
    assert servers(locate(server.address)) == [
        ["dc2.example.com", 3268, 0, 65535], ["dc1.example.com", 389, 10, 7], ["far.away.example", 1, 65535, 0]]


def test_the_order_does_not_depend_on_the_name_server(dns, locate):
    records = [srv(f"dc{n}", 389, n % 2, 1) for n in range(8)]
    expected = [[f"dc{n}.example.com", 389, n % 2, 1] for n in (0, 2, 4, 6, 1, 3, 5, 7)]
    assert servers(locate(dns(*records).address)) == expected
    assert servers(locate(dns(*reversed(records)).address)) == expected


def test_one_server_is_told_once(dns, locate):
    server = dns(srv("dc1", 389, 5, 1), srv("DC1", 389, 0, 9), srv("dc1", 390, 7))
    assert servers(locate(server.address)) == [["dc1.example.com", 389, 0, 9], ["dc1.example.com", 390, 7, 0]]


def test_an_alias_is_followed(dns, locate):
    server = dns("_ldap._tcp CNAME ldap.east", srv("dc1", 389, name="ldap.east"))
    assert servers(locate(server.address)) == [["dc1.example.com", 389, 0, 0]]


def test_of_a_thousand_records_those_of_the_best_priority_are_told(dns, locate):
    server = dns(*(srv(f"dc{n:04}", 389, 1000 - n) for n in range(1000)))
    told = servers(locate(server.address))
    assert len(told) == 256 and told == [[f"dc{999 - n:04}.example.com", 389, n + 1, 0] for n in range(256)]


@pytest.mark.parametrize("target, port", [
    (r"dc\0321", 389), (r"dc\010", 389), (r"dc\000", 389), (r"dc\.1", 389), (r"d\195\188", 389), (r"dc\"\;", 389),
    ("dc/1", 389), ("dc%2f", 389), ("dc:1", 389), ("dc[1]", 389), ("dc@1", 389), ("*", 389), ("dc1", 0), (".", 389),
])
def test_what_is_no_server_is_left_out(dns, locate, target, port):
    server = dns(srv("good", 389, 9), srv(target, port, 0, 100))
    assert servers(locate(server.address)) == [["good.example.com", 389, 9, 0]]
    server.change(srv(target, port, 0, 100))
    assert sentence(locate(server.address)) == (
        f"the domain says that it has no LDAP service: the SRV record of {NAME} is `.`" if target == "."
        else f"the SRV records of {NAME} name no server")


@pytest.mark.parametrize("records, told", [
    ((), f"the name {NAME} does not exist"),
    (("_ldap._tcp TXT nothing",), f"there are no SRV records of {NAME}"),
    (("_ldap._tcp CNAME nowhere",), f"the name {NAME} does not exist"),
])
def test_a_domain_without_servers_is_said_so(dns, locate, records, told):
    assert sentence(locate(dns(*records).address)) == told


def test_a_zone_of_others_is_a_failure_and_not_an_absence(dns, locate):
    told = sentence(locate(dns().address, "ldap:///dc=elsewhere,dc=org"))  # REFUSED
    assert told.startswith("the SRV records of _ldap._tcp.elsewhere.org cannot be looked up: ")


def test_no_name_server_is_a_failure(locate):
    assert sentence(locate(free_address())).startswith(f"the SRV records of {NAME} cannot be looked up: ")


def test_search_domains_are_not_tried(dns, started):
    class Searching(Locating):
        def command(self):
            self.options = ["timeout:1"]
            command = super().command()
            with open(self.path("resolv.conf"), "a", encoding="ascii") as file:
                file.write("search example.com\n")
            return command
    server = dns(srv("dc1", 389, name="_ldap._tcp.west.example.com.example.com."))
    assert sentence(started(Searching(server.address, "ldap:///dc=west,dc=example,dc=com")).start().until("FAILED")) == \
        "the name _ldap._tcp.west.example.com does not exist"


def test_a_silent_name_server_is_waited_for_as_long_as_the_daemon_likes(started):
    silent = started(SilentDns())
    begun = time.monotonic()
    asker = started(Locating(silent.address)).start()
    assert sentence(asker.until("FAILED")).startswith(f"the SRV records of {NAME} cannot be looked up: ")
    assert silent.questions() == 1
    print(f"gave up after {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize("uri", ["ldap:///", "ldap:///ou=x,dc=com", "ldap:///dc=a+dc=b", "ldap:///dc=a.b", "ldap:///%"])
def test_what_is_no_domain_is_not_looked_up(started, locate, uri):
    silent = started(SilentDns())
    assert sentence(locate(silent.address, uri)) == f"{uri} names no domain"
    assert silent.questions() == 0


# --- a name server that lies

class LyingDns:
    """Answers with what `lie(question)` makes of a question, over UDP, and over TCP when that is cut off."""

    def __init__(self, lie):
        self.lie, self.address = lie, free_address()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((self.address, 53))
        self.tcp = socket.create_server((self.address, 53))
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def serve_udp(self):
        with contextlib.suppress(OSError):
            while True:
                question, peer = self.udp.recvfrom(4096)
                answer = self.lie(question)
                if len(answer) > 512:
                    answer = answer[:2] + b"\x83\x80" + question[4:6] + bytes(6) + question[12:]
                self.udp.sendto(answer, peer)

    def serve_tcp(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.tcp.accept()
                with peer:
                    question = peer.recv(4096)[2:]
                    answer = self.lie(question)
                    peer.sendall(struct.pack(">H", len(answer)) + answer)

    def close(self):
        self.udp.close()
        self.tcp.shutdown(socket.SHUT_RDWR)
        self.tcp.close()

    def report(self):
        return ""


def answer(question, *records, count=None, flags=0x8180):
    """An answer to that question with these records, which say that they are `count`."""
    count = len(records) if count is None else count
    return question[:2] + struct.pack(">5H", flags, 1, count, 0, 0) + question[12:] + b"".join(records)


def record(data, kind=33, klass=1, owner=b"\xc0\x0c", size=None):
    return owner + struct.pack(">HHIH", kind, klass, 60, len(data) if size is None else size) + data


def target(name, port=389, priority=0, weight=0):
    return struct.pack(">3H", priority, weight, port) + name


GOOD = target(b"\x04good\x07example\x03com\0")
MALFORMED = {
    "no room for a target": lambda q: answer(q, record(struct.pack(">3H", 0, 0, 389))),
    "no room for a port": lambda q: answer(q, record(b"\0\0")),
    "empty": lambda q: answer(q, record(b"")),
    "longer than the message": lambda q: answer(q, record(GOOD, size=4000)),
    "more records than there are": lambda q: answer(q, record(GOOD), count=2),
    "65535 records": lambda q: answer(q, record(GOOD), count=65535),
    "a name that points at itself": lambda q: answer(q, record(target(b"\xc0" + bytes([12 + len(q) - 12 + 12 + 6])))),
    "a name that points beyond the end": lambda q: answer(q, record(target(b"\xff\xff"))),
    "a label longer than the message": lambda q: answer(q, record(target(b"\x3fabc"))),
    "a label of an unknown kind": lambda q: answer(q, record(target(b"\x80abc\0"))),
    "an owner that points beyond the end": lambda q: answer(q, record(GOOD, owner=b"\xff\xff")),
    "a good record before a bad one": lambda q: answer(q, record(GOOD), record(target(b"\xff\xff"))),
    "a name of 300 bytes": lambda q: answer(q, record(target(b"\x3f" + b"a" * 63) + (b"\x3f" + b"a" * 63) * 4 + b"\0")),
}


@pytest.mark.parametrize("lie", MALFORMED)
def test_of_a_malformed_answer_nothing_counts(started, locate, lie):
    told = sentence(locate(started(LyingDns(MALFORMED[lie])).address))
    assert told == f"the SRV records of {NAME} came malformed or cut off", lie


def test_records_of_another_kind_or_class_do_not_count(started, locate):
    def lie(question):
        return answer(question, record(b"\x7f\0\0\1", kind=1), record(GOOD, klass=3), record(b"\x03abc", kind=16))
    assert sentence(locate(started(LyingDns(lie)).address)) == f"there are no SRV records of {NAME}"


def test_the_largest_answer_there_can_be_is_read_within_bounds(started, locate):
    """Some 1900 different servers, as many as go into the 65535 bytes of a message."""
    def lie(question):
        suffix = b"\xc0" + bytes([12 + 10 + 1])  # example.com, somewhere in the question
        records = []
        while len(answer(question, *records)) < 65535 - 64:
            records += [record(target(b"\x08x%07d" % (len(records) + n) + suffix, priority=len(records) + n))
                        for n in range(64 if len(records) < 1800 else 1)]
        return answer(question, *records)
    told = servers(locate(started(LyingDns(lie)).address))
    assert len(told) == 256 and [server[2] for server in told] == list(range(256))


def test_an_answer_that_stays_cut_off_does_not_count(started, locate):
    """It says so over UDP and over TCP."""
    liar = started(LyingDns(lambda question: answer(question, record(GOOD), flags=0x8380)))
    assert sentence(locate(liar.address)) == f"the SRV records of {NAME} came malformed or cut off"


def test_random_answers_end_no_prober(started, locate):
    """Behind the question, which the resolver looks at before anything else."""
    chance = random.Random(20260907)

    def lie(question):
        whole = bytearray(answer(question, record(GOOD), record(target(b"\x03dc1\xc0\x17")), record(GOOD)))
        for _ in range(chance.randint(1, 3)):
            whole[chance.randrange(len(question), len(whole))] = chance.randrange(256)
        return bytes(whole[:len(whole) if chance.random() < 0.7 else chance.randint(len(question), len(whole))])
    liar = started(LyingDns(lie))
    kinds = [locate(liar.address)["frame"] for _ in range(60)]
    print({kind: kinds.count(kind) for kind in set(kinds)})
    assert set(kinds) == {"SERVERS", "FAILED"}
