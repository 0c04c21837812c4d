"""The parent against probers that misbehave (fake_prober): one observation a question, never a conclusive one
that was not given, the right phase and reason, nothing left behind."""

import os
import signal
import time

import pytest

from directories import FAKE, Directories
from faults import AT_START
from servers import wait_until

TURN_MS = 50  # how late the loop may be


@pytest.fixture
def directories():
    shell = Directories()
    yield shell
    try:
        lag_ms = shell.close()
        print(f"greatest loop lag {lag_ms:.1f} ms")
        assert lag_ms < 100 * TURN_MS
    finally:
        shell.kill()


def uri(fault, port=389):
    return f"ldap://{fault}:{port}"


EXPIRES_S = 4102444800  # as the fake says
UNKNOWN = {"kind": None, "limits": None, "certificate_expires_s": 0}

@pytest.mark.parametrize("fault", AT_START)
def test_before_a_search_the_whole_directory_fails_with_phase_and_reason(directories, fault):
    directories.add("d", uri(fault), prober=FAKE, timeout_ms=500)
    for observation in directories.round("d"):
        assert (observation["phase"], observation["reason"]) == AT_START[fault], observation
        assert observation["dn_answer"] == "FAILED" and observation["id_answer"] == "NOT_ASKED"
        assert observation["wide"] and observation["server"] == uri(fault)
    assert directories.health("d")["up"] == [False]
    ready = {"kind": "fake", "limits": None, "certificate_expires_s": EXPIRES_S}
    assert directories.known("d") == [ready if AT_START[fault][0] == "search" else UNKNOWN]


def test_what_a_prober_tells_of_its_server_is_known_until_the_next_tells_otherwise(directories):
    directories.add("d", uri("limited"), uri("good"), prober=FAKE)
    directories.round("d")
    limited = {"kind": "fake", "limits": "it cannot?[31m do much?<0>really", "certificate_expires_s": EXPIRES_S}
    assert directories.known("d") == [limited, UNKNOWN], "nobody asks the second while the first answers"
    [prober] = directories.probers()
    os.kill(prober, signal.SIGKILL)
    wait_until(lambda: not directories.probers(), "it to be gone")
    assert directories.known("d") == [limited, UNKNOWN]


def test_three_hundred_probers_with_broken_bytes_leave_one_observation_a_question(directories):
    for seed in range(1, 301):
        directories.add(f"d{seed}", uri("fuzz", seed), prober=FAKE, timeout_ms=2000)
    rounds = [directories.ask(f"d{seed}", 5, limit_ms=20000) for seed in range(1, 301)]
    answers = [[o["dn_answer"] for o in directories.wait_end(number)] for number in rounds]
    assert all(len(answer) == 5 for answer in answers)
    assert not {"ABSENT", "ENTRY_BARE"} & {answer for some in answers for answer in some}
    failed = sum("FAILED" in answer for answer in answers)
    print(f"{failed} of 300 rounds met a broken frame")
    assert 100 < failed <= 300


def test_a_program_that_cannot_be_started_is_a_failure_like_another(directories):
    directories.add("d", uri("good"), prober="/nonexistent/prober")
    for observation in directories.round("d"):
        assert (observation["phase"], observation["reason"], observation["wide"]) == ("start", "crash", True)
        assert "/nonexistent/prober cannot be started" in observation["text"]


def test_a_crash_is_told_with_its_signal(directories):
    directories.add("d", uri("crash"), prober=FAKE)
    assert {observation["code"] for observation in directories.round("d")} == {signal.SIGSEGV}


@pytest.mark.parametrize("name, reason", [("hang", "timeout"), ("crash", "crash"), ("cut", "connect")])
def test_the_running_question_takes_the_blame_and_the_rest_is_asked_again(directories, name, reason):
    """Ten questions cn=NAME1 to cn=NAME10, of which the fake stops at =NAME5 alone."""
    directories.add("d", uri("good-until-five"), prober=FAKE, timeout_ms=500)
    observations = directories.round("d", 10, prefix=name, limit_ms=30000)
    [culprit] = [observation for observation in observations if observation["dn_answer"] == "FAILED"]
    assert culprit["question"] == 5 and not culprit["wide"]
    assert (culprit["phase"], culprit["reason"]) == ("search", reason)
    assert [observation["dn_answer"] for observation in observations].count("ENTRY") == 9
    assert directories.health("d") == {"event": "health", "restarts": 1, "up": [True], "asked": [True]}


def test_a_dn_too_long_for_a_frame_fails_alone(directories):
    directories.add("d", uri("good"), prober=FAKE)
    [observation] = directories.wait_end(directories.ask_dn("d", "cn=" + "x" * 9000))
    assert (observation["phase"], observation["reason"], observation["wide"]) == ("search", "limit", False)
    assert {o["dn_answer"] for o in directories.round("d")} == {"ENTRY"}


def test_a_question_that_is_answered_twice_ends_the_prober(directories):
    directories.add("d", uri("answer-twice"), prober=FAKE)
    answers = [observation["dn_answer"] for observation in directories.round("d", 5, limit_ms=8000)]
    assert answers[0] == "ENTRY"  # the first was complete
    assert set(answers) <= {"ENTRY", "FAILED"}


def test_a_flood_of_progress_about_one_question_is_cut_off(directories):
    directories.add("d", uri("flood-progress"), prober=FAKE, timeout_ms=60000)
    start = time.monotonic()
    number = directories.ask("d", 1, limit_ms=120000)
    [observation] = directories.wait_end(number)
    assert (observation["reason"], observation["wide"]) == ("protocol", False)
    assert time.monotonic() - start < 30


def test_the_round_ends_at_its_limit_whatever_a_prober_does(directories):
    directories.add("d", uri("hang-in-batch"), prober=FAKE, timeout_ms=60000)
    start = time.monotonic()
    observations = directories.round("d", 3, limit_ms=700)
    assert 0.6 < time.monotonic() - start < 30
    assert {observation["reason"] for observation in observations} == {"timeout"}


def test_the_next_server_is_tried_in_the_same_round_and_the_first_again_when_its_back_off_is_over(directories):
    directories.add("d", uri("refused"), uri("crash"), uri("good"), prober=FAKE)
    for observation in directories.round("d"):
        assert (observation["dn_answer"], observation["server"]) == ("ENTRY", uri("good"))
    assert directories.health("d")["up"] == [False, False, True]
    started = directories.health("d")["restarts"]
    assert all(observation["dn_answer"] == "ENTRY" for observation in directories.round("d"))
    assert directories.health("d")["restarts"] == started  # both in back-off: not even tried
    wait_until(lambda: directories.round("d") and directories.health("d")["restarts"] > started,
               "the first server to be tried again")


def test_if_all_servers_fail_the_first_failure_is_told_with_the_number_of_the_others(directories):
    directories.add("d", uri("refused"), uri("crash"), uri("leave"), prober=FAKE)
    for observation in directories.round("d"):
        assert (observation["phase"], observation["reason"], observation["wide"]) == ("connect", "connect", True)
        assert observation["server"] == uri("refused") and "2 more of the servers failed" in observation["text"]


def test_a_refused_password_is_not_tried_on_the_next_server_nor_again_before_it_changes(directories, tmp_path):
    password = tmp_path / "password"
    password.write_text("wrong")
    settings = {"prober": FAKE, "bind_dn": "cn=monitor", "password_file": password}
    directories.add("d", uri("credentials"), uri("good"), **settings)
    for _ in range(3):
        for observation in directories.round("d", 2):
            assert (observation["phase"], observation["code"], observation["wide"]) == ("bind", 49, True)
    assert directories.health("d")["restarts"] == 0
    password.write_text("another one")
    directories.round("d", 2)
    assert directories.health("d")["restarts"] == 1
    directories.round("d", 2)
    assert directories.health("d")["restarts"] == 1
    directories.reload("d", uri("credentials"), uri("good"), bind_dn="cn=monitor", password_file=password)
    directories.round("d", 2)
    assert directories.health("d")["restarts"] == 2


def is_tried(directories, limit_ms=500):
    """Whether the round starts a prober; no back-off would fit into it."""
    before = directories.health("d")["restarts"]
    directories.round("d", limit_ms=limit_ms)
    return directories.health("d")["restarts"] > before


def test_a_retry_ends_the_back_off(directories):
    directories.add("d", uri("refused"), prober=FAKE)
    directories.round("d")
    for _ in range(3):
        wait_until(lambda: not is_tried(directories), "the server to be left alone")
        directories.retry("d")
        assert is_tried(directories)


def test_a_retry_does_not_try_a_refused_password_again(directories, tmp_path):
    password = tmp_path / "password"
    password.write_text("wrong")
    directories.add("d", uri("credentials"), prober=FAKE, bind_dn="cn=monitor", password_file=password)
    directories.round("d")
    directories.retry("d")
    assert not is_tried(directories, limit_ms=3000)


def test_a_connection_that_was_cut_while_idle_is_replaced_at_once_and_unnoticed(directories):
    directories.add("d", uri("cut-when-reused"), prober=FAKE)
    for _ in range(4):  # no back-off would fit into the round
        observations = directories.round("d", limit_ms=900)
        assert [observation["dn_answer"] for observation in observations] == ["ENTRY"] * 3
    assert directories.health("d")["up"] == [True]


@pytest.mark.parametrize("fault", ["leave-when-idle", "flood-when-idle"])
def test_what_happens_between_two_rounds_costs_no_answer(directories, fault):
    directories.add("d", uri(fault), prober=FAKE)
    for _ in range(3):
        assert all(observation["dn_answer"] == "ENTRY" for observation in directories.round("d"))
        wait_until(lambda: not directories.probers(), "the prober to be gone")


def test_a_prober_killed_by_somebody_is_replaced(directories):
    directories.add("d", uri("good"), prober=FAKE)
    directories.round("d")
    for _ in range(20):
        [prober] = directories.probers()
        os.kill(prober, signal.SIGKILL)  # the question may come before the news of its death
        assert all(observation["dn_answer"] == "ENTRY" for observation in directories.round("d"))
        wait_until(lambda: prober not in directories.probers(), "the dead prober to be reaped")


def test_a_fresh_round_is_served_by_a_new_prober(directories):
    directories.add("d", uri("good"), prober=FAKE)
    directories.round("d")
    [first] = directories.probers()
    directories.round("d")
    assert directories.probers() == [first]
    directories.round("d", is_fresh=True)
    wait_until(lambda: first not in directories.probers(), "the first prober to be gone")
    assert len(directories.probers()) == 1


def test_a_prober_that_ignores_the_end_of_its_socket_is_killed_after_a_grace(directories):
    directories.add("d", uri("stays"), prober=FAKE)
    directories.round("d")
    [first] = directories.probers()
    directories.round("d", is_fresh=True)
    wait_until(lambda: first not in directories.probers(), "the stubborn prober to be gone", 10)


def test_a_cancelled_round_is_not_heard_of_again_and_the_next_is_served(directories):
    directories.add("d", uri("hang-in-batch"), prober=FAKE, timeout_ms=500)
    running, queued, after = (directories.ask("d", 2) for _ in range(3))
    directories.sync()
    directories.tell("cancel", "d", queued)
    directories.tell("cancel", "d", running)
    directories.tell("cancel", "d", 4711)
    directories.wait_end(after)
    assert not directories.observations(running) and not directories.observations(queued)
    assert not directories.select("end", round=running) and not directories.select("end", round=queued)


def test_changed_settings_take_effect_with_the_next_connection(directories):
    directories.add("d", uri("refused"), prober=FAKE)
    assert {observation["reason"] for observation in directories.round("d")} == {"connect"}
    directories.reload("d", uri("good"))
    for observation in directories.round("d"):
        assert (observation["dn_answer"], observation["server"]) == ("ENTRY", uri("good"))
    [first] = directories.probers()
    directories.reload("d", uri("good"), timeout_ms=2000)
    directories.round("d")
    assert directories.probers() != [first]
    assert len(directories.health("d")["up"]) == 1


def test_a_server_taken_out_while_it_is_asked_costs_no_answer(directories):
    directories.add("d", uri("hang-in-batch"), prober=FAKE, timeout_ms=20000)
    number = directories.ask("d", 3, limit_ms=60000)
    wait_until(directories.probers, "the prober to be started")
    directories.reload("d", uri("good"), timeout_ms=20000)
    assert [observation["dn_answer"] for observation in directories.wait_end(number)] == ["ENTRY"] * 3


def test_a_directory_freed_while_it_is_asked_is_silent(directories):
    directories.add("d", uri("hang-in-batch"), prober=FAKE)
    number = directories.ask("d", 3)
    wait_until(directories.probers, "the prober to be started")
    directories.tell("free", "d")
    wait_until(lambda: not directories.probers(), "the prober to be gone")
    assert not directories.observations(number) and not directories.select("end", round=number)


def test_a_question_fatal_twice_is_asked_alone_and_last(directories):
    directories.add("d", uri("good-until-five"), prober=FAKE)
    for _ in range(2):
        directories.round("d", 10, prefix="crash", limit_ms=30000)
    observations = directories.round("d", 10, prefix="crash", limit_ms=30000)
    assert [observation["question"] for observation in observations] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 5]
    assert observations[-1]["reason"] == "crash" and not observations[-1]["wide"]


def test_a_great_round_is_answered_and_never_holds_the_loop(directories):
    directories.add("d", uri("good"), prober=FAKE, timeout_ms=20000)
    directories.lag_ms()
    start = time.monotonic()
    observations = directories.wait_end(directories.ask("d", 50000, limit_ms=60000))
    seconds = time.monotonic() - start
    assert len(observations) == 50000
    print(f"50 000 questions in {seconds:.1f} s, greatest loop lag {directories.lag_ms():.1f} ms")


def test_a_great_round_fails_without_holding_the_loop(directories):
    directories.add("d", uri("refused"), prober=FAKE)
    directories.lag_ms()
    assert len(directories.wait_end(directories.ask("d", 50000))) == 50000
    print(f"50 000 failures told, greatest loop lag {directories.lag_ms():.1f} ms")


def test_fifty_misbehaving_probers_leave_the_loop_and_a_healthy_directory_alone(directories):
    faults = list(AT_START) + ["flood-progress", "flood-when-idle", "answer-twice"]
    for number in range(50):
        directories.add(f"bad{number}", uri(faults[number % len(faults)]), prober=FAKE, timeout_ms=2000)
    directories.add("healthy", uri("good"), prober=FAKE)
    alone = min(timed(directories, "healthy") for _ in range(5))
    directories.lag_ms()
    rounds = [directories.ask(f"bad{number}", 3, limit_ms=6000) for number in range(50)]
    beside = [timed(directories, "healthy") for _ in range(50)]
    for number in rounds:
        assert len(directories.wait_end(number)) == 3
        assert all(o["dn_answer"] in ("FAILED", "ENTRY") for o in directories.observations(number))
    print(f"50 misbehaving probers: greatest loop lag {directories.lag_ms():.1f} ms; a healthy round takes "
          f"{alone * 1000:.0f} ms alone, {sorted(beside)[25] * 1000:.0f} ms beside them (worst {max(beside) * 1000:.0f})")


def timed(directories, name):
    start = time.monotonic()
    assert all(observation["dn_answer"] == "ENTRY" for observation in directories.round(name))
    return time.monotonic() - start
