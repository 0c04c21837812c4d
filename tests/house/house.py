"""Where things are, for the checks of the house."""

import os
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(os.environ["SRCDIR"])
BUILD = pathlib.Path(os.environ["BUILDDIR"])
DAEMON = SOURCE / "daemon"
CC = os.environ.get("CC", "cc")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def run(*command, **options):
    """The finished process: returncode, stdout and stderr as text."""
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="backslashreplace", check=False, **options)


def output(*command, **options):
    """What a command that must succeed prints."""
    done = run(*command, **options)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def pkg_config(*arguments):
    return output("pkg-config", *arguments).split()


def source_files(suffixes=(".c", ".h")):
    """All files of daemon/, as paths relative to it."""
    return sorted(str(path.relative_to(DAEMON)) for path in DAEMON.rglob("*") if path.suffix in suffixes)


def makefile_list(variable):
    """The words of a variable of Makefile.am."""
    text = (SOURCE / "Makefile.am").read_text().replace("\\\n", " ")
    return re.search(rf"^{variable} *\+?=(.*)$", text, re.MULTILINE)[1].split()
