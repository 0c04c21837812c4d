"""A value of an attribute compared in place of the DN, on a real OpenLDAP and a real Samba: it does not follow renames,
so it is judged by itself, and the DN beside it by another watch."""

import json
import re

import ldap
import pytest
from alert_line import alerts, severity, wait_alert
from decoders import raw
from sections import directory, watch
from servers import wait_until
from servers.slapd import ACCOUNT, ARTICLE, CUSTOM
from verdict_checks import assert_drift, assert_recovered, assert_shown, checks, matched

SITE = "/o=mms/ou=charlotte"
ABOVE = SITE + "/cn=recipients"
VALUE = ABOVE + "/cn=custom"
OTHER = ABOVE + "/cn=external partners"
ATTRIBUTE = {"compare": "legacyExchangeDN"}


@pytest.fixture(params=["slapd", "samba"])
def server(request):
    """Holds the tree of the article, and its container bears VALUE."""
    if request.param == "samba":
        made = request.getfixturevalue("samba")
    else:
        made = request.getfixturevalue("slapd_factory")(tree=[*ARTICLE, ACCOUNT])
    bear(made, made.custom, VALUE)
    return made


@pytest.fixture
def slapd(slapd_factory):
    made = slapd_factory(tree=[*ARTICLE, ACCOUNT])
    bear(made, CUSTOM, VALUE)
    return made


def bear(server, dn, value):
    """Such a value takes a class of its own where containers have none."""
    try:
        server.connect().modify_s(dn, [(ldap.MOD_ADD, "objectClass", [b"mailRecipient"])])
    except ldap.TYPE_OR_VALUE_EXISTS:
        pass
    server.modify(dn, legacyExchangeDN=value)


def sections_for(server, value=VALUE, more="", **settings):
    return directory(server.uri, **server.reader_bind) + watch(value, **{**ATTRIBUTE, **settings}) + more


@pytest.fixture
def watching(daemon):
    """watching(server, value, more sections, **settings): a daemon whose watch custom compares the value."""
    return lambda server, value=VALUE, more="", **settings: daemon(sections_for(server, value, more, **settings))


def seen_again(daemon, times=3):
    """Waits until the watch was compared so often once more."""
    before = daemon.metrics()['dndrift_comparisons_total{directory="mms"}']
    wait_until(lambda: daemon.metrics()['dndrift_comparisons_total{directory="mms"}'] > before + times, "comparisons")


def test_match_is_the_value_of_the_entry(watching, server, syslog_ng):
    daemon = watching(server)
    seen = matched(daemon)
    assert_shown(daemon, "match", 200)
    assert (seen["configured"], seen["live"], seen["live_in_configured_form"]) == (VALUE, VALUE, VALUE)
    assert (seen["configured_form"], seen["identity"]) == ("legacyExchangeDN", server.identity(server.custom))
    assert wait_alert(syslog_ng, "PINNED", "custom").sentence == f"{VALUE} is {seen['identity']} from now on"
    seen_again(daemon)
    assert checks(daemon) == (200, "pass", {})
    assert [alert.word for alert in alerts(syslog_ng)] == ["STARTED", "PINNED"]


def test_case_alone_is_spelling(watching, server, syslog_ng):
    daemon = watching(server, VALUE.upper())
    seen = daemon.wait_verdict("custom", "spelling")
    assert seen["live"] == VALUE
    assert seen["sentence"] == f"the entry is the right one, and the directory spells its legacyExchangeDN {VALUE}"
    assert wait_alert(syslog_ng, "SPELLING", "custom").tags["live"] == VALUE
    bear(server, server.custom, VALUE.title())
    wait_until(lambda: daemon.watch("custom")["live"] == VALUE.title(), "the other case")
    assert not alerts(syslog_ng, "DRIFT")


def test_a_renamed_entry_keeps_its_value_and_the_watch_on_its_dn_drifts(watching, server, syslog_ng):
    daemon = watching(server, more=watch(server.custom, name="dn"))
    matched(daemon)
    daemon.wait_verdict("dn", "match")
    live = server.rename(server.custom, server.custom.split("=")[0] + "=partners")
    assert wait_alert(syslog_ng, "DRIFT", "dn").tags["live"] == live
    seen_again(daemon)
    assert matched(daemon)["live"] == VALUE
    moved = server.move(live, server.charlotte)
    wait_until(lambda: daemon.watch("dn")["live"] == moved, "the move")
    seen_again(daemon)
    assert matched(daemon)["live"] == VALUE
    bear(server, moved, OTHER)
    seen = daemon.wait_verdict("custom", "renamed")
    assert f"of {moved}, which has {OTHER} now" in seen["sentence"], "by where the entry is, not by where it was"
    assert not alerts(syslog_ng, "DRIFT", "custom") or wait_alert(syslog_ng, "DRIFT", "custom").tags["live"] == OTHER


def test_an_edited_value_is_renamed_and_recovers(watching, server, syslog_ng):
    daemon = watching(server, fix="Connector > Legacy DN")
    identity = matched(daemon)["identity"]
    bear(server, server.custom, OTHER)
    seen, alert = assert_drift(daemon, syslog_ng, server, "renamed")
    assert (seen["live"], seen["identity"]) == (OTHER, identity) and "first_missing" not in seen
    assert seen["remedy"] == f"configure {OTHER}" and alert.tags["fix"] == "Connector > Legacy DN"
    assert seen["sentence"].startswith(
        f"{VALUE} is no longer the legacyExchangeDN of {server.custom}, which has {OTHER} now, last changed ")
    assert seen["changed"]["at"] and seen["entries"] == {"number": 3, "at_least": False}
    bear(server, server.custom, ABOVE + "/cn=third")
    seen, _ = assert_drift(daemon, syslog_ng, server, "renamed", word="CHANGED")
    assert seen["live"] == ABOVE + "/cn=third"
    bear(server, server.custom, VALUE)
    assert_recovered(daemon, syslog_ng, "renamed")


def test_a_removed_value_is_renamed_to_none(watching, server, syslog_ng):
    daemon = watching(server)
    matched(daemon)
    server.modify(server.custom, legacyExchangeDN=[])
    seen, _ = assert_drift(daemon, syslog_ng, server, "renamed")
    assert "live" not in seen and seen["sentence"].startswith(
        f"{VALUE} is no longer the legacyExchangeDN of {server.custom}, which has none, as far as {server.monitor_dn} may read")
    bear(server, server.custom, VALUE)
    assert_recovered(daemon, syslog_ng, "renamed")


def test_a_deleted_entry_takes_its_value_along(watching, server, syslog_ng):
    daemon = watching(server)
    identity = matched(daemon)["identity"]
    server.delete(server.custom)
    seen, alert = assert_drift(daemon, syslog_ng, server, "deleted")
    assert (seen["identity"], seen["certainty"]) == (identity, "absent") and "live" not in seen
    assert f"{VALUE} is no longer visible to {server.monitor_dn}: deleted, or moved" in alert.sentence


def test_a_closed_naming_context_beside_that_of_the_entry_does_not_veil_a_deletion(watching, slapd_factory, tmp_path,
                                                                                   syslog_ng):
    lines = ["database mdb", "suffix o=closed", f"directory {tmp_path}", "maxsize 10485760", "access to * by * none"]
    slapd = slapd_factory(tree=[*ARTICLE, ACCOUNT], extra_database=lines)
    bear(slapd, CUSTOM, VALUE)
    daemon = watching(slapd)
    matched(daemon)
    seen_again(daemon)
    slapd.delete(CUSTOM)
    assert_drift(daemon, syslog_ng, slapd, "deleted")


def test_another_entry_that_takes_the_value_is_replaced_and_can_be_adopted(watching, server, syslog_ng):
    daemon = watching(server)
    pinned = matched(daemon)["identity"]
    partners = "CN=partners," + server.recipients
    server.add_container(partners)
    bear(server, server.custom, OTHER)
    bear(server, partners, VALUE)
    wait_until(lambda: daemon.watch("custom")["verdict"] == "replaced", "replaced")
    seen = assert_shown(daemon, "replaced", 503)
    assert (seen["identity"], seen["pinned_live"], seen["live"]) == (pinned, OTHER, OTHER)
    other = server.identity(partners)
    assert f"({other}), and the one that had it has {OTHER}" in seen["sentence"]
    assert f"set identity = {other}" in seen["remedy"]
    assert daemon.control("POST", "/watches/custom/adopt").code == 200
    assert_recovered(daemon, syslog_ng, "replaced")
    assert daemon.watch("custom")["identity"] == other


def test_missing_shows_what_find_leads_to_and_recovers_when_that_is_configured(watching, server, syslog_ng):
    bear(server, server.custom, OTHER)
    find = "(displayName=Custom Recipients)"
    daemon = watching(server, find=find)
    seen, _ = assert_drift(daemon, syslog_ng, server, "missing")
    assert (seen["live"], seen["remedy"]) == (OTHER, f"configure {OTHER}") and "identity" not in seen
    assert seen["sentence"] == (f"no entry that {server.monitor_dn} can see has the legacyExchangeDN {VALUE}, but "
                                f"{server.custom}, which find leads to, has {OTHER}")
    assert not alerts(syslog_ng, "PINNED")
    daemon.write_config(sections_for(server, OTHER, find=find))
    daemon.reload()
    assert_recovered(daemon, syslog_ng, "missing")
    assert wait_alert(syslog_ng, "EDITED", "custom").tags["configured"] == OTHER


def test_two_bearers_are_unreachable_until_there_is_one(watching, server, syslog_ng):
    daemon = watching(server)
    matched(daemon)
    partners = "CN=partners," + server.recipients
    server.add_container(partners)
    bear(server, partners, VALUE)
    seen = daemon.wait_observed("custom", "unreachable")
    assert seen["reason"]["phase"] == "search"
    assert re.fullmatch(f"two entries bear the value, {server.custom} and {partners}|"
                        f"two entries bear the value, {partners} and {server.custom}", seen["reason"]["text"], re.I)
    server.delete(partners)
    assert daemon.wait_observed("custom", "match")["verdict"] == "match"
    assert not alerts(syslog_ng, "DRIFT")


# --- the entry above

def test_a_value_that_does_not_begin_with_that_of_its_parent_is_noted_once(watching, server, syslog_ng):
    bear(server, server.recipients, "/o=mms/ou=raleigh/cn=recipients")
    daemon = watching(server)
    seen = daemon.wait_verdict("custom", "spelling")
    told = "the value is right, but it does not begin with that of its parent, /o=mms/ou=raleigh/cn=recipients"
    assert (seen["live"], seen["sentence"], seen["class"]) == (VALUE, told, "ok")
    assert seen["remedy"] == "see which of the two has the wrong legacyExchangeDN"
    assert wait_alert(syslog_ng, "SPELLING", "custom").sentence == f"{told} - {seen['remedy']}"
    assert severity(syslog_ng, "SPELLING", "custom") == "notice"
    assert checks(daemon) == (200, "pass", {})
    seen_again(daemon, 12)
    assert daemon.watch("custom")["verdict"] == "spelling", "what was read once is not forgotten"
    bear(server, server.recipients, ABOVE)
    matched(daemon)
    assert [alert.word for alert in alerts(syslog_ng, name="custom")].count("SPELLING") == 1


def test_a_parent_that_gets_another_value_is_noticed(watching, slapd, syslog_ng):
    bear(slapd, slapd.recipients, ABOVE)
    daemon = watching(slapd, strict="yes")
    matched(daemon)
    bear(slapd, slapd.recipients, "/o=elsewhere")
    daemon.wait_verdict("custom", "spelling")
    assert checks(daemon) == (200, "warn", {"custom": "warn"})
    assert "/o=elsewhere" in wait_alert(syslog_ng, "SPELLING", "custom").sentence


def test_a_moved_entry_is_compared_with_its_new_parent(watching, slapd, syslog_ng):
    bear(slapd, slapd.recipients, ABOVE)
    daemon = watching(slapd)
    matched(daemon)
    slapd.add_container("cn=elsewhere,o=mms", legacyExchangeDN="/o=elsewhere")
    slapd.move(CUSTOM, "cn=elsewhere,o=mms")
    assert "its parent, /o=elsewhere" in daemon.wait_verdict("custom", "spelling")["sentence"]
    wait_alert(syslog_ng, "SPELLING", "custom")
    assert not alerts(syslog_ng, "DRIFT")


def test_a_broken_beginning_is_told_beside_another_spelling(watching, slapd, syslog_ng):
    bear(slapd, slapd.recipients, "/o=elsewhere")
    daemon = watching(slapd, VALUE.upper())
    sentence = daemon.wait_verdict("custom", "spelling")["sentence"]
    assert sentence.endswith(f"spells its legacyExchangeDN {VALUE}, which does not begin with that of its parent, "
                             "/o=elsewhere")
    bear(slapd, slapd.recipients, ABOVE)
    wait_until(lambda: daemon.watch("custom")["sentence"].endswith(f"spells its legacyExchangeDN {VALUE}"),
               "the sentence follows")
    wait_alert(syslog_ng, "SPELLING", "custom")
    assert len(alerts(syslog_ng, "SPELLING")) == 1


def test_after_a_restart_it_is_read_again_and_not_told_again(watching, slapd, syslog_ng):
    bear(slapd, slapd.recipients, "/o=elsewhere")
    daemon = watching(slapd)
    before = daemon.wait_verdict("custom", "spelling")
    wait_alert(syslog_ng, "SPELLING", "custom")
    daemon.stop()
    daemon.start()
    seen_again(daemon)
    after = daemon.wait_verdict("custom", "spelling")
    assert (after["sentence"], after["since"]) == (before["sentence"], before["since"])
    assert len(alerts(syslog_ng, "SPELLING")) == 1


def test_the_entry_above_is_read_at_each_tenth_comparison_alone(watching, slapd):
    bear(slapd, slapd.recipients, ABOVE)
    daemon = watching(slapd)
    matched(daemon)

    def asked(base):
        return sum(f'SRCH base="{base}" scope=0' in line and "conn=" in line for line in slapd.stderr().splitlines())

    def compared():
        return sum('filter="(legacyExchangeDN=' in line for line in slapd.stderr().splitlines())
    seen_again(daemon, 2)
    above, rounds = asked(slapd.recipients), compared()
    wait_until(lambda: compared() >= rounds + 40, "forty comparisons")
    assert 3 <= asked(slapd.recipients) - above <= (compared() - rounds) / 10 + 2


# --- what may not be read

def test_a_hidden_attribute_is_no_drift_where_the_server_tells_it_from_an_absent_one(watching, slapd, syslog_ng):
    """Pinned or not; and one that the server does not know is none either."""
    typo = watch(VALUE, name="typo", compare="legacyExchangeDM")
    daemon = watching(slapd, more=typo)
    matched(daemon)
    slapd.set_access("to attrs=legacyExchangeDN by * none", "to * by * read")
    daemon.write_config(sections_for(slapd, more=typo + watch(OTHER, name="fresh", **ATTRIBUTE)))
    daemon.reload()
    hidden = wait_alert(syslog_ng, "UNVERIFIABLE", "custom", timeout_s=120).sentence  # after the grace of the start
    assert hidden.startswith(
        f"{CUSTOM} is there, but shows no legacyExchangeDN to {slapd.monitor_dn}: it has none, or may not be read - let")
    assert daemon.wait_verdict("custom", "hidden")["reason"]["text"] == "the entry shows no legacyExchangeDN"
    assert wait_alert(syslog_ng, "UNVERIFIABLE", "typo").sentence.startswith(
        f"the legacyExchangeDM {VALUE} may be hidden from {slapd.monitor_dn}, or unknown to the server - let ")
    daemon.wait_verdict("fresh", "hidden")
    slapd.set_access("to * by * read")
    wait_alert(syslog_ng, "VERIFIABLE", "custom")
    matched(daemon)
    wait_alert(syslog_ng, "DRIFT", "fresh")
    assert daemon.watch("fresh")["verdict"] == "missing"
    assert [alert.name for alert in alerts(syslog_ng, "DRIFT")] == ["fresh"]


# --- values of all kinds

HOSTILE = "/o=mms\x1b[2J\n; watch='x', \\\"\u202e\u0085/cn=<b>&amp;"


def test_hostile_bytes_of_a_value_come_out_clean_and_back(watching, slapd, syslog_ng):
    daemon = watching(slapd)
    matched(daemon)
    bear(slapd, CUSTOM, HOSTILE)
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    seen = assert_shown(daemon, "renamed", 503)
    clean = "/o=mms\\x1b[2J\\x0a; watch='x', \\\"\\xe2\\x80\\xae\\xc2\\x85/cn=<b>&amp;"
    assert seen["live"] == clean and raw(clean) == HOSTILE.encode() == alert.tags["live"].encode("latin-1")
    assert alert.tags["watch"] == "custom" and alert.tags["live"] in alert.sentence
    page = daemon.get("/").text
    assert "<b>" not in page.split("<body")[-1].replace("<br>", "") and "&lt;b&gt;&amp;amp;" in page
    assert all(byte >= 0x20 for byte in daemon.get("/metrics").body.replace(b"\n", b""))
    json.loads(daemon.get("/watches").body)


@pytest.mark.parametrize("value", ["*", "*)(objectClass=*", "a=b,c=d", "/o=a\\2a(b)", "no DN ; at all", "é€😀"])
def test_any_text_can_be_configured(watching, slapd, value):
    bear(slapd, CUSTOM, value)
    bear(slapd, slapd.recipients, "/o=mms")
    daemon = watching(slapd, value.replace(" ;", " \\;"))
    seen = daemon.wait_watch("custom", lambda seen: seen.get("class") == "ok", "to be found")
    assert (seen["configured"], seen["live"], seen["identity"]) == (value, value, slapd.identity(CUSTOM))


def test_any_attribute_can_be_compared_and_expected_to_hold_something(watching, slapd, syslog_ng):
    daemon = watching(slapd, "custom recipients", compare="displayName", entry_filter="(objectClass=inetOrgPerson)",
                      min_entries="3", object_class="container")
    assert daemon.wait_verdict("custom", "spelling")["live"] == "Custom Recipients"
    slapd.delete("cn=contoso desk," + CUSTOM)
    seen, _ = assert_drift(daemon, syslog_ng, slapd, "emptied")
    assert seen["matching_entries"]["number"] == 2


def test_a_reload_that_compares_something_else_asks_anew(watching, slapd, syslog_ng):
    daemon = watching(slapd)
    identity = matched(daemon)["identity"]
    daemon.write_config(directory(slapd.uri, **slapd.reader_bind) + watch("custom recipients", compare="displayName"))
    daemon.reload()
    seen = daemon.wait_verdict("custom", "spelling")
    assert (seen["configured_form"], seen["identity"]) == ("displayName", identity)
    daemon.write_config(directory(slapd.uri, **slapd.reader_bind) + watch(CUSTOM))
    daemon.reload()
    assert matched(daemon)["configured_form"] == "ldap"
    daemon.write_config(sections_for(slapd))
    daemon.reload()
    seen = daemon.wait_watch("custom", lambda seen: seen["configured_form"] == "legacyExchangeDN" and
                             seen["verdict"] == "match", "to compare the value again")
    assert seen["identity"] == identity and not alerts(syslog_ng, "DRIFT")
