"""dndriftd does all of its work inside the sandbox of its unit: an unprivileged user, no new privileges, the system call
filter of dndriftd.service. A score of systemd-analyze says how tight it is; this says that it is not too tight."""

import os
import re
import signal

import pytest
import sandbox
from servers import ADMIN, CUSTOM, PASSWORD, wait_until
from servers.dns import IS_ALLOWED, Dns, srv

SECTIONS = f"""
[directory mms]
uri = {{uri}}
tls_ca_file = {{ca}}
bind = simple
bind_dn = {ADMIN}
password_file = {{password}}
timeout = 5s

[watch custom-recipients]
directory = mms
dn = {CUSTOM}
interval = 200ms
confirm_interval = 100ms
"""


@pytest.fixture
def sandboxed(confine, slapd_factory, certificates, tmp_path):
    """(daemon, slapd): running in the sandbox, watching over ldaps with a password."""
    slapd = slapd_factory(certificates=certificates)
    (tmp_path / "password").write_text(PASSWORD)
    return confine(SECTIONS.replace("{uri}", slapd.ldaps_uri),
                   {"ca": certificates.ca, "password": tmp_path / "password"}), slapd


def status(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def test_it_really_is_in_the_sandbox(sandboxed):
    daemon, _ = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    for pid in [daemon.pid] + daemon.probers():
        facts = status(pid)
        assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2" and facts["Uid"].split()[0] == str(sandbox.UID)


def test_it_binds_over_tls_and_announces_drift_and_recovery(sandboxed, syslog_ng):
    daemon, slapd = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    renamed = slapd.rename(CUSTOM, "cn=custom recipients")
    daemon.wait_verdict("custom-recipients", "renamed")
    assert daemon.get("/health").code == 503
    slapd.rename(renamed, "cn=custom")
    daemon.wait_verdict("custom-recipients", "match")
    syslog_ng.wait_for("^DRIFT custom-recipients: ")
    syslog_ng.wait_for("^RECOVERED custom-recipients: ")


@pytest.mark.skipif(not IS_ALLOWED, reason="only root may serve port 53")
def test_it_asks_dns_for_the_servers(sandboxed, started):
    daemon, slapd = sandboxed
    dns = started(Dns(srv("127.0.0.1.", slapd.port))).start()
    daemon.stop()
    daemon.wrapper = dns.seen_by(daemon.folder) + daemon.wrapper
    text = SECTIONS.format(uri=dns.uri, ca=daemon.path("ca"), password=daemon.path("password"))
    daemon.write_config(text.replace("bind = simple", "start_tls = yes\nbind = simple"))
    sandbox.give_away(daemon.folder)
    daemon.start()
    daemon.wait_watch("custom-recipients", lambda watch: watch.get("server") == slapd.uri, "to be asked there")


def test_a_prober_that_was_killed_is_started_again_and_no_drift_is_missed(sandboxed):
    daemon, slapd = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    [prober] = daemon.probers()
    os.kill(prober, signal.SIGKILL)
    wait_until(lambda: daemon.probers() not in ([], [prober]), "a new prober")
    slapd.rename(CUSTOM, "cn=custom recipients")
    daemon.wait_verdict("custom-recipients", "renamed")
    assert daemon.metrics()['dndrift_prober_restarts_total{directory="mms"}'] >= 1


def test_a_prober_that_stands_still_is_killed_at_its_deadline_and_replaced(sandboxed):
    daemon, slapd = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    [prober] = daemon.probers()
    os.kill(prober, signal.SIGSTOP)
    wait_until(lambda: not os.path.exists(f"/proc/{prober}"), "the end of the prober")
    slapd.rename(CUSTOM, "cn=custom recipients")
    daemon.wait_verdict("custom-recipients", "renamed")


def test_the_prober_goes_first_when_memory_is_short(sandboxed):
    daemon, _ = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    for prober in daemon.probers():
        with open(f"/proc/{prober}/oom_score_adj", encoding="ascii") as file:
            assert file.read().strip() == "1000"


def test_it_logs_in_by_kerberos(confine, slapd_factory, kdc, tmp_path):
    kdc.add("confined")
    slapd = slapd_factory(**kdc.for_slapd())
    sections = SECTIONS.replace("{uri}", slapd.uri)
    sections = re.sub("(?m)^(tls_ca_file|bind_dn|password_file) = .*\n", "", sections).replace(
        "bind = simple", "bind = gssapi\nkeytab = {keytab}\nkrb5_conf = {krb5_conf}")
    daemon = confine(sections, {"keytab": kdc.keytab(tmp_path / "keytab", "confined"), "krb5_conf": kdc.krb5_conf})
    daemon.wait_verdict("custom-recipients", "match")
    assert 'BIND dn="cn=confined,o=mms" mech=GSSAPI' in slapd.stderr()


def test_it_stops_within_two_seconds(sandboxed):
    daemon, _ = sandboxed
    daemon.wait_verdict("custom-recipients", "match")
    assert daemon.stop(timeout_s=2) == 0
