"""The other ways to ask whether a container is where it should be: one program a container, in a loop."""

import os
import shutil
import subprocess
import time

import usage

# Each asks for the one container $1 on port $2, as a cron job or a monitoring system would.
COMMANDS = {
    "check_ldap": '/usr/lib/nagios/plugins/check_ldap -3 -H 127.0.0.1 -p "$2" -b "$1"',
    "ldapsearch": 'ldapsearch -LLL -x -H "ldap://127.0.0.1:$2" -s base -b "$1" entryUUID',
}
LOOP = "while read -r dn; do set -- \"$dn\" {port}; {command} </dev/null >/dev/null || exit 1; done"


class Cost:
    """What `count` comparisons took: seconds, CPU seconds of those who ask, and of slapd."""

    def __init__(self, count, elapsed_s, asking_s, slapd_s):
        self.rate = count / elapsed_s
        self.asking_us = asking_s / count * 1e6
        self.slapd_us = slapd_s / count * 1e6


def is_installed(name):
    return shutil.which(COMMANDS[name].split()[0]) is not None


def run(name, slapd, dns):
    """Asks for every DN by the program of that name; CalledProcessError if it does not find one."""
    loop = LOOP.format(port=slapd.port, command=COMMANDS[name])
    started_s, asking_s, slapd_s = time.monotonic(), usage.children_cpu_s(), usage.cpu_s(slapd.pid)
    subprocess.run(["/bin/sh", "-c", loop], input="\n".join(dns) + "\n", encoding="utf-8", check=True,
                   env={"PATH": os.environ["PATH"]})
    return Cost(len(dns), time.monotonic() - started_s, usage.children_cpu_s() - asking_s,
                usage.cpu_s(slapd.pid) - slapd_s)
