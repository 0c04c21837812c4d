"""What must agree when the watch custom of directory mms has a verdict: its alert, /watches, /health and /metrics."""

import re

from alert_line import severity, wait_alert

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CLASSES = {"match": "ok", "spelling": "ok", "invalid": "configuration", "hidden": "unverifiable",
           "unreachable": "unverifiable"}

DETAILS = re.compile(r", last changed (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) by cn=admin,o=mms, 3 entries are below it")


def without_details(sentence):
    """The sentence of a drift without who changed it and how many entries that concerns, which must be told."""
    assert len(DETAILS.findall(sentence)) == 1, sentence
    return DETAILS.sub("", sentence)


def matched(daemon):
    return daemon.wait_verdict("custom", "match")


def checks(daemon):
    """{component: status} of what does not pass, with the status and code of /health."""
    reply = daemon.get("/health")
    health = reply.json()
    listed = {check["componentId"]: check["status"] for name, nodes in health["checks"].items() for check in nodes
              if name != "watches:verdicts"}
    return reply.code, health["status"], listed


def assert_shown(daemon, verdict, code):
    """All that the outside sees agrees on the verdict of the watch custom; answers the watch."""
    seen = daemon.wait_verdict("custom", verdict)
    assert seen["class"] == CLASSES.get(verdict, "drift")
    assert seen["directory"] == "mms" and not seen["stale"]
    for key in ("since", "last_attempt", "last_compared", "pinned_at"):
        assert key not in seen or RFC3339.fullmatch(seen[key]), (key, seen[key])
    assert daemon.get("/health").code == code and daemon.get("/health?watch=custom").code == code
    metrics = daemon.metrics()
    of_watch = {name: value for name, value in metrics.items() if name.startswith("dndrift_watch_verdict{")}
    assert of_watch == {f'dndrift_watch_verdict{{watch="custom",verdict="{verdict}"}}': 1}
    assert metrics[f'dndrift_watches{{verdict="{verdict}"}}'] == 1
    assert metrics['dndrift_watch_drift{watch="custom"}'] == (seen["class"] == "drift")
    return seen


def assert_drift(daemon, syslog_ng, slapd, verdict, word="DRIFT", count=1):
    """The drift is announced and shown everywhere. Answers (the watch, the alert)."""
    alert = wait_alert(syslog_ng, word, "custom", count)
    seen = assert_shown(daemon, verdict, 503)
    tags = alert.tags
    assert (tags["watch"], tags["verdict"], tags["directory"], tags["server"]) == ("custom", verdict, "mms", slapd.uri)
    assert tags["configured"] == seen["configured"]
    for key in ("live", "first_missing", "identity"):
        assert tags.get(key) == seen.get(key), key
    assert RFC3339.fullmatch(tags["since"]) and tags["since"] == seen["since"]
    assert re.fullmatch(r"[0-9a-z-]+-\d+", tags["alert"]) and seen["alert"] == tags["alert"]
    assert severity(syslog_ng, word, "custom") == "err"
    sentence = re.sub(r", it has drifted since [0-9TZ:-]+ \(\w+( \w+)?\)(?= - |$)", "", alert.sentence)
    assert (sentence == alert.sentence) == (word != "CHANGED"), alert.sentence
    assert sentence == " - ".join(filter(None, (seen["sentence"], seen.get("remedy"))))
    assert checks(daemon) == (503, "fail", {"custom": "fail"})
    return seen, alert


def assert_recovered(daemon, syslog_ng, was, count=1):
    alert = wait_alert(syslog_ng, "RECOVERED", "custom", count)
    seen = assert_shown(daemon, alert.tags["verdict"], 200)
    assert f"it was {was} since " in alert.sentence
    assert "alert" not in seen and "pinned_live" not in seen and "first_missing" not in seen
    assert severity(syslog_ng, "RECOVERED", "custom") == "notice"
    assert checks(daemon) == (200, "pass", {})
    return seen
