"""Servers that DNS names, told by probers that misbehave (fake_prober): every question still gets its one observation,
a round under way is left alone, and what was named last stays."""

import os
import time

import pytest

from directories import FAKE, Directories
from servers import wait_until

DOMAIN = "ldap:///dc=example,dc=com"


@pytest.fixture
def directories():
    shell = Directories()
    yield shell
    try:
        print(f"greatest loop lag {shell.close():.1f} ms")
    finally:
        shell.kill()


class Names:
    """A fake_prober of its own, and what it tells of a domain."""

    def __init__(self, folder):
        self.program = str(folder / "prober")
        os.symlink(FAKE, self.program)

    def tell(self, *lines):
        """A word that says how it misbehaves, or HOST PORT PRIORITY WEIGHT."""
        with open(self.program + ".new", "w", encoding="ascii") as file:
            file.write("".join(line + "\n" for line in lines))
        os.replace(self.program + ".new", self.program + ".servers")

    def n_lookups(self):
        try:
            return os.path.getsize(self.program + ".lookups")
        except FileNotFoundError:
            return 0

    def permit(self):
        """To those that are patient."""
        with open(self.program + ".go", "w", encoding="ascii"):
            pass


@pytest.fixture
def names(tmp_path):
    return Names(tmp_path)


def server(fault, priority=0):
    return f"{fault} 389 {priority} 0"


def uri(fault):
    return f"ldap://{fault}:389"


def answers(observations):
    return {(observation["dn_answer"], observation["server"]) for observation in observations}


FAULTS = {"failed": "dns", "crash": "crash", "leave": "crash", "garbage": "protocol", "flood": "protocol",
          "ready": "protocol", "answer": "protocol", "silent": "timeout"}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_an_answer_the_whole_directory_fails_for_dns(directories, names, fault):
    names.tell(fault)
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=500 if fault == "silent" else 20000)
    for observation in directories.round("d", limit_ms=40000):
        assert (observation["phase"], observation["reason"]) == ("dns", FAULTS[fault]), observation
        assert observation["wide"] and observation["server"] == DOMAIN
        assert observation["dn_answer"] == "FAILED" and observation["id_answer"] == "NOT_ASKED"
    assert directories.servers("d") == ([], [False])
    assert {event["reason"] for event in directories.select("lookup", uri=DOMAIN)} == {FAULTS[fault]}


def test_a_round_waits_for_the_first_answer_and_not_beyond_its_limit(directories, names):
    names.tell("silent")
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=60000)
    for observation in directories.round("d", limit_ms=500):
        assert (observation["phase"], observation["reason"], observation["wide"]) == ("dns", "timeout", True)
        assert observation["text"] == "the time of this round is over" and observation["server"] == DOMAIN


def test_a_round_waits_for_the_next_look_up_when_no_server_was_ever_named(directories, names):
    names.tell("failed")
    directories.add("d", DOMAIN, prober=names.program)
    assert answers(directories.round("d")) == {("FAILED", DOMAIN)}
    names.tell(server("good"))
    assert answers(directories.round("d", limit_ms=30000)) == {("ENTRY", uri("good"))}


def test_servers_are_tried_in_their_order_within_one_round(directories, names):
    names.tell(server("good", 3), server("refused", 1), server("crash", 2))
    directories.add("d", DOMAIN, prober=names.program)
    assert answers(directories.round("d")) == {("ENTRY", uri("good"))}
    assert directories.servers("d") == ([uri("refused"), uri("crash"), uri("good")], [True])
    assert directories.health("d")["up"] == [False, False, True]


def test_when_all_have_failed_the_round_goes_on_with_those_that_dns_names_now(directories, names):
    names.tell(server("refused"))
    directories.add("d", DOMAIN, prober=names.program)
    assert answers(directories.round("d")) == {("FAILED", uri("refused"))}
    names.tell(server("crash"))
    wait_until(lambda: directories.round("d") and directories.servers("d")[0] == [uri("crash")], "the second server")
    names.tell(server("good"))
    wait_until(lambda: answers(directories.round("d")) == {("ENTRY", uri("good"))}, "the third server")


def test_what_it_fails_with_is_the_failure_of_the_servers_while_some_are_known(directories, names):
    names.tell(server("refused"))
    directories.add("d", DOMAIN, prober=names.program)
    directories.round("d")
    names.tell("failed")
    directories.reload("d", DOMAIN)
    wait_until(lambda: directories.servers("d")[1] == [False], "the look-up to fail")
    for observation in directories.round("d"):
        assert (observation["phase"], observation["reason"]) == ("connect", "connect"), observation
        assert observation["server"] == uri("refused")


def test_dead_servers_do_not_make_a_flood_of_look_ups(directories, names):
    names.tell(server("refused"))
    directories.add("d", DOMAIN, prober=names.program)
    begun = time.monotonic()
    for _ in range(100):
        directories.round("d", limit_ms=1500)
    seconds = time.monotonic() - begun
    print(f"100 rounds in {seconds:.1f} s, {names.n_lookups()} look-ups")
    assert names.n_lookups() <= 2 + seconds  # the first, one at once, and from then on one a second at most


def test_a_round_under_way_is_not_disturbed_when_dns_names_its_server_no_more(directories, names):
    names.tell(server("patient"))
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=60000)
    number = directories.ask("d", 3, limit_ms=120000)
    wait_until(lambda: directories.servers("d") == ([uri("patient")], [True]), "the first server")
    wait_until(directories.probers, "its prober")
    names.tell(server("good"))
    before = names.n_lookups()
    directories.reload("d", DOMAIN, timeout_ms=60000)
    wait_until(lambda: names.n_lookups() > before, "another look-up")
    wait_until(lambda: len(directories.probers()) == 1, "the look-up to end")
    directories.sync()
    assert directories.servers("d")[0] == [uri("patient")] and not directories.observations(number)
    names.permit()
    assert answers(directories.wait_end(number)) == {("ENTRY", uri("patient"))}
    wait_until(lambda: directories.servers("d")[0] == [uri("good")], "the change to be followed")
    assert answers(directories.round("d")) == {("ENTRY", uri("good"))}


def test_servers_that_stay_keep_connection_and_back_off(directories, names):
    names.tell(server("refused", 1), server("good", 2))
    directories.add("d", DOMAIN, "ldap://other:389", prober=names.program, timeout_ms=20000)
    assert answers(directories.round("d")) == {("ENTRY", uri("good"))}
    probers, restarts = directories.probers(), directories.health("d")["restarts"]
    names.tell(server("refused", 1), server("good", 2), server("silent", 3))
    before = names.n_lookups()
    directories.reload("d", DOMAIN, "ldap://other:389", timeout_ms=20000)
    wait_until(lambda: names.n_lookups() > before and len(directories.servers("d")[0]) == 4, "the new server")
    wait_until(lambda: directories.probers() == probers, "the look-up to end")
    assert directories.health("d")["up"] == [False, True, False, False]
    assert directories.health("d")["restarts"] == restarts


def test_freed_while_it_looks_up_it_is_silent(directories, names):
    names.tell("silent")
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=60000)
    number = directories.ask("d", 3, limit_ms=120000)
    wait_until(directories.probers, "the look-up to begin")
    directories.tell("free", "d")
    wait_until(lambda: not directories.probers(), "the prober to be gone")
    assert not directories.observations(number) and not directories.select("end", round=number)


def test_cancelled_while_it_waits_the_next_round_is_asked(directories, names):
    names.tell("silent")
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=500)
    number = directories.ask("d", 3, limit_ms=60000)
    after = directories.ask("d", 3, limit_ms=60000)
    directories.tell("cancel", "d", number)
    assert answers(directories.wait_end(after)) == {("FAILED", DOMAIN)}
    assert not directories.observations(number)


# --- all of them at once (replicas = all)

def said(observations):
    """Each (servers that answered, servers that failed) of what was told, the one that speaks first."""
    return {tuple(tuple(one["server"] for one in (observation, *observation["others"])
                        if (one["dn_answer"] == "FAILED") is is_failed) for is_failed in (False, True))
            for observation in observations}


def test_all_that_dns_names_are_asked_in_the_round_that_waited_for_it(directories, names):
    names.tell(server("late", 1), server("good", 2), server("refused", 3))
    directories.add("d", DOMAIN, "ldap://good:1", prober=names.program, replicas="all")
    assert said(directories.round("d")) == {((uri("late"), uri("good"), "ldap://good:1"), (uri("refused"),))}
    assert directories.health("d")["up"] == [True, True, False, True]


def test_when_all_failed_those_that_dns_names_by_then_are_asked(directories, names):
    names.tell("failed")
    directories.add("d", DOMAIN, prober=names.program, replicas="all")
    assert said(directories.round("d")) == {((), (DOMAIN,))}
    names.tell(server("refused", 1), server("crash", 2))
    assert said(directories.round("d", limit_ms=30000)) == {((), (uri("refused"), uri("crash")))}
    names.tell(server("good"))
    wait_until(lambda: said(directories.round("d")) == {((uri("good"),), ())}, "the new server alone")


def test_a_server_that_dns_names_in_the_middle_of_a_round_is_asked_in_it(directories, names):
    names.tell(server("patient", 2))
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=60000, replicas="all")
    number = directories.ask("d", 3, limit_ms=120000)
    wait_until(lambda: directories.servers("d")[0] == [uri("patient")], "the first server")
    names.tell(server("good", 1), server("patient", 2))
    directories.reload("d", DOMAIN, timeout_ms=60000, replicas="all")
    wait_until(lambda: directories.health("d")["up"] == [True, False], "the second to have answered")
    assert not directories.observations(number)
    names.permit()
    assert said(directories.wait_end(number)) == {((uri("good"), uri("patient")), ())}


def test_one_that_dns_names_no_more_has_its_say_in_the_round_under_way(directories, names):
    names.tell(server("good", 1), server("patient", 2))
    directories.add("d", DOMAIN, prober=names.program, timeout_ms=60000, replicas="all")
    number = directories.ask("d", 3, limit_ms=120000)
    wait_until(lambda: directories.health("d")["asked"] == [True, True], "both to be asked")
    names.tell(server("good", 1), server("late", 2))
    before = names.n_lookups()
    directories.reload("d", DOMAIN, timeout_ms=60000, replicas="all")
    wait_until(lambda: names.n_lookups() > before, "another look-up")
    wait_until(lambda: len(directories.probers()) == 2, "the look-up to end")
    directories.sync()
    names.permit()
    assert said(directories.wait_end(number)) == {((uri("good"), uri("patient")), ())}
    wait_until(lambda: directories.servers("d")[0] == [uri("good"), uri("late")], "the change to be followed")
    assert said(directories.round("d")) == {((uri("good"), uri("late")), ())}


def test_fifty_domains_that_cannot_be_looked_up_leave_a_healthy_directory_alone(directories, tmp_path):
    faults = list(FAULTS)
    for number in range(50):
        folder = tmp_path / str(number)
        folder.mkdir()
        fake = Names(folder)
        fake.tell(faults[number % len(faults)])
        directories.add(f"bad{number}", DOMAIN, prober=fake.program, timeout_ms=2000)
    directories.add("healthy", "ldap://good:389", prober=FAKE, timeout_ms=20000)
    rounds = [directories.ask(f"bad{number}", 3, limit_ms=6000) for number in range(50)]
    begun = time.monotonic()
    for _ in range(50):
        assert {answer for answer, _ in answers(directories.round("healthy"))} == {"ENTRY"}
    print(f"50 healthy rounds beside them in {time.monotonic() - begun:.2f} s, "
          f"greatest loop lag {directories.lag_ms():.1f} ms")
    for number in rounds:
        assert {answer for answer, _ in answers(directories.wait_end(number))} == {"FAILED"}
