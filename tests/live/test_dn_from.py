"""The DN where its consumer keeps it: read there, again when the file changes, by whatever way an editor saves."""

import os
import pathlib
import tempfile

import pytest
import tracing
from alert_line import alerts, wait_alert
from sections import directory, watch_from
from servers import CUSTOM, wait_until
from servers.slapd import RECIPIENTS

RENAMED = "cn=external partners,cn=recipients,ou=charlotte,o=mms"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "aliases.cf"


def postfix(*bases, password="secret"):
    return "server_host = ldap://x\n" + "".join(f"search_base = {base}\n" for base in bases) + f"bind_pw = {password}\n"


def ready(daemon):
    return daemon.get("/readyz").code == 200


def test_the_consumer_is_corrected_and_nothing_is_reloaded(slapd, daemon, syslog_ng, file):
    file.write_text(postfix(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"postfix:{file}"))
    assert daemon.wait_verdict("custom", "match")["configured"] == CUSTOM
    slapd.rename(CUSTOM, "cn=external partners")
    drift = wait_alert(syslog_ng, "DRIFT", "custom").tags
    assert drift["live"] == RENAMED and drift["fix"] == f"postfix:{file}"
    file.write_text(postfix(RENAMED))
    edited = wait_alert(syslog_ng, "EDITED", "custom")
    assert edited.sentence == f"the configured value was changed from {CUSTOM} to {RENAMED}"
    recovered = wait_alert(syslog_ng, "RECOVERED", "custom")
    assert recovered.sentence.startswith(f"{RENAMED} leads to the right entry again")
    assert not alerts(syslog_ng, "RELOADED") and not alerts(syslog_ng, "INVALID")
    assert "secret" not in syslog_ng.raw() + daemon.stderr()


def replace(file, text):
    new = file.with_suffix(".new")
    new.write_text(text)
    os.replace(new, file)


def rewrite(file, text):
    file.write_text(text)


def move_away(file, text):
    if file.exists():
        file.rename(file.with_suffix(".old"))
    file.write_text(text)


def piecewise(file, text):
    with file.open("w") as out:
        for letter in text:
            out.write(letter)
            out.flush()


def relink(file, text):
    """As a ConfigMap of Kubernetes is changed: a link among the folders is replaced."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=file.parent))
    (folder / file.name).write_text(text)
    link = file.parent / "now"
    new = file.parent / "now.new"
    new.symlink_to(folder)
    os.replace(new, link)
    if not file.is_symlink():
        file.unlink(missing_ok=True)
        file.symlink_to(link / file.name)


@pytest.mark.parametrize("save", [replace, rewrite, move_away, piecewise, relink])
def test_every_way_to_save_is_seen_and_no_half_file_is_believed(slapd, daemon, syslog_ng, file, save):
    save(file, postfix(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"postfix:{file}", interval="30m"))
    daemon.wait_verdict("custom", "match")
    for number, dn in enumerate((RECIPIENTS, CUSTOM, RECIPIENTS), 1):
        save(file, postfix(dn))
        assert wait_alert(syslog_ng, "EDITED", "custom", number).tags["configured"] == dn
        wait_until(lambda: daemon.watch("custom").get("identity") == slapd.identity(dn), f"the pin of {dn}")
    assert len(alerts(syslog_ng, "EDITED")) == 3
    assert not alerts(syslog_ng, "INVALID") and not alerts(syslog_ng, "DRIFT")


def test_a_file_that_is_gone_is_invalid_and_an_open_drift_stays_open(slapd, daemon, syslog_ng, file):
    file.write_text(postfix(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"postfix:{file}"))
    identity = daemon.wait_verdict("custom", "match")["identity"]
    slapd.rename(CUSTOM, "cn=external partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    file.unlink()
    alert = wait_alert(syslog_ng, "INVALID", "custom")
    assert alert.sentence.startswith(f"the consumer does not tell its DN: {file}: No such file or directory")
    assert daemon.watch("custom")["verdict"] == "renamed" and daemon.watch("custom")["observed"] == "invalid"
    assert daemon.get("/health").code == 503
    file.write_text(postfix(RENAMED))
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert daemon.watch("custom")["identity"] == identity


def test_what_was_never_told_is_invalid_with_the_reason(slapd, daemon, syslog_ng, file):
    daemon = daemon(directory(slapd.uri) + watch_from(f"postfix:{file}"))
    alert = wait_alert(syslog_ng, "INVALID", "custom")
    assert "configured" not in alert.tags and "No such file" in alert.sentence
    wait_until(lambda: ready(daemon), "readiness: it was judged")
    file.write_text(postfix("ou=%d,o=mms"))
    wait_until(lambda: "is put together at each look-up and no fixed DN" in daemon.watch("custom")["sentence"],
               "the other reason")
    file.write_text(postfix(CUSTOM))
    assert daemon.wait_verdict("custom", "match")["configured"] == CUSTOM
    wait_alert(syslog_ng, "RECOVERED", "custom")


def names(daemon):
    return {watch.get("configured"): watch["watch"] for watch in daemon.get("/watches").json()["watches"]}


def nslcd(*bases):
    return "uri ldap://x\n" + "".join(f"base {base}\n" for base in bases)


def test_several_dns_are_several_watches_and_a_line_more_moves_no_pin(slapd, daemon, syslog_ng, file):
    file.write_text(nslcd(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"nslcd:{file}"))
    pin = daemon.wait_verdict("custom", "match")["identity"]
    file.write_text(nslcd(RECIPIENTS, CUSTOM))
    wait_until(lambda: set(names(daemon)) == {RECIPIENTS, CUSTOM}, "two watches")
    name = names(daemon)[CUSTOM]
    assert name.startswith("custom.") and len(name) == len("custom.") + 8
    assert daemon.wait_verdict(name, "match")["identity"] == pin
    daemon.wait_verdict(names(daemon)[RECIPIENTS], "match")
    slapd.rename(CUSTOM, "cn=external partners")
    wait_alert(syslog_ng, "DRIFT", name)
    file.write_text(nslcd("o=mms", RECIPIENTS, RENAMED))  # one left, two came: the new one is nobody's heir
    wait_alert(syslog_ng, "REMOVED", name)
    heir = wait_until(lambda: names(daemon).get(RENAMED), "a watch for the new value")
    daemon.wait_verdict(heir, "match")
    slapd.rename(RENAMED, "cn=custom")
    wait_alert(syslog_ng, "DRIFT", heir)
    file.write_text(nslcd("o=mms", RECIPIENTS, CUSTOM))  # one left, one came
    recovered = wait_alert(syslog_ng, "RECOVERED", name)
    assert recovered.tags["identity"] == pin
    assert wait_alert(syslog_ng, "EDITED", name).sentence.endswith(f"from {RENAMED} to {CUSTOM}")


def test_an_edit_while_the_daemon_is_down_is_told_and_the_pin_goes_with_it(slapd, daemon, syslog_ng, file):
    file.write_text(nslcd(RECIPIENTS, CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"nslcd:{file}"))
    wait_until(lambda: len(names(daemon)) == 2, "two watches")
    pin = daemon.wait_verdict(names(daemon)[CUSTOM], "match")["identity"]
    daemon.wait_verdict(names(daemon)[RECIPIENTS], "match")
    daemon.stop()
    slapd.rename(CUSTOM, "cn=external partners")
    file.write_text(nslcd(RECIPIENTS, RENAMED))
    daemon.start()
    wait_until(lambda: RENAMED in names(daemon), "the new value")
    name = names(daemon)[RENAMED]
    assert daemon.wait_verdict(name, "match")["identity"] == pin
    assert wait_alert(syslog_ng, "EDITED", name).tags["configured"] == RENAMED
    assert not alerts(syslog_ng, "REMOVED")


def test_a_file_that_hangs_is_told_and_holds_up_nobody(slapd, daemon, syslog_ng, file, tmp_path):
    """A fifo in place of a file is refused, not waited for; another watch goes on."""
    os.mkfifo(file)
    good = tmp_path / "good.cf"
    good.write_text(postfix(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"postfix:{file}", name="stuck")
                    + watch_from(f"postfix:{good}"))
    daemon.wait_verdict("custom", "match")
    assert "is no regular file" in wait_alert(syslog_ng, "INVALID", "stuck").sentence


def test_a_pin_by_hand_fits_one_dn_alone(slapd, daemon, syslog_ng, file):
    file.write_text(nslcd(RECIPIENTS, CUSTOM))
    daemon(directory(slapd.uri) + watch_from(f"nslcd:{file}", identity=slapd.identity(CUSTOM)))
    assert "it holds several" in wait_alert(syslog_ng, "INVALID", "custom").sentence


def test_a_line_more_beside_a_pin_by_hand_is_no_edit(slapd, daemon, syslog_ng, file):
    file.write_text(nslcd(CUSTOM))
    daemon = daemon(directory(slapd.uri) + watch_from(f"nslcd:{file}", identity=slapd.identity(CUSTOM)))
    daemon.wait_verdict("custom", "match")
    file.write_text(nslcd(RECIPIENTS, CUSTOM))
    assert wait_alert(syslog_ng, "INVALID", "custom").tags["configured"] == CUSTOM
    file.write_text(nslcd(CUSTOM))
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert not alerts(syslog_ng, "EDITED") and not alerts(syslog_ng, "DRIFT")


# --- a directory that keeps it

SETTINGS = "cn=sync,o=mms"


def keep(slapd, *dns):
    slapd.add(SETTINGS, {"objectClass": "applicationProcess", "cn": "sync", "seeAlso": list(dns)})


def test_a_directory_may_keep_the_dn_of_another_one(slapd, slapd_factory, daemon, syslog_ng):
    settings = slapd_factory()
    keep(settings, CUSTOM)
    daemon = daemon(directory(slapd.uri) + directory(settings.uri, name="settings", timeout="1s")
                    + watch_from(f"ldap:settings {SETTINGS} seeAlso"))
    assert daemon.wait_verdict("custom", "match")["configured"] == CUSTOM
    slapd.rename(CUSTOM, "cn=external partners")
    wait_alert(syslog_ng, "DRIFT", "custom")
    settings.modify(SETTINGS, seeAlso=RENAMED)
    assert wait_alert(syslog_ng, "EDITED", "custom").tags["configured"] == RENAMED
    wait_alert(syslog_ng, "RECOVERED", "custom")
    settings.stop()
    reason = daemon.wait_observed("custom", "unreachable")["reason"]
    assert reason["phase"] == "connect" and f"seeAlso of {SETTINGS} in directory settings" in reason["text"]
    settings.start()
    daemon.wait_observed("custom", "match")
    assert len(alerts(syslog_ng, "DRIFT")) == 1 and not alerts(syslog_ng, "INVALID")


def test_replicas_that_disagree_decide_nothing(slapd, slapd_factory, daemon, syslog_ng):
    first, second = slapd_factory(), slapd_factory()
    for settings in (first, second):
        keep(settings, CUSTOM)
    daemon = daemon(directory(slapd.uri) + directory(f"{first.uri} {second.uri}", name="settings", replicas="all")
                    + watch_from(f"ldap:settings {SETTINGS} seeAlso", confirm_unverifiable="1000"))
    daemon.wait_verdict("custom", "match")
    for number, (ahead, behind) in enumerate(((first, second), (second, first)), 1):
        dn = RECIPIENTS if number == 1 else CUSTOM
        ahead.modify(SETTINGS, seeAlso=dn)
        reason = daemon.wait_observed("custom", "unreachable")["reason"]
        assert "its replicas tell different values" in reason["text"]
        assert len(alerts(syslog_ng, "EDITED")) == number - 1
        behind.modify(SETTINGS, seeAlso=dn)
        assert wait_alert(syslog_ng, "EDITED", "custom", number).tags["configured"] == dn
        daemon.wait_observed("custom", "match")
    assert not alerts(syslog_ng, "DRIFT")


@pytest.mark.parametrize("attribute, told", [
    ("description", "cn=sync,o=mms of directory mms: has no description that this account may read"),
    ("seeAlso", "`cn=100%u,o=mms` is put together at each look-up and no fixed DN"),
    ("cn", "`sync` is no DN"),
])
def test_an_entry_that_tells_no_dn_is_invalid(slapd, daemon, syslog_ng, attribute, told):
    keep(slapd, "cn=100%u,o=mms")
    daemon(directory(slapd.uri) + watch_from(f"ldap:mms {SETTINGS} {attribute}"))
    assert told in wait_alert(syslog_ng, "INVALID", "custom").sentence


def test_an_entry_that_is_not_there_is_invalid_until_it_is(slapd, daemon, syslog_ng):
    daemon = daemon(directory(slapd.uri) + watch_from(f"ldap:mms {SETTINGS} seeAlso"))
    told = f"seeAlso of {SETTINGS} in directory mms: the entry does not exist"
    assert told in wait_alert(syslog_ng, "INVALID", "custom").sentence
    keep(slapd, CUSTOM, RECIPIENTS)
    wait_until(lambda: set(names(daemon)) == {CUSTOM, RECIPIENTS}, "both values")
    for name in names(daemon).values():
        daemon.wait_verdict(name, "match")


# --- files that take their time

def test_a_file_that_does_not_come_back_is_told_and_holds_up_nobody(slapd, daemon_factory, syslog_ng, file, tmp_path):
    """As on a file server that is away: the system call is held for 20 s."""
    good = tmp_path / "good.cf"
    for each in (file, good):
        each.write_text(postfix(CUSTOM))
    tracing.demand()
    slow = tracing.wrapper("openat", "delay_enter=20s:when=1", path=str(file))
    daemon = daemon_factory(directory(slapd.uri) + watch_from(f"postfix:{file}", name="stuck")
                            + watch_from(f"postfix:{good}"), wrapper=slow).start()
    daemon.wait_verdict("custom", "match")
    assert "verdict" not in daemon.watch("stuck")
    daemon.metrics()
    assert "takes longer than 10 s" in wait_alert(syslog_ng, "INVALID", "stuck").sentence
    print("greatest lag meanwhile", daemon.metrics()["dndrift_loop_lag_seconds"], "s")
    daemon.wait_verdict("stuck", "match")
    wait_alert(syslog_ng, "RECOVERED", "stuck")


def test_an_export_of_many_megabytes_is_read_beside_the_loop(slapd, daemon, file):
    noise = "<run-profile><step note='nothing of interest'>" + "x" * 1000 + "</step></run-profile>\n"
    file.write_text("<saved-ma-configuration xmlns='urn:x'><private-configuration><adma-configuration><ui-data><galma>"
                    f"<target-ou>{CUSTOM}</target-ou></galma></ui-data></adma-configuration></private-configuration>"
                    + noise * 30_000 + "</saved-ma-configuration>")
    daemon = daemon(directory(slapd.uri) + watch_from(f"galsync:{file}"))
    daemon.wait_verdict("custom", "match")
    print(file.stat().st_size // 1_000_000, "MB read; greatest lag of the loop",
          daemon.metrics()["dndrift_loop_lag_seconds"], "s")
