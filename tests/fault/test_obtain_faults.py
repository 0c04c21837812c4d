"""dndriftctl obtain with a prober that misbehaves (fake_prober in its place): it ends in time, says in which phase and
for what reason, never shows half an answer, and leaves no process behind."""

import os
import shutil
import subprocess
import time

import pytest
from faults import AT_START
from servers import wait_until

FOUND, NONE_FOUND, NOT_REACHED = 0, 1, 3
TIMEOUT_S = 1

FAULTS = AT_START | {
    "flood-candidates": ("search", "protocol"),
    "gives-up": ("search", "acl"),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """A folder where dndriftctl finds the fake for its prober."""
    folder = tmp_path_factory.mktemp("programs")
    build = os.environ["BUILDDIR"]
    shutil.copy(os.path.join(build, "dndriftctl"), folder / "dndriftctl")
    shutil.copy(os.path.join(build, "tests/fault/fake_prober"), folder / "dndrift-prober")
    return folder


@pytest.fixture
def obtain(programs, tmp_path):
    """obtain(fault, ...): of a directory with a server for each fault. Answers how it ended, and after how long."""
    def run(*faults):
        file = tmp_path / "dndriftd.conf"
        uris = " ".join(f"ldap://{fault}" if ":" in fault else f"ldap://{fault}:389" for fault in faults)
        file.write_text(f"[daemon]\nstate_directory = {tmp_path}\n"
                        f"[directory mms]\nuri = {uris}\ntimeout = {TIMEOUT_S}s\n")
        began = time.monotonic()
        done = subprocess.run([programs / "dndriftctl", "-c", file, "obtain", "mms", "here"], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        return done, time.monotonic() - began
    yield run
    wait_until(lambda: not left_behind(programs), lambda: f"no prober to be left: {left_behind(programs)}")


def left_behind(programs):
    """Process ids of probers from there."""
    def program(pid):
        try:
            return os.readlink(f"/proc/{pid}/exe")
        except OSError:
            return ""
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and program(pid) == str(programs / "dndrift-prober")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_phase_and_reason(obtain, fault):
    done, took_s = obtain(fault)
    phase, reason = FAULTS[fault]
    assert (done.returncode, done.stdout) == (NOT_REACHED, "")
    assert done.stderr.startswith(f"dndriftctl: ldap://{fault}:389 gave no answer: phase {phase}, reason {reason}: ")
    assert took_s < 60


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "credentials"])
def test_the_next_server_answers_in_its_place(obtain, fault):
    done, _ = obtain(fault, "good")
    assert done.returncode == FOUND
    assert done.stdout.startswith("1 container called here in directory mms, says ldap://good:389 (fake)\n")
    assert done.stderr.count("\n") == 1


def test_after_wrong_credentials_no_other_server_is_tried(obtain):
    done, _ = obtain("credentials", "good")
    assert (done.returncode, done.stdout) == (NOT_REACHED, "")
    assert "phase bind, reason bind" in done.stderr


@pytest.mark.parametrize("fault", ("stays-after-all", "talks-after-all", "good"))
def test_what_comes_after_the_answer_changes_nothing(obtain, fault):
    done, took_s = obtain(fault)
    assert (done.returncode, done.stderr) == (FOUND, "")
    assert took_s < 30


@pytest.mark.parametrize("seed", range(1, 41))
def test_broken_frames_do_no_harm(obtain, seed):
    """Whatever comes, it ends by itself, with an answer or a reason."""
    done, _ = obtain(f"fuzz:{seed}")
    assert done.returncode in (FOUND, NOT_REACHED), done
