"""Completion in bash: what is offered at which place of the command line, and that it is what the programs have."""

import os
import pty
import re
import select
import subprocess
import time

import pytest
from sections import directory, watch

SCRIPT = os.path.abspath(os.path.join(os.environ["SRCDIR"], "daemon/ctl/dndriftctl.bash"))
PROGRAMS = os.environ["BUILDDIR"]
# Calls what is registered for the first word as bash does.
CALL = """
source "$SCRIPT"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
function=$(complete -p "$1" | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
((${#COMPREPLY[@]})) && printf '%s\\n' "${COMPREPLY[@]}"
exit 0
"""
ODD = """# [watch commented-out]
  [watch  indented ]  ; a remark
[WATCH shouted]
[watch x]y
[watch $(touch${IFS}canary)]
[watchful name]
"""


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "dndriftd.conf"
    file.write_text(directory("ldap://127.0.0.1") + directory("ldap://127.0.0.1", "other") + watch("o=x", "custom") +
                    watch("o=x", "custom.two") + watch("o=x", "staff") + ODD)
    return str(file)


def environment():
    return {"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "SCRIPT": SCRIPT, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


def offered(*words, cwd=None):
    """What bash is answered when the last of the words is to be completed."""
    done = subprocess.run(["bash", "--norc", "-c", CALL, "bash", *words], capture_output=True, text=True, check=False,
                          timeout=60, env=environment(), cwd=cwd)
    assert done.stderr == ""
    return sorted(done.stdout.splitlines())


def told(program, *arguments):
    return subprocess.run([os.path.join(PROGRAMS, program), *arguments], capture_output=True, text=True, check=True,
                          timeout=60).stdout


def verbs():
    return re.findall(r"^  ([a-z]+) ", told("dndriftctl", "--help"), re.MULTILINE)


def options(text):
    return sorted(re.findall(r"(?:^  |(?<=, ))(--?[a-zA-Z][a-z-]*)", text, re.MULTILINE))


def test_every_verb_of_the_help_is_offered():
    assert offered("dndriftctl", "") == sorted(verbs()) and "extract" in verbs()


@pytest.mark.parametrize("program", ("dndriftctl", "dndriftd"))
def test_every_option_of_the_help_is_offered(program):
    assert offered(program, "-") == options(told(program, "--help"))


@pytest.mark.parametrize("verb", verbs())
def test_every_option_of_a_verb_is_offered(verb):
    assert offered("dndriftctl", verb, "-") == sorted(options(told("dndriftctl", verb, "--help")) + ["--help"])


@pytest.mark.parametrize("words, offers, why", (
    (("st",), ["status"], "the beginning of a verb"),
    (("zz",), [], "no verb begins so"),
    (("--v",), ["--version"], "the beginning of an option"),
    (("-c", "CONFIG", "ad"), ["adopt"], "a verb behind the configuration"),
    (("-c", "CONFIG", "adopt", ""), ["custom", "custom.two", "indented", "staff"], "the watches of that file"),
    (("-c", "CONFIG", "extract", "--print", "cu"), ["custom", "custom.two"], "behind an option"),
    (("--config", "CONFIG", "status", "s"), ["staff"], "the long option"),
    (("--config", "=", "CONFIG", "status", "s"), ["staff"], "as bash splits --config=FILE"),
    (("--config=CONFIG", "status", "s"), ["staff"], "as it is without = in COMP_WORDBREAKS"),
    (("-c", "/nonexistent", "adopt", ""), [], "no such file"),
    (("-c", "/", "adopt", ""), [], "no file"),
    (("-c", "CONFIG", "obtain", ""), ["mms", "other"], "the directories of that file"),
    (("-c", "CONFIG", "dn", ""), [], "a DN is not guessed"),
    (("-c", "CONFIG", "nonsense", ""), [], "no such verb"),
))
def test_it_offers(config, words, offers, why):
    assert offered("dndriftctl", *(word.replace("CONFIG", config) for word in words)) == offers, why


@pytest.mark.parametrize("words", (("-c", ""), ("--config", ""), ("--config", "="), ("--config", "=", "dn")))
@pytest.mark.parametrize("program", ("dndriftctl", "dndriftd"))
def test_files_are_offered_for_the_configuration(config, program, words):
    os.mkdir(os.path.join(os.path.dirname(config), "dndriftd.d"))
    assert offered(program, *words, cwd=os.path.dirname(config)) == ["dndriftd.conf", "dndriftd.d"]


def test_nothing_in_the_configuration_is_run(config, tmp_path):
    offered("dndriftctl", "-c", config, "adopt", "", cwd=tmp_path)
    assert not (tmp_path / "canary").exists()


def test_a_program_that_is_not_there_offers_nothing(tmp_path):
    script = CALL.replace('"$function" "$1"', '"$function" /nonexistent/dndriftctl')
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", "dndriftctl", ""], capture_output=True, text=True,
                          check=True, timeout=60, env=environment(), cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("", "")


class Terminal:
    """bash as people have it, at a terminal of its own."""

    def __init__(self, cwd):
        self.keyboard, slave = pty.openpty()
        self.screen = ""
        self.child = subprocess.Popen(["bash", "--norc", "--noprofile", "-i"], stdin=slave, stdout=slave, stderr=slave,
                                      close_fds=True, start_new_session=True, cwd=cwd,
                                      env={**environment(), "TERM": "dumb", "PS1": "ready> ", "INPUTRC": "/dev/null"})
        os.close(slave)

    def type(self, keys):
        os.write(self.keyboard, keys.encode())

    def wait_for(self, text, timeout_s=60):
        end = time.monotonic() + timeout_s
        while text not in self.screen:
            assert time.monotonic() < end, f"no {text!r} in {self.screen!r}"
            if select.select([self.keyboard], [], [], 0.1)[0]:
                self.screen += os.read(self.keyboard, 4096).decode(errors="replace")

    def close(self):
        self.child.kill()
        self.child.wait()
        os.close(self.keyboard)


@pytest.fixture
def terminal(tmp_path):
    running = Terminal(tmp_path)
    yield running
    running.close()


def test_people_who_press_the_tabulator_get_it(terminal, config):
    terminal.wait_for("ready> ")
    terminal.type('source "$SCRIPT"\n')
    terminal.type("dndriftctl --config=dndriftd.co\t ext\t --pr\t st\t")
    terminal.wait_for("dndriftctl --config=dndriftd.conf  extract  --print  staff ")
