"""A consumer's file that the daemon's user may not read: what root reads for it, and what a group of its may read. A thread
stands for dndriftd-source@.path, and starts what dndriftd-source@.service starts, under the limits of that unit."""

import os
import subprocess
import threading

import pytest
import sandbox
from alert_line import alerts, wait_alert
from sections import directory, watch_from
from servers import CUSTOM, wait_until
from servers.slapd import RECIPIENTS

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may read for another user")

GROUP, STRANGER = 61300, 61235
SECRET = "s3cr3t-canary"
RENAMED = "cn=external partners,cn=recipients,ou=charlotte,o=mms"


class SourceUnits:
    """dndriftd-source@custom.path and .service; `more` is a file that a drop-in names."""

    def __init__(self, daemon, more=None):
        self.folder = daemon.path("run/source")
        self.files = [os.path.join(self.folder, "custom:wanted")] + ([more] if more else [])
        self.command = [*sandbox.root_wrapper(daemon.folder, sandbox.EXTRACT),
                        os.path.join(os.environ["BUILDDIR"], "dndriftctl"), "-c", daemon.config_file, "extract", "custom"]
        self.environment = {"RUNTIME_DIRECTORY": daemon.path("run")}
        self.is_over = threading.Event()
        self.n_runs = 0
        self.thread = threading.Thread(target=self.run)

    def stamps(self):
        return [os.stat(file).st_ctime_ns if os.path.exists(file) else None for file in self.files]

    def run(self):
        seen = [None] * len(self.files)
        while not self.is_over.wait(0.05):
            now = self.stamps()
            if now != seen and os.path.isdir(self.folder):
                subprocess.run(self.command, env=self.environment, check=False, timeout=60)
                self.n_runs += 1
            seen = now

    def start(self):
        self.thread.start()
        return self

    def close(self):
        self.is_over.set()
        self.thread.join()

    def report(self):
        return f"dndriftd-source@custom.service ran {self.n_runs} times"


class Consumer:
    def __init__(self, folder):
        self.file = folder / "sssd.conf"
        self.source = f"ini:{self.file} domain/x ldap_search_base"

    def tell(self, dn, mode=0o600):
        self.write(f"[domain/x]\nldap_default_authtok = {SECRET}\nldap_search_base = {dn}\n", mode)

    def write(self, text, mode=0o600):
        new = self.file.with_suffix(".new")
        new.write_text(text)
        os.chmod(new, mode)
        os.replace(new, self.file)


@pytest.fixture
def consumer(open_folder):
    consumer = Consumer(open_folder)
    consumer.tell(CUSTOM)
    return consumer


@pytest.fixture
def run(confine, slapd, consumer):
    """run(groups=...): the daemon in its sandbox, which watches what the consumer tells."""
    return lambda **options: confine(directory(slapd.uri) + watch_from(consumer.source), **options)


def test_root_reads_it_and_an_edit_is_seen_at_once_where_the_unit_watches_the_file(run, started, slapd, syslog_ng, consumer):
    daemon = run()
    started(SourceUnits(daemon, consumer.file)).start()
    assert daemon.wait_verdict("custom", "match")["configured"] == CUSTOM
    slapd.rename(CUSTOM, "cn=external partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    consumer.tell(RENAMED)
    assert wait_alert(syslog_ng, "EDITED", "custom").tags["configured"] == RENAMED
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert not alerts(syslog_ng, "INVALID")
    assert SECRET not in syslog_ng.raw() + daemon.stderr()


def test_root_is_asked_again_and_again_where_the_unit_knows_nothing_of_the_file(run, started, syslog_ng, consumer):
    daemon = run()
    units = started(SourceUnits(daemon)).start()
    daemon.wait_verdict("custom", "match")
    consumer.tell(RECIPIENTS)
    wait_alert(syslog_ng, "EDITED", "custom")
    assert units.n_runs <= 6, "it is asked for at most once in ten seconds"


def test_without_the_unit_the_sentence_says_what_to_enable(run, started, syslog_ng, consumer):
    daemon = run()
    sentence = wait_alert(syslog_ng, "INVALID", "custom").sentence
    assert f"{consumer.file}: Permission denied, and root does not read it for the daemon" in sentence
    assert "systemctl enable --now dndriftd-source@custom.path" in sentence
    started(SourceUnits(daemon)).start()
    daemon.wait_verdict("custom", "match")
    wait_alert(syslog_ng, "RECOVERED", "custom")


def test_a_problem_that_root_meets_is_told_as_its_own(run, started, syslog_ng, consumer):
    consumer.write("[domain/y]\n")
    started(SourceUnits(run(), consumer.file)).start()
    sentence = wait_alert(syslog_ng, "INVALID", "custom").sentence
    assert f"tell its DN: {consumer.file}: has no section for `ldap_search_base`: [domain/x]" in sentence


def make_empty(path):
    with open(path, "wb"):
        pass


HOSTILE = {
    "a folder": (os.mkdir, "is no regular file"),
    "a file of 1 GiB": (lambda path: (make_empty(path), os.truncate(path, 1 << 30)), "is larger than 1 MiB"),
    "a file of somebody else": (lambda path: (make_empty(path), os.chown(path, STRANGER, -1)), "is not root's"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_root_did_not_drop_is_told_and_nothing_else_happens(run, started, what):
    make, says = HOSTILE[what]
    daemon = run()
    drop = daemon.path("run/source/custom")
    wait_until(lambda: os.path.exists(os.path.dirname(drop)), "the folder that the daemon makes")
    make(drop)
    wait_until(lambda: f"{drop}: {says}" in daemon.watch("custom").get("sentence", ""), lambda: daemon.watch("custom"))
    assert daemon.get("/livez").code == 200
    if what != "a folder":
        started(SourceUnits(daemon)).start()
        daemon.wait_verdict("custom", "match")


def test_a_file_that_its_group_may_read_needs_no_root(run, consumer, syslog_ng):
    consumer.tell(CUSTOM, mode=0o640)
    os.chown(consumer.file, 0, GROUP)
    daemon = run(groups=(GROUP,))
    daemon.wait_verdict("custom", "match")
    assert not os.path.exists(daemon.path("run/source"))
    os.chmod(consumer.file, 0o600)
    assert "Permission denied" in wait_alert(syslog_ng, "INVALID", "custom").sentence
