"""Alerts to a real syslog-ng over the network, over udp, tcp and tls: its parser finds every field again, whatever a
directory says; a server that is away, stalled, killed or made anew loses none, and they come in order."""

import base64
import os
import select
import shutil
import subprocess

import pytest
from decoders import check_clean, stands_for
from hostile_bytes import END_TO_END, hostile_texts

from servers import Certificates, RemoteSyslogNg, wait_until

PATIENCE_S = 120
MANY = 1000
TRANSPORTS = ("udp", "tcp", "tls")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """send_alerts finds the courier beside itself."""
    folder = tmp_path_factory.mktemp("programs")
    for program in ("tests/live/send_alerts", "dndrift-courier"):
        shutil.copy(os.path.join(os.environ["BUILDDIR"], program), folder)
    return folder


@pytest.fixture
def server(started, certificates):
    """server(transport): a RemoteSyslogNg that does not run yet."""
    def make(transport, certificate="good", **options):
        pair = (*certificates.server(certificate), certificates.ca) if transport == "tls" else None
        return started(RemoteSyslogNg(transport, pair, **options))
    return make


class Sender:
    """A running send_alerts."""

    def __init__(self, programs, uri, alerts, ca, linger_s=0, client=(), patience_s=PATIENCE_S):
        self.child = subprocess.Popen([programs / "send_alerts", uri, str(patience_s), str(linger_s), ca, *client],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        for sentence, live in alerts:
            self.child.stdin.write(base64.b64encode(sentence) + b"\t" + base64.b64encode(live) + b"\n")
        self.child.stdin.close()
        self.child.stdin = None

    def taken(self):
        """Waits for it: the numbers that the server took, in order."""
        said, problems = self.child.communicate()
        assert self.child.returncode == 0, f"not all were taken in time: {problems.decode()}"
        return [int(line) for line in said.split()]

    def refused(self):
        """Waits for it to give up: why nothing was taken."""
        said, problems = self.child.communicate()
        assert self.child.returncode == 1 and not said
        return problems.decode()


@pytest.fixture
def send(programs, certificates):
    return lambda uri, alerts, **options: Sender(programs, uri, alerts, certificates.ca, **options)


def plain(count):
    return [(b"renamed", b"cn=%d" % n) for n in range(count)]


def check_order(server, count):
    """All came; each for the first time in order. Answers how many came twice."""
    first_time = list(dict.fromkeys(server.numbers()))
    assert first_time == list(range(1, count + 1))
    return len(server.numbers()) - count


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_parser_of_syslog_ng_finds_every_field(server, send, transport):
    remote = server(transport).start()
    sender = send(remote.uri, [(b"renamed", "ou=Mü\"ll]er".encode())])
    assert sender.taken() == [1]
    [event] = wait_until(remote.events, "the message")
    assert event["HOST"] == "mail1.example.com" and event["PROGRAM"] == "dndriftd"
    assert event["PID"] == str(sender.child.pid) and event["MSGID"] == "DRIFT"
    assert (event["FACILITY"], event["LEVEL"]) == ("local3", "err")
    assert event["ISODATE"].startswith("2025-11-24T16:00:00")
    assert event["MESSAGE"] == "DRIFT custom-recipients: renamed"
    assert event["_SDATA"] == {"dndrift@32473": {"live": "ou=Mü\"ll]er", "alert": "ab12cd34-1"}}


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_hostile_values_come_back_whole(server, send, transport):
    values = hostile_texts(END_TO_END, transport)
    remote = server(transport).start()
    send(remote.uri, [(value, value) for value in values]).taken()
    wait_until(lambda: remote.raw().count("\n") >= len(values), f"{len(values)} messages", pause_s=0.3)
    assert remote.raw().count("\n") == len(values)
    for value, event in zip(values, remote.events()):
        live = event["_SDATA"]["dndrift@32473"].get("live", "").encode()
        beginning, sentence = (text.encode() for text in event["MESSAGE"].split(": ", 1))
        check_clean(live)
        check_clean(sentence)
        assert beginning == b"DRIFT custom-recipients" and event["MSGID"] == "DRIFT"
        assert stands_for(live, value) and stands_for(sentence, value)
    print(f"{transport}: {len(values)} hostile alerts came back")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_alerts_wait_for_a_server_that_is_not_there_yet(server, send, transport):
    remote = server(transport)
    sender = send(remote.uri, plain(20))
    remote.start()
    assert sender.taken() == list(range(1, 21))
    wait_until(lambda: len(remote.events()) >= 20, "20 messages")
    assert check_order(remote, 20) == 0 or transport == "udp"


@pytest.mark.parametrize("transport", ("tcp", "tls"))
def test_a_server_that_stalls_loses_none(server, send, transport):
    remote = server(transport).start()
    remote.pause()
    sender = send(remote.uri, plain(MANY))
    remote.resume()
    assert sender.taken() == list(range(1, MANY + 1))
    wait_until(lambda: len(remote.events()) >= MANY, f"{MANY} messages")
    print(f"{transport}, stalled: lost 0, duplicates {check_order(remote, MANY)}")


@pytest.mark.parametrize("transport", ("tcp", "tls"))
def test_what_a_stalled_server_never_read_is_sent_again_when_it_dies(server, send, transport):
    """Its kernel had acknowledged some of it."""
    remote = server(transport).start()
    sender = send(remote.uri, plain(3 * MANY), linger_s=20)
    wait_until(lambda: remote.raw().count("\n") > 10, "the first", pause_s=0.001)
    remote.pause()
    taken = []
    while select.select([sender.child.stdout], [], [], 2)[0]:  # until its kernel takes no more
        taken.append(int(sender.child.stdout.readline()))
    n_read = len(remote.events())
    remote.kill()
    remote.start()
    wait_until(lambda: set(remote.numbers()) == set(range(1, 3 * MANY + 1)), f"all {3 * MANY}")
    assert taken + sender.taken() == list(range(1, 3 * MANY + 1))
    print(f"{transport}, stalled and killed: {len(taken)} acknowledged, {n_read} of them read, lost 0, "
          f"duplicates {len(remote.numbers()) - 3 * MANY}")


@pytest.mark.parametrize("how", ("stop", "kill"))
@pytest.mark.parametrize("transport", ("tcp", "tls"))
def test_a_server_that_is_made_anew_again_and_again_loses_none(server, send, transport, how):
    remote = server(transport).start()
    sender = send(remote.uri, plain(3 * MANY), linger_s=10)
    for n in range(1, 4):
        wait_until(lambda n=n: len(set(remote.numbers())) > n * MANY // 2, "some of them", pause_s=0.001)
        getattr(remote, how)()
        remote.start()
    wait_until(lambda: set(remote.numbers()) == set(range(1, 3 * MANY + 1)), "all of them")
    assert sender.taken() == list(range(1, 3 * MANY + 1))
    print(f"{transport}, {how} 3 times: lost 0, duplicates {len(remote.numbers()) - 3 * MANY}")


@pytest.mark.parametrize("certificate, why", [
    ("expired", "expired"), ("wrong-name", "name in the certificate does not match"),
    ("unknown-ca", "issuer is unknown"),
])
def test_a_certificate_that_proves_nothing_gets_no_alert(server, send, certificate, why):
    remote = server("tls", certificate).start()
    assert why in send(remote.uri, plain(1), patience_s=3).refused()
    assert not remote.events()


def test_it_shows_a_certificate_to_a_server_that_wants_one(server, send, certificates):
    remote = server("tls", wants_client=True).start()
    assert send(remote.uri, plain(3), client=certificates.client()).taken() == [1, 2, 3]
    wait_until(lambda: len(remote.events()) == 3, "3 messages")


def test_no_one_at_the_port_is_said(server, send):
    assert "Connection refused" in send(server("tcp").uri, plain(1), patience_s=3).refused()
