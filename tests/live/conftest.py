"""Fixtures of the tests of the whole daemon."""

import os
import pathlib
import shutil
import tempfile

import pytest

pytest.register_assert_rewrite("alert_line", "verdict_checks")

import sandbox  # noqa: E402  (after the line above)
from dn_judges import entry_of  # noqa: E402
from dn_spellings import PARENT  # noqa: E402
from sections import directory, watch  # noqa: E402
from servers import CUSTOM, SUFFIX, Kdc  # noqa: E402


@pytest.fixture(scope="session")
def kdc():
    """A running Kdc that every test may add principals to."""
    with Kdc() as running:
        yield running.start()


@pytest.fixture(scope="session")
def monitor(kdc, tmp_path_factory):
    """The keytab of the account monitor."""
    kdc.add("monitor")
    return kdc.keytab(tmp_path_factory.mktemp("monitor") / "keytab", "monitor")


@pytest.fixture
def watching(slapd, daemon):
    """watching(dn, **settings of the watch): a daemon that watches it in slapd under the name custom."""
    return lambda dn=CUSTOM, **settings: daemon(directory(slapd.uri) + watch(dn, **settings))


@pytest.fixture
def open_folder():
    """A folder that every user may enter; pytest keeps its own from them."""
    with tempfile.TemporaryDirectory(prefix="dndrift-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield pathlib.Path(folder)


@pytest.fixture
def confine(daemon_factory):
    """confine(sections, files, groups): a daemon in the sandbox of its unit, with a runtime folder; {NAME} in the sections
    is the copy of files[NAME] that it may read; groups are further ones of its user, by number."""
    def make(sections, files=None, groups=()):
        files = files or {}
        daemon = daemon_factory()
        os.mkdir(daemon.path("run"))
        daemon.environment["RUNTIME_DIRECTORY"] = daemon.path("run")
        for program in ("dndriftd", "dndrift-prober", "dndrift-courier"):  # the build may lie where that user may not look
            shutil.copy(os.path.join(os.environ["BUILDDIR"], program), daemon.path(program))
        daemon.program = daemon.path("dndriftd")
        for name, file in files.items():
            shutil.copy(file, daemon.path(name))
            os.chmod(daemon.path(name), 0o400)
        daemon.write_config(sections.format(**{name: daemon.path(name) for name in files}))
        daemon.wrapper = sandbox.wrapper(daemon.folder, groups=groups)
        sandbox.give_away(daemon.folder)
        os.chmod(os.path.dirname(daemon.syslog), 0o755)
        return daemon.start()
    return make


@pytest.fixture
def holder(slapd_factory):
    """holder(pairs): a slapd that holds the first entry of each."""
    def start(pairs):
        tree = [(SUFFIX, {"objectClass": "organization", "o": "mms"}),
                (PARENT, {"objectClass": "organizationalUnit", "ou": "Pair Room"})]
        return slapd_factory(tree=tree + [entry_of(pair) for pair in pairs], log="none")
    return start


@pytest.fixture
def password(tmp_path):
    """password(text): a file that holds it, readable by its owner alone."""
    def write(text):
        file = tmp_path / "password"
        new = tmp_path / "password.new"
        new.write_text(text)
        new.chmod(0o600)
        new.rename(file)
        return str(file)
    return write
