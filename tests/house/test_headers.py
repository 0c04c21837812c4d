"""Every header compiles alone."""

import pytest
from house import BUILD, CC, DAEMON, pkg_config, run, source_files

MODULES = ("glib-2.0", "libevent_core", "libevent_extra", "ldap", "inih", "sqlite3", "jansson", "libcurl")


@pytest.fixture(scope="module")
def flags():
    return ["-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", f"-I{DAEMON}", f"-I{BUILD}",
            *pkg_config("--cflags", *MODULES)]


@pytest.mark.parametrize("header", source_files((".h",)))
def test_it_compiles_alone(header, flags, tmp_path):
    program = tmp_path / "alone.c"
    program.write_text(f'#include "{header}"\n#include "{header}"\n')
    done = run(CC, *flags, "-fsyntax-only", program)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("header", source_files((".h",)))
def test_it_opens_by_saying_what_it_is(header):
    assert (DAEMON / header).read_text().startswith("/* "), f"daemon/{header} begins with no comment"
