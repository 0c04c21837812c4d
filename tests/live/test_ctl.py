"""dndriftctl against the real control socket, on a view of made-up watches: what it prints and how it ends."""

import json
import os
import pwd
import re
import shutil
import socket
import subprocess

import pytest
from endpoint import Endpoint

CTL = os.path.join(os.environ["BUILDDIR"], "dndriftctl")
CONFIG = """[daemon]
state_directory = {folder}
control = unix:{control}
[directory mms]
uri = ldap://127.0.0.1
[watch watch-00000]
directory = mms
dn = cn=custom
"""
OK, REFUSED, USAGE, UNREACHED = 0, 1, 2, 3


@pytest.fixture(scope="module", params=("plain", "hostile"))
def endpoint(request):
    with Endpoint(texts=request.param, n_watches=8).start() as running:
        yield running


def configured(folder, control):
    file = os.path.join(folder, "dndriftd.conf")
    with open(file, "w", encoding="utf-8") as config:
        config.write(CONFIG.format(folder=folder, control=control))
    return file


def ctl(*arguments, **options):
    return subprocess.run([CTL, *arguments], capture_output=True, text=True, check=False, timeout=60, **options)


def ask(endpoint, *arguments):
    return ctl("-c", configured(endpoint.folder, endpoint.control), *arguments)


def test_status_lists_every_watch_in_columns(endpoint):
    done = ask(endpoint, "status")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (OK, "")
    assert lines[0].split() == ["WATCH", "VERDICT", "SINCE", "FOR", "COMPARED", "CONFIGURED"]
    column = lines[0].index("CONFIGURED")
    rows = [line for line in lines[1:] if line.startswith("watch-")]
    assert len(rows) == 8
    assert all(row[column - 1] == " " and row[column:].startswith("cn=container") for row in rows)
    assert any(line.startswith(" " * len("watch-00000  ") + "put cn=live 1") for line in lines)


def test_nothing_from_a_directory_reaches_the_terminal_raw(endpoint):
    for arguments in (("status",), ("status", "watch-00003"), ("adopt", "watch-00001"), ("status", "--json"),
                      ("history",), ("history", "--json")):
        done = ask(endpoint, *arguments)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ufffd]", done.stdout + done.stderr), arguments


def test_status_of_one_watch_tells_all_of_it(endpoint):
    done = ask(endpoint, "status", "watch-00003")
    told = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert done.returncode == OK
    assert told["verdict"] == "unreachable" and told["stale"] == "false"
    assert json.loads(told["reason"])["phase"] == "search"


def test_status_as_json_is_what_the_endpoint_says(endpoint):
    told = json.loads(ask(endpoint, "status", "--json").stdout)
    assert [watch["watch"] for watch in told["watches"]] == [f"watch-{i:05}" for i in range(8)]
    assert json.loads(ask(endpoint, "status", "--json", "watch-00001").stdout)["verdict"] == "renamed"


@pytest.mark.parametrize("arguments, status, out, err", (
    (("adopt", "watch-00000"), OK, "adopted\n", ""),
    (("adopt", "watch-00001"), REFUSED, "", "dndriftctl: there is nothing to adopt: "),
    (("adopt", "nobody"), REFUSED, "", "dndriftctl: there is no watch nobody\n"),
    (("adopt", "no/body?x"), REFUSED, "", "dndriftctl: there is no watch no/body?x\n"),
    (("compare",), OK, "every watch will be compared now\n", ""),
    (("compare", "watch-00001"), OK, "watch-00001 will be compared now\n", ""),
    (("status", "nobody"), REFUSED, "", "dndriftctl: there is no watch of that name\n"),
    (("history", "no&body#?"), REFUSED, "", "dndriftctl: there is no watch of that name, nor was there one\n"),
    (("history", "failing"), REFUSED, "", "dndriftctl: the history cannot be read now: the disk is full\n"),
    (("history", "watch-00001"), OK, "NUMBER  TIME  WORD  WATCH  VERDICT  TOLD\n", ""),
))
def test_orders_end_as_the_daemon_decides(endpoint, arguments, status, out, err):
    done = ask(endpoint, *arguments)
    assert (done.returncode, done.stdout) == (status, out)
    assert done.stderr.startswith(err) and bool(done.stderr) == bool(err)


@pytest.mark.parametrize("arguments, err", (
    ((), "what shall be done?"),
    (("frobnicate",), "there is no verb `frobnicate'"),
    (("adopt",), "adopt needs the name of a watch"),
    (("status", "a", "b"), "status takes one watch, not `b' as well"),
    (("adopt", "--json", "a"), "adopt has no option `--json'"),
    (("obtain",), "obtain needs the name of a [directory] section"),
    (("explain", "-x"), "explain has no option `-x'"),
    (("dn",), "dn needs a DN"),
    (("dn", "cn=a", "cn=b", "cn=c"), "dn takes two DNs, not `cn=c' as well"),
    (("dn", "-x", "cn=a"), "dn has no option `-x'"),
    (("history", "a", "b"), "history takes one watch, not `b' as well"),
    (("history", "--limit"), "history --limit needs a value"),
    (("history", "--limit", "0"), "history --limit takes a number from 1 to 1000, not `0'"),
    (("history", "--limit=1001"), "history --limit takes a number from 1 to 1000, not `1001'"),
    (("history", "--before", "-1"), "history --before takes the number of an entry, not `-1'"),
    (("history", "--before=x"), "history --before takes the number of an entry, not `x'"),
    (("history", "--limits", "3"), "history has no option `--limits'"),
    (("history", "--json=yes"), "history has no option `--json=yes'"),
    (("-x",), "invalid option"),
))
def test_a_wrong_command_line_is_told_as_such(arguments, err):
    done = ctl(*arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert err in done.stderr and "Try `dndriftctl --help'" in done.stderr


@pytest.mark.parametrize("arguments, out", (
    (("--help",), "Usage: dndriftctl [-c FILE] VERB"),
    (("-h",), "Usage: dndriftctl [-c FILE] VERB"),
    (("status", "--help"), "Usage: dndriftctl [-c FILE] status"),
    (("adopt", "-h"), "Usage: dndriftctl [-c FILE] adopt WATCH"),
    (("compare", "--help"), "Usage: dndriftctl [-c FILE] compare"),
    (("check", "-h"), "Usage: dndriftctl [-c FILE] check"),
    (("obtain", "mms", "-h"), "Usage: dndriftctl [-c FILE] obtain [OPTION...] DIRECTORY [NAME]"),
    (("--version",), "dndriftctl (dndriftd) "),
))
def test_help_and_version_go_to_stdout(arguments, out):
    done = ctl(*arguments)
    assert (done.returncode, done.stderr) == (OK, "")
    assert done.stdout.startswith(out)


def test_a_daemon_that_does_not_run_is_told_with_what_to_do(tmp_path):
    done = ctl("-c", configured(tmp_path, tmp_path / "control.sock"), "status")
    assert done.returncode == UNREACHED
    assert f"cannot reach the daemon on {tmp_path}/control.sock: No such file or directory; is dndriftd running" in done.stderr


def test_a_socket_on_which_nobody_listens_is_told(tmp_path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "control.sock"))
        done = ctl("-c", configured(tmp_path, tmp_path / "control.sock"), "compare")
    assert done.returncode == UNREACHED
    assert "Connection refused; is dndriftd running" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_user_who_may_not_is_told_who_may():
    with Endpoint().start() as endpoint:
        os.chmod(endpoint.folder, 0o755)
        program = shutil.copy(CTL, endpoint.folder)  # the build folder may be closed to others
        os.chmod(configured(endpoint.folder, endpoint.control), 0o644)
        done = subprocess.run([program, "-c", f"{endpoint.folder}/dndriftd.conf", "status"], check=False,
                              capture_output=True, text=True, user=pwd.getpwnam("nobody").pw_uid, extra_groups=[])
    assert done.returncode == UNREACHED
    assert "Permission denied; the control socket is its owner's alone: run this as root" in done.stderr


def test_a_daemon_that_is_stopped_is_not_waited_for_for_ever():
    with Endpoint().start() as endpoint:
        endpoint.pause()
        done = ask(endpoint, "status")
    assert done.returncode == UNREACHED
    assert "did not answer" in done.stderr and "within 10 s" in done.stderr


def test_a_configuration_that_cannot_be_read_is_told(tmp_path):
    done = ctl("-c", tmp_path / "nothing.conf", "status")
    assert done.returncode == UNREACHED and "nothing.conf" in done.stderr


def test_an_answer_that_is_no_json_is_told(tmp_path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(tmp_path / "control.sock"))
        other.listen()
        with subprocess.Popen([CTL, "-c", configured(tmp_path, tmp_path / "control.sock"), "status"],
                              stderr=subprocess.PIPE, text=True) as running:
            client, _ = other.accept()
            with client:
                client.recv(4096)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n")
            assert "is not understood" in running.communicate(timeout=60)[1]
            assert running.returncode == UNREACHED
