"""The real prober against hostile servers, led by the real parent: whatever the server does in whatever step,
every question gets exactly one observation in time, with the step where it stopped and a reason, and none says
anything about the entry."""

import os
import signal
import time

import pytest

from directories import CONCLUSIVE, REAL, Directories
from hostile import HostileServer
from servers import wait_until

TIMEOUT_MS = 3000  # seventy-five probers start at once
NETWORK = {"connect", "protocol", "server"}  # a broken stream: which of them is libldap's guess
LATE = {"timeout"}

# step, fault -> phase it is told with (| between two that may be), reasons that may be given
PLAIN = {
    ("connect", "refuse"): ("connect", {"connect"}),
    ("connect", "black_hole"): ("connect", LATE),
    ("connect", "reset"): ("connect|bind", NETWORK | {"bind"}),  # as soon as it is noticed
    ("bind", "silent"): ("bind", LATE),
    ("bind", "one_byte"): ("bind", LATE),
    ("bind", "half"): ("bind", LATE),
    ("bind", "trickle"): ("bind", LATE),
    ("bind", "reset"): ("bind", NETWORK),
    ("bind", "close_at_once"): ("bind", NETWORK),
    ("bind", "half_and_reset"): ("bind", NETWORK),
    ("bind", "garbage"): ("bind", NETWORK | {"limit"}),
    ("bind", "giant"): ("bind", NETWORK | {"limit"}),
    ("bind", "wrong_number"): ("bind", LATE | NETWORK),
    ("bind", "busy"): ("bind", {"busy"}),
    ("profile", "silent"): ("profile", LATE),
    ("profile", "one_byte"): ("profile", LATE),
    ("profile", "half"): ("profile", LATE),
    ("profile", "trickle"): ("profile", LATE),
    ("profile", "reset"): ("profile", NETWORK),
    ("profile", "close_at_once"): ("profile", NETWORK),
    ("profile", "half_and_reset"): ("profile", NETWORK),
    ("profile", "garbage"): ("profile", NETWORK | {"limit"}),
    ("profile", "giant"): ("profile", NETWORK | {"limit"}),
    ("profile", "wrong_number"): ("profile", LATE),
    ("profile", "busy"): ("profile", {"busy"}),
    ("search", "silent"): ("search", LATE),
    ("search", "one_byte"): ("search", LATE),
    ("search", "half"): ("search", LATE),
    ("search", "trickle"): ("search", LATE),
    ("search", "reset"): ("search", NETWORK),
    ("search", "close_at_once"): ("search", NETWORK),
    ("search", "half_and_reset"): ("search", NETWORK),
    ("search", "garbage"): ("search", NETWORK | {"limit"}),
    ("search", "giant"): ("search", NETWORK | {"limit"}),
    ("search", "wrong_number"): ("search", LATE),
    ("search", "busy"): ("search", {"busy"}),
    ("search", "endless"): ("search", LATE | {"limit"}),
}
SECURE = {
    ("handshake", "silent"): ("tls", LATE),
    ("handshake", "one_byte"): ("tls", LATE),
    ("handshake", "half"): ("tls", LATE),
    ("handshake", "trickle"): ("tls", LATE),
    ("handshake", "reset"): ("connect|tls", {"connect", "tls"}),
    ("handshake", "close_at_once"): ("tls", {"tls"}),
    ("handshake", "garbage"): ("tls", {"tls"}),
    ("bind", "silent"): ("bind", LATE),
    ("bind", "half_record"): ("bind", LATE),
    ("bind", "giant"): ("bind", NETWORK | {"limit"}),
    ("profile", "half_record"): ("profile", LATE),
    ("search", "half_record"): ("search", LATE),
    ("search", "silent"): ("search", LATE),
    ("search", "reset"): ("search", NETWORK),
    ("search", "endless"): ("search", LATE | {"limit"}),
}
STARTTLS = {
    ("starttls", "silent"): ("tls", LATE),
    ("starttls", "one_byte"): ("tls", LATE),
    ("starttls", "half"): ("tls", LATE),
    ("starttls", "trickle"): ("tls", LATE),
    ("starttls", "reset"): ("tls", NETWORK | {"tls"}),
    ("starttls", "garbage"): ("tls", NETWORK | {"tls", "limit"}),
    ("starttls", "giant"): ("tls", NETWORK | {"tls", "limit"}),
    ("starttls", "busy"): ("tls", {"tls", "busy"}),
}
CASES = ([(None, step, fault, *expected) for (step, fault), expected in PLAIN.items()]
         + [("ldaps", step, fault, *expected) for (step, fault), expected in SECURE.items()]
         + [("starttls", step, fault, *expected) for (step, fault), expected in {**STARTTLS, **SECURE}.items()])


@pytest.fixture(scope="module")
def password(tmp_path_factory):
    file = tmp_path_factory.mktemp("secret") / "password"
    file.write_text("secret")
    file.chmod(0o600)
    return file


@pytest.fixture
def directories():
    shell = Directories()
    yield shell
    try:
        shell.close()
    finally:
        shell.kill()


@pytest.fixture
def server_factory(certificates):
    servers = []

    def start(*arguments, tls=None, **options):
        servers.append(HostileServer(*arguments, tls=tls, certificate=certificates.server() if tls else None,
                                     **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def add(directories, name, servers, password, certificates, timeout_ms=TIMEOUT_MS):
    tls = {"ca": certificates.ca} if servers[0].tls else {}
    if servers[0].tls == "starttls":
        tls["start_tls"] = 1
    directories.add(name, *(server.uri for server in servers), prober=REAL, timeout_ms=timeout_ms,
                    bind_dn="cn=monitor,o=mms", password_file=password, **tls)


def check(observations, phase, reasons):
    """All failed as expected, and nothing was said about any entry."""
    assert {o["phase"] for o in observations} <= set(phase.split("|")), observations
    assert {o["reason"] for o in observations} <= reasons, observations
    assert not [o for o in observations if o["dn_answer"] in CONCLUSIVE or o["id_answer"] == "GONE"]


def test_each_fault_in_each_step_fails_there_and_says_nothing_of_the_entry(directories, server_factory, password,
                                                                           certificates):
    """All at once, in one event loop."""
    rounds = {}
    for number, (tls, step, fault, phase, reasons) in enumerate(CASES):
        server = server_factory(step, fault, tls=tls)
        add(directories, f"d{number}", [server], password, certificates)
        rounds[directories.ask(f"d{number}", 3, limit_ms=30000)] = (tls, step, fault, phase, reasons)
    unexpected = []
    for number, case in rounds.items():
        observations = directories.wait_end(number, 120)
        assert sorted(o["question"] for o in observations) == [1, 2, 3], case
        try:
            check(observations, *case[3:])
        except AssertionError:
            unexpected.append((case, sorted({(o["dn_answer"], o["phase"], o["reason"], o["text"])
                                             for o in observations})))
    lag_ms = directories.lag_ms()
    print(f"{len(CASES)} faults at once: greatest loop lag {lag_ms:.1f} ms (goal 50)")
    assert not unexpected, "\n".join(map(str, unexpected))
    assert lag_ms < 2000


def test_the_honest_server_that_the_hostile_ones_are_made_of_is_judged(directories, server_factory, password,
                                                                       certificates):
    for tls in (None, "ldaps", "starttls"):
        add(directories, f"d{tls}", [server_factory(tls=tls)], password, certificates, timeout_ms=20000)
        assert {o["dn_answer"] for o in directories.round(f"d{tls}", limit_ms=60000)} == {"ENTRY"}


def test_a_slow_server_that_goes_on_answering_is_given_its_time(directories, server_factory, password,
                                                                certificates):
    """The time-out is for each search, not for all of them: 30 searches of 150 ms one after the other."""
    add(directories, "d", [server_factory(delay_s=0.15)], password, certificates)
    assert {o["dn_answer"] for o in directories.round("d", 30, limit_ms=60000)} == {"ENTRY"}


def test_a_server_that_falls_silent_does_not_hold_up_the_next_round(directories, server_factory, password,
                                                                    certificates):
    """Other rounds of the directory stand behind this one: it goes on while answers come, and tries once more."""
    add(directories, "d", [server_factory("search", "silent", n_honest=3)], password, certificates, timeout_ms=1000)
    begun = time.monotonic()
    observations = directories.round("d", 30, limit_ms=3600 * 1000)
    print(f"an hour's round given up after {time.monotonic() - begun:.1f} s")
    assert sum(o["dn_answer"] == "ENTRY" for o in observations) == 3
    assert {o["dn_answer"] for o in observations} == {"ENTRY", "FAILED"}


def test_a_healthy_server_takes_over_from_a_hostile_one_in_the_same_round(directories, server_factory, password,
                                                                          certificates):
    good = server_factory()
    for number, (step, fault) in enumerate([("bind", "trickle"), ("connect", "refuse"), ("profile", "giant"),
                                            ("search", "half"), ("search", "reset")]):
        add(directories, f"d{number}", [server_factory(step, fault), good], password, certificates)
        observations = directories.round(f"d{number}", limit_ms=20000)
        assert {(o["dn_answer"], o["server"]) for o in observations} == {("ENTRY", good.uri)}


def test_a_server_that_closed_the_idle_connection_is_asked_again_unnoticed(directories, server_factory, password,
                                                                           certificates):
    server = server_factory()
    add(directories, "d", [server], password, certificates, timeout_ms=5000)
    for _ in range(3):
        assert {o["dn_answer"] for o in directories.round("d", limit_ms=4900)} == {"ENTRY"}
        server.peers[-1].shutdown(2)


@pytest.mark.parametrize("step, phase", [("bind", "bind"), ("profile", "profile"), ("search", "search")])
def test_a_prober_killed_in_any_step_is_a_crash_there(directories, server_factory, password, certificates, step,
                                                      phase):
    server = server_factory(step, "silent")
    add(directories, "d", [server], password, certificates, timeout_ms=30000)
    number = directories.ask("d", 3, limit_ms=50000)
    wait_until(lambda: server.n_connections == 1, "the connection")
    [prober] = directories.probers()
    wait_until(lambda: server.stage == step, f"the server to be silent in {step}")
    os.kill(prober, signal.SIGKILL)
    check(directories.wait_end(number), phase, {"crash"})


def test_a_stopped_prober_is_killed_at_its_deadline(directories, server_factory, password, certificates):
    add(directories, "d", [server_factory()], password, certificates)
    directories.round("d")
    [prober] = directories.probers()
    os.kill(prober, signal.SIGSTOP)
    check(directories.round("d", limit_ms=20000), "search", LATE)
    wait_until(lambda: prober not in directories.probers(), "the stopped prober to be killed")
    wait_until(lambda: {o["dn_answer"] for o in directories.round("d")} == {"ENTRY"}, "it to work again")


def test_hundreds_of_reconnects_leave_no_descriptor_and_no_child(directories, server_factory, password,
                                                                 certificates):
    """Two hundred connections that are cut in the middle of an answer; close() counts what is left."""
    server = server_factory("profile", "half_and_reset")
    for number in range(200):
        add(directories, f"d{number}", [server], password, certificates, timeout_ms=30000)
        directories.ask(f"d{number}", 1, limit_ms=60000)
    wait_until(lambda: len(directories.select("end")) == 200, "all of them to end", 120)
    check(directories.select("observation"), "profile", NETWORK)
