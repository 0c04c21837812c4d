"""The tree: nothing generated in it, no file that outgrew its noun, a map that names them all."""

import os
import re

import pytest
from house import DAEMON, SOURCE, output, run, source_files

GENERATED = re.compile(r"(^|/)(configure|aclocal\.m4|Makefile(\.in)?|config\.h\.in|config\.(status|log)|stamp-h1|"
                       r"autom4te\.cache/.*|build-aux/.*|build/.*|__pycache__/.*)$|\.(o|a|so|pyc|log|trs|tar\.xz)$")
MAX_LINES = 450
TOP = {"daemon", "conf", "systemd", "tests", "configure.ac", "Makefile.am", "README.md", "README", "bootstrap",
       "COPYING", "NEWS", ".ci", ".gitignore", ".clang-format"}


@pytest.fixture(scope="module")
def committed():
    top = run("git", "-C", SOURCE, "rev-parse", "--show-toplevel")
    if top.returncode != 0 or os.path.realpath(top.stdout.strip()) != os.path.realpath(SOURCE):
        pytest.skip("a release without git")
    return output("git", "-c", f"safe.directory={SOURCE}", "-C", SOURCE, "ls-files").splitlines()


def test_no_generated_file_is_committed(committed):
    assert not [file for file in committed if GENERATED.search(file)]


def test_the_top_level_is_as_agreed(committed):
    top = {file.partition("/")[0] for file in committed}
    assert top <= TOP, f"not in the house: {top - TOP}"


@pytest.mark.parametrize("file", source_files())
def test_no_file_outgrew_its_noun(file):
    lines = (DAEMON / file).read_text().count("\n")
    assert lines <= MAX_LINES, f"daemon/{file} has {lines} lines"


@pytest.mark.parametrize("file", source_files())
def test_it_belongs_to_a_program(file):
    assert f"daemon/{file}" in (SOURCE / "Makefile.am").read_text().split(), f"daemon/{file} is not in Makefile.am"


def test_a_release_holds_every_test(committed):
    named = set((SOURCE / "Makefile.am").read_text().split())
    lost = [file for file in committed if file.startswith("tests/") and file not in named]
    assert not lost, f"not in Makefile.am: {lost}"


def test_readme_names_every_file_of_the_daemon():
    readme = (SOURCE / "README.md").read_text()
    rooms = re.split(r"^#+ .*map.*$", readme, flags=re.MULTILINE | re.IGNORECASE)[1]
    named = set(re.findall(r"`([\w/.-]+)`", rooms))
    stems = {re.sub(r"\.[ch]$", "", file) for file in source_files()}
    assert stems <= named, f"not on the map: {sorted(stems - named)}"
    ghosts = {name for name in named if "/" in name and not name.endswith("/")} - stems
    assert not ghosts, f"on the map, but not there: {sorted(ghosts)}"


def test_readme_is_reached_under_both_names():
    assert (SOURCE / "README").read_text() == (SOURCE / "README.md").read_text()


def test_readme_is_one_file(committed):
    assert "README" in committed and os.readlink(SOURCE / "README") == "README.md"
