"""The sandbox of our units, as far as system calls and capabilities go, for a process that systemd did not start."""

import functools
import os
import pathlib
import re
import socket
import subprocess

UNITS = pathlib.Path(os.environ["SRCDIR"]) / "systemd"
UNIT = UNITS / "dndriftd.service"
EXTRACT = UNITS / "dndriftd-source@.service"
HELPER = pathlib.Path(os.environ["BUILDDIR"]) / "tests/live/with_seccomp"
UID = 61234 if os.geteuid() == 0 else os.geteuid()
ENOSYS = 38
# The calls that other lines of the unit restrict by argument.
BY_ARGUMENT = {"mmap", "mprotect", "pkey_mprotect", "socket", "clone3"}


def values(unit, name):
    return re.findall(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)


@functools.cache
def expand(name):
    """The system calls of a group (@name, groups in it included), or the call itself."""
    if not name.startswith("@"):
        return {name}
    lines = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], check=True,
                           capture_output=True, text=True).stdout.splitlines()[1:]
    words = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    return set().union(*(expand(word) for word in words))


def allowed_calls(unit):
    """The SystemCallFilter lines in their order: lists allow, lists with ~ take away."""
    allowed = expand("@default")
    for line in values(unit, "SystemCallFilter"):
        calls = set().union(*(expand(word) for word in line.lstrip("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


def rules(unit):
    """The lines that with_seccomp wants."""
    assert values(unit, "SystemCallErrorNumber") == ["EPERM"], "with_seccomp answers EPERM"
    lines = [f"allow {name}" for name in sorted(allowed_calls(unit) - BY_ARGUMENT)]
    [families] = values(unit, "RestrictAddressFamilies")
    lines += [f"family {int(getattr(socket, name))}" for name in families.split() if name != "none"]
    if values(unit, "RestrictNamespaces") == ["yes"]:
        lines += [f"fail clone3 {ENOSYS}"]  # its flags cannot be seen by a filter: systemd sends callers to clone()
    if values(unit, "MemoryDenyWriteExecute") == ["yes"]:
        lines += ["no-write-exec"]
    return "\n".join(lines) + "\n"


def give_away(folder):
    """All that is in it to the user of the sandbox."""
    for where, _, files in os.walk(folder):
        for name in [where] + [os.path.join(where, file) for file in files]:
            os.chown(name, UID, UID)


def wrapper(folder, unit=UNIT, uid=UID, groups=()):
    """The command to put in front of a program; writes the rules into the folder."""
    file = os.path.join(folder, f"seccomp-rules-{unit.stem}")
    pathlib.Path(file).write_text(rules(unit))
    become = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--groups", ",".join(map(str, groups))] if groups else []
    return [*become, str(HELPER), str(uid), file]


def root_wrapper(folder, unit, capabilities=None):
    """The same for a unit that runs as root with the capabilities that are left to it."""
    if capabilities is None:
        [capabilities] = values(unit, "CapabilityBoundingSet")
    kept = [name.lower().replace("cap_", "+") for name in capabilities.split()]
    return ["setpriv", "--bounding-set", ",".join(["-all", *kept]), "--inh-caps", "-all", *wrapper(folder, unit, uid=0)]
