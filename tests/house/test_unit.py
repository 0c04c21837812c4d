"""The units: systemd finds nothing to complain about, and the sandboxes are as tight as promised."""

import re

import pytest
from house import BUILD, SOURCE, output, run

FOLDER = SOURCE / "systemd"
UNIT = "dndriftd.service"
PATH, EXTRACT = "dndriftd-source@.path", "dndriftd-source@.service"
GREATEST_EXPOSURE = {UNIT: 1.1, EXTRACT: 1.0}


@pytest.fixture
def unit_here(tmp_path):
    """unit_here(unit): that file, with the programs of this build as `make install` writes its own folders into it, and
    an instance of a template. The units that it names lie beside it."""
    for file in FOLDER.iterdir():
        text = file.read_text().replace("/usr/sbin/dndriftd", str(BUILD / "dndriftd"))
        (tmp_path / file.name).write_text(text.replace("/usr/bin/dndriftctl", str(BUILD / "dndriftctl")))
        (tmp_path / instance(file.name)).write_bytes((tmp_path / file.name).read_bytes())
    return lambda unit: tmp_path / instance(unit)


def instance(unit):
    return unit.replace("@.", "@custom-recipients.")


def values(name, unit=UNIT):
    return re.findall(rf"^{name}=(.*)$", (FOLDER / unit).read_text(), re.MULTILINE)


@pytest.mark.parametrize("unit", (UNIT, PATH, EXTRACT))
def test_systemd_finds_nothing_to_complain_about(unit_here, unit):
    done = run("systemd-analyze", "verify", "--man=no", unit_here(unit))
    assert done.returncode == 0 and "dndriftd" not in done.stderr, done.stderr


@pytest.mark.parametrize("unit, promised", GREATEST_EXPOSURE.items())
def test_the_exposure_is_as_promised(unit_here, unit, promised):
    text = output("systemd-analyze", "security", "--offline=true", "--no-pager", unit_here(unit))
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", text)[1])
    print(f"exposure of {unit} {exposure} (promised: at most {promised})")
    assert exposure <= promised, text


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


@pytest.mark.parametrize("name, value, why", [
    ("ExecStart", "/usr/bin/dndriftctl -c /etc/dndriftd/dndriftd.conf extract %i", "the watch is the instance"),
    ("Type", "oneshot", "it reads and ends"),
    ("SuccessExitStatus", "1", "that there is no DN is handed over as well"),
    ("StartLimitIntervalSec", "0", "a limit on starts would end the .path unit"),
    ("CapabilityBoundingSet", "CAP_DAC_OVERRIDE", "reads what is another's, writes into the daemon's folder"),
    ("PrivateNetwork", "yes", "it asks nobody"),
    ("RestrictAddressFamilies", "none", "it asks nobody"),
    ("ProtectSystem", "strict", "it writes in one place"),
    ("ReadWritePaths", "/run/dndriftd", "it writes in one place, which nobody can make a link"),
    ("User", None, "root alone may read the file"),
])
def test_the_one_that_reads_for_the_daemon_says(name, value, why):
    assert values(name, EXTRACT) == ([] if value is None else [value]), why


def test_it_is_started_by_what_the_daemon_touches():
    assert values("PathChanged", PATH) == ["/run/dndriftd/source/%i:wanted"]
    assert values("Unit", PATH) == []  # the service of the same name


def test_it_comes_and_goes_with_the_daemon():
    assert values("Before", PATH) == values("PartOf", PATH) == values("WantedBy", PATH) == [UNIT]


def test_the_runtime_folder_is_no_link_as_it_would_be_if_systemd_kept_it():
    assert values("DynamicUser") == ["yes"] and values("RuntimeDirectoryPreserve") == []
