"""[alertmanager]: a real one has an alert for each watch as long as it drifts and no longer, with the same labels from
the first to the last, whatever becomes of it and of the daemon."""

import contextlib
import os
import re
import signal
import subprocess
import time

import pytest

from decoders import stands_for, text_of, unclean
from hostile_bytes import END_TO_END, hostile_texts
from http_server import BadAlertmanager
from mail_server import MailServer
from sections import alerting, directory, section, watch
from servers import CUSTOM, Alertmanager, Hook, wait_until
from servers.slapd import RECIPIENTS
from test_outlets import couriers
from test_remote_syslog import programs, send  # noqa: F401  (fixtures)

SOURCE = os.path.abspath(os.environ.get("SRCDIR", "."))
SHIPPED = os.path.join(SOURCE, "conf/dndriftd-alertmanager.yml")
PEOPLE = "cn=people,ou=charlotte,o=mms"
MANY = 50
GRACE_S = 60  # a directory that is away is told no sooner
ENDS_S = 12  # four intervals without a word
LOGIN = 'basic_auth_users: { monitor: "$2b$05$gDaeqYkG1dsQWlinttezi.oKEN.UJ/O4rajLUHBFwlMwC1pMLTN5." }\n'  # of the password sesame


@pytest.fixture
def hook():
    with contextlib.closing(Hook()) as running:
        yield running


@pytest.fixture
def manager(started, hook):
    """A running Alertmanager."""
    return started(Alertmanager(hook)).start()


@pytest.fixture
def bad():
    with contextlib.closing(BadAlertmanager()) as running:
        yield running


@pytest.fixture
def telling(slapd, daemon_factory):
    """telling(managers..., **settings): the daemon, running with one watch that matches."""
    def make(*managers, more="", **settings):
        sections = directory(slapd.uri) + watch(CUSTOM, fix="in\u202e the\tfile") + alerting(*managers, **settings) + more
        daemon = daemon_factory(sections).start()
        daemon.wait_verdict("custom", "match")
        return daemon
    return make


def figure(daemon, name, manager):
    return daemon.metrics()[f'dndrift_{name}{{outlet="{manager.uri}"}}']


def wait_drained(daemon, manager):
    wait_until(lambda: figure(daemon, "outlet_depth", manager) == 0, "all to be taken")


def test_a_drift_is_an_alert_with_labels_that_never_change(telling, manager, slapd, hook):
    daemon = telling(manager, labels="env=prod team=post", link="http://mail1.example.com:19389/")
    renamed = slapd.rename(CUSTOM, "cn=else\\, where")
    alert = manager.wait_firing(watch="custom")
    labels = {"alertname": "DndriftDrift", "watch": "custom", "directory": "mms", "severity": "critical",
              "env": "prod", "team": "post"}
    assert alert["labels"] == labels
    assert alert["generatorURL"] == "http://mail1.example.com:19389/watches/custom"
    notes = alert["annotations"]
    assert set(notes) == {"summary", "description", "verdict", "configured", "live", "first_missing", "identity", "server",
                          "since", "age", "alert", "fix"}
    assert notes["verdict"] == "renamed" and notes["configured"] == CUSTOM
    assert notes["live"] == f"cn=else\\2C where,{RECIPIENTS}" and notes["first_missing"] == "cn=custom"
    assert notes["fix"] == "in\\xe2\\x80\\xae the\\x09file" and notes["server"] == slapd.uri
    assert notes["identity"] == slapd.identity(renamed) and alert["startsAt"][:19] == notes["since"][:19]
    assert "custom" in manager.amtool("alert", "query", "alertname=DndriftDrift", "watch=custom", "env=prod")
    deeper = slapd.rename(renamed, "cn=elsewhere")
    wait_until(lambda: manager.alert(watch="custom")["annotations"]["live"].startswith("cn=elsewhere,"), "the new DN")
    assert manager.alert(watch="custom")["labels"] == labels
    slapd.rename(deeper, "cn=custom")
    manager.wait_resolved(watch="custom")
    [resolved] = wait_until(lambda: hook.of("resolved"), "the resolved notification")
    assert resolved["commonLabels"] == labels and "again" in resolved["commonAnnotations"]["description"]
    assert resolved["alerts"][0]["startsAt"][:19] == notes["since"][:19]
    wait_drained(daemon, manager)
    assert len(hook.of("firing")) >= 1 and figure(daemon, "alert_failures_total", manager) == 0


def test_hostile_values_come_back_whole(send, manager):  # noqa: F811
    values = hostile_texts(END_TO_END // 10, "alertmanager")
    send(manager.uri, [(value, value) for value in values]).taken()
    came = {alert["labels"]["watch"]: alert["annotations"] for alert in manager.alerts()}
    assert len(came) == len(values)
    for number, value in enumerate(values, 1):
        notes = came[f"w{number}"]
        assert notes.get("live") == notes.get("description")
        assert stands_for(text_of(notes.get("live", "")), value, unclean)
    print(f"{len(values)} hostile alerts came back")


def test_what_is_open_goes_on_beyond_its_end_and_over_a_restart(telling, manager, slapd, hook):
    daemon = telling(manager)
    slapd.rename(CUSTOM, "cn=elsewhere")
    first = manager.wait_firing(watch="custom")
    for end in (daemon.stop, daemon.kill9):
        time.sleep(ENDS_S + 1)  # nothing but being told again keeps it
        assert manager.alert(watch="custom")["endsAt"] > first["endsAt"]
        end()
        assert manager.alert(watch="custom"), "the end of the daemon resolves nothing"
        daemon.start()
    time.sleep(ENDS_S + 1)
    assert manager.alert(watch="custom")["startsAt"] == first["startsAt"]
    assert len(hook.of("firing")) == 1 and not hook.of("resolved")


def test_an_alertmanager_that_lost_all_has_all_again(telling, manager, slapd):
    daemon = telling(manager)
    slapd.rename(CUSTOM, "cn=elsewhere")
    manager.wait_firing(watch="custom")
    manager.kill()
    wait_until(lambda: "alerts wait: " in daemon.stderr() or figure(daemon, "alert_failures_total", manager) > 0, "a failure")
    manager.start()
    manager.wait_firing(watch="custom")


def test_what_ended_while_it_stalled_ends_there(telling, manager, slapd, syslog_ng):
    daemon = telling(manager)
    renamed = slapd.rename(CUSTOM, "cn=elsewhere")
    manager.wait_firing(watch="custom")
    manager.pause()
    slapd.rename(renamed, "cn=custom")
    wait_until(lambda: any("RECOVERED custom" in line.text for line in syslog_ng.lines()), "the log, which waits for nobody")
    daemon.kill9()
    daemon.start()
    manager.resume()
    manager.wait_resolved(watch="custom")
    wait_drained(daemon, manager)
    time.sleep(2)
    assert not manager.alerts(), "nothing told late brings it back"


def test_each_row_goes_once_it_was_taken_and_not_before(telling, bad, slapd):
    bad.answer = 500
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: len(bad.of("custom")) >= 2, "two tries")
    depth = figure(daemon, "outlet_depth", bad)
    assert depth >= 1 and figure(daemon, "alert_failures_total", bad) >= 2
    assert "alerts wait: it answered 500: a \\x1b[2Jbad\\x0d\\x0aanswer" in daemon.stderr()
    daemon.kill9()
    bad.answer = 202
    daemon.start()
    wait_drained(daemon, bad)
    assert set(bad.paths) == {"/api/v2/alerts"}


@pytest.mark.parametrize("answer, why", [
    (401, "it answered 401, expected it to take what user and password_file, or bearer_token_file, say"),
    (404, "it answered 404, expected the address of an Alertmanager in uri"), (429, "it answered 429"), (503, "it answered 503"),
    ("away", "it answered 307, which is not followed, expected the address of Alertmanager itself in uri"),
    ("endless", "its answer has no end within 65536 bytes"), ("never", "Operation timed out"),
])
def test_a_bad_answer_is_said_and_asked_for_again(telling, bad, slapd, answer, why):
    bad.answer = answer
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: f"outlet {bad.uri}: alerts wait: {why}" in daemon.stderr(), why)
    assert figure(daemon, "outlet_depth", bad) > 0 and "/elsewhere" not in bad.paths
    bad.answer = 200
    wait_drained(daemon, bad)


def test_what_is_refused_for_good_is_said_and_holds_up_nothing(telling, bad, slapd):
    bad.answer = 400
    daemon = telling(bad)
    renamed = slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: f"outlet {bad.uri}: alerts are given up: it answered 400: a " in daemon.stderr(), "the sentence")
    wait_drained(daemon, bad)
    bad.answer = 200
    slapd.rename(renamed, "cn=custom")
    wait_until(lambda: [alert for alert in bad.of("custom") if "age" not in alert["annotations"]], "the end")


def test_a_400_of_somebody_else_refuses_no_alert(telling, bad, slapd):
    """So answers a server that wants TLS."""
    bad.answer, bad.type = 400, "text/plain"
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: f"outlet {bad.uri}: alerts wait: it answered 400, but not as an Alertmanager does, expected the address of "
               "one, http:// or https://, in uri: a " in daemon.stderr(), "the hint")
    assert figure(daemon, "outlet_depth", bad) > 0 and "given up" not in daemon.stderr()
    bad.answer = 200
    wait_drained(daemon, bad)


@pytest.mark.parametrize("answer, raw", [
    ("raw", b""), ("raw", b"hello"), ("raw", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut"), ("raw", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ("raw", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"), ("raw", b"HTTP/1.1 999999 \x1b[2J\r\n\r\n"),
    ("flood", b"X: yyyy\r\n"), ("flood", b"y"), ("flood", b"\r\nHTTP/1.1 100 Continue\r\n"),
])
def test_what_is_no_answer_is_asked_for_again(telling, bad, slapd, answer, raw):
    bad.answer, bad.raw = answer, raw
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: f"outlet {bad.uri}: alerts wait: " in daemon.stderr(), "the failure")
    print(daemon.stderr())
    assert figure(daemon, "outlet_depth", bad) > 0 and "\x1b" not in daemon.stderr()
    bad.answer = 200
    wait_drained(daemon, bad)


def test_another_severity_ends_the_alert_before(slapd, daemon_factory, manager):
    daemon = daemon_factory(directory(slapd.uri) + watch(CUSTOM) + alerting(manager, interval="1h")).start()
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=elsewhere")
    manager.wait_firing(severity="critical")
    daemon.write_config(directory(slapd.uri) + watch(CUSTOM, severity="warning", remind="1m") + alerting(manager, interval="1h"))
    daemon.reload()
    manager.wait_firing(severity="warning")
    manager.wait_resolved(severity="critical")


def test_a_courier_that_is_killed_in_a_post_loses_nothing(telling, bad, slapd):
    bad.answer = "never"
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: bad.of("custom"), "a post without an answer")
    for courier in couriers(daemon):
        os.kill(courier, signal.SIGKILL)
    bad.answer = 200
    wait_until(lambda: "alerts wait: dndrift-courier ended without a word" in daemon.stderr(), "the end")
    wait_drained(daemon, bad)


def test_a_connection_that_was_closed_in_between_is_no_failure(telling, bad, slapd):
    bad.answer = "once"
    daemon = telling(bad)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: len(bad.of("custom")) >= 4, "some sweeps")
    assert figure(daemon, "alert_failures_total", bad) == 0 and "outlet" not in daemon.stderr()


def test_a_post_that_fails_holds_up_no_other_of_its_sweep(slapd, daemon_factory, bad):
    count = 200
    daemon = daemon_factory(many(slapd, count) + alerting(bad)).start()
    daemon.wait_verdict(f"w{count - 1}", "match")
    slapd.rename(RECIPIENTS, "cn=people")
    wait_until(lambda: all(bad.of(f"w{number}") for number in range(count)), "all")
    wait_drained(daemon, bad)
    bad.answer = "odd"
    told = len(bad.posts) + len(bad.posts) % 2
    wait_until(lambda: len({alert["labels"]["watch"] for post in bad.posts[told::2] for alert in post}) == count, "all again")
    assert f"outlet {bad.uri}: what is open was not told again: it answered 503" in daemon.stderr()


def test_a_directory_that_is_away_is_one_alert(telling, manager, slapd, hook):
    telling(manager)
    slapd.stop()
    alert = wait_until(lambda: manager.alert(alertname="DndriftUnverifiable"), "the alert", timeout_s=GRACE_S + 60)
    assert alert["labels"] == {"alertname": "DndriftUnverifiable", "directory": "mms", "severity": "warning"}
    assert alert["annotations"]["summary"] == "The watches of the directory mms cannot be compared"
    time.sleep(ENDS_S + 1)
    assert [one["labels"] for one in manager.alerts()] == [alert["labels"]]
    slapd.start()
    manager.wait_resolved(alertname="DndriftUnverifiable")
    [resolved] = wait_until(lambda: hook.of("resolved"), "the resolved notification")
    assert "can be compared again" in resolved["commonAnnotations"]["description"]


def test_variables_about_proxies_are_nothing_to_us(slapd, daemon_factory, bad):
    environment = {"http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}
    daemon = daemon_factory(directory(slapd.uri) + watch(CUSTOM) + alerting(bad), environment=environment).start()
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: bad.of("custom"), "the alert")


@pytest.fixture
def secure(started, certificates, hook):
    """An Alertmanager that wants a certificate of ours, and a login."""
    certificate, key = certificates.server()
    web = (f"tls_server_config: {{ cert_file: {certificate}, key_file: {key}, client_ca_file: {certificates.ca}, "
           "client_auth_type: RequireAndVerifyClientCert }\n" + LOGIN)
    return started(Alertmanager(hook, web=web, scheme="https"))


def test_it_proves_who_it_is_to_one_that_wants_to_know(telling, secure, slapd, certificates, password, hook):
    certificate, key = certificates.client()
    secure.spawn()
    daemon = telling(secure, ca_file=certificates.ca, cert_file=certificate, key_file=key, user="monitor",
                     password_file=password("wrong\n"))
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: f"outlet {secure.uri}: alerts wait: it answered 401, expected it to take what user" in daemon.stderr(),
               "the refusal")
    password("sesame\n")
    wait_until(lambda: hook.of("firing"), "the notification")
    assert "wrong" not in daemon.stderr() and "sesame" not in daemon.stderr()


@pytest.mark.parametrize("certificate", ("expired", "wrong-name", "unknown-ca"))
def test_a_certificate_that_proves_nothing_gets_no_alert(telling, started, slapd, certificates, certificate, hook):
    pair = certificates.server(certificate)
    manager = started(Alertmanager(hook, web=f"tls_server_config: {{ cert_file: {pair[0]}, key_file: {pair[1]} }}\n",
                                   scheme="https"))
    manager.spawn()
    daemon = telling(manager, ca_file=certificates.ca)
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: re.search(rf"outlet {manager.uri}: alerts wait: .*certificate", daemon.stderr()), "the refusal")
    assert not hook.notifications


def test_a_bearer_token_is_shown(telling, bad, slapd, password):
    telling(bad, bearer_token_file=password("token\n"))
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: bad.of("custom"), "the alert")
    assert {headers["Authorization"] for headers in bad.headers} == {"Bearer token"}
    assert {headers["Content-Type"] for headers in bad.headers} == {"application/json"}


@pytest.mark.parametrize("content, why", [
    ("to\r\n", "holds no bearer token, expected one line without blanks"), ("to\nX-Evil: 1\n", "holds no bearer token, expected"),
    ("", "is empty"), ("x" * 2000, "is too long"),
])
def test_what_is_no_token_is_said_and_a_new_one_read(telling, bad, slapd, password, content, why):
    daemon = telling(bad, bearer_token_file=password(content))
    slapd.rename(CUSTOM, "cn=elsewhere")
    wait_until(lambda: why in daemon.stderr(), why)
    assert not bad.posts and "Evil" not in daemon.stderr() and "xx" not in daemon.stderr()
    password("token\n")
    wait_until(lambda: bad.of("custom"), "the alert")
    assert {headers["Authorization"] for headers in bad.headers} == {"Bearer token"}


def test_a_dead_member_holds_up_no_other(telling, manager, started, bad, slapd):
    bad.answer = "never"
    dead = Alertmanager()
    started(dead)
    daemon = telling(dead, bad, manager)
    slapd.rename(CUSTOM, "cn=elsewhere")
    manager.wait_firing(watch="custom")
    wait_drained(daemon, manager)
    assert figure(daemon, "outlet_depth", dead) > 0 and figure(daemon, "outlet_depth", bad) > 0
    assert f"outlet {dead.uri}: alerts wait: Failed to connect" in daemon.stderr()


def many(slapd, count=MANY):
    names = [f"w{number}" for number in range(count)]
    for name in names:
        slapd.add_container(f"cn={name},{RECIPIENTS}", cn=name)
    return directory(slapd.uri) + "".join(watch(f"cn={name},{RECIPIENTS}", name=name) for name in names)


def shipped(mail):
    with open(SHIPPED, encoding="utf-8") as file:
        text = file.read()
    return text.replace("localhost:25", f"127.0.0.1:{mail.port}").replace("group_wait: 1m", "group_wait: 5s") \
               .replace("group_interval: 5m", "group_interval: 2s")


def test_the_shipped_route_is_one():
    done = subprocess.run(["amtool", "check-config", SHIPPED], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout.decode()


def test_many_watches_of_one_cause_are_many_alerts_and_one_notification(slapd, daemon_factory, started):
    with contextlib.closing(MailServer()) as mail:
        manager = started(Alertmanager(config=shipped(mail))).start()
        daemon = daemon_factory(many(slapd) + alerting(manager)).start()
        daemon.wait_verdict(f"w{MANY - 1}", "match")
        slapd.rename(RECIPIENTS, "cn=people")
        wait_until(lambda: len(manager.alerts()) == MANY, f"{MANY} alerts")
        causes = {alert["annotations"]["cause"] for alert in manager.alerts()}
        assert causes == {f"{RECIPIENTS} was renamed to {PEOPLE}"}
        [firing] = wait_until(lambda: list(mail.mails), "the mail")
        assert firing["Subject"] == f"[FIRING] DndriftDrift in mms: {MANY} watches - {RECIPIENTS} was renamed to {PEOPLE}"
        assert firing.get_body(("plain",)).get_content().count("is ancestor-renamed since") == MANY
        manager.pause()
        slapd.rename(PEOPLE, "cn=recipients")
        wait_until(lambda: daemon.watch("w0")["verdict"] == "match", "the recovery")
        wait_until(lambda: figure(daemon, "outlet_depth", manager) > 0, "the row", timeout_s=30)
        daemon.kill9()  # the row is kept, and so are those it speaks for
        daemon.start()
        manager.resume()
        wait_until(lambda: not manager.alerts(), "the end")
        wait_until(lambda: len(mail.mails) == 2, "the other mail")
        assert mail.mails[1]["Subject"].startswith(f"[RESOLVED] DndriftDrift in mms: {MANY} watches")


def test_what_is_silenced_is_not_told_here_either(slapd, daemon_factory, manager):
    silence = section("silence", "now", {"watches": "custom", "from": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"})
    text = directory(slapd.uri) + watch(CUSTOM) + alerting(manager)
    daemon = daemon_factory(text + silence).start()
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=elsewhere")
    daemon.wait_verdict("custom", "renamed")
    time.sleep(2)
    assert not manager.alerts()
    daemon.write_config(text)
    daemon.reload()
    manager.wait_firing(watch="custom")


def test_a_watch_that_flaps_stays(telling, manager, slapd, daemon_factory, hook):
    text = directory(slapd.uri) + watch(CUSTOM, flap_count=2, confirm=1) + alerting(manager)
    daemon = daemon_factory(text).start()
    daemon.wait_verdict("custom", "match")
    for _ in range(3):
        renamed = slapd.rename(CUSTOM, "cn=elsewhere")
        daemon.wait_verdict("custom", "renamed")
        slapd.rename(renamed, "cn=custom")
        daemon.wait_verdict("custom", "match")
    manager.wait_firing(watch="custom")
    time.sleep(ENDS_S + 1)
    assert "flaps" in manager.alert(watch="custom")["annotations"]["description"]


def test_what_is_configured_is_no_dn(slapd, daemon_factory, manager, tmp_path):
    file = tmp_path / "base.cf"
    file.write_text(f"server_host = {slapd.uri}\nsearch_base = {CUSTOM}\n")
    daemon = daemon_factory(directory(slapd.uri) + alerting(manager) +
                            watch(None, dn_from=f"postfix:{file}")).start()
    daemon.wait_verdict("custom", "match")
    file.write_text("search_base = no DN\n")
    assert manager.wait_firing(watch="custom")["labels"] == {
        "alertname": "DndriftInvalid", "watch": "custom", "directory": "mms", "severity": "critical"}
    file.write_text(f"server_host = {slapd.uri}\nsearch_base = cn=none,{RECIPIENTS}\n")
    manager.wait_firing(alertname="DndriftDrift")
    manager.wait_resolved(alertname="DndriftInvalid")
    daemon.write_config(directory(slapd.uri) + alerting(manager) + watch(CUSTOM, name="other"))
    daemon.reload()
    wait_until(lambda: not manager.alerts(), "the end of what is watched no more")


def test_it_runs_inside_the_sandbox_of_the_unit(confine, slapd, manager):
    confine(directory(slapd.uri) + watch(CUSTOM) + alerting(manager)).wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=elsewhere")
    manager.wait_firing(watch="custom")
