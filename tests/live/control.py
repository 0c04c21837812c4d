"""dndriftctl as built, talking to the daemon under test."""

import os
import subprocess


def dndriftctl(config_file, *arguments):
    """Runs it to its end: returncode, stdout, stderr."""
    program = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
    return subprocess.run([program, "-c", config_file, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)
