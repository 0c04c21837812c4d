"""Who may include whom: values flow one way through the folders, and a foreign header is at home in one of them."""

import pytest
from house import DAEMON, INCLUDE, makefile_list, source_files

EDGE = {"dn/", "judge/", "config/config.h"}
# folder: what of ours it may include besides its own files
OURS = {
    "dn": set(),
    "judge": {"dn/"},
    "config": {"dn/", "judge/"},
    "source": EDGE | {"config/name.h"},  # the name of a watch goes into a path
    "store": EDGE,
    "alert": EDGE | {"process.h", "program_path.h"},  # couriers are processes as probers are
    "health": EDGE,
    "directory": EDGE | {"process.h"},
    # `check` compares as the daemon does, takes its settings from the command line and tells a watch as /watches does;
    # `obtain` asks a directory, and writes what the configuration file takes; `extract` reads in the daemon's place
    "ctl": EDGE | {"source/", "program_path.h", "comparison.h", "clocks.h", "config/options.h", "health/watch_json.h",
                   "directory/canvass.h", "directory/wire.h", "config/filter.h", "config/line.h", "config/name.h"},
    "prober": {"dn/", "judge/observation.h", "judge/verdict.h", "directory/wire.h"},
    "courier": {"dn/", "prober/harden.h", "prober/password.h"},
    "engine": {""},
    "main": {""},
}
LOOP = {"directory", "source", "store", "alert", "health", "main"}
# foreign header or its beginning: the folders where it is at home
FOREIGN = {
    "ldap.h": {"prober"},
    "lber.h": {"prober"},
    "openldap.h": {"prober"},
    "resolv.h": {"prober"},
    "gnutls/": {"prober", "courier"},
    "krb5.h": {"prober"},
    "sasl/": {"prober"},
    "ini.h": {"config"},
    "evtlog.h": {"alert"},
    "sqlite3.h": {"store"},
    "event2/http": {"health"},
    "event2/": LOOP,
    "jansson.h": {"source", "health", "alert", "ctl"},
    "libxml/": {"source"},
    "curl/": {"ctl", "courier"},
    "systemd/": {"main"},
    "glib.h": set(OURS),
    "glib-unix.h": set(OURS) - {"dn", "judge"},
    "glib/gstdio.h": set(OURS) - {"dn", "judge"},
}
# What C itself gives without touching the world.
PURE = {"stdbool.h", "stddef.h", "stdint.h", "inttypes.h", "limits.h", "string.h", "stdarg.h"}
LIBC = PURE | {"assert.h", "ctype.h", "dirent.h", "errno.h", "fcntl.h", "getopt.h", "grp.h", "math.h", "netdb.h",
               "poll.h", "pthread.h", "pwd.h", "sched.h", "signal.h", "spawn.h", "stdio.h", "stdlib.h", "syslog.h",
               "time.h", "unistd.h"}
LIBC_FOLDERS = ("sys/", "linux/", "netinet/", "arpa/")


def room(file):
    """The folder of a file; of those directly in daemon/, whether they are engine or main."""
    if "/" in file:
        return file.partition("/")[0]
    return "engine" if f"daemon/{file}" in makefile_list("libengine_a_SOURCES") else "main"


def includes(file):
    return INCLUDE.findall((DAEMON / file).read_text())


def may_include_ours(file, header):
    if header == "config.h":  # what configure found out
        return room(file) not in ("dn", "judge")
    own = room(file) if "/" in file else ""
    return any(header.startswith(prefix) for prefix in OURS[room(file)] | {own + "/" if own else ""})


def may_include_foreign(file, header):
    for beginning, homes in FOREIGN.items():
        if header.startswith(beginning):
            return room(file) in homes
    if room(file) in ("dn", "judge"):
        return header in PURE
    return header in LIBC or header.startswith(LIBC_FOLDERS)


@pytest.mark.parametrize("file", source_files())
def test_it_includes_only_what_its_folder_may(file):
    for quote, header in includes(file):
        allowed = may_include_ours if quote == '"' else may_include_foreign
        assert allowed(file, header), f"daemon/{file} may not include {header}"
        assert quote == "<" or header == "config.h" or (DAEMON / header).exists(), \
            f"daemon/{file} names {header} not from daemon/"


@pytest.mark.parametrize("file", source_files((".c",)))
def test_its_own_header_comes_first(file):
    own = file[:-2] + ".h"
    if (DAEMON / own).exists():
        first = [header for _, header in includes(file) if header != "config.h"][0]
        assert first == own, f"daemon/{file} begins with {first}"


@pytest.mark.parametrize("file, header, allowed", [
    ("dn/dn.c", "time.h", False), ("judge/judge.c", "unistd.h", False), ("store/row.c", "ldap.h", False),
    ("prober/main.c", "ldap.h", True), ("prober/main.c", "krb5.h", True), ("config/account.c", "krb5.h", False),
    ("directory/child.c", "sasl/sasl.h", False), ("health/http.c", "event2/http.h", True),
    ("prober/certificate.c", "gnutls/x509.h", True), ("health/expiry.c", "gnutls/x509.h", False),
    ("alert/outbox.c", "event2/http.h", False), ("engine.c", "event2/event.h", False),
])
def test_the_list_of_foreign_headers_tells_them_apart(file, header, allowed):
    assert may_include_foreign(file, header) == allowed


@pytest.mark.parametrize("file, header, allowed", [
    ("dn/dn.c", "judge/judge.h", False), ("judge/judge.c", "dn/dn.h", True), ("judge/judge.c", "engine.h", False),
    ("store/row.c", "config/config.h", True), ("store/row.c", "config/reader.h", False),
    ("store/row.c", "alert/outbox.h", False), ("prober/main.c", "judge/judge.h", False),
    ("prober/main.c", "directory/wire.h", True), ("prober/main.c", "directory/life.h", False),
    ("health/json.c", "engine.h", False), ("engine.c", "store/store.h", True), ("ctl/check.c", "comparison.h", True),
    ("ctl/check.c", "engine.h", False), ("ctl/check.c", "directory/directory.h", False),
    ("ctl/obtain.c", "directory/canvass.h", True), ("ctl/obtain.c", "directory/child.h", False),
])
def test_the_list_of_our_folders_tells_them_apart(file, header, allowed):
    assert may_include_ours(file, header) == allowed
