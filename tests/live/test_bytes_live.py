"""The same bytes through what really takes them: programs, HTTP, the tool of the operator, and out of a real directory."""

import base64
import json
import re
import subprocess

import ldap
import ldap.dn
import pytest
from control import dndriftctl
from decoders import check_clean, raw, read_dn, read_line, read_rows, stands_for, unclean
from endpoint import Endpoint
from hostile_bytes import END_TO_END, hostile_texts
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_prometheus
from sections import directory, section, watch
from sender import Sender
from servers import wait_until
from servers.slapd import ARTICLE, RECIPIENTS

TELL = """#!/bin/sh
n=${{DNDRIFT_ALERT#*-}}
cat >"{folder}/event.$n"
env -0 >"{folder}/environment.$n"
"""
N_RUNS = min(END_TO_END, 500)
N_PAGES = min(END_TO_END, 2000)
N_ENTRIES = min(END_TO_END, 2000)
N_ASKED = 200  # one by one
AT_ONCE = 15  # drifts of one round are one alert when they are more than 20
N_ROUNDS = 3 if END_TO_END < 20000 else 60
SCHEMA = [
    "attributetype ( 1.3.6.1.4.1.32473.1.1 NAME 'anyBytes' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
    "objectclass ( 1.3.6.1.4.1.32473.1.2 NAME 'bytesHolder' SUP top AUXILIARY MAY anyBytes )",
]
MAX_VALUE, MAX_NAME = 8000, 120  # bytes: of a text between our processes, of a name


# --- programs

@pytest.fixture
def teller(tmp_path):
    program = tmp_path / "tell"
    program.write_text(TELL.format(folder=tmp_path))
    program.chmod(0o755)
    return program


def environment(folder, number):
    lines = (folder / f"environment.{number}").read_bytes().split(b"\0")[:-1]
    return {name: value for name, _, value in (line.partition(b"=") for line in lines) if name.startswith(b"DNDRIFT_")}


def test_a_program_gets_every_text_back_from_its_event(teller):
    texts = hostile_texts(N_RUNS, "exec")
    Sender(f"exec:{teller}", zip(texts, reversed(texts))).taken()
    for number, (sentence, live) in enumerate(zip(texts, reversed(texts)), 1):
        event = json.loads((teller.parent / f"event.{number}").read_text(encoding="utf-8"))
        assert (raw(event["sentence"]), raw(event.get("live", ""))) == (sentence, live)
        assert environment(teller.parent, number) == {f"DNDRIFT_{key.upper()}".encode(): value.encode()
                                                      for key, value in event.items()}
    print(f"{len(texts)} programs had every text")


def test_what_is_too_long_for_an_environment_is_in_the_event_alone(teller):
    long = b"\x01" * 40000
    Sender(f"exec:{teller}", [(long, long), (b"short", long)]).taken()
    event = json.loads((teller.parent / "event.1").read_text(encoding="utf-8"))
    assert raw(event["sentence"]) == raw(event["live"]) == long
    assert environment(teller.parent, 1).keys() == {b"DNDRIFT_WORD", b"DNDRIFT_NAME", b"DNDRIFT_SEVERITY", b"DNDRIFT_TIME",
                                                    b"DNDRIFT_ALERT"}
    assert environment(teller.parent, 2)[b"DNDRIFT_SENTENCE"] == b"short"


# --- pages

@pytest.fixture(scope="module")
def texts():
    return hostile_texts(N_PAGES, "pages")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory, texts):
    file = tmp_path_factory.mktemp("texts") / "texts"
    file.write_bytes(b"\n".join(base64.b64encode(text) for text in texts) + b"\n")
    with Endpoint(n_watches=len(texts), texts=str(file)) as running:
        yield running.start()


def named(texts):
    return [(f"watch-{n:05}", n, text) for n, text in enumerate(texts)]


def live_of(n, text):
    return b"cn=live %d" % n + text + b",ou=recipients,o=mms"


def check_watch(seen, n, text):
    assert raw(seen["live"]) == live_of(n, text)
    assert raw(seen["configured"]) == b"cn=container %d" % n + text + b",ou=recipients,o=mms"
    assert raw(seen["consumer"]) == b"consumer " + text
    assert raw(seen["sentence"]) == b"the entry is now live %d" % n + text
    assert raw(seen["remedy"]) == b"put cn=live %d" % n + text + b" back"
    assert "reason" not in seen or raw(seen["reason"]["text"]) == text


def test_the_pages_of_watches_give_every_text_back(endpoint, texts):
    found = json.loads(endpoint.get("/watches").body)["watches"]
    assert [seen["watch"] for seen in found] == [name for name, _, _ in named(texts)]
    for seen, (name, n, text) in zip(found, named(texts)):
        check_watch(seen, n, text)
        check_watch(json.loads(endpoint.get(f"/watches/{name}").body), n, text)
        health = json.loads(endpoint.get(f"/health?watch={name}").body)
        assert n % 4 == 0 or raw(health["checks"][f"{name}:verdict"][0].get("output", "")) in (
            b"", b"the entry is now live %d" % n + text)
    for row, (name, n, text) in zip(read_rows(endpoint.get("/").body)[1:], named(texts), strict=True):
        assert (row[1], raw(row[-2])) == (name, live_of(n, text))
    print(f"{len(texts)} watches on four pages")


@pytest.mark.parametrize("accept, parse", [("text/plain", parse_prometheus),
                                           ("application/openmetrics-text", parse_openmetrics)])
def test_the_metrics_give_every_text_back_to_the_parser_of_prometheus(endpoint, texts, accept, parse):
    request = f"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()
    page = endpoint.raw(request).partition(b"\r\n\r\n")[2].decode("utf-8")
    samples = [sample for family in parse(page) for sample in family.samples]
    infos = [sample.labels for sample in samples if sample.name == "dndrift_watch_info"]
    for labels, (name, n, text) in zip(infos, named(texts), strict=True):
        assert labels["watch"] == name and raw(labels["consumer"]) == b"consumer " + text
        assert raw(labels["configured_dn"]) == b"cn=container %d" % n + text + b",ou=recipients,o=mms"
    assert {raw(sample.labels["directory"]) for sample in samples if "reason" in sample.labels} == {texts[0], b"second"}


def history(endpoint):
    """Every entry of all pages."""
    before = ""
    while True:
        page = json.loads(endpoint.get(f"/history?limit=1000{before}").body)
        yield from page["history"]
        if "next" not in page:
            return
        before = f"&before={page['next']}"


def test_the_history_gives_every_text_back(endpoint, texts):
    entries = list(history(endpoint))
    assert len(entries) == len({entry["number"] for entry in entries})
    for entry in entries:
        text = texts[entry["number"] % len(texts)]
        assert raw(entry["sentence"]) == b"renamed " + text and raw(entry["changed"]["by"]) == text
        assert raw(entry.get("live", "")) == text
    print(f"{len(entries)} entries")


@pytest.fixture
def ctl(endpoint, tmp_path):
    """ctl(words): the lines that dndriftctl prints, bytes."""
    file = tmp_path / "dndriftd.conf"
    file.write_text(section("daemon", "", {"control": f"unix:{endpoint.control}", "state_directory": tmp_path})
                    .replace("[daemon ]", "[daemon]"))

    def run(*words):
        done = dndriftctl(str(file), *words)
        lines = (done.stdout or done.stderr).encode().split(b"\n")
        for line in lines:
            check_clean(line)
        assert lines[-1] == b"", done
        return lines[:-1]
    return run


def test_the_tool_shows_every_text_so_that_it_comes_back(endpoint, ctl, texts):
    lines = ctl("status")[1:]
    notes = {unclean(line.strip()) for line in lines if line.startswith(b" ")}
    drifting = [(n, text) for _, n, text in named(texts) if n % 4 in (1, 3)]
    assert {b"put cn=live %d" % n + text + b" back" for n, text in drifting} <= notes
    assert len(lines) == len(texts) + 2 * len(drifting)
    for name, n, text in named(texts)[1:400]:
        shown = dict(re.fullmatch(rb"(\w+) +(.*)", line).groups() for line in ctl("status", name))
        assert unclean(shown[b"live"]) == live_of(n, text)
        [line] = ctl("adopt", name)
        assert unclean(line) == b"dndriftctl: there is nothing to adopt: " + text
        answer = json.loads(endpoint.get(f"/watches/{name}/adopt", "POST", client=endpoint.connect_unix()).body)
        assert raw(answer["sentence"]) == b"there is nothing to adopt: " + text


def test_promtool_takes_the_metrics(endpoint):
    subprocess.run(["promtool", "check", "metrics"], input=endpoint.get("/metrics").body, check=True)


# --- a real directory

def entry(n):
    return f"cn=entry-{n},{RECIPIENTS}"


@pytest.fixture
def holding(slapd_factory):
    """holding(count): a slapd with entries that hold `value N` in anyBytes, which takes any."""
    return lambda count: slapd_factory(extra_global=SCHEMA, log="none", indexes=("entryUUID eq", "anyBytes eq"), tree=ARTICLE + [
        (entry(n), {"objectClass": ["container", "bytesHolder"], "cn": f"entry-{n}", "anyBytes": f"value {n}"})
        for n in range(count)])


def watches(slapd, count, **settings):
    return directory(slapd.uri) + "".join(watch(f"value {n}", f"w-{n:05}", compare="anyBytes", flap_count="0", **settings)
                                          for n in range(count))


def values(part, count):
    """As many as entries may hold, no two alike."""
    found = dict.fromkeys(text for text in hostile_texts(2 * count, part) if 0 < len(text) <= MAX_VALUE)
    return list(found)[:count]


def change(slapd, contents):
    connection = slapd.connect()
    for n, content in enumerate(contents):
        connection.modify_s(entry(n), [(ldap.MOD_REPLACE, "anyBytes", [content])])


def held(slapd, attribute):
    """{identity: value} as the directory has it, whose own tool asks: python-ldap takes no surrogate in a DN, slapd does."""
    said = subprocess.run(["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", slapd.ldapi_uri, "-D", slapd.admin_dn,
                           "-w", slapd.password, "-b", RECIPIENTS, "-s", "one",
                           f"({attribute}=*)", attribute, "entryUUID"], capture_output=True, check=True).stdout
    records = [dict(re.findall(rb"^(\w+)(:?: .*)$", record, re.MULTILINE)) for record in said.strip().split(b"\n\n")]
    return {"entryUUID" + record[b"entryUUID"].decode().replace(" ", ""): value_of(record[attribute.encode()])
            for record in records if attribute.encode() in record}


def value_of(text):
    """Of `: text` or `:: base64`."""
    return base64.b64decode(text[3:]) if text.startswith(b":: ") else text[2:]


def all_of(daemon, verdict, count):
    def found():
        seen = [each for each in daemon.get("/watches").json()["watches"] if each.get("verdict") == verdict]
        return len(seen) == count and seen
    return wait_until(found, lambda: f"{count} watches to be {verdict}: {daemon.metrics()}", 120, pause_s=0.5)


def drift_of(daemon, name):
    """What the history has of it."""
    entries = daemon.get(f"/history?watch={name}").json()["history"]
    return next((entry for entry in entries if entry["word"] == "DRIFT"), None)


def test_values_of_a_directory_come_back_from_the_pages(holding, daemon):
    contents = values("values", N_ENTRIES)
    slapd = holding(len(contents))
    daemon = daemon(watches(slapd, len(contents), interval="2s"))
    all_of(daemon, "match", len(contents))
    change(slapd, contents)
    truth = held(slapd, "anyBytes")
    assert sorted(truth.values()) == sorted(contents)
    seen = all_of(daemon, "renamed", len(contents))
    assert {each["identity"]: raw(each["live"]) for each in seen} == truth
    for each in seen:
        assert truth[each["identity"]] in raw(each["sentence"]) and raw(each["remedy"]) == b"configure " + raw(each["live"])
    rows = read_rows(daemon.get("/").body)[1:]
    assert sorted(raw(row[-2]) for row in rows) == sorted(contents)
    names = [each["watch"] for each in seen[::len(seen) // N_ASKED + 1]]
    entries = wait_until(lambda: all(found := [drift_of(daemon, name) for name in names]) and found, "all in the history")
    assert all(truth[entry["identity"]] == raw(entry["live"]) for entry in entries)
    lines = dndriftctl(daemon.config_file, "status").stdout.encode().split(b"\n")
    assert {b"configure " + content for content in contents} <= {unclean(line.lstrip()) for line in lines} | {
        unclean(line[line.find(b"configure "):]) for line in lines}
    print(f"{len(contents)} values of a real directory, {len(entries)} in the history")


def test_values_of_a_directory_come_back_from_their_alerts(holding, daemon, syslog_ng):
    contents = values("alerts", AT_ONCE * N_ROUNDS)
    slapd = holding(AT_ONCE)
    daemon = daemon(watches(slapd, AT_ONCE))
    all_of(daemon, "match", AT_ONCE)
    for place in range(0, len(contents), AT_ONCE):
        told = contents[place:place + AT_ONCE]
        change(slapd, told)
        all_of(daemon, "renamed", AT_ONCE)
        change(slapd, [f"value {n}".encode() for n in range(AT_ONCE)])
        all_of(daemon, "match", AT_ONCE)
    drifts = wait_until(lambda: len(found := syslog_ng.texts("^DRIFT w-")) >= len(contents) and found,
                        lambda: f"{len(contents)} alerts\n{syslog_ng.raw()[-9000:]}")
    assert len(drifts) == len(contents)
    said = sorted((read_line(text.encode()) for text in drifts), key=lambda line: int(line[3][b"alert"].split(b"-")[1]))
    for place in range(0, len(contents), AT_ONCE):
        for _, name, sentence, tags in said[place:place + AT_ONCE]:
            assert stands_for(tags[b"live"], contents[place + int(name.split(b"-")[1])])
    print(f"{len(drifts)} alerts of values")


def rename(slapd, count):
    """Gives entries names of any text that the directory takes for one; how many have got one."""
    connection, n_named = slapd.connect(), 0
    for text in hostile_texts(2 * count, "names"):
        name = f"{n_named}:".encode() + text[:MAX_NAME]
        try:
            connection.rename_s(entry(n_named), "cn=" + "".join(f"\\{byte:02x}" for byte in name), delold=1)
            n_named += 1
        except (ldap.INVALID_DN_SYNTAX, ldap.INVALID_SYNTAX, ldap.OTHER, UnicodeDecodeError):
            pass  # not UTF-8, or more than a key of back-mdb holds; python-ldap cannot always tell
        if n_named == count:
            break
    return n_named


def test_names_of_a_directory_come_back_from_their_dns(holding, daemon):
    count = N_ENTRIES // 2
    slapd = holding(count)
    daemon = daemon(directory(slapd.uri) + "".join(watch(entry(n), f"w-{n:05}", interval="2s") for n in range(count)))
    all_of(daemon, "match", count)
    assert rename(slapd, count) == count
    truth = held(slapd, "cn")
    seen = all_of(daemon, "renamed", count)
    for each in seen:
        live = raw(each["live"])
        assert live.endswith(b"," + RECIPIENTS.encode())
        assert read_dn(live[:-len(RECIPIENTS) - 1]) == truth[each["identity"]]
        assert "\\x" not in each["live"], "a DN to be typed in has the escapes of a DN alone"
    print(f"{count} names of a real directory")
