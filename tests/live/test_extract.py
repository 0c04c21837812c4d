"""dndriftctl extract, as dndriftd-source@.service runs it: root with one capability, under the system call filter of the
unit, against a file that the daemon's user may not read and a folder in which that user may do as it likes."""

import os
import shutil
import stat
import subprocess

import pytest
import sandbox
from sections import directory, watch, watch_from

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may read for another user")

STRANGER = 61235
SECRET = "s3cr3t-canary"
PEOPLE, STAFF = "ou=people,dc=example,dc=com", "ou=staff,dc=example,dc=com"
SSSD = f"[domain/example.com]\nldap_default_authtok = {SECRET}\nldap_search_base = {{}}\n"
DONE, UNTOLD, USAGE, UNWRITTEN = 0, 1, 2, 3


class Place:
    """A consumer's file, the daemon's runtime folder, a configuration, and the program under the unit's limits."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.consumer, self.config = self.path("sssd.conf"), self.path("dndriftd.conf")
        self.source = f"ini:{self.consumer} domain/example.com ldap_search_base"
        self.tray, self.drop = self.path("run/source"), self.path("run/source/custom")
        self.program = shutil.copy(os.path.join(os.environ["BUILDDIR"], "dndriftctl"), self.path("dndriftctl"))
        os.makedirs(self.tray)
        for path in (self.path("run"), self.tray):
            os.chown(path, sandbox.UID, sandbox.UID)
        self.wrapper = sandbox.root_wrapper(self.folder, sandbox.EXTRACT)
        self.tell(SSSD.format(PEOPLE))
        self.configure(watch_from(self.source))

    def path(self, name):
        return os.path.join(self.folder, name)

    def tell(self, content, mode=0o600):
        with open(self.consumer, "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(self.consumer, mode)

    def configure(self, sections):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(directory("ldap://127.0.0.1") + sections)

    def start(self, *arguments, wrapper=None):
        return subprocess.Popen([*(wrapper or self.wrapper), self.program, "-c", self.config, "extract", *arguments],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={"RUNTIME_DIRECTORY": self.path("run")})

    def extract(self, *arguments, wrapper=None):
        child = self.start(*arguments, wrapper=wrapper)
        out, err = child.communicate(timeout=60)
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)

    def dropped(self):
        with open(self.drop, encoding="utf-8") as file:
            return file.read()

    def is_whole(self):
        """A file of root's that all may read, with the DN, and nothing beside it."""
        status = os.lstat(self.drop)
        return (stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o644 and status.st_uid == 0
                and self.dropped() == f"source {self.source}\ndn {PEOPLE}\n" and os.listdir(self.tray) == ["custom"])


@pytest.fixture
def place(open_folder):
    return Place(open_folder)


def as_daemon(*command):
    return subprocess.run(["setpriv", "--reuid", str(sandbox.UID), "--regid", str(sandbox.UID), "--clear-groups", *command],
                          capture_output=True, text=True, check=False)


def test_the_daemon_may_read_what_was_dropped_and_not_the_file(place):
    assert place.extract("custom").returncode == DONE
    assert as_daemon("cat", place.consumer).returncode != 0
    assert as_daemon("cat", place.drop).stdout == f"source {place.source}\ndn {PEOPLE}\n"


def test_it_says_nothing_and_drops_the_dn_and_nothing_else(place):
    done = place.extract("custom")
    assert (done.returncode, done.stdout, done.stderr) == (DONE, "", "")
    assert place.is_whole()


def test_a_file_of_another_user_is_read_as_well(place):
    os.chown(place.consumer, STRANGER, STRANGER)
    assert place.extract("custom").returncode == DONE and place.is_whole()


def test_what_is_dropped_is_a_new_file_each_time(place):
    place.extract("custom")
    first = os.stat(place.drop).st_ino
    with open(place.drop, encoding="utf-8") as still_open:
        place.tell(SSSD.format(STAFF))
        assert place.extract("custom").returncode == DONE
        assert PEOPLE in still_open.read()
    assert STAFF in place.dropped() and os.stat(place.drop).st_ino != first


@pytest.mark.parametrize("content, says", (
    (None, "No such file or directory"),
    ("", "has no section for `ldap_search_base`: [domain/example.com]"),
    (f"[domain/example.com]\nldap_default_authtok = {SECRET}\n", "has no `ldap_search_base` in [domain/example.com]"),
    (SSSD.format("ou=%d"), "`ou=%d` is put together at each look-up and no fixed DN"),
    (SSSD.format("\x1b[2J"), "`\\x1b[2J` is no DN: at position 1 (`\\x1b[2J`): expected an attribute type such as cn or "
     "2.5.4.3"),
))
def test_a_problem_is_told_and_dropped_in_place_of_the_old_dn(place, content, says):
    place.extract("custom")
    if content is None:
        os.unlink(place.consumer)
    else:
        place.tell(content)
    done = place.extract("custom")
    assert (done.returncode, done.stdout) == (UNTOLD, "")
    assert done.stderr == f"dndriftctl: {place.consumer}: {says}\n"
    escaped = says.replace("\\", "\\\\")
    assert place.dropped() == f"source {place.source}\nproblem {place.consumer}: {escaped}\n"
    assert SECRET not in done.stderr + place.dropped()


def test_several_dns_are_a_line_each(place):
    place.configure(watch_from("nslcd:" + place.consumer))
    place.tell(f"base {PEOPLE}\nbase group cn=a\\,b,dc=x\n")
    assert place.extract("custom").returncode == DONE
    assert place.dropped() == f"source nslcd:{place.consumer}\ndn {PEOPLE}\ndn cn=a\\\\,b,dc=x\n"


def test_print_hands_over_nothing(place):
    done = place.extract("--print", "custom")
    assert (done.returncode, done.stdout, done.stderr) == (DONE, PEOPLE + "\n", "")
    place.tell("")
    done = place.extract("custom", "--print")
    assert (done.returncode, done.stdout) == (UNTOLD, "") and "has no section" in done.stderr
    assert os.listdir(place.tray) == []


@pytest.mark.parametrize("arguments, status, says", (
    ((), USAGE, "extract needs the name of a watch"),
    (("custom", "other"), USAGE, "extract takes one watch, not `other' as well"),
    (("--json", "custom"), USAGE, "extract has no option `--json'"),
    (("other",), UNWRITTEN, "CONFIG has no watch `other'"),
    (("../custom",), UNWRITTEN, "CONFIG has no watch `../custom'"),
    (("a\x1b[2J",), UNWRITTEN, "CONFIG has no watch `a\\x1b[2J'"),
    (("plain",), UNWRITTEN, "watch plain has its DN from the configuration, there is no dn_from to read"),
    (("entry",), UNWRITTEN, "watch entry has its DN from a directory, which the daemon asks itself"),
))
def test_it_refuses(place, arguments, status, says):
    place.configure(watch_from(place.source) + watch(PEOPLE, "plain") +
                    watch_from("ldap:mms cn=agent,o=mms base", "entry"))
    done = place.extract(*arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.splitlines()[0] == "dndriftctl: " + says.replace("CONFIG", place.config)
    assert os.listdir(place.tray) == []


def test_a_broken_configuration_is_told_with_its_lines(place):
    place.configure("[watch custom]\ndirectory = mms\ndn_from = sssd\n")
    done = place.extract("custom")
    assert done.returncode == UNWRITTEN and done.stderr.startswith(f"dndriftctl: {place.config}:")


def make_empty(path):
    with open(path, "wb"):
        pass


ATTACKS = {  # on the place of the drop
    "a link to a file": lambda place: os.symlink(place.path("victim"), place.drop),
    "a link to a file that is not there": lambda place: os.symlink(place.path("new"), place.drop),
    "a link to a folder": lambda place: os.symlink("/etc", place.drop),
    "a second name of a file": lambda place: os.link(place.path("victim"), place.drop),
    "a pipe that nobody reads": lambda place: os.mkfifo(place.drop),
    "a file of 1 GiB": lambda place: (make_empty(place.drop), os.truncate(place.drop, 1 << 30)),
    "a file of somebody else": lambda place: (make_empty(place.drop), os.chown(place.drop, STRANGER, STRANGER)),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_lies_in_its_place_is_replaced_and_not_written_to(place, attack):
    with open(place.path("victim"), "w", encoding="utf-8") as victim:
        victim.write("untouched")
    ATTACKS[attack](place)
    assert place.extract("custom").returncode == DONE and place.is_whole()
    with open(place.path("victim"), encoding="utf-8") as victim:
        assert victim.read() == "untouched"
    assert not os.path.exists(place.path("new"))


def test_a_folder_in_its_place_is_left_alone(place):
    os.mkdir(place.drop)
    done = place.extract("custom")
    assert done.returncode == UNWRITTEN
    assert done.stderr == ("dndriftctl: cannot hand it to the daemon, which makes this folder when it runs: "
                           f"{place.drop}: Is a directory\n")
    assert os.listdir(place.tray) == ["custom"] and os.listdir(place.drop) == []


@pytest.mark.parametrize("swapped", ("run", "run/source"))
def test_a_folder_that_became_a_link_is_not_entered(place, swapped):
    elsewhere = place.path("elsewhere")
    os.makedirs(os.path.join(elsewhere, "source"))
    os.rename(place.path(swapped), place.path("away"))
    os.symlink(elsewhere, place.path(swapped))
    done = place.extract("custom")
    assert done.returncode == UNWRITTEN and "is no folder, or lies behind a symbolic link" in done.stderr
    assert os.listdir(elsewhere) == ["source"] and os.listdir(os.path.join(elsewhere, "source")) == []


def test_a_folder_that_is_not_there_is_told(place):
    shutil.rmtree(place.tray)
    done = place.extract("custom")
    assert done.returncode == UNWRITTEN and f"{place.tray}: No such file or directory" in done.stderr


def test_a_consumer_that_leads_it_to_a_pipe_does_not_hold_it_up(place):
    os.unlink(place.consumer)
    os.mkfifo(place.consumer)
    done = place.extract("custom")
    assert done.returncode == UNTOLD and "is no regular file" in done.stderr


def test_many_at_once_leave_one_whole_drop(place):
    running = [place.start("custom") for _ in range(20)]
    assert [child.communicate(timeout=60) for child in running] == [("", "")] * 20
    assert place.is_whole()


@pytest.mark.parametrize("capabilities, is_enough", (("CAP_DAC_OVERRIDE", True), ("CAP_DAC_READ_SEARCH", False), ("", False)))
def test_the_capability_of_the_unit_is_needed_and_no_smaller_one_will_do(place, capabilities, is_enough):
    os.chown(place.consumer, STRANGER, STRANGER)
    done = place.extract("custom", wrapper=sandbox.root_wrapper(place.folder, sandbox.EXTRACT, capabilities))
    assert (done.returncode == DONE) == is_enough and ("Permission denied" in done.stderr) != is_enough


def test_it_is_under_the_limits_of_the_unit(place):
    done = subprocess.run([*place.wrapper, "/bin/cat", "/proc/self/status"], capture_output=True, text=True, check=True)
    facts = dict(line.split(":\t", 1) for line in done.stdout.splitlines() if ":\t" in line)
    assert (facts["NoNewPrivs"], facts["Seccomp"], int(facts["CapEff"], 16)) == ("1", "2", 1 << 1)  # CAP_DAC_OVERRIDE
