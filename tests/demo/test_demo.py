"""The demo tells the story of the article to its end, in the promised time, and leaves nothing behind."""

import os
import pathlib
import re
import subprocess
import sys
import time

DEMO = pathlib.Path(__file__).with_name("demo.py")


def run_demo(**environment):
    return subprocess.run([sys.executable, str(DEMO)], env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)


def test_it_tells_drift_and_recovery_within_15_s():
    start = time.monotonic()
    done = run_demo()
    took = time.monotonic() - start
    assert done.returncode == 0, done.stdout + done.stderr
    parts = ("HTTP 200", "DRIFT custom-recipients:", "HTTP 503", "RECOVERED custom-recipients:", "HTTP 200")
    assert re.search(".*".join(map(re.escape, parts)), done.stdout, re.DOTALL), done.stdout
    print(f"the demo took {took:.1f} s")
    assert took < 15


def test_it_fails_when_the_daemon_does_not_do_as_told(tmp_path):
    (tmp_path / "dndriftd").symlink_to("/bin/false")
    done = run_demo(BUILDDIR=str(tmp_path))
    assert done.returncode == 1 and "did not happen as told" in done.stdout, done.stdout + done.stderr
