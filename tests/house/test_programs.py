"""What the programs are linked with: libldap and libkrb5 in the prober alone, GnuTLS in prober and courier, libevtlog
without the rest of syslog-ng."""

import re

import pytest
from house import BUILD, output, run

FORBIDDEN = {
    "dndriftd": ("libldap", "liblber", "libgnutls", "libkrb5", "libsasl2", "libsyslog-ng", "libcurl"),
    "dndriftctl": ("libldap", "liblber", "libgnutls", "libkrb5", "libsasl2", "libsyslog-ng", "libsqlite3"),
    "dndrift-courier": ("libldap", "liblber", "libevent", "libkrb5", "libsasl2", "libsyslog-ng", "libevtlog", "libsqlite3"),
    "dndrift-prober": ("libevent", "libsyslog-ng", "libevtlog", "libsqlite3", "libcurl"),
}


def dynamic(program, tag):
    """The values of a tag of the dynamic section, e.g. NEEDED."""
    text = output("readelf", "-d", "-W", BUILD / program)
    return re.findall(rf"\({tag}\)[^\[]*\[([^\]]*)\]", text)


@pytest.mark.parametrize("program", FORBIDDEN)
def test_it_is_linked_with_nothing_that_belongs_elsewhere(program):
    needed = dynamic(program, "NEEDED")
    assert needed
    wrong = [name for name in needed if name.startswith(FORBIDDEN[program])]
    assert not wrong, f"{program} needs {wrong}"


def test_the_daemon_finds_libevtlog_by_its_own_path_alone():
    evtlog = [name for name in dynamic("dndriftd", "NEEDED") if name.startswith("libevtlog")]
    expected = [output("pkg-config", "--variable=libdir", "syslog-ng").strip()] if evtlog else []
    assert dynamic("dndriftd", "RUNPATH") + dynamic("dndriftd", "RPATH") == expected


@pytest.mark.parametrize("library", ("libldap", "libgnutls", "libkrb5"))
def test_the_prober_is_the_one_with(library):
    assert [name for name in dynamic("dndrift-prober", "NEEDED") if name.startswith(library)]


@pytest.mark.parametrize("program", ("dndriftd", "dndriftctl"))
def test_it_starts_and_tells_its_version(program):
    done = run(BUILD / program, "-V", env={})
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+\.\d+\.\d+", done.stdout), done.stdout


@pytest.mark.parametrize("program", FORBIDDEN)
def test_it_is_hardened(program):
    text = output("readelf", "-d", "-l", "-h", "-W", BUILD / program)
    assert "BIND_NOW" in text or "NOW" in text.partition("FLAGS")[2], "lazy binding"
    assert "GNU_RELRO" in text and "DYN (Position-Independent Executable" in text
