"""A state database that is damaged, of another program, of a later version, or on a disk that is full: the daemon says
so, loses as little as can be, and goes on comparing."""

import contextlib
import hashlib
import os
import re
import resource
import signal
import sqlite3
import subprocess
import time

import pytest
import tracing
from servers import CUSTOM, wait_until

SECTIONS = f"""
[directory mms]
uri = {{uri}}

[watch w]
directory = mms
dn = {CUSTOM}
interval = 200ms
confirm_interval = 50ms
"""
SECOND = "cn=second,ou=charlotte,o=mms"
SECOND_WATCH = f"""
[watch second]
directory = mms
dn = {SECOND}
interval = 200ms
confirm_interval = 50ms
"""
MENDED_S = 30  # the daemon tries every 10 s
DISK_BYTES = 1024 * 1024
STORE_ERRORS = "dndrift_store_errors_total"


@pytest.fixture
def watching(daemon, slapd, syslog_ng):
    """A daemon that has pinned its entry."""
    running = daemon(SECTIONS.format(uri=slapd.uri))
    running.wait_verdict("w", "match")
    syslog_ng.wait_for("^PINNED w: ")
    return running


def database(daemon):
    return os.path.join(daemon.state, "state.db")


def overwrite(path):
    with open(path, "r+b") as file:
        file.write(os.urandom(os.path.getsize(path)))


def truncate(path):
    os.truncate(path, os.path.getsize(path) // 2 + 100)


def empty(path):
    os.truncate(path, 0)


def execute(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def replace_by_foreign(path):
    os.unlink(path)
    execute(path, "PRAGMA application_id = 4711", "CREATE TABLE precious(value)", "INSERT INTO precious VALUES('x')")


def name_foreign(path):
    execute(path, "PRAGMA application_id = 4711")


DAMAGES = [overwrite, truncate, empty, replace_by_foreign, name_foreign]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def rejected(syslog_ng):
    """(the line, the path that it names)"""
    line = syslog_ng.wait_for("^REJECTED ")
    return line, re.search(r"set aside as (\S+?)[.,;]? ", line)[1]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_database_is_set_aside_and_its_copy_goes_on(damage, watching, slapd, syslog_ng):
    slapd.rename(CUSTOM, "cn=elsewhere")
    watching.wait_verdict("w", "renamed")
    identity = watching.watch("w")["identity"]
    assert watching.stop() == 0
    damage(database(watching))
    left = content(database(watching))
    watching.start()
    line, aside = rejected(syslog_ng)
    assert "Its copy of 20" in line and aside.startswith(database(watching) + ".rejected-")
    assert content(aside) == left, "what was set aside is not what was there"
    watch = watching.wait_observed("w", "renamed")
    assert (watch["verdict"], watch["identity"]) == ("renamed", identity)
    slapd.rename(f"cn=elsewhere,{CUSTOM.partition(',')[2]}", "cn=custom")
    syslog_ng.wait_for("^RECOVERED w: ")
    assert len(syslog_ng.texts("^DRIFT w: ")) == 1 and len(syslog_ng.texts("^PINNED w: ")) == 1
    assert watching.get("/health").json()["status"] == "pass"


@pytest.mark.parametrize("damage", DAMAGES[:-1], ids=lambda damage: damage.__name__)
def test_without_a_copy_the_daemon_pins_anew_and_says_so(damage, watching, slapd, syslog_ng):
    assert watching.stop() == 0
    damage(database(watching))
    os.unlink(database(watching) + ".copy")
    if damage is empty:  # nothing tells an empty file from a first start but its log
        open(database(watching) + "-wal", "wb").close()
    watching.start()
    line, _ = rejected(syslog_ng)
    assert "There is no good copy" in line and "pinned anew" in line
    syslog_ng.wait_for("^PINNED w: ", count=2)
    watching.wait_verdict("w", "match")
    slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT w: ")


def digests(folder):
    names = [name for name in sorted(os.listdir(folder)) if name != "lock"]
    return {name: hashlib.sha256(content(os.path.join(folder, name))).hexdigest() for name in names}


def test_a_database_of_a_later_version_is_left_alone(watching, syslog_ng):
    assert watching.stop() == 0
    execute(database(watching), "PRAGMA user_version = 99")
    before, said = digests(watching.state), syslog_ng.raw()
    watching.spawn()
    assert watching.wait() == 3
    assert "written by a newer version of dndriftd (format 99" in watching.stderr()
    after = digests(watching.state)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {"state.db-wal", "state.db-shm"}  # SQLite's, of having read it
    assert os.path.getsize(database(watching) + "-wal") == 0
    assert syslog_ng.raw() == said


# --- no room while it runs


class FullDisk:
    """The state directory is a small disk of its own."""

    def __init__(self, daemon):
        self.folder = daemon.state
        self.ballast = os.path.join(self.folder, "ballast")
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=0700", "none", self.folder],
                               stderr=subprocess.PIPE, check=False)
        if tried.returncode:
            pytest.skip(f"no disk can be mounted here: {tried.stderr.decode(errors='replace').strip()}")

    def fill(self, _):
        with open(self.ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def give_room(self, _):
        os.unlink(self.ballast)

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class NoGrowth:
    """No file may grow beyond a page (RLIMIT_FSIZE)."""

    def __init__(self, _):
        pass

    def fill(self, daemon):
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def give_room(self, daemon):
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self):
        pass


@pytest.fixture(params=[FullDisk, NoGrowth], ids=lambda limit: limit.__name__)
def cramped(request, daemon_factory, slapd, syslog_ng):
    """(daemon that has pinned both its entries, what can take its room)"""
    slapd.add_container(SECOND)
    running = daemon_factory(SECTIONS.format(uri=slapd.uri) + SECOND_WATCH)
    with contextlib.closing(request.param(running)) as limit:
        running.start()
        running.wait_verdict("second", "match")
        syslog_ng.wait_for("^PINNED @mms: ")
        yield running, limit
        running.kill()


def says_store(daemon):
    """What /health says of the database; None if nothing."""
    checks = daemon.get("/health").json().get("checks", {})
    found = [check for name, listed in checks.items() if name.startswith("store") for check in listed]
    return found[0] if found else None


def test_without_room_alerts_are_sent_all_the_same_and_state_is_kept_once_there_is(cramped, slapd, syslog_ng):
    daemon, limit = cramped
    limit.fill(daemon)
    away = slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT w: ")
    wait_until(lambda: daemon.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
    assert says_store(daemon)["status"] == "warn"
    slapd.rename(away, "cn=custom")
    syslog_ng.wait_for("^RECOVERED w: ")
    health = daemon.get("/health")
    assert (health.code, health.json()["status"]) == (200, "warn")
    slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT w: ", count=2)
    limit.give_room(daemon)
    wait_until(lambda: says_store(daemon) is None, "the database to take state again", timeout_s=MENDED_S)
    assert daemon.get("/livez").code == 200
    sent = alert_numbers(syslog_ng)
    assert sent == list(range(1, len(sent) + 1)), "an alert is missing or came twice"
    check_after_kill(daemon, slapd, syslog_ng, away, len(sent))


def is_drift_kept(daemon, watch):
    with contextlib.closing(sqlite3.connect(database(daemon))) as connection:
        [(kept,)] = connection.execute("SELECT is_drift_open FROM watch WHERE watch = ?", (watch,)).fetchall()
        return kept == 1


def test_what_a_failed_commit_held_is_kept_though_others_worked_since(cramped, slapd, syslog_ng):
    daemon, limit = cramped
    limit.fill(daemon)
    slapd.rename(CUSTOM, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT w: ")
    wait_until(lambda: daemon.metrics()[STORE_ERRORS] > 0, "the failure to be counted")
    limit.give_room(daemon)
    slapd.rename(SECOND, "cn=elsewhere")
    syslog_ng.wait_for("^DRIFT second: ")
    assert says_store(daemon) is None and is_drift_kept(daemon, "second")
    wait_until(lambda: is_drift_kept(daemon, "w"), "the drift of w to be kept", timeout_s=MENDED_S)


def alert_numbers(syslog_ng):
    return [int(re.search(r"alert='[0-9a-f]+-(\d+)'", text)[1]) for text in syslog_ng.texts()]


def check_after_kill(daemon, slapd, syslog_ng, away, n_sent):
    """What was told while nothing could be kept is known after kill -9: the drift is open, no number comes again."""
    daemon.kill9()
    daemon.start()
    assert daemon.watch("w")["verdict"] == "renamed"
    syslog_ng.wait_for("^STARTED ", count=2)
    slapd.rename(away, "cn=custom")
    syslog_ng.wait_for("^RECOVERED w: ", count=2)
    assert alert_numbers(syslog_ng)[n_sent:] == [n_sent + 1, n_sent + 2]
    assert len(syslog_ng.texts("^DRIFT w: ")) == 2


# --- a disk that hangs


def test_a_disk_that_hangs_holds_up_neither_the_endpoint_nor_the_end(watching, slapd, syslog_ng):
    """The commit of the drift takes longer than anybody waits. Asked to stop, the daemon sends what only it knows. That
    it is gone shows in its last line: strace keeps the process until the call it holds up is over."""
    tracing.demand()
    assert watching.stop() == 0
    watching.wrapper = tracing.wrapper("fdatasync", "delay_enter=10s:when=3+")  # the first two commit STARTED
    watching.start()
    syslog_ng.wait_for("^STARTED ", count=2)
    slapd.rename(CUSTOM, "cn=elsewhere")
    watching.wait_verdict("w", "renamed")
    start = time.monotonic()
    assert watching.get("/livez").code == 200
    assert time.monotonic() - start < 1
    start = time.monotonic()
    watching.signal(signal.SIGTERM)
    syslog_ng.wait_for("^STOPPED ", count=2)
    took_s = time.monotonic() - start
    syslog_ng.wait_for("^DRIFT w: ")
    assert watching.wait() == 0
    print(f"stopped in {took_s:.2f} s beside a disk that hangs")
    assert took_s < 2
