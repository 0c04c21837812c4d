"""strace, for tests that make a system call fatal or slow."""

import os
import subprocess

import pytest


def demand():
    """Skips where nothing may be traced, as in some containers; on a build server that is a failure."""
    try:
        tried = subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.PIPE, check=False)
        problem = tried.stderr.decode(errors="replace").strip() if tried.returncode else None
    except FileNotFoundError as error:
        problem = str(error)
    if problem and os.environ.get("CI"):
        pytest.fail(f"strace is needed here: {problem}")
    if problem:
        pytest.skip(f"strace cannot trace here: {problem}")


def wrapper(call, injection, output="/dev/null", path=None):
    """The command in front of the daemon's: `injection` happens at that call, if it names that path. Its probers are
    not traced, and strace stands aside (-D): the process id is the daemon's own."""
    return ["strace", "-D", "-f", "-b", "execve", "-o", output, "-e", f"trace={call}", "-e",
            f"inject={call}:{injection}", *(["-P", path] if path else [])]
