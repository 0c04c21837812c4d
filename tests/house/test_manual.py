"""The manual pages are well formed and know every option and every configuration key."""

import re

import pytest
from house import BUILD, SOURCE, output, run

PAGES = ("dndriftd.8", "config/dndriftd.conf.5", "ctl/dndriftctl.1")


@pytest.mark.parametrize("page", PAGES)
def test_it_is_well_formed(page):
    done = run("mandoc", "-T", "lint", "-W", "warning", SOURCE / "daemon" / page)
    assert done.returncode == 0, done.stdout + done.stderr


def keys():
    """(section, key, availability) of each row of the settings table."""
    return [tuple(line.split(maxsplit=2)) for line in output(BUILD / "tests/unit/print_keys").splitlines()]


def sample_keys():
    """(section, key) that conf/dndriftd.conf shows, also as a comment."""
    found, section = set(), None
    for line in (SOURCE / "conf/dndriftd.conf").read_text().splitlines():
        if head := re.match(r"[;# ]*\[(\w+)[^\]]*\]", line):
            section = head[1]
        elif key := re.match(r"[;#]? ?([a-z][a-z0-9_]*) = ", line):
            found.add((section, key[1]))
    return found


def manual():
    return output("mandoc", "-T", "utf8", SOURCE / "daemon/config/dndriftd.conf.5")


def plain_manual():
    return re.sub(r".\x08", "", manual())


@pytest.mark.parametrize("section, key, availability", keys())
def test_the_key_is_in_the_sample_and_in_the_manual(section, key, availability):
    if availability == "available":
        assert (section, key) in sample_keys(), f"[{section}] {key} is not in conf/dndriftd.conf"
    assert re.search(rf"\b{key}\b", plain_manual()), f"[{section}] {key} is not in dndriftd.conf(5)"


def test_the_sample_shows_no_key_that_does_not_exist():
    ghosts = sample_keys() - {(section, key) for section, key, _ in keys()}
    assert not ghosts, ghosts


def test_the_daemon_accepts_the_sample():
    done = run(BUILD / "dndriftd", "-t", "-c", SOURCE / "conf/dndriftd.conf", env={})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page, program", (("dndriftd.8", "dndriftd"), ("ctl/dndriftctl.1", "dndriftctl")))
def test_it_tells_every_option_that_the_help_tells(page, program):
    help_text = output(BUILD / program, "-h")
    page_text = re.sub(r".\x08", "", output("mandoc", "-T", "utf8", SOURCE / "daemon" / page))
    options = set(re.findall(r"(?<![\w-])-[a-zA-Z]\b", help_text))
    assert options
    assert not {option for option in options if option not in page_text}
