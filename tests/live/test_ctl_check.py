"""dndriftctl check against a real slapd: one comparison without the daemon, told as a Nagios plugin tells it, with the
pins of a running daemon, of the configuration, or of nobody."""

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest
from sections import directory, watch, watch_from
from servers import CUSTOM, Slapd, free_port, wait_until
from servers.slapd import ACCOUNT, ARTICLE, CHARLOTTE, RECIPIENTS

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
STATUS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
ARTICLE_DN = "cn=Custom Recipients," + RECIPIENTS  # the display name, where the directory name belongs
LOUD = CUSTOM.upper()
FIRST_LINE = re.compile(r"DNDRIFT (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\n]+?)(?: \| ([^|\n]+))?$")
FIGURE = re.compile(r"[a-z]+=\d+(\.\d+)?s?;\d*;\d*;0")
UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffd]")
QUICK = ("--confirm-interval", "50ms", "--timeout", "5s")


class Told:
    """What it said: status, text of the first line, figures {name: value}, further lines."""

    def __init__(self, done):
        assert done.stderr == "" and not UNCLEAN.search(done.stdout), done
        first, *self.more = done.stdout.splitlines()
        word, self.text, figures = FIRST_LINE.match(first).groups()
        assert all(FIGURE.fullmatch(figure) for figure in (figures or "").split()), figures
        self.figures = {name: value.partition(";")[0]
                        for name, _, value in (figure.partition("=") for figure in (figures or "").split())}
        self.status = done.returncode
        assert STATUS[self.status] == word

    @property
    def verdict(self):
        return re.match(r"[\w.-]+ ([\w-]+): ", self.text)[1]


def run(*arguments, program=CTL, **options):
    return subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          check=False, **options)


def check(*arguments, config="/nonexistent", **options):
    return Told(run("-c", config, "check", *arguments, **options))


def ask(server, dn=CUSTOM, *arguments):
    """Without a configuration file."""
    return check("--uri", server.uri, "--dn", dn, *QUICK, *arguments)


@pytest.fixture(scope="module")
def quiet_slapd():
    """A running Slapd that nobody changes."""
    with Slapd() as server:
        yield server.start()


@pytest.fixture
def config(tmp_path):
    """config(text): a file of it, with a control socket on which nobody listens."""
    def write(sections):
        file = tmp_path / "dndriftd.conf"
        file.write_text(f"[daemon]\ncontrol = unix:{tmp_path}/control.sock\n{sections}")
        return str(file)
    return write


# --- without a configuration file

@pytest.mark.parametrize("dn, arguments, status, verdict, text", (
    (CUSTOM, (), OK, "match", f"match: {CUSTOM} leads to an entry (not pinned)"),
    (CUSTOM, ("--require-pin",), WARNING, "match", "(not pinned)"),
    (CUSTOM, ("--strict",), OK, "match", "(not pinned)"),
    (LOUD, (), OK, "spelling", "upper and lower case differ"),
    (LOUD, ("--strict",), WARNING, "spelling", f"configure {CUSTOM}"),
    ("/o=mms/ou=charlotte/cn=recipients/cn=custom", ("--strict",), OK, "match", "/o=mms/ou=charlotte"),
    (ARTICLE_DN, (), CRITICAL, "missing",
     f"cn=Custom Recipients is the displayName of an entry whose directory name is cn=custom - configure {CUSTOM}"),
    (CUSTOM, ("--object-class", "organizationalUnit"), CRITICAL, "wrong-class", "is not of object class"),
    (CUSTOM, ("--object-class", "container", "--min-entries", "3"), OK, "match", CUSTOM),
    (CUSTOM, ("--entry-filter", "(|(cn=a)(cn=b))"), CRITICAL, "emptied", r"match (\x7c(cn=a)(cn=b)) are below"),
    ("cn=x,o=elsewhere", ("--confirm", "1"), CRITICAL, "missing", "cn=x,o=elsewhere"),
    ("orders@fabrikam.example", ("--compare", "mail"), OK, "match", "orders@fabrikam.example leads to an entry"),
))
def test_the_verdict_is_the_exit_code_and_the_first_line(quiet_slapd, dn, arguments, status, verdict, text):
    told = ask(quiet_slapd, dn, *arguments)
    assert (told.status, told.verdict, told.more) == (status, verdict, [])
    assert told.text.startswith("command-line ") and text in told.text
    assert told.figures["watches"] == "1" and told.figures["drift"] == str(int(status == CRITICAL))
    assert told.figures["unpinned"] == "1" and re.fullmatch(r"\d+\.\d{3}s", told.figures["time"])


def test_an_identity_pins(slapd):
    identity = ("--identity", slapd.identity(CUSTOM))
    told = ask(slapd, CUSTOM, *identity, "--require-pin")
    assert told.status == OK and told.text.endswith(f"{CUSTOM} leads to the right entry")
    assert told.figures["unpinned"] == "0"
    live = slapd.rename(CUSTOM, "cn=partners")
    told = ask(slapd, CUSTOM, *identity)
    assert (told.status, told.verdict) == (CRITICAL, "renamed") and f"configure {live}" in told.text
    slapd.add_container(CUSTOM)
    told = ask(slapd, CUSTOM, *identity)
    assert (told.status, told.verdict) == (CRITICAL, "replaced") and live in told.text
    told = ask(slapd, CUSTOM, "--identity", "entryUUID:00000000-0000-0000-0000-000000000001")
    assert (told.status, told.verdict) == (CRITICAL, "replaced")


def test_what_it_may_not_see_is_unknown(slapd):
    slapd.hide(CUSTOM)
    told = ask(slapd, CUSTOM, "--identity", slapd.identity(CUSTOM))
    assert (told.status, told.verdict) == (UNKNOWN, "hidden") and "anonymous" in told.text
    assert told.figures["unverifiable"] == "1" and told.figures["drift"] == "0"


def test_it_logs_in(slapd_factory):
    server = slapd_factory(tree=ARTICLE + [ACCOUNT])
    login = [f"--{key.replace('_', '-')}={value}" for key, value in server.reader_bind.items()]
    assert ask(server, CUSTOM, *login).status == OK
    with open(server.reader_bind["password_file"], "w", encoding="ascii") as file:
        file.write("wrong")
    told = ask(server, CUSTOM, *login)
    assert (told.status, told.verdict) == (UNKNOWN, "unreachable") and "bind" in told.text


def test_a_server_that_is_not_there_is_unknown():
    told = check("--uri", f"ldap://127.0.0.1:{free_port()}", "--dn", CUSTOM)
    assert (told.status, told.verdict) == (UNKNOWN, "unreachable") and "Connection refused" in told.text


def test_the_next_server_is_asked(quiet_slapd):
    uris = f"ldap://127.0.0.1:{free_port()} {quiet_slapd.uri}"
    assert check("--uri", uris, "--dn", CUSTOM, *QUICK).verdict == "match"


def test_replicas_that_disagree_are_told_at_once(quiet_slapd, slapd):
    slapd.rename(CUSTOM, "cn=partners")
    told = check("--uri", f"{quiet_slapd.uri} {slapd.uri}", "--dn", CUSTOM, "--replicas", "all", "--split-after", "30d",
                 *QUICK)
    assert (told.status, told.verdict) == (CRITICAL, "split")


def test_a_silent_server_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"ldap://127.0.0.1:{silent.getsockname()[1]}"
        start = time.monotonic()
        told = check("--uri", uri, "--dn", CUSTOM, "--timeout", "300ms")
    assert (told.status, told.verdict) == (UNKNOWN, "unreachable") and "no answer" in told.text
    assert time.monotonic() - start < 60, "the default would be 20 s, and nothing would be 300 ms"


@pytest.mark.parametrize("arguments, text", (
    (("--bind-dm", "cn=a"), "there is no option `--bind-dm`, did you mean --bind-dn?"),
    (("-x",), "there is no option `-x`"),
    (("--uri",), "--uri has no value, expected list of URIs"),
    (("--uri", "http://x", "--dn", CUSTOM), "command line: uri: `http://x` is no URI of a directory server"),
    (("--dn", CUSTOM), "command line: `[directory command-line]` lacks `uri`"),
    (("--uri", "ldap://h"), "command line: `[watch command-line]` lacks `dn`"),
    (("--uri", "ldap://h", "--dn", "nothing"), "command line: dn: `nothing` is no DN"),
    (("--uri", "ldap://h", "--dn", CUSTOM, "--timeout", "soon"), "command line: timeout: `soon` is no duration"),
    (("--uri", "ldap://h", "--dn", CUSTOM, "--dn", CUSTOM), "--dn is given twice, expected it once"),
    (("--uri", "ldap://h", "--dn", CUSTOM, "--bind", "simple"), "command line: `bind = simple` needs `bind_dn`"),
    (("--uri", "ldap://h", "--dn", CUSTOM, "custom"), "in place of a watch of the configuration file, not `custom' as well"),
    (("a", "b"), "check takes one watch, not `b' as well"),
    (("--uri", "ldap://h", "--dn", "cn=\x1b[2J\n|,"), "command line: dn: "),
))
def test_a_wrong_command_line_is_unknown_and_says_what_is_wrong(arguments, text):
    told = check(*arguments)
    assert told.status == UNKNOWN and text in told.text and told.figures == {}


def test_a_wrong_option_before_the_verb_is_no_drift_either():
    done = run("--cofnig", "x", "check")
    assert done.returncode == UNKNOWN and "--cofnig" in done.stderr


# --- with one

def test_a_watch_of_the_file_is_compared_without_a_daemon(quiet_slapd, config):
    file = config(directory(quiet_slapd.uri) + watch(CUSTOM) + watch(ARTICLE_DN, name="article"))
    told = check("custom", config=file)
    assert (told.status, told.verdict) == (OK, "match") and told.text.startswith("custom match: ")
    assert "(not pinned); no pin from the daemon: cannot reach the daemon on" in told.text
    told = check("article", config=file)
    assert (told.status, told.verdict) == (CRITICAL, "missing") and "displayName" in told.text


@pytest.mark.parametrize("settings, arguments, status", (
    ({}, (), OK), ({}, ("--strict",), WARNING), ({"strict": "yes"}, (), WARNING), ({"strict": "no"}, ("--strict",), WARNING),
))
def test_strict_is_a_key_and_an_option(quiet_slapd, config, settings, arguments, status):
    file = config(directory(quiet_slapd.uri) + watch(LOUD, **settings))
    assert check("custom", *arguments, config=file).status == status


def test_all_watches_are_told_and_the_worst_is_the_status(quiet_slapd, config):
    right, loud, article, dead = (watch(CUSTOM, name="right"), watch(LOUD, name="loud"), watch(ARTICLE_DN, name="article"),
                                  watch(CUSTOM, name="dead", directory="dead"))
    servers = directory(quiet_slapd.uri) + directory(f"ldap://127.0.0.1:{free_port()}", name="dead")
    told = check(config=config(servers + right + loud))
    assert told.status == OK
    assert told.text.startswith("2 watches: 2 right, 0 drifted, 0 not verified; no pin from the daemon: ")
    assert [line.split(": ")[0] for line in told.more] == ["OK right match", "OK loud spelling"]
    told = check("--strict", config=config(servers + right + loud))
    assert told.status == WARNING and "(loud spelling)" in told.text
    told = check(config=config(servers + right + dead))
    assert told.status == UNKNOWN and "1 right, 0 drifted, 1 not verified (dead unreachable)" in told.text
    told = check("--strict", config=config(servers + right + loud + dead + article))
    assert told.status == CRITICAL, "drift that is known counts more than what is not known"
    assert "4 watches: 2 right, 1 drifted, 1 not verified (loud spelling, dead unreachable, article missing)" in told.text
    assert [line.split(": ")[0] for line in told.more] == [
        "OK right match", "WARNING loud spelling", "UNKNOWN dead unreachable", "CRITICAL article missing"]
    assert {name: told.figures[name] for name in ("watches", "right", "spelling", "drift", "unverifiable", "unpinned")} == {
        "watches": "4", "right": "2", "spelling": "1", "drift": "1", "unverifiable": "1", "unpinned": "4"}


def test_many_that_are_wrong_are_counted_in_the_first_line(quiet_slapd, config):
    watches = "".join(watch(ARTICLE_DN, name=f"w{n}", confirm=1) for n in range(8))
    told = check(config=config(directory(quiet_slapd.uri) + watches))
    assert "(w0 missing, w1 missing, w2 missing, w3 missing, w4 missing and 3 more)" in told.text
    assert len(told.more) == 8


@pytest.mark.parametrize("text, watch_name, told_text", (
    ("[directory mms]\nuri = http://x\n[watch a]\ndirectory = mms\n", "a", "uri: `http://x` is no URI"),
    ("[directory mms]\nuri = ldap://x\n[watch a]\ndirectory = mms\ndn = o=mms\n", "b", "there is no watch `b' in "),
    ("", None, "there is no watch in "),
))
def test_a_wrong_configuration_is_unknown(config, text, watch_name, told_text):
    told = check(*filter(None, [watch_name]), config=config(text))
    assert told.status == UNKNOWN and told_text in told.text and told.figures == {}


def test_every_problem_of_a_file_is_told(config):
    told = check(config=config("[directory mms]\nuri = http://x\n[watch a]\ndirectory = mms\n"))
    assert "dndriftd.conf:4: uri: " in told.text and "`dn`" in told.more[0]


def test_a_file_that_is_not_there_is_unknown():
    told = check("custom")
    assert told.status == UNKNOWN and "/nonexistent" in told.text


def test_a_secret_that_cannot_be_found_keeps_no_other_directory_from_being_asked(quiet_slapd, config):
    login = {"bind": "simple", "bind_dn": "cn=a", "password_file": "a.password", "cleartext": "allow"}
    file = config(directory(quiet_slapd.uri, **login) + directory(quiet_slapd.uri, name="open") + watch(CUSTOM) +
                  watch(CUSTOM, name="other", directory="open"))
    told = check(config=file)
    assert told.status == UNKNOWN and "1 right, 0 drifted, 1 not verified (custom unreachable)" in told.text
    assert "bind: `a.password` is a relative path, which means $CREDENTIALS_DIRECTORY" in told.more[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_anybody_may_run_it_and_is_told_what_he_may_not_read(quiet_slapd):
    with Slapd(tree=None) as room:  # a folder
        os.chmod(room.folder, 0o755)
        program = shutil.copy(CTL, room.path("dndriftctl"))
        shutil.copy(os.path.join(os.path.dirname(CTL), "dndrift-prober"), room.folder)
        secret = {"bind": "simple", "bind_dn": "cn=a", "password_file": room.path("secret"), "cleartext": "allow"}
        for name, sections in (("secret", ""), ("closed.conf", directory(quiet_slapd.uri, **secret) + watch(CUSTOM)),
                               ("open.conf", directory(quiet_slapd.uri) + watch(CUSTOM))):
            with open(room.path(name), "w", encoding="ascii") as file:
                file.write(sections or "password")
            os.chmod(room.path(name), 0o600 if name == "secret" else 0o644)
        nobody = {"program": program, "user": pwd.getpwnam("nobody").pw_uid, "extra_groups": []}
        told = check("custom", config=room.path("closed.conf"), **nobody)
        assert told.status == UNKNOWN and f"the password file {room.path('secret')} cannot be read: Permission denied" in told.text
        assert check("custom", config=room.path("open.conf"), **nobody).status == OK


# --- beside the daemon

def test_the_daemon_tells_the_pin(slapd, daemon):
    running = daemon(directory(slapd.uri) + watch(CUSTOM))
    running.wait_verdict("custom", "match")
    told = check("custom", "--require-pin", config=running.config_file)
    assert told.status == OK and told.text == f"custom match: {CUSTOM} leads to the right entry"
    slapd.rename(CUSTOM, "cn=partners")
    assert_as_the_daemon(running, "renamed")
    slapd.rename("cn=partners," + RECIPIENTS, "cn=custom", CHARLOTTE)
    assert_as_the_daemon(running, "moved")
    slapd.move("cn=custom," + CHARLOTTE, RECIPIENTS)
    running.wait_verdict("custom", "match")
    slapd.rename(RECIPIENTS, "cn=addressees")
    assert check("custom", config=running.config_file).verdict == "ancestor-renamed"
    slapd.rename("cn=addressees," + CHARLOTTE, "cn=recipients")
    slapd.delete(CUSTOM)
    assert_as_the_daemon(running, "deleted")
    slapd.add_container(CUSTOM)
    assert_as_the_daemon(running, "replaced")


def assert_as_the_daemon(running, verdict):
    """Both judge alike, and say so in the same words."""
    seen = running.wait_verdict("custom", verdict)
    told = check("custom", config=running.config_file)
    assert (told.status, told.verdict) == (CRITICAL, verdict)
    assert told.text == f"custom {verdict}: {seen['sentence']} - {seen['remedy']}"


def test_all_pins_come_at_once(slapd, daemon):
    running = daemon(directory(slapd.uri) + "".join(watch(CUSTOM, name=f"w{n}") for n in range(5)))
    for n in range(5):
        running.wait_verdict(f"w{n}", "match")
    slapd.rename(CUSTOM, "cn=partners")
    told = check(config=running.config_file)
    assert told.status == CRITICAL and told.text.startswith("5 watches: 0 right, 5 drifted, 0 not verified")
    assert all("renamed: " in line for line in told.more) and told.figures["unpinned"] == "0"


def test_a_daemon_that_does_not_know_the_watch_is_told(slapd, daemon, config):
    running = daemon(directory(slapd.uri) + watch(CUSTOM))
    running.wait_verdict("custom", "match")
    with open(running.config_file, "a", encoding="ascii") as file:
        file.write(watch(CUSTOM, name="new"))
    told = check("new", config=running.config_file)
    assert told.status == OK and "(not pinned); no pin from the daemon: there is no watch of that name" in told.text


def test_a_value_that_was_edited_since_is_deliberate(slapd, daemon):
    running = daemon(directory(slapd.uri) + watch(CUSTOM))
    running.wait_verdict("custom", "match")
    running.write_config(directory(slapd.uri) + watch(RECIPIENTS))
    told = check("custom", config=running.config_file)
    assert (told.status, told.verdict) == (OK, "match") and "(not pinned)" in told.text


def test_a_control_socket_that_is_switched_off_is_told(quiet_slapd, tmp_path):
    file = tmp_path / "dndriftd.conf"
    file.write_text("[daemon]\ncontrol = none\n" + directory(quiet_slapd.uri) + watch(CUSTOM))
    assert "no pin from the daemon: " in (told := check("custom", config=str(file))).text
    assert "control = none" in told.text


@pytest.fixture
def told_by(tmp_path):
    """told_by(body): a daemon on the control socket of config() that says this once, whatever it is asked."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "control.sock"))
    listener.listen()

    def answer(body):
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

    def start(body):
        threading.Thread(target=answer, args=(body,), daemon=True).start()

    yield start
    listener.close()


@pytest.mark.parametrize("body", (
    "", "{", "[]", "5", "{}", '{"watches": 5}', '{"watches": [5, {}, null, {"watch": 5}]}', '{"watch": "custom"}',
    '{"watch": "custom", "identity": "entryUUID:1"}', '{"watch": "custom", "identity": "entryUUID:1", "pinned_at": "soon"}',
    '{"watch": "custom", "identity": 5, "pinned_at": "2026-11-23T21:30:23Z"}',
    '{"watch": "other", "identity": "entryUUID:1", "pinned_at": "2026-11-23T21:30:23Z"}',
))
def test_an_answer_that_tells_no_pin_is_none(quiet_slapd, config, told_by, body):
    told_by(body)
    told = check("custom", config=config(directory(quiet_slapd.uri) + watch(CUSTOM)))
    assert (told.status, told.verdict) == (OK, "match") and "(not pinned)" in told.text


def test_what_the_daemon_does_not_know_is_not_taken_for_an_identity(slapd, config, told_by):
    pin = {"watch": "custom", "directory": "mms", "configured": CUSTOM, "identity": slapd.identity(CUSTOM),
           "pinned_at": "2026-11-23T21:30:23Z", "pinned_dn": CUSTOM, "parent_identity": "unknown"}
    told_by(json.dumps({"watches": [pin, pin, {**pin, "watch": "gone"}]}))
    slapd.rename(CUSTOM, "cn=partners")
    told = check("custom", config=config(directory(slapd.uri) + watch(CUSTOM)))
    assert (told.status, told.verdict) == (CRITICAL, "renamed")


def test_a_daemon_that_is_stopped_is_not_waited_for_for_ever(slapd, daemon):
    running = daemon(directory(slapd.uri) + watch(CUSTOM))
    running.wait_verdict("custom", "match")
    running.pause()
    told = check("custom", config=running.config_file)
    assert told.status == OK and "(not pinned); no pin from the daemon: the daemon did not answer on" in told.text


def test_what_comes_right_at_the_second_look_is_no_drift(slapd):
    with subprocess.Popen([CTL, "check", "--uri", slapd.uri, "--dn", "cn=late," + RECIPIENTS, "--confirm-interval", "3s"],
                          stdout=subprocess.PIPE, text=True) as running:
        wait_until(lambda: "cn=late" in slapd.stderr(), "the first look")
        slapd.add_container("cn=late," + RECIPIENTS)
        out = running.communicate(timeout=60)[0]
    assert running.returncode == OK and "command-line match" in out


# --- where the consumer keeps its DN

def nslcd(file, *bases):
    file.write_text("uri ldap://x\n" + "".join(f"base {base}\n" for base in bases))
    return f"nslcd:{file}"


def test_the_dn_is_read_where_the_consumer_keeps_it(quiet_slapd, config, tmp_path):
    file = config(directory(quiet_slapd.uri) + watch_from(nslcd(tmp_path / "nslcd.conf", CUSTOM)) +
                  watch_from(nslcd(tmp_path / "other.conf", ARTICLE_DN), name="other"))
    told = check("custom", config=file)
    assert (told.status, told.verdict) == (OK, "match") and f"{CUSTOM} leads to an entry" in told.text
    told = check("other", config=file)
    assert (told.status, told.verdict) == (CRITICAL, "missing") and "displayName" in told.text
    told = check("--uri", quiet_slapd.uri, "--dn-from", f"nslcd:{tmp_path}/nslcd.conf")
    assert told.status == OK and told.text.startswith("command-line match: ")


def test_each_of_several_dns_is_compared(slapd, daemon, tmp_path):
    running = daemon(directory(slapd.uri) + watch_from(nslcd(tmp_path / "nslcd.conf", CUSTOM, RECIPIENTS)) +
                     watch(CHARLOTTE, name="other"))
    running.wait_verdict("other", "match")
    wait_until(lambda: running.get("/readyz").code == 200, "all to be judged")
    told = check("custom", "--require-pin", config=running.config_file)
    assert told.status == OK and told.text == "2 watches: 2 right, 0 drifted, 0 not verified"
    names = [re.match(r"OK (custom\.\w+) match: ", line)[1] for line in told.more]
    slapd.rename(CUSTOM, "cn=partners")
    told = check("custom", config=running.config_file)
    assert told.status == CRITICAL and f"({names[0]} renamed)" in told.text
    assert check(names[0], config=running.config_file).verdict == "renamed"
    assert check(names[1], config=running.config_file).verdict == "match"
    assert check(config=running.config_file).figures["watches"] == "3"
    told = check("custom.00000000", config=running.config_file)
    assert told.status == UNKNOWN and "there is no watch `custom.00000000' in" in told.text


@pytest.mark.parametrize("source, text", (
    ("postfix:{}/nothing.cf", "No such file"), ("ldap:mms cn=nobody,o=mms seeAlso", "the entry does not exist"),
))
def test_a_consumer_that_does_not_tell_is_unknown(quiet_slapd, config, tmp_path, source, text):
    told = check("custom", config=config(directory(quiet_slapd.uri) + watch_from(source.format(tmp_path))))
    assert (told.status, told.verdict) == (UNKNOWN, "invalid") and text in told.text


@pytest.mark.parametrize("source", ("postfix:relative", "nonsense:/x", "ldap:nowhere o=mms seeAlso"))
def test_a_source_that_is_none_is_a_wrong_configuration(quiet_slapd, config, source):
    told = check("custom", config=config(directory(quiet_slapd.uri) + watch_from(source)))
    assert told.status == UNKNOWN and "dndriftd.conf:" in told.text and told.figures == {}
    assert check("--uri", quiet_slapd.uri, "--dn-from", source).status == UNKNOWN


def test_a_directory_may_keep_the_dn(slapd, config):
    slapd.add("cn=sync,o=mms", {"objectClass": "applicationProcess", "cn": "sync", "seeAlso": [CUSTOM, ARTICLE_DN]})
    login = {"bind": "simple", "bind_dn": "cn=a", "password_file": "a.password", "cleartext": "allow"}
    servers = (directory(slapd.uri) + directory(slapd.uri, name="closed", **login) +
               directory(f"ldap://127.0.0.1:{free_port()}", name="dead"))
    file = config(servers + watch_from("ldap:mms cn=sync,o=mms seeAlso") +
                  watch_from("ldap:closed cn=sync,o=mms seeAlso", name="barred") +
                  watch_from("ldap:dead cn=sync,o=mms seeAlso", name="dead"))
    told = check("custom", config=file)
    assert told.status == CRITICAL and told.text.startswith("2 watches: 1 right, 1 drifted, 0 not verified")
    told = check("dead", config=file)
    assert (told.status, told.verdict) == (UNKNOWN, "unreachable") and "Connection refused" in told.text
    told = check("barred", config=file)
    assert (told.status, told.verdict) == (UNKNOWN, "unreachable") and "$CREDENTIALS_DIRECTORY" in told.text
    told = check("--uri", slapd.uri, "--dn-from", "ldap:command-line cn=sync,o=mms seeAlso")
    assert told.status == CRITICAL and told.figures["watches"] == "2"


def test_a_file_that_hangs_is_not_waited_for_for_ever(quiet_slapd, config, tmp_path):
    os.mkfifo(tmp_path / "aliases.cf")
    told = check("custom", config=config(directory(quiet_slapd.uri) + watch_from(f"postfix:{tmp_path}/aliases.cf")))
    assert (told.status, told.verdict) == (UNKNOWN, "invalid")


# --- for programs

def test_one_object_for_programs(slapd, config):
    file = config(directory(slapd.uri) + watch(CUSTOM) + watch(ARTICLE_DN, name="article"))
    done = run("-c", file, "check", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (CRITICAL, "")
    assert (told["version"], told["status"]) == (1, "critical")
    assert told["milliseconds"] > 0 and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told["time"])
    assert told["no_pin_because"].startswith("cannot reach the daemon")
    custom, article = told["watches"]
    assert (custom["watch"], custom["verdict"], custom["status"], custom["pinned"]) == ("custom", "match", "ok", False)
    assert "pinned_at" not in custom and custom["identity"] == slapd.identity(CUSTOM)
    assert (article["verdict"], article["class"], article["status"]) == ("missing", "drift", "critical")
    assert article["live"] == CUSTOM and article["observed_count"] == 2


def test_the_object_of_a_watch_is_the_daemons(slapd, daemon):
    running = daemon(directory(slapd.uri) + watch(CUSTOM))
    running.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=partners")
    seen = running.wait_verdict("custom", "renamed")
    [watched] = json.loads(run("-c", running.config_file, "check", "--json", "custom").stdout)["watches"]
    same = ("watch", "directory", "verdict", "class", "configured", "configured_form", "live", "live_in_configured_form",
            "first_missing", "identity", "pinned_at", "pinned_dn", "parent_identity", "server", "sentence", "remedy", "changed",
            "entries")
    assert {key: watched.get(key) for key in same} == {key: seen.get(key) for key in same}
    assert watched["pinned"] is True and watched["status"] == "critical"


def test_problems_are_an_object_too():
    done = run("check", "--json", "--bind-dm", "x")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (UNKNOWN, "unknown")
    assert told["problems"] == ["there is no option `--bind-dm`, did you mean --bind-dn?"]


# --- as a gate, and in pipes

def test_it_gates_a_job(slapd, tmp_path):
    ran = tmp_path / "ran"
    command = f"{CTL} check --uri {slapd.uri} --dn {CUSTOM} --confirm-interval 50ms >{tmp_path}/said && touch {ran}"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == OK and ran.exists()
    ran.unlink()
    slapd.rename(CUSTOM, "cn=partners")
    assert subprocess.run(["sh", "-c", command], check=False).returncode == CRITICAL and not ran.exists()
    slapd.stop()
    assert subprocess.run(["sh", "-c", command], check=False).returncode == UNKNOWN and not ran.exists()


def test_a_reader_that_has_gone_changes_nothing(quiet_slapd):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run([CTL, "check", "--uri", quiet_slapd.uri, "--dn", CUSTOM], stdout=pipe, stderr=subprocess.PIPE,
                              check=False, timeout=60)
    assert (done.returncode, done.stderr) == (OK, b"")


@pytest.mark.parametrize("number", (signal.SIGTERM, signal.SIGINT, signal.SIGKILL))
def test_nothing_is_left_when_it_is_ended(number):
    def is_alive(pid):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                return file.read().rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False

    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"ldap://127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen([CTL, "check", "--uri", uri, "--dn", CUSTOM], stdout=subprocess.PIPE) as running:
            with open(f"/proc/{running.pid}/task/{running.pid}/children", encoding="ascii") as file:
                def children():
                    file.seek(0)
                    return file.read().split()
                [prober] = wait_until(children, "the prober to run")
                silent.accept()
                running.send_signal(number)
                assert running.wait(60) == -number
    wait_until(lambda: not is_alive(prober), "the prober to end")
