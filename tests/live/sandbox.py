"""The sandbox of dndriftd.service, as far as system calls go, for a process that systemd did not start."""

import os
import pathlib
import re
import socket
import subprocess

UNIT = pathlib.Path(os.environ["SRCDIR"]) / "systemd/dndriftd.service"
HELPER = pathlib.Path(os.environ["BUILDDIR"]) / "tests/live/with_seccomp"
UID = 61234 if os.geteuid() == 0 else os.geteuid()
ENOSYS = 38
# The calls that other lines of the unit restrict by argument.
BY_ARGUMENT = {"mmap", "mprotect", "pkey_mprotect", "socket", "clone3"}


def values(name):
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def expand(name):
    """The system calls of a group (@name, groups in it included), or the call itself."""
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], check=True,
                           capture_output=True, text=True).stdout.splitlines()[1:]
    words = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return set().union(*(expand(word) for word in words))


def allowed_calls():
    """The SystemCallFilter lines in their order: lists allow, lists with ~ take away."""
    allowed = expand("@default")
    for line in values("SystemCallFilter"):
        calls = set().union(*(expand(word) for word in line.lstrip("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def rules():
    """The lines that with_seccomp wants."""
    assert values("SystemCallErrorNumber") == ["EPERM"], "with_seccomp answers EPERM"
    lines = [f"allow {name}" for name in sorted(allowed_calls() - BY_ARGUMENT)]
    [families] = values("RestrictAddressFamilies")
    lines += [f"family {int(getattr(socket, name))}" for name in families.split()]
    if values("RestrictNamespaces") == ["yes"]:
        lines += [f"fail clone3 {ENOSYS}"]  # its flags cannot be seen by a filter: systemd sends callers to clone()
    if values("MemoryDenyWriteExecute") == ["yes"]:
        lines += ["no-write-exec"]
    return "\n".join(lines) + "\n"


def wrapper(folder):
    """The command to put in front of a program; writes the rules into the folder."""
    file = os.path.join(folder, "seccomp-rules")
    pathlib.Path(file).write_text(rules())
    return [str(HELPER), str(UID), file]
