"""How soon a rename is told: of one container, and of the one that all the others hang below."""

import random
import statistics
import time

import population
from figures import milliseconds, row, title
from servers import Daemon, wait_until
from servers.slapd import RECIPIENTS

RENAMES = 15


def rename_and_wait(slapd, syslog_ng, interval_s):
    """Seconds from the rename until syslog-ng wrote the DRIFT line; then names it back."""
    dn, name = population.container(0), population.watch(0)

    def wait_for(word, count):
        wait_until(lambda: len(syslog_ng.texts(f"^{word} {name}: ")) > count, word, pause_s=0.002)

    counts = {word: len(syslog_ng.texts(f"^{word} {name}: ")) for word in ("DRIFT", "RECOVERED")}
    time.sleep(random.uniform(0, interval_s))  # anywhere between two rounds
    renamed_s = time.monotonic()
    renamed = slapd.rename(dn, "cn=elsewhere")
    wait_for("DRIFT", counts["DRIFT"])
    seconds = time.monotonic() - renamed_s
    slapd.rename(renamed, dn.partition(",")[0])
    wait_for("RECOVERED", counts["RECOVERED"])
    return seconds


def show_one(slapd, syslog_ng):
    title(f"From a rename to the line in the log of syslog-ng ({RENAMES} renames)")
    row("", "median", "slowest")
    for interval_ms, confirm_ms in ((1000, 200), (100, 100)):
        text = population.sections(slapd.uri, f"{interval_ms}ms", f"{confirm_ms}ms", 1)
        with Daemon(text, syslog=syslog_ng) as daemon:
            daemon.start().wait_verdict(population.watch(0), "match")
            times = [rename_and_wait(slapd, syslog_ng, interval_ms / 1000) for _ in range(RENAMES)]
        row(f"asked every {interval_ms} ms, confirmed after {confirm_ms} ms", milliseconds(statistics.median(times)),
            milliseconds(max(times)))


def show_all(slapd, sections):
    """Renames what all containers are below: every one has drifted, and is looked up by its identity twice."""
    with Daemon(sections) as daemon:
        daemon.start()
        wait_until(lambda: daemon.get("/readyz").code == 200, "all to be compared")
        renamed_s = time.monotonic()
        slapd.rename(RECIPIENTS, "cn=elsewhere")
        counted = 'dndrift_watches{verdict="ancestor-renamed"}'
        wait_until(lambda: daemon.metrics()[counted] == population.COUNT, "all to be seen", pause_s=0.5)
        seconds = time.monotonic() - renamed_s
        row(f"an ancestor of all: {population.COUNT:,} drifts confirmed", "", f"{seconds:.1f} s")
