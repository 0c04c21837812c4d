"""What conf/ has for Prometheus and Grafana, with a real Prometheus: rules, scrapes in both formats, every query of the
dashboard."""

import http.server
import itertools
import json
import os
import re
import subprocess
import threading

import pytest
from sections import directory, section, watch
from servers import CUSTOM, Daemon, Prometheus, Slapd, SyslogNg, free_port, wait_until
from servers.slapd import RECIPIENTS

SOURCE = os.path.abspath(os.environ["SRCDIR"])
RULES = os.path.join(SOURCE, "conf/dndriftd-prometheus.yml")
RULES_TEST = os.path.join(SOURCE, "tests/live/alert_rules.yml")
RESTLESS = f"cn=restless,{RECIPIENTS}"
DASHBOARD = os.path.join(SOURCE, "conf/dndriftd-grafana.json")
# What Grafana puts in for its variables when all is chosen, in a view of the last minutes.
VARIABLES = {"$job": ".*", "$instance": ".*", "$directory": ".*", "$__rate_interval": "10s"}


def text_of(file):
    with open(file, encoding="utf-8") as text:
        return text.read()


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- the rules by themselves

def test_promtool_accepts_the_rules():
    assert "SUCCESS" in promtool("check", "rules", RULES)


def test_each_alert_fires_when_it_should_and_not_before():
    promtool("test", "rules", RULES_TEST)


@pytest.mark.parametrize("alert", re.findall(r"^ *- alert: (\w+)", text_of(RULES), re.MULTILINE))
def test_the_rules_are_tested_for_firing_and_for_silence(alert):
    looks = re.findall(rf"alertname: {alert}\b([^\n]*)(\n *exp_alerts)?", text_of(RULES_TEST))
    fires = [rest + exp for rest, exp in looks if "exp_alerts" in rest + exp]
    assert fires and len(looks) > len(fires), f"{alert}: {looks}"


# --- one daemon with everything that can be wrong, scraped by one Prometheus in both formats

class Plain(http.server.BaseHTTPRequestHandler):
    """Hands on what the daemon tells who accepts anything."""

    daemon = None

    def do_GET(self):
        reply = self.daemon.get(self.path)
        self.send_response(reply.code)
        self.send_header("Content-Type", reply.headers["content-type"])
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_):
        pass


def flap(daemon, slapd):
    daemon.wait_verdict("restless", "match")
    renamed = slapd.rename(RESTLESS, "cn=elsewhere")
    daemon.wait_verdict("restless", "renamed")
    slapd.rename(renamed, "cn=restless")
    daemon.wait_watch("restless", lambda watch: watch.get("flapping"), "to flap")


@pytest.fixture(scope="module")
def scene(certificates):
    """(daemon, prometheus): a drift, an expiring certificate, a directory that is away, a watch that is silenced and one
    that flaps."""
    with Slapd(certificates=certificates, certificate="expiring") as slapd, SyslogNg() as syslog_ng:
        slapd.start()
        slapd.add_container(RESTLESS, cn="restless")
        sections = directory(slapd.ldaps_uri, tls_ca_file=certificates.ca) + \
            directory(f"ldap://127.0.0.1:{free_port()}", name="away") + \
            watch(CUSTOM, consumer='MMS "charlotte"') + watch(RECIPIENTS, name="calm") + \
            watch(CUSTOM, name="lost", directory="away", stale_after="1s") + \
            watch(RECIPIENTS, name="quiet") + watch(RESTLESS, name="restless", flap_count=1) + \
            section("silence", "always", {"watches": "quiet", "calendar": "00:00", "duration": "2d"})
        with Daemon(sections, syslog=syslog_ng) as daemon:
            daemon.start()
            handler = type("Handler", (Plain,), {"daemon": daemon})
            relay = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=relay.serve_forever, daemon=True).start()
            with Prometheus({"dndriftd": daemon.port, "plain": relay.server_port}) as prometheus:
                prometheus.start()
                daemon.wait_verdict("custom", "match")
                flap(daemon, slapd)
                slapd.rename(CUSTOM, "cn=partners")
                daemon.wait_verdict("custom", "renamed")
                for expression in ("dndrift_watch_drift == 1", "dndrift_watch_stale == 1"):
                    wait_until(lambda it=expression: len(prometheus.query(it)) == 2, expression)
                yield daemon, prometheus
            relay.shutdown()


def series(prometheus, job):
    found = prometheus.get("/api/v1/series", **{"match[]": f'{{job="{job}",__name__=~"(dndrift|process)_.*"}}'})
    return sorted(sorted((name, value) for name, value in one.items() if name not in ("job", "instance"))
                  for one in found)


def test_prometheus_scrapes_both_formats_into_the_same_series(scene):
    _, prometheus = scene
    for job in ("dndriftd", "plain"):
        target = wait_until(lambda job=job: prometheus.target(job), "the target")
        assert (target["health"], target["lastError"]) == ("up", "")
    wait_until(lambda: series(prometheus, "dndriftd") == series(prometheus, "plain"), "the same series of both")
    types = prometheus.get("/api/v1/metadata")
    for name, kinds in (("dndrift_alerts_sent", {"counter"}), ("dndrift_alerts_sent_total", {"counter"}),
                        ("dndrift_watch", {"info"}), ("dndrift_watch_info", {"gauge"}),
                        ("dndrift_round_duration_seconds", {"histogram"})):
        assert {entry["type"] for entry in types[name]} == kinds, name
    assert {entry["unit"] for entry in types["dndrift_round_duration_seconds"]} == {"seconds", ""}


def test_promtool_accepts_what_the_daemon_tells(scene):
    daemon, _ = scene
    text = daemon.get("/metrics").body
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), text[:3000]


def test_a_drift_fires_in_a_real_prometheus_and_names_the_watch(scene):
    _, prometheus = scene
    firing = wait_until(lambda: "DndriftDrift" in prometheus.firing("custom") and prometheus.firing("custom"), "the alert")
    text = firing["DndriftDrift"]["description"]
    assert "The verdict is renamed." in text and f'Configured is {CUSTOM}, in MMS "charlotte".' in text
    assert re.search(r"http://127.0.0.1:\d+/watches/custom tells", text)
    assert not {"DndriftDown", "DndriftAbsent", "DndriftReloadFailed", "DndriftStoreFails"} & set(firing)


def test_every_metric_of_rules_and_dashboard_is_one_of_ours(scene):
    _, prometheus = scene
    known = set(prometheus.get("/api/v1/label/__name__/values"))
    named = set(re.findall(r"\b(?:dndrift|process)_\w+", text_of(RULES) + text_of(DASHBOARD)))
    assert len(named) > 15 and named - known == set()


# --- the dashboard

def dashboard():
    return json.loads(text_of(DASHBOARD))


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def queries():
    """(title, expression) of each panel."""
    return [(panel["title"], target["expr"]) for panel in panels() for target in panel["targets"]]


def filled(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, f"a variable that the dashboard has not: {expression}"
    return expression


@pytest.mark.parametrize("title, expression", queries())
def test_every_query_of_the_dashboard_gives_data(scene, title, expression):
    _, prometheus = scene
    wait_until(lambda: prometheus.query(filled(expression)), f"data for {title}")


@pytest.mark.parametrize("title, expected", [
    ("Watches in drift", {("custom", "mms", "renamed", CUSTOM)}),
    ("Watches that cannot be compared", {("lost", "away", None, CUSTOM)}),
])
def test_a_table_names_the_watch_its_directory_verdict_and_dn(scene, title, expected):
    _, prometheus = scene
    [expression] = [expression for name, expression in queries() if name == title]
    found = {(labels["watch"], labels["directory"], labels.get("verdict"), labels["configured_dn"])
             for labels, _ in prometheus.query(filled(expression))}
    assert found == expected


def test_the_counts_at_the_top_are_right(scene):
    _, prometheus = scene
    expected = {"Watches": 5, "In drift": 1, "Unverifiable": 1, "Stale": 1, "Silenced": 1, "Flapping": 1,
                "Configuration accepted": 1}
    for title, expression in queries():
        if title in expected:
            found = prometheus.query(filled(expression.replace("$job", "dndriftd")))
            assert [value for _, value in found] == [expected[title]], title


def test_every_variable_of_the_dashboard_has_values(scene):
    _, prometheus = scene
    variables = [variable for variable in dashboard()["templating"]["list"] if variable["type"] == "query"]
    assert {f"${variable['name']}" for variable in variables} | {"$__rate_interval"} == set(VARIABLES)
    for variable in variables:
        selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
        assert prometheus.get(f"/api/v1/label/{label}/values", **{"match[]": filled(selector)}), variable["name"]
        assert variable["definition"] == variable["query"]["query"]


def test_the_annotations_of_the_dashboard_are_queries(scene):
    _, prometheus = scene
    [annotation] = dashboard()["annotations"]["list"]
    prometheus.query(filled(annotation["expr"]))


def test_the_dashboard_is_well_laid_out():
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(ids) == len(set(ids))
    places = [panel["gridPos"] for panel in dashboard()["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in itertools.combinations(places, 2):
        assert one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"] or \
            one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"], (one, other)
    for panel in panels():
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references)) and panel["datasource"]["uid"] == "${datasource}"
