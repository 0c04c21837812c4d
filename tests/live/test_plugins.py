"""What conf/ has for Nagios and Icinga, by Nagios and Icinga; their plugins against the endpoint; and our own plugin."""

import getpass
import grp
import os
import re
import subprocess

import pytest
from endpoint import serving
from sections import directory, watch
from servers import CUSTOM, Nagios, free_port, wait_until
from servers.slapd import RECIPIENTS

SOURCE = os.path.abspath(os.environ["SRCDIR"])
BUILD = os.path.abspath(os.environ["BUILDDIR"])
PLUGINS = "/usr/lib/nagios/plugins"
OK, WARNING, CRITICAL, UNKNOWN = range(4)


def run(*command):
    """(exit status, first line)."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).partition("\n")[0]


def conf(name, port=None):
    with open(os.path.join(SOURCE, "conf", name), encoding="utf-8") as file:
        text = file.read()
    return text.replace("19389", str(port)) if port else text


# --- the plugins of monitoring-plugins

endpoint = serving(texts="hostile")


@pytest.mark.parametrize("plugin", ["check_http", "check_curl"])
@pytest.mark.parametrize("path, expected, why", [
    ("/livez", OK, "the loop turns"),
    ("/readyz", OK, "it is ready"),
    ("/health?watch=watch-00000", OK, "pass"),
    ("/health?watch=watch-00003", OK, "warn is 200, as the draft has it"),
    ("/health?watch=watch-00001", CRITICAL, "fail is 503"),
    ("/health", CRITICAL, "one of them fails"),
    ("/health?watch=nobody", WARNING, "404: the name is wrong, not the directory"),
])
def test_a_plugin_for_http_tells_health(endpoint, plugin, path, expected, why):
    status, line = run(f"{PLUGINS}/{plugin}", "-I", "127.0.0.1", "-p", str(endpoint.port), "-u", path)
    assert status == expected, f"{why}: {line}"
    assert line.startswith("HTTP ")


@pytest.mark.parametrize("plugin", ["check_http", "check_curl"])
def test_a_plugin_for_http_can_tell_a_warning_from_a_pass(endpoint, plugin):
    for name, expected in (("watch-00000", OK), ("watch-00003", CRITICAL)):
        status, line = run(f"{PLUGINS}/{plugin}", "-I", "127.0.0.1", "-p", str(endpoint.port),
                           "-u", f"/health?watch={name}", "-s", '"status": "pass"')
        assert status == expected, line


@pytest.mark.parametrize("plugin", ["check_http", "check_curl"])
def test_a_plugin_for_http_is_critical_when_nobody_answers(plugin):
    status, line = run(f"{PLUGINS}/{plugin}", "-I", "127.0.0.1", "-p", str(free_port()), "-u", "/health")
    assert status == CRITICAL, line


# --- our own

@pytest.fixture
def check_dndrift(tmp_path):
    """Our plugin, on the programs of the build."""
    with open(os.path.join(SOURCE, "daemon/ctl/check_dndrift"), encoding="utf-8") as file:
        text = file.read()
    plugin = tmp_path / "check_dndrift"
    plugin.write_text(text.replace("/usr/bin/", BUILD + "/"))
    plugin.chmod(0o755)
    return str(plugin)


def test_our_plugin_is_one(check_dndrift, slapd):
    there = ("--uri", slapd.uri, "--cleartext", "allow", "--timeout", "5s", "--confirm-interval", "100ms")
    assert run(check_dndrift, *there, "--dn", CUSTOM)[0] == OK
    assert run(check_dndrift, *there, "--dn", "cn=nobody," + RECIPIENTS)[0] == CRITICAL
    assert run(check_dndrift, *there, "--require-pin", "--dn", CUSTOM)[0] == WARNING
    assert run(check_dndrift, "--uri", f"ldap://127.0.0.1:{free_port()}", "--timeout", "1s", "--dn", CUSTOM)[0] == UNKNOWN
    assert run(check_dndrift, "--frobnicate")[0] == UNKNOWN


@pytest.mark.parametrize("option, first", [("-h", "Usage: "), ("--help", "Usage: "), ("-V", "dndriftctl "),
                                           ("--version", "dndriftctl ")])
def test_our_plugin_ends_with_unknown_when_it_only_tells_of_itself(check_dndrift, option, first):
    status, line = run(check_dndrift, option)
    assert status == UNKNOWN and line.startswith(first)


# --- Nagios

@pytest.fixture
def watching(slapd, daemon):
    """A daemon with a drift, a match and a watch that cannot be verified."""
    daemon = daemon(directory(slapd.uri) + directory(f"ldap://127.0.0.1:{free_port()}", name="away") + watch(CUSTOM) +
                    watch(RECIPIENTS, name="calm") + watch(CUSTOM, name="lost", directory="away"))
    daemon.wait_verdict("custom", "match")
    daemon.wait_verdict("calm", "match")
    slapd.rename(CUSTOM, "cn=partners")
    daemon.wait_verdict("custom", "renamed")
    daemon.wait_observed("lost", "unreachable")
    return daemon


def test_a_real_nagios_takes_the_objects_and_sees_what_the_daemon_sees(watching, started):
    nagios = started(Nagios(conf("dndriftd-nagios.cfg", watching.port), {
        "custom": "check_dndrift_health!custom", "calm": "check_dndrift_health!calm",
        "lost": "check_dndrift_health!lost", "nobody": "check_dndrift_health!nobody", "daemon": "check_dndrift_all"}))
    status, text = nagios.verify()
    assert (status, re.findall(r"Total (?:Warnings|Errors): +(\d+)", text)) == (0, ["0", "0"]), text
    nagios.start()
    states = wait_until(lambda: len(nagios.states()) == 5 and nagios.states(), "all services to be checked")
    assert {name: state for name, (state, _) in states.items()} == \
        {"custom": CRITICAL, "calm": OK, "lost": OK, "nobody": WARNING, "daemon": CRITICAL}, states


def test_nagios_takes_the_command_that_compares_without_the_daemon(started):
    objects = conf("dndriftd-nagios.cfg")
    nagios = started(Nagios(objects, {"custom": "check_dndrift!custom-recipients"}))
    status, text = nagios.verify()
    assert status == 0, text
    [line] = re.findall(r"command_line +(.*/check_dndrift .*)", objects)
    permitted = re.search(r"NOPASSWD: (.*)$", objects, re.MULTILINE)[1]
    asked = line.replace("$USER1$", PLUGINS).replace("'$ARG1$'", "custom-recipients")
    assert asked == f"/usr/bin/sudo -n {permitted}", "what sudoers permits is what is asked for"


# --- Icinga

SITE = """
const PluginDir = "{plugins}"
const NodeName = "localhost"
const ZoneName = NodeName
include <itl>
include <plugins>
include "{objects}"
object Endpoint NodeName {{ }}
object Zone ZoneName {{ endpoints = [ NodeName ] }}
object Host "mon" {{
  check_command = "dummy"
  address = "127.0.0.1"
  vars.dndrift_watches = [ "custom-recipients", "people" ]
}}
object Host "other" {{ check_command = "dummy" }}
object Service "compared" {{
  host_name = "mon"
  check_command = "dndrift"
  vars.dndrift_watch = "people"
}}
"""


@pytest.fixture
def icinga2(tmp_path):
    """icinga2(objects, verb...): what it prints; its folders are our own."""
    constants = [f"-D{name}={tmp_path}" for name in ("DataDir", "LogDir", "CacheDir", "InitRunDir")]
    constants += [f"-DRunAsUser={getpass.getuser()}", f"-DRunAsGroup={grp.getgrgid(os.getgid()).gr_name}"]

    def call(objects, *verb):
        (tmp_path / "dndriftd.conf").write_text(objects)
        site = tmp_path / "icinga2.conf"
        site.write_text(SITE.format(plugins=PLUGINS, objects=tmp_path / "dndriftd.conf"))
        config = ["-C", "-c", str(site)] if verb == ("daemon",) else []
        done = subprocess.run(["icinga2", *verb, *config, *constants], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr
    return call


def test_icinga_takes_the_objects_and_makes_a_service_of_each_watch(icinga2):
    status, text = icinga2(conf("dndriftd-icinga2.conf"), "daemon")
    assert status == 0 and "Instantiated 4 Services." in text, text
    status, text = icinga2(conf("dndriftd-icinga2.conf"), "object", "list", "--type", "Service")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert set(re.findall(r"Object '(mon!.*?)'", plain)) == \
        {"mon!dndrift-custom-recipients", "mon!dndrift-people", "mon!dndriftd", "mon!compared"}, plain
    assert 'http_uri = "/health?watch=people"' in plain and "http_port = 19389" in plain


def test_icinga_would_refuse_a_mistake(icinga2):
    status, text = icinga2(conf("dndriftd-icinga2.conf").replace("check_interval = 1m", "chek_interval = 1m"), "daemon")
    assert status != 0 and "chek_interval" in text
