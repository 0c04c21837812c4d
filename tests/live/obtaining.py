"""dndriftctl obtain in the tests: what it tells, and what the daemon makes of the sections to paste."""

import json
import os
import re
import subprocess
import tempfile

from control import dndriftctl
from sections import directory

FOUND, NONE_FOUND, USAGE, NOT_REACHED = 0, 1, 2, 3
# C0 but for line feeds, C1, separators and bidi controls, what stands for broken UTF-8.
UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]")


class Obtain:
    """Runs it on a configuration that has a directory `mms` and no watch."""

    def __init__(self, uri, **settings):
        self.folder = tempfile.TemporaryDirectory(prefix="dndrift-")
        self.file = os.path.join(self.folder.name, "dndriftd.conf")
        self.write(directory(uri, **settings))

    def write(self, sections):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f"[daemon]\nstate_directory = {self.folder.name}\n{sections}")

    def people(self, *arguments, status=FOUND):
        """What people read."""
        done = dndriftctl(self.file, "obtain", "mms", *arguments)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        assert not UNCLEAN.search(done.stdout + done.stderr)
        return done.stdout if status in (FOUND, NONE_FOUND) else done.stderr

    def told(self, *arguments, status=FOUND):
        """What programs read."""
        done = dndriftctl(self.file, "obtain", "--json", "mms", *arguments)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        assert not UNCLEAN.search(done.stdout + done.stderr)
        return json.loads(done.stdout)

    def found(self, *arguments):
        """The LDAP DNs of a complete answer, in their order."""
        told = self.told(*arguments)
        assert told["complete"], told["remarks"]
        return [candidate["forms"]["ldap"] for candidate in told["candidates"]]

    def one(self, *arguments):
        """The only candidate of a complete answer."""
        told = self.told(*arguments)
        assert told["complete"], told["remarks"]
        [candidate] = told["candidates"]
        return candidate

    def assert_taken(self, *sections):
        """The daemon takes them, pasted behind the directory."""
        with open(self.file, encoding="utf-8") as file:
            whole = file.read()
        pasted = self.file + ".pasted"
        with open(pasted, "w", encoding="utf-8") as file:
            file.write(whole + "\n" + "\n".join(sections))
        done = subprocess.run([os.path.join(os.environ["BUILDDIR"], "dndriftd"), "-t", "-c", pasted], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
