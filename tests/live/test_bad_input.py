"""What is promised for each bad input: the sentence that names what to do, and the exit code - 1 configuration,
2 usage, 3 environment. No server runs here but the one that is in the way."""

import os
import re
import socket
import subprocess

import pytest
from control import dndriftctl
from sections import directory, section, watch
from servers import CUSTOM, Daemon

# Root without the right to pass over permissions; whoever is not root has none to lose.
UNPRIVILEGED = [] if os.geteuid() else ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
USAGE, CONFIGURATION, ENVIRONMENT = 2, 1, 3

DOWN = directory("ldap://127.0.0.1:1", cleartext="allow")


def dndriftd(*arguments, wrapper=()):
    """Runs it to its end: returncode, stdout, stderr."""
    program = os.path.join(os.environ["BUILDDIR"], "dndriftd")
    return subprocess.run([*wrapper, program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=30, check=False)


@pytest.fixture
def checked(tmp_path):
    """checked(sections, *arguments): dndriftd -t with a file of these sections, and the path of the file."""
    file = tmp_path / "dndriftd.conf"

    def run(sections, *arguments, mode=0o644, **options):
        file.write_text(sections)
        file.chmod(mode)
        return dndriftd("-t", "-c", str(file), *arguments, **options), str(file)
    return run


@pytest.fixture
def unstarted(started):
    """unstarted(sections): a Daemon that is expected to end by itself."""
    return lambda sections=DOWN + watch(CUSTOM), **options: started(Daemon(sections, **options))


def ended(daemon):
    """Runs it to its end: (exit code, stderr)."""
    daemon.spawn()
    return daemon.wait(30), daemon.stderr()


def assert_told(done, file, line, told):
    """One problem, at that line, and nothing else."""
    assert (done.returncode, done.stdout) == (CONFIGURATION, "")
    assert re.fullmatch(rf"<3>{re.escape(file)}:{line}: {told}[^\n]*\n", done.stderr), done.stderr


# --- the file

@pytest.mark.parametrize("path, told", [("/nonexistent/dndriftd.conf", "cannot be read: No such file or directory"),
                                        ("/etc", "cannot be read: it is a folder, expected a file"),
                                        ("/dev/null", "cannot be read: it is a pipe, socket or device")])
@pytest.mark.parametrize("arguments", [(), ("-t",)])
def test_a_file_that_is_none(path, told, arguments):
    done = dndriftd("-c", path, *arguments)
    assert (done.returncode, done.stdout) == (CONFIGURATION, "")
    assert done.stderr.startswith(f"<3>{path}: {told}") and done.stderr.count("\n") == 1


def test_a_file_that_it_may_not_read(checked):
    done, file = checked(DOWN + watch(CUSTOM), mode=0, wrapper=UNPRIVILEGED)
    assert done.returncode == CONFIGURATION
    assert done.stderr == f"<3>{file}: cannot be read: Permission denied\n"


def test_a_good_file_is_good(checked):
    done, file = checked(DOWN + watch(CUSTOM))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}: good, 1 watch in 1 directory\n", "")


def test_the_sample_is_good(tmp_path):
    done = dndriftd("-t", "-c", os.path.join(os.environ["SRCDIR"], "conf/dndriftd.conf"))
    assert (done.returncode, done.stderr) == (0, "")


# --- what stands in it

FLAWS = [  # further settings of directory or watch, the line of it, what is told
    ("directory", {"uri": "http://h"}, 3, r"uri: `http://h` "),
    ("directory", {"uri": "ldap://h:99999"}, 3, r"uri: `ldap://h:99999` "),
    ("directory", {"urii": "ldap://h"}, 5, r"unknown key `urii` in \[directory\], did you mean `uri`\?"),
    ("directory", {"timeout": "5 minutes"}, 4, r"timeout: `5 minutes` .*expected .*m"),
    ("directory", {"bind": "gssapi"}, 5, r"`bind = gssapi` needs `keytab`"),
    ("directory", {"replicas": "some"}, 5, r"replicas: `some` is not known here, expected failover or all"),
    ("directory", {"split_after": "5 minutes"}, 5, r"split_after: `5 minutes` .*expected .*0 to 30d"),
    ("watch", {"dn": "custom"}, 8, r"dn: `custom` is no DN: at the end: expected ="),
    ("watch", {"dn": "cn=a,,o=mms"}, 8, r"dn: `cn=a,,o=mms` is no DN: at position \d+"),
    ("watch", {"intervall": "5s"}, 11, r"unknown key `intervall` in \[watch\], did you mean `interval`\?"),
    ("watch", {"interval": "5ms"}, 9, r"interval: `5ms` "),
    ("watch", {"directory": "mmss"}, 7, r"there is no section \[directory mmss\], did you mean `mms`\?"),
    ("watch", {"identity": "310de56c"}, 11, r"identity: `310de56c` "),
    ("watch", {"confirm": "0"}, 11, r"confirm: `0` "),
    ("watch", {"severity": "eror"}, 11, r"severity: `eror` is not known here, expected emerg, alert, crit, err"),
    ("watch", {"dn_from": "postfix:/etc/postfix/x.cf"}, 11, r"`dn_from` stands beside `dn` on line 8, expected one of"),
    ("watch", {"dn": None, "dn_from": "/etc/postfix/x.cf"}, 10, r"dn_from: there is no kind `/etc/postfix/x.cf`, expected one of: ini"),
    ("watch", {"dn": None, "dn_from": "ldap:nowhere o=x cn"}, 10, r"there is no section \[directory nowhere\]"),
    ("watch", {"dn": None, "dn_from": "ldap:mms o cn"}, 10, r"dn_from: `o` is no DN: "),
    ("watch", {"dn": None, "dn_from": "ldap:mms o=x c*n"}, 10, r"dn_from: `c\*n` is no name of an attribute"),
    ("watch", {"dn": None, "dn_from": "sssd:"}, 10, r"dn_from: expected sssd:DOMAIN \[KEY\]"),
]


@pytest.mark.parametrize("place, settings, line, told", FLAWS)
def test_a_flaw_is_told_with_its_line(checked, place, settings, line, told):
    of = {"directory": {}, "watch": {}, place: settings}
    done, file = checked(directory(**{"uri": "ldap://127.0.0.1:1", **of["directory"]})
                         + watch(**{"dn": CUSTOM, **of["watch"]}))
    assert_told(done, file, line, told)


def test_all_problems_are_told_at_once_in_the_order_of_the_file(checked):
    done, file = checked(directory("http://h") + watch("custom") + section("wacth", "x", {})
                         + watch(CUSTOM, name="other", intervall="1s"))
    assert done.returncode == CONFIGURATION
    lines = [int(number) for number in re.findall(rf"<3>{re.escape(file)}:(\d+): ", done.stderr)]
    assert len(lines) == done.stderr.count("\n") == 4 and lines == sorted(lines), done.stderr


# --- secrets

def with_password(file, uri="ldaps://127.0.0.1:1"):
    return directory(uri, bind="simple", bind_dn="cn=monitor,o=mms", password_file=file) + watch(CUSTOM)


def test_a_password_file_that_is_not_there(checked, tmp_path):
    done, file = checked(with_password(tmp_path / "nothing"))
    assert_told(done, file, 7, f"password_file: `{tmp_path}/nothing` cannot be read: No such file or directory")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o604])
def test_a_password_file_that_others_may_read(checked, tmp_path, mode):
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    secret.chmod(mode)
    done, file = checked(with_password(secret))
    assert_told(done, file, 7, f"password_file: `{secret}` can be read or written by others \\(mode {mode:04o}\\), "
                               "expected mode 0400 or 0600")
    assert "the-secret" not in done.stderr


def test_a_password_file_by_a_relative_path_without_credentials(checked):
    done, file = checked(with_password("secret"))
    assert_told(done, file, 7, r"password_file: `secret` is a relative path, which means \$CREDENTIALS_DIRECTORY")


def test_a_password_that_would_go_in_clear(checked, tmp_path):
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    done, file = checked(with_password(secret, "ldap://h"))
    assert_told(done, file, 5, "`bind = simple` would send the password in clear to `ldap://h:389`, expected ldaps://, "
                               "or start_tls = yes, or cleartext = allow")


def test_checking_reads_no_secret(checked, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    secret.chmod(0o600)
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-E", "ASAN_OPTIONS=detect_leaks=0", "-e", "trace=open,openat", "-o", str(trace)]
    done, _ = checked(with_password(secret), wrapper=strace)
    assert done.returncode == 0, done.stderr
    assert "dndriftd.conf" in trace.read_text() and str(secret) not in trace.read_text()


# --- the environment

def test_a_port_in_use(unstarted):
    daemon = unstarted()
    with socket.create_server(("127.0.0.1", daemon.port)):
        code, said = ended(daemon)
    assert code == ENVIRONMENT and not daemon.notify.fields("READY")
    assert f"<3>cannot listen on 127.0.0.1:{daemon.port}: Address already in use (key listen in [health])\n" in said


def test_an_address_that_is_not_of_this_machine(unstarted):
    daemon = unstarted()
    with open(daemon.config_file, encoding="utf-8") as file:
        text = file.read()
    daemon.write_config(config=text.replace("listen = 127.0.0.1", "listen = 192.0.2.1"))
    code, said = ended(daemon)
    assert code == ENVIRONMENT and "Cannot assign requested address (key listen in [health])" in said


def test_a_control_socket_below_something_that_is_no_folder(unstarted):
    daemon = unstarted()
    daemon.control_socket = os.path.join(daemon.config_file, "control.sock")
    daemon.write_config(DOWN + watch(CUSTOM))
    code, said = ended(daemon)
    assert code == ENVIRONMENT
    assert f"cannot make the folder {daemon.config_file}: " in said and "(key control in [daemon])" in said


def test_a_file_where_the_control_socket_belongs_is_left_alone(unstarted):
    daemon = unstarted()
    with open(daemon.control_socket, "w", encoding="utf-8") as file:
        file.write("precious")
    code, said = ended(daemon)
    assert code == ENVIRONMENT and "there is something else than a socket" in said
    with open(daemon.control_socket, encoding="utf-8") as file:
        assert file.read() == "precious"


def test_a_state_directory_that_is_none(unstarted):
    daemon = unstarted()
    os.rmdir(daemon.state)
    with open(daemon.state, "w", encoding="utf-8"):
        pass
    code, said = ended(daemon)
    assert code == ENVIRONMENT and f"state_directory {daemon.state} " in said
    assert "set state_directory in [daemon]" in said


def test_a_state_directory_that_it_may_not_enter(unstarted):
    daemon = unstarted(wrapper=UNPRIVILEGED)
    os.chmod(daemon.state, 0)
    code, said = ended(daemon)
    os.chmod(daemon.state, 0o700)
    assert code == ENVIRONMENT
    assert f"<3>state_directory {daemon.state} cannot be opened: Permission denied: it must be a directory" in said


def test_a_state_directory_that_cannot_be_written(unstarted):
    daemon = unstarted(wrapper=UNPRIVILEGED)
    os.chmod(daemon.state, 0o555)
    code, said = ended(daemon)
    assert code == ENVIRONMENT and f"state_directory {daemon.state} " in said


def test_a_second_daemon_on_the_same_state(unstarted):
    first, second = unstarted(), unstarted()
    first.start()
    second.state = first.state
    second.write_config(DOWN + watch(CUSTOM))
    code, said = ended(second)
    assert code == ENVIRONMENT
    assert first.state in said and re.search(r"another|already|second", said), said
    assert first.get("/livez").code == 200


def test_a_syslog_socket_that_is_not_there_is_waited_for(unstarted):
    daemon = unstarted(syslog="/nonexistent/log").start()
    assert daemon.get("/livez").code == 200 and daemon.metrics()["dndrift_outbox_depth"] >= 0


# --- the command line

@pytest.mark.parametrize("arguments, told", [
    (["-x"], "invalid option -- 'x'"), (["--nope"], "unrecognized option '--nope'"),
    (["-c"], "option requires an argument -- 'c'"), (["surplus"], "unexpected argument `surplus'"),
])
def test_a_wrong_command_line(arguments, told):
    done = dndriftd(*arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert told in done.stderr and done.stderr.endswith("Try `dndriftd --help'.\n")


@pytest.mark.parametrize("option", ["-h", "--help", "-V", "--version"])
def test_help_and_version_end_well(option):
    done = dndriftd(option)
    assert (done.returncode, done.stderr) == (0, "") and "dndriftd" in done.stdout


def test_dndriftctl_tells_a_bad_file_like_the_daemon(tmp_path):
    file = tmp_path / "dndriftd.conf"
    file.write_text(directory("http://h") + watch(CUSTOM))
    done = dndriftctl(str(file), "status")
    assert done.returncode not in (0, 2) and f"{file}:3: uri: `http://h` " in done.stderr


def test_dndriftctl_needs_no_password_file_to_talk_to_the_daemon(unstarted):
    daemon = unstarted().start()
    with open(daemon.config_file, encoding="utf-8") as file:
        text = file.read()
    client = daemon.path("client.conf")
    with open(client, "w", encoding="utf-8") as file:
        file.write(text.replace("cleartext = allow", "cleartext = allow\nbind = simple\nbind_dn = cn=x\n"
                                                     "password_file = /nonexistent/password"))
    done = dndriftctl(client, "status")
    assert done.returncode == 0 and CUSTOM in done.stdout, done.stderr
