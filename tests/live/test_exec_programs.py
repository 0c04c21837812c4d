"""[exec]: programs of every manner: what each finds when it begins, and what of it is left when it has ended."""

import contextlib
import os
import signal

import pytest

from sections import directory, watch
from servers import CUSTOM, wait_until
from test_exec import TELL, children, figure, log, teller, telling  # pylint: disable=unused-import

SEES = """#!/bin/sh
grep -E '^Sig(Blk|Ign)' /proc/self/status >"{folder}/seen"
ls /proc/self/fd >"{folder}/descriptors"
cat >>"{folder}/events"
"""
OF_GLIBC = 0x180000000  # signals 32 and 33, which are none of anybody else


def alive(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0] != "Z"
    return False


def test_it_begins_as_a_program_does_anywhere(telling, teller, log):
    teller.write(SEES)
    telling()
    teller.wait_for("PINNED")
    seen = (teller.folder / "seen").read_text().split()
    assert [int(mask, 16) & ~OF_GLIBC for mask in seen[1::2]] == [0, 0], seen
    assert len((teller.folder / "descriptors").read_text().split()) == 4  # and that of the folder


@pytest.mark.parametrize("text, why", [
    ("#!/bin/sh\nkill -SEGV $$\n", "the program was ended by signal 11"),
    ("#!/bin/sh\nexit 255\n", "the program ended with 255"),
    ("#!/no/such/interpreter\n", "cannot be started: No such file or directory"),
    ("no program\n", "cannot be started: Exec format error"),
    ("#!/bin/sh\nexec >&2; printf 'a\\033[31m\\000\\377b\\n'; exit 1\n", "the program ended with 1: a\\x1b[31m\n"),
    ("#!/bin/sh\nexec 0<&- 1>&- 2>&-; exit 3\n", "the program ended with 3\n"),
    ("#!/bin/sh\ntrap '' TERM INT HUP; sleep 1000; exec sleep 1000\n", "the program did not end in 300 ms\n"),
    ("#!/bin/sh\nyes >&2\n", "the program did not end in 300 ms: y y y "),
])
def test_what_goes_wrong_is_one_sentence(telling, teller, log, text, why):
    teller.write(text)
    daemon, _ = telling(timeout="300ms")
    wait_until(lambda: "outlet exec:" in daemon.stderr(), "the reason")
    line = daemon.stderr().partition("outlet exec:")[2].partition("\n")[0] + "\n"
    print(line)
    assert why in line and line.strip("\n").isprintable() and len(line) < 700


def test_one_that_may_not_be_run_any_more_is_said(telling, teller, log):
    daemon, slapd = telling()
    teller.wait_for("PINNED")
    os.chmod(teller.path, 0o644)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: "Permission denied" in daemon.stderr(), "the reason")
    os.chmod(teller.path, 0o755)
    teller.wait_for("DRIFT")


def test_a_daemon_that_it_leaves_behind_lives_on(telling, teller, log):
    """As of a mail program that delivers in the background."""
    teller.write("#!/bin/sh\nsetsid sleep 100 & echo $! >>\"{folder}/left\"\nsleep 101 & echo $! >>\"{folder}/left\"\n"
                 "cat >>\"{folder}/events\"\n")
    daemon, _ = telling()
    teller.wait_for("PINNED")
    wait_until(lambda: figure(daemon, "outlet_depth") == 0 and not children(daemon), "all to be told")
    pids = [int(line) for line in (teller.folder / "left").read_text().split()]
    try:
        assert all(alive(pid) for pid in pids)
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_one_that_reads_nothing_is_done_all_the_same(telling, teller, log):
    teller.write("#!/bin/sh\nexec 0<&-\necho x >>\"{folder}/runs\"\n")
    daemon, _ = telling()
    log.wait_for("^PINNED")
    wait_until(lambda: figure(daemon, "outlet_depth") == 0, "all to be told")
    assert (teller.folder / "runs").read_text().count("x") == len(log.texts)


def test_values_of_eight_kilobytes_come_whole(slapd_factory, daemon_factory, log, teller):
    teller.write(TELL)
    slapd = slapd_factory()
    fix = "x" * 8000
    consumer = "y" * 8000
    daemon_factory(directory(slapd.uri) + watch(CUSTOM, fix=fix, consumer=consumer)
                   + f"\n[exec]\nprogram = {teller.path}\n", syslog=log.socket).start()
    teller.wait_for("PINNED")
    slapd.rename(CUSTOM, "cn=elsewhere")
    teller.wait_for("DRIFT")
    [event] = [event for event in teller.events() if event["word"] == "DRIFT"]
    assert event["fix"] == fix
    wait_until(lambda: teller.environment()["DNDRIFT_WORD"] == "DRIFT", "its environment")
    assert teller.environment()["DNDRIFT_FIX"] == fix
