#!/usr/bin/python3
"""The shop window: a directory, a syslog server and dndriftd, all private to this run, and the story of one rename.
Exits with 1 if anything does not happen as told."""

import json
import os
import pathlib
import signal
import sys
import textwrap
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers import CUSTOM, Daemon, Slapd, SyslogNg  # noqa: E402  (the path comes first)

SECTIONS = """
[directory mms]
uri = {uri}

[watch custom-recipients]
directory = mms
dn = {dn}
consumer = MMS Exchange MAPI MA "charlotte"
fix = Configure the Management Agent > Custom Recipients
interval = 500ms
confirm_interval = 200ms
"""


def tell(text):
    """One paragraph of the story."""
    print(textwrap.fill(" ".join(text.split()), 96) + "\n", flush=True)


def step(number, title):
    print(f"--- {number}. {title}\n", flush=True)


def show(text, command=None):
    """What a program says."""
    if command:
        print(f"    $ {command}")
    print(textwrap.indent(text.strip("\n"), "    ") + "\n", flush=True)


def show_tree(slapd):
    """The directory as it is now, indented."""
    connection = slapd.connect()
    rows = []
    for dn, entry in connection.search_s("o=mms", 2, "(objectClass=*)", ["displayName"]):
        name = "".join(f'   (displayed as "{value.decode()}")' for value in entry.get("displayName", []))
        rows.append("  " * dn.count(",") + dn.partition(",")[0] + name)
    show("\n".join(rows))


def show_health(daemon, code):
    reply = daemon.get("/health")
    health = {name: value for name, value in reply.json().items()
              if name in ("status", "output", "checks")}
    del health["checks"]["watches:verdicts"]
    show(f"HTTP {reply.code}\n{json.dumps(health, indent=2, ensure_ascii=False)}",
         f"curl -i http://127.0.0.1:{daemon.port}/health     # shortened")
    assert reply.code == code, f"/health should answer {code}"


def show_alert(syslog_ng, word, since):
    """Waits for the alert, shows its line as syslog-ng wrote it."""
    syslog_ng.wait_for(f"^{word} custom-recipients: ", timeout_s=10)
    [line] = [line for line in syslog_ng.raw().splitlines() if f" {word} custom-recipients: " in line]
    show(textwrap.fill(line, 96, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False),
         f"tail {syslog_ng.log}     # {time.monotonic() - since:.1f} s later")


def story(slapd, syslog_ng, daemon):
    step(1, "Somebody sets up a program")
    tell("""A mail system copies addresses from elsewhere into a directory. In its settings stands, typed once, the name of
         the container to put them into. dndriftd is told the same name:""")
    show("\n".join(SECTIONS.format(uri=slapd.uri, dn=CUSTOM).strip().splitlines()[:-2]), "cat dndriftd.conf")
    tell("And this is what the directory holds, a real OpenLDAP on this machine:")
    show_tree(slapd)
    daemon.start()
    daemon.wait_verdict("custom-recipients", "match", timeout_s=10)
    tell("""The two agree. dndriftd remembers the identity of the container, which stays when its name changes, and a monitoring
         system that asks for the health gets:""")
    show_health(daemon, 200)

    step(2, "Months later, an administrator tidies up and renames the container")
    renamed_at = time.monotonic()
    renamed = slapd.rename(CUSTOM, "cn=external partners")
    show_tree(slapd)
    tell("""The mail system notices nothing; its next export will fail with an error that names no cause. dndriftd looks twice
         to be sure, then says it to syslog (here a real syslog-ng), with the value to put into the settings:""")
    show_alert(syslog_ng, "DRIFT", renamed_at)
    tell("The health endpoint now fails, so any monitoring system sees it, too:")
    show_health(daemon, 503)
    watch = daemon.watch("custom-recipients")
    assert (watch["verdict"], watch["live"]) == ("renamed", renamed), watch

    step(3, "The administrator renames it back (or the settings are corrected)")
    back_at = time.monotonic()
    slapd.rename(renamed, "cn=custom")
    show_alert(syslog_ng, "RECOVERED", back_at)
    show_health(daemon, 200)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started_at = time.monotonic()
    print()
    tell("dndriftd watches whether a container is still where a program was told to find it.")
    with Slapd() as slapd, SyslogNg() as syslog_ng:
        slapd.start()
        syslog_ng.start()
        with Daemon(SECTIONS.format(uri=slapd.uri, dn=CUSTOM), syslog=syslog_ng) as daemon:
            try:
                story(slapd, syslog_ng, daemon)
            except AssertionError as error:
                print(f"This did not happen as told: {error}\n{daemon.report()}{syslog_ng.report()}")
                return 1
            assert daemon.stop() == 0, "dndriftd should stop cleanly"
            folders = [slapd.folder, syslog_ng.folder, daemon.folder]
    left = [folder for folder in folders if os.path.exists(folder)]
    assert not left, f"left behind: {left}"
    tell(f"""That was all, in {time.monotonic() - started_at:.0f} s. Everything is stopped and removed again. README.md
         tells how to watch your own directory.""")
    return 0


if __name__ == "__main__":
    sys.exit(main())
