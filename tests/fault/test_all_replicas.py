"""The parent with `replicas = all`: each server is asked by a prober of its own (fake_prober), and whatever one of them
does, each question gets one observation that holds what every server said."""

import time

import pytest

from directories import FAKE, Directories
from servers import wait_until
from test_prober_faults import AT_START, uri

FIRST, SECOND, THIRD = uri("good", 1), uri("good", 2), uri("good", 3)


@pytest.fixture
def directories():
    shell = Directories()
    yield shell
    try:
        print(f"greatest loop lag {shell.close():.1f} ms")
    finally:
        shell.kill()


@pytest.fixture
def add(directories):
    """add(*uris, **settings): a directory d that asks all of them."""
    def add(*uris, timeout_ms=500, **settings):
        directories.add("d", *uris, prober=FAKE, timeout_ms=timeout_ms, replicas="all", **settings)
    return add


def said(observation):
    """(server, answer) of the one that speaks and then of the others, in their order."""
    return [(one["server"], one["dn_answer"]) for one in (observation, *observation["others"])]


def peak_kib(directories):
    with open(f"/proc/{directories.child.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


# --- who speaks

def test_every_server_is_asked_and_the_first_speaks_though_it_answers_last(directories, add):
    add(uri("late"), FIRST, SECOND)
    for is_fresh in (False, False, True):
        for observation in directories.round("d", is_fresh=is_fresh):
            assert said(observation) == [(uri("late"), "ENTRY"), (FIRST, "ENTRY"), (SECOND, "ENTRY")]
    assert directories.health("d")["up"] == [True, True, True]


def test_one_server_alone_is_asked_as_ever(directories, add):
    add(FIRST)
    for observation in directories.round("d"):
        assert said(observation) == [(FIRST, "ENTRY")]


def test_each_server_keeps_its_connection_and_a_fresh_round_has_new_ones(directories, add):
    add(FIRST, SECOND)
    directories.round("d")
    before = set(directories.probers())
    directories.round("d")
    assert set(directories.probers()) == before and len(before) == 2
    directories.round("d", is_fresh=True)
    wait_until(lambda: len(directories.probers()) == 2, "two probers to be left")
    assert not set(directories.probers()) & before and directories.health("d")["restarts"] == 2


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("fault", [fault for fault in AT_START if fault != "credentials"])
def test_a_sick_server_stands_beside_the_answer_of_the_other(directories, add, fault, is_first):
    add(*((uri(fault), FIRST) if is_first else (FIRST, uri(fault))))
    for observation in directories.round("d"):
        assert said(observation) == [(FIRST, "ENTRY"), (uri(fault), "FAILED")]
        [sick] = observation["others"]
        assert (sick["phase"], sick["reason"]) == AT_START[fault] and sick["wide"]
        assert not observation["wide"] and observation["text"] is None
    assert directories.health("d")["up"] == [not is_first, is_first]


def test_a_server_in_back_off_counts_as_failed_at_once(directories, add):
    add(uri("refused"), FIRST)
    directories.round("d")
    before = directories.health("d")["restarts"]
    for observation in directories.round("d"):
        assert said(observation) == [(FIRST, "ENTRY"), (uri("refused"), "FAILED")]
        assert observation["others"][0]["text"] == "the fake says so"
    assert directories.health("d")["restarts"] == before, "it was not even tried"
    wait_until(lambda: directories.round("d") and directories.health("d")["restarts"] > before, "it to be tried again")


def test_a_silent_server_holds_the_others_up_for_its_time_out_at_most(directories, add):
    add(uri("silent"), FIRST, timeout_ms=2000)
    start = time.monotonic()
    directories.round("d", limit_ms=600000)
    print(f"{time.monotonic() - start:.1f} s beside a server that is silent for 2 s")
    directories.round("d", limit_ms=600000)
    assert time.monotonic() - start < 60, "far from the limit of the round"


# --- when nobody answers

def test_if_all_fail_the_first_failure_is_told_with_the_others(directories, add):
    add(uri("refused"), uri("crash"), uri("leave"))
    for observation in directories.round("d"):
        assert said(observation) == [(uri(fault), "FAILED") for fault in ("refused", "crash", "leave")]
        assert (observation["phase"], observation["reason"], observation["wide"]) == ("connect", "connect", True)
        assert observation["text"] == "the fake says so; 2 more of the servers failed too"
        assert [(other["phase"], other["reason"]) for other in observation["others"]] == [("tls", "crash")] * 2
    assert directories.health("d")["up"] == [False] * 3


def test_if_all_are_in_back_off_the_first_to_be_asked_again_is_waited_for(directories, add):
    add(uri("refused", 1), uri("refused", 2))
    directories.round("d")
    assert directories.health("d")["restarts"] == 0
    directories.round("d", limit_ms=60000)
    assert directories.health("d")["restarts"] >= 1


def test_the_round_ends_at_its_limit_whatever_all_of_them_do(directories, add):
    add(uri("hang-in-batch"), uri("silent"), FIRST, timeout_ms=60000)
    start = time.monotonic()
    for observation in directories.round("d", limit_ms=700):
        assert said(observation) == [(FIRST, "ENTRY"), (uri("hang-in-batch"), "FAILED"), (uri("silent"), "FAILED")]
        assert {other["reason"] for other in observation["others"]} == {"timeout"}
    assert 0.6 < time.monotonic() - start < 30


# --- questions that end a prober

def test_a_question_that_is_fatal_to_one_server_is_answered_by_the_other(directories, add):
    add(uri("good-until-five"), FIRST)
    observations = {o["question"]: o for o in directories.round("d", 10, prefix="crash", limit_ms=30000)}
    assert said(observations[5]) == [(FIRST, "ENTRY"), (uri("good-until-five"), "FAILED")]
    assert observations[5]["others"][0]["reason"] == "crash" and not observations[5]["others"][0]["wide"]
    for number in set(range(1, 11)) - {5}:
        assert said(observations[number]) == [(uri("good-until-five"), "ENTRY"), (FIRST, "ENTRY")]


def test_it_is_asked_alone_and_last_where_it_was_fatal_twice(directories, add):
    add(uri("good-until-five"), FIRST)
    for _ in range(2):
        directories.round("d", 10, prefix="crash", limit_ms=30000)
    for _ in range(5):  # a round that the server's back-off keeps it out of tells nothing about it
        observations = directories.round("d", 10, prefix="crash", limit_ms=30000)
        if (uri("good-until-five"), "ENTRY") in said(observations[0]):
            break
    assert [observation["question"] for observation in observations] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 5]
    assert all(said(o) == [(uri("good-until-five"), "ENTRY"), (FIRST, "ENTRY")] for o in observations[:-1])


def test_what_fails_at_one_question_alone_is_no_failure_of_the_directory(directories, add):
    add(uri("refused"), uri("good-until-five"))
    observations = {o["question"]: o for o in directories.round("d", 10, prefix="crash", limit_ms=30000)}
    assert said(observations[5]) == [(uri("refused"), "FAILED"), (uri("good-until-five"), "FAILED")]
    assert not observations[5]["wide"] and observations[5]["others"][0]["reason"] == "crash"
    [observation] = directories.wait_end(directories.ask_dn("d", "cn=" + "x" * 9000))
    assert not observation["wide"] and {one["reason"] for one in observation["others"]} == {"limit"}


# --- passwords

def test_a_refused_password_is_shown_to_one_server_alone(directories, add, tmp_path):
    password = tmp_path / "password"
    password.write_text("wrong")
    add(*(uri("credentials", port) for port in range(1, 9)), bind_dn="cn=monitor", password_file=password)
    for _ in range(3):
        for observation in directories.round("d", 2):
            assert (observation["phase"], observation["code"], observation["wide"]) == ("bind", 49, True)
            assert {other["code"] for other in observation["others"]} == {49}
    assert sum(directories.health("d")["asked"]) == 1 and directories.health("d")["restarts"] == 0
    password.write_text("another one")
    directories.round("d", 2)
    health = directories.health("d")
    assert sum(health["asked"]) + health["restarts"] == 2, "one try more"


def test_who_is_logged_in_is_asked_though_another_refuses_the_password(directories, tmp_path):
    password = tmp_path / "password"
    password.write_text("right for one")
    answered = 0
    for number in range(20):  # who logs in first is left to chance
        directories.add(f"d{number}", FIRST, uri("credentials"), prober=FAKE, replicas="all", bind_dn="cn=monitor",
                        password_file=password)
        if directories.round(f"d{number}")[0]["dn_answer"] == "FAILED":
            continue
        answered += 1
        for observation in directories.round(f"d{number}"):
            assert said(observation) == [(FIRST, "ENTRY"), (uri("credentials"), "FAILED")]
            assert observation["others"][0]["code"] == 49
    assert answered


# --- servers that come and go in the middle of a round

@pytest.fixture
def held_up(directories, add):
    """A round that waits for uri("hang-in-batch") after FIRST has answered."""
    add(FIRST, uri("hang-in-batch"), timeout_ms=30000)
    number = directories.ask("d", 3, limit_ms=60000)
    wait_until(lambda: directories.health("d")["up"] == [True, False] and len(directories.probers()) == 2,
               "the first to have answered")
    return number


@pytest.mark.parametrize("uris, replicas, told", [
    ([FIRST], "all", [FIRST]),
    ([FIRST, SECOND], "all", [FIRST, SECOND]),
    ([SECOND, FIRST], "all", [SECOND, FIRST]),
    ([SECOND, THIRD], "all", [SECOND, THIRD]),
    ([SECOND, FIRST], "failover", [SECOND]),
])
def test_a_reload_decides_who_is_asked_and_every_question_is_told_once(directories, held_up, uris, replicas, told):
    assert not directories.observations(held_up)
    directories.reload("d", *uris, timeout_ms=30000, replicas=replicas)
    observations = directories.wait_end(held_up)
    assert len(observations) == 3
    for observation in observations:
        assert said(observation) == [(server, "ENTRY") for server in told]
    assert len(directories.health("d")["up"]) == len(uris)
    for observation in directories.round("d"):
        assert said(observation) == [(server, "ENTRY") for server in told]
    wait_until(lambda: len(directories.probers()) == len(told), "one prober for each that answers")


def test_from_failover_to_all_in_the_middle_of_a_round(directories):
    directories.add("d", uri("hang-in-batch"), FIRST, prober=FAKE, timeout_ms=30000)
    number = directories.ask("d", 3, limit_ms=60000)
    wait_until(directories.probers, "the prober to be started")
    directories.reload("d", FIRST, SECOND, replicas="all")
    for observation in directories.wait_end(number):
        assert said(observation) == [(FIRST, "ENTRY"), (SECOND, "ENTRY")]


def test_restarts_are_counted_though_their_server_is_gone(directories, add):
    add(FIRST, SECOND)
    for _ in range(3):
        directories.round("d", is_fresh=True)
    assert directories.health("d")["restarts"] == 4
    directories.reload("d", FIRST, replicas="all")
    assert directories.health("d")["restarts"] == 4


def test_a_cancelled_round_is_not_heard_of_again_and_the_next_is_served(directories, held_up):
    queued, after = directories.ask("d", 2), directories.ask("d", 2, limit_ms=500)
    directories.tell("cancel", "d", queued)
    directories.tell("cancel", "d", held_up)
    for observation in directories.wait_end(after):
        assert said(observation) == [(FIRST, "ENTRY"), (uri("hang-in-batch"), "FAILED")]
    for number in (held_up, queued):
        assert not directories.observations(number) and not directories.select("end", round=number)


def test_a_directory_freed_in_the_middle_is_silent(directories, held_up):
    directories.tell("free", "d")
    wait_until(lambda: not directories.probers(), "the probers to be gone")
    assert not directories.observations(held_up) and not directories.select("end", round=held_up)


# --- many questions

@pytest.mark.parametrize("fault", ["good", "silent", "refused", "hang-in-batch", "verbose"])
def test_a_great_round_ends_within_memory_and_never_holds_the_loop(directories, add, fault):
    add(uri(fault), SECOND, uri("silent" if fault == "verbose" else "good", 4), timeout_ms=5000)
    directories.lag_ms()
    start = time.monotonic()
    observations = directories.wait_end(directories.ask("d", 50000, limit_ms=120000), timeout_s=120)
    assert len(observations) == 50000
    assert {observation["dn_answer"] for observation in observations} == {"ENTRY"}
    assert {len(observation["others"]) for observation in observations} == {2}
    print(f"50 000 questions to three servers, one of them {fault}: {time.monotonic() - start:.1f} s, "
          f"{peak_kib(directories) / 1024:.0f} MiB at most, greatest loop lag {directories.lag_ms():.1f} ms")
    assert peak_kib(directories) < 256 * 1024
