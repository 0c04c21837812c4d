"""/health by the rules of its draft; /metrics as the parsers of others read it, in both formats."""

import json
import os
import re

import pytest
from endpoint import Answer, Endpoint
from health_document import faults
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_prometheus
from sections import directory, watch
from servers import CUSTOM, free_port, wait_until

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture(scope="module", params=["plain", "hostile"])
def endpoint(request):
    with Endpoint(texts=request.param, n_watches=40).start() as running:
        yield running
        assert running.stop() == 0, running.stderr()


def ask(endpoint, *lines):
    """/metrics with these lines of header."""
    head = "".join(f"{line}\r\n" for line in ("GET /metrics HTTP/1.1", "Host: localhost", *lines))
    return Answer(endpoint.raw(f"{head}\r\n".encode()))


# --- /health

@pytest.mark.parametrize("path, status", [
    ("/health", "fail"), ("/health?watch=watch-00000", "pass"), ("/health?watch=watch-00001", "fail"),
    ("/health?watch=watch-00003", "warn"), ("/health?other=1", "fail"),
])
def test_health_keeps_the_rules_of_its_draft(endpoint, path, status):
    answer = endpoint.get(path)
    assert faults(answer.code, answer.headers, answer.body) == []
    assert json.loads(answer.body)["status"] == status


def test_health_of_a_watch_that_is_not_there_may_not_be_kept(endpoint):
    answer = endpoint.get("/health?watch=nobody")
    assert (answer.code, answer.headers["cache-control"]) == (404, "no-store")


def test_health_of_the_daemon_keeps_the_rules_in_all_its_states(slapd, daemon):
    well = directory(slapd.uri) + watch(CUSTOM)
    daemon = daemon(well)
    seen = {}

    def look(status):
        reply = daemon.get("/health")
        seen[reply.json()["status"]] = faults(*reply)
        return status in seen

    daemon.wait_verdict("custom", "match")
    assert look("pass")
    daemon.write_config(well + directory(f"ldap://127.0.0.1:{free_port()}", name="away") +
                        watch(CUSTOM, name="lost", directory="away"))
    daemon.reload()
    wait_until(lambda: look("warn"), "a warning of what cannot be reached")
    slapd.rename(CUSTOM, "cn=partners")
    wait_until(lambda: look("fail"), "a failure for the drift")
    assert seen == {"pass": [], "warn": [], "fail": []}


GOOD = {"status": "warn", "output": "why", "checks": {"a:b": [{"componentType": "component", "status": "warn"}]}}
BAD = [
    (200, {"status": "fail"}, "a failure that looks well"),
    (503, {"status": "warn"}, "a warning that looks like a failure"),
    (200, {"status": "green"}, "a status that is none"),
    (200, {"status": "pass"}, "said something though it passes"),
    (200, {"output": None}, "no text"),
    (200, {"verdicts": {}}, "a key of the root that the draft has not"),
    (200, {"checks": {"a:b:c": [{"componentType": "component"}]}}, "two colons"),
    (200, {"checks": {"a:": [{"componentType": "component"}]}}, "no measurement"),
    (200, {"checks": {"a:b": {"componentType": "component"}}}, "no array"),
    (200, {"checks": {"a:b": []}}, "an empty array"),
    (200, {"checks": {"a:b": [{}]}}, "an empty object"),
    (200, {"checks": {"a:b": [{"componentType": "thing"}]}}, "a type that is none"),
    (200, {"checks": {"a:b": [{"componentType": "component", "status": "fail"}]}}, "a part that is worse than the whole"),
    (200, {"checks": {"a:b": [{"componentType": "component", "status": "pass", "output": "x"}]}}, "output of a pass"),
    (200, {"checks": {"a:b": [{"componentType": "component", "time": "yesterday"}]}}, "no time"),
    (200, {"checks": {"a:b": [{"componentType": "component", "observedValue": 1}]}}, "no unit"),
]


@pytest.mark.parametrize("code, change, why", BAD, ids=[why for _, _, why in BAD])
def test_the_judge_of_health_sees_what_is_wrong(code, change, why):
    headers = {"content-type": "application/health+json", "cache-control": "max-age=1"}
    assert faults(200, headers, json.dumps(GOOD)) == []
    assert faults(code, headers, json.dumps({**GOOD, **change})), why


@pytest.mark.parametrize("header, value", [
    ("content-type", "application/json"), ("cache-control", "no-store"), ("cache-control", "max-age=0"),
    ("cache-control", "s-max-age=5"),
])
def test_the_judge_of_health_sees_headers_that_are_wrong(header, value):
    headers = {"content-type": "application/health+json", "cache-control": "max-age=1", header: value}
    assert faults(200, headers, json.dumps(GOOD))


# --- /metrics

@pytest.mark.parametrize("lines, kind", [
    ((), PROMETHEUS),
    (("Accept: application/openmetrics-text",), OPENMETRICS),
    (("Accept: text/plain;q=0.5", "accept: application/openmetrics-text; version=1.0.0"), OPENMETRICS),
    (("Accept: application/openmetrics-text;q=0.1", "Accept: text/plain"), PROMETHEUS),
    (("Accept:",), PROMETHEUS),
    (("Accept: " + "a/b;c=d," * 400,), PROMETHEUS),
])
def test_the_format_follows_accept(endpoint, lines, kind):
    answer = ask(endpoint, *lines)
    assert (answer.code, answer.headers["content-type"], answer.headers["vary"]) == (200, kind, "Accept")
    assert answer.body.endswith(b"\n# EOF\n") == (kind == OPENMETRICS)


def samples(families):
    return sorted((sample.name, sorted(sample.labels.items())) for family in families for sample in family.samples)


def test_openmetrics_is_what_its_own_parser_takes(endpoint):
    families = list(parse_openmetrics(ask(endpoint, "Accept: application/openmetrics-text").body.decode()))
    kinds = {family.name: (family.type, family.unit) for family in families}
    assert all(family.documentation for family in families)
    assert kinds["dndrift_build"] == kinds["dndrift_watch"] == ("info", "")
    assert kinds["dndrift_comparisons"] == ("counter", "")
    assert kinds["dndrift_round_duration_seconds"] == ("histogram", "seconds")
    assert kinds["process_resident_memory_bytes"] == ("gauge", "bytes")
    assert {unit for name, (_, unit) in kinds.items() if name.endswith("_seconds")} == {"seconds"}


def test_both_formats_hold_the_same_series(endpoint):
    plain = samples(parse_prometheus(ask(endpoint).body.decode()))
    assert plain == samples(parse_openmetrics(ask(endpoint, f"Accept: {OPENMETRICS}").body.decode()))
    assert len(plain) > 200


def test_the_manual_names_every_metric(endpoint):
    with open(os.path.join(os.environ["SRCDIR"], "daemon/dndriftd.8"), encoding="utf-8") as page:
        manual = page.read()
    families = re.findall(r"^# TYPE dndrift_(\w+)", ask(endpoint).body.decode(), re.MULTILINE)
    assert len(families) > 20
    assert [family for family in families if not re.search(rf"\b{family}\b", manual)] == []
