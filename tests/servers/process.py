"""One child process in a temporary folder, and the way to wait for what it should do."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE_S = 60


def wait_until(condition, what, timeout_s=PATIENCE_S, pause_s=0.02):
    """The first true value that condition() answers; AssertionError naming `what` after timeout_s."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout_s} s in vain for {what() if callable(what) else what}")
        time.sleep(pause_s)


def free_port():
    """A TCP port that was free on 127.0.0.1 a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A program with a folder of its own. Subclasses say what to run (command) and when it is up (is_up)."""

    name = "process"

    def __init__(self, folder=None):
        self.owns_folder = folder is None
        self.folder = str(folder or tempfile.mkdtemp(prefix="dndrift-", dir="/tmp"))
        self.child = None
        self.stderr_file = self.path(f"{self.name}.stderr")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def command(self):
        raise NotImplementedError

    def is_up(self):
        return True

    def spawn(self, **options):
        """Starts the child, output to stderr_file (appended). Does not wait."""
        assert self.child is None, f"{self.name} already runs"
        with open(self.stderr_file, "ab") as out:
            self.child = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                          **options)

    def start(self, **options):
        """Starts the child and waits until it is up."""
        self.spawn(**options)
        wait_until(lambda: self.is_up() or not self.is_running(), f"{self.name} to be up")
        if not self.is_running():
            raise AssertionError(f"{self.name} ended with {self.child.returncode}:\n{self.stderr()}")
        return self

    @property
    def pid(self):
        return self.child.pid

    def is_running(self):
        return self.child is not None and self.child.poll() is None

    def signal(self, number):
        self.child.send_signal(number)

    def pause(self):
        """SIGSTOP: it keeps its sockets and answers nothing."""
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)

    def wait(self, timeout_s=PATIENCE_S):
        """Its exit status (negative: the signal that ended it)."""
        status = self.child.wait(timeout_s)
        self.child = None
        return status

    def end(self, number, timeout_s=PATIENCE_S):
        """Sends the signal, waits, answers the exit status; None if it did not run."""
        if self.child is None:
            return None
        if self.child.poll() is None:
            self.signal(number)
            if number != signal.SIGKILL:
                self.signal(signal.SIGCONT)
        return self.wait(timeout_s)

    def stop(self, timeout_s=PATIENCE_S):
        """Asks it to end (SIGTERM)."""
        return self.end(signal.SIGTERM, timeout_s)

    def kill(self):
        return self.end(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def stderr(self):
        try:
            with open(self.stderr_file, encoding="utf-8", errors="backslashreplace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def close(self):
        """Ends it whatever state it is in, and removes the folder if it is its own."""
        try:
            self.kill()
        finally:
            if self.owns_folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def report(self):
        """What to show when a test failed."""
        return f"--- {self.name}: stderr\n{self.stderr()[-20000:]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
