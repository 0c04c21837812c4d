"""dndriftd.service: systemd finds nothing to complain about, and the sandbox is as tight as promised."""

import re

import pytest
from house import BUILD, SOURCE, output, run

UNIT = SOURCE / "systemd/dndriftd.service"
GREATEST_EXPOSURE = 1.1


@pytest.fixture
def unit_here(tmp_path):
    """The unit with the programs of this build, as `make install` writes its own folders into it."""
    there = tmp_path / "dndriftd.service"
    there.write_text(UNIT.read_text().replace("/usr/sbin/dndriftd", str(BUILD / "dndriftd")))
    return there


def values(name):
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def test_systemd_finds_nothing_to_complain_about(unit_here):
    done = run("systemd-analyze", "verify", "--man=no", unit_here)
    assert done.returncode == 0 and "dndriftd" not in done.stderr, done.stderr


def test_the_exposure_is_as_promised(unit_here):
    text = output("systemd-analyze", "security", "--offline=true", "--no-pager", unit_here)
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", text)[1])
    print(f"exposure {exposure} (promised: at most {GREATEST_EXPOSURE})")
    assert exposure <= GREATEST_EXPOSURE, text


@pytest.mark.parametrize("name, value, why", [
    ("Type", "notify", "READY tells when it is up"),
    ("WatchdogSec", "30", "a loop that stands still is ended"),
    ("TasksMax", "1024", "fifty directories with several servers each"),
    ("RestartPreventExitStatus", "1 2", "a bad file does not get better by starting again"),
    ("StateDirectory", "dndriftd", "pins and outbox survive"),
    ("RuntimeDirectory", "dndriftd", "the control socket"),
    ("OOMPolicy", "continue", "a prober that is killed is an observation"),
    ("StartLimitIntervalSec", "0", "a crash loop never leaves the watch off"),
])
def test_it_says(name, value, why):
    assert values(name) == [value], why


def test_it_waits_for_the_network():
    assert "network-online.target" in values("After")[0].split() and values("Wants") == ["network-online.target"]


def test_nothing_forbids_fifty_directories():
    assert not values("MemoryMax") and not values("MemoryHigh")


def test_reload_checks_the_file_before_it_tells_the_daemon():
    check, tell = values("ExecReload")
    assert re.fullmatch(r"/usr/sbin/dndriftd -t -c \S+", check) and tell == "/bin/kill -HUP $MAINPID"
    assert values("ExecStart") == [check.replace(" -t ", " ").removeprefix("ExecReload=")]


def test_no_command_comes_before_the_daemon_as_only_the_first_one_sees_credentials():
    assert not values("ExecStartPre") and values("#LoadCredential")
