"""The value that an alert tells is one to put back: whatever the container is called, configured as told it leads to
the entry again. And nothing in a name can break the line, or fake another one."""

import re

import pytest
from alert_line import alerts, wait_alert
from sections import directory, watch
from servers import CUSTOM
from servers.slapd import RECIPIENTS

NAMES = {  # as an RDN of LDAP -> why
    "cn=a\\, b\\+c": "separators",
    "cn=a\\; verdict='match'\\, fix='x": "the syntax of the line",
    "cn=a \\; b": "a semicolon that ends a value in the configuration",
    "cn=\\#1 \\\"quoted\\\" \\<x\\> \\= y\\\\z": "all that RFC 4514 escapes",
    "cn=\\20 blanks \\20": "blanks at both ends",
    "cn=first\\0asecond": "a line feed",
    "cn=first\\0d\\0aRECOVERED custom: all is well": "another line",
    "cn=\\1b[2Jcleared\\07": "what a terminal obeys",
    "cn=\u202ereversed\u2066": "what a terminal shows in another order",
    "cn=Empf\u00e4nger \u6771\u4eac \U0001f4ec": "letters from everywhere",
    "cn=%s%n $HOST ${MSG} \\\\x41": "what a formatter would take",
    "cn=\\<b\\>bold\\</b\\>&amp\\;": "markup",
    "cn=custom+description=two": "two values in one name",
    "cn=" + "long " * 12 + "name": "length",
}


@pytest.fixture
def matched(slapd, daemon):
    daemon = daemon(directory(slapd.uri) + watch(CUSTOM))
    daemon.wait_verdict("custom", "match")
    return daemon


@pytest.mark.parametrize("rdn", NAMES)
def test_what_is_told_can_be_configured(matched, slapd, syslog_ng, rdn):
    slapd.rename(CUSTOM, rdn)
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    seen = matched.wait_verdict("custom", "renamed")
    assert alert.tags["live"] == seen["live"], NAMES[rdn]
    assert len(syslog_ng.raw().splitlines()) == len(alerts(syslog_ng)), "one line an alert"
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", seen["live"] + alert.sentence)
    told = re.search(r"configure (.*)$", alert.sentence)[1]
    assert told == seen["live"] == seen["remedy"].partition("configure ")[2]
    matched.write_config(directory(slapd.uri) + watch(told.replace(" ;", " \\;")))
    matched.reload()
    wait_alert(syslog_ng, "RECOVERED", "custom")
    assert matched.watch("custom")["verdict"] in ("match", "spelling")
    assert matched.get("/watches/custom").json()["configured"] == told and matched.get("/metrics").code == 200


def test_the_parent_may_have_such_a_name_too(matched, slapd, syslog_ng):
    slapd.rename(RECIPIENTS, "cn=a\\; b='\\0a\\, c")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    told = re.search(r"configure (.*)$", alert.sentence)[1]
    matched.write_config(directory(slapd.uri) + watch(told))
    matched.reload()
    wait_alert(syslog_ng, "RECOVERED", "custom")


def test_a_value_too_long_for_the_log_is_whole_in_the_endpoint(slapd, daemon, syslog_ng):
    dn = CUSTOM
    for n in range(12):
        name = f"{n}{'long' * 30}"
        dn = f"cn={name},{dn}"
        slapd.add_container(dn, cn=name)
    daemon = daemon(directory(slapd.uri) + watch(dn, fix="f" * 3000))
    daemon.wait_verdict("custom", "match")
    slapd.rename(CUSTOM, "cn=partners")
    alert = wait_alert(syslog_ng, "DRIFT", "custom")
    seen = daemon.wait_verdict("custom", "ancestor-renamed")
    assert seen["live"] == dn.replace("cn=custom", "cn=partners") and seen["fix"] == "f" * 3000
    clipped = re.fullmatch(r"(.*)\.\.\.\(\+(\d+)\)", alert.tags["live"])
    assert seen["live"].startswith(clipped[1]) and len(clipped[1]) + int(clipped[2]) == len(seen["live"])
    [line] = [line for line in syslog_ng.lines() if line.text.startswith("DRIFT")]
    assert len(line.text.encode()) <= 8192
