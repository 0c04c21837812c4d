"""/history as HTTP clients see it: the real endpoint, on a store that is made up and answers late, wrongly or never."""

import json
import re
import threading
import time

import pytest
from endpoint import Endpoint, serving
from servers.process import wait_until

N_ENTRIES = 2500  # serve_health.c
DEADLINE_S = 5
TEXT, JSON = "text/plain; charset=utf-8", "application/json"

small = serving()
hostile = serving(texts="hostile")

PARAMETERS = "expected watch=NAME, limit=N and before=NUMBER, each once at most"
LIMIT, BEFORE = "limit is a number from 1 to 1000", "before is the number of an entry"
QUERIES = [
    ("", 200, None, "all"),
    ("?", 200, None, "an empty query"),
    ("?watch=watch-00000", 200, None, "one that has entries"),
    ("?watch=watch-00001", 200, None, "one that has none yet"),
    ("?watch=nobody", 404, "there is no watch of that name, nor was there one", "one that there never was"),
    ("?watch=failing", 503, "the history cannot be read now: the disk is full", "a store that fails"),
    ("?limit=1000&before=1&watch=watch-00000", 200, None, "all three"),
    ("?before=9223372036854775807", 200, None, "the greatest number"),
    ("?limit=0", 400, LIMIT, "none"),
    ("?limit=1001", 400, LIMIT, "too many"),
    ("?limit=-1", 400, LIMIT, "less than none"),
    ("?limit=ten", 400, LIMIT, "a word"),
    ("?limit=", 400, LIMIT, "nothing"),
    ("?limit=1%20", 400, LIMIT, "a blank behind it"),
    ("?limit=99999999999999999999999", 400, LIMIT, "more than a number holds"),
    ("?before=0", 400, BEFORE, "no alert has that number"),
    ("?before=9223372036854775808", 400, BEFORE, "nor that"),
    ("?before=0x10", 400, BEFORE, "not decimal"),
    ("?watch=", 400, PARAMETERS, "no name"),
    ("?watch=a&watch=b", 400, PARAMETERS, "two names"),
    ("?limit=1&limit=2", 400, PARAMETERS, "two limits"),
    ("?after=1", 400, PARAMETERS, "unknown"),
    ("?limit", 400, "the query is not understood: expected KEY=VALUE&...", "no value"),
    ("?watch=watch-00000%00x", 400, "the query is not understood: expected KEY=VALUE&...", "a NUL"),
]


@pytest.mark.parametrize("query, code, text, why", QUERIES, ids=lambda value: value if isinstance(value, str) else None)
def test_a_query_is_answered_or_told_what_is_wrong(small, query, code, text, why):
    answer = small.get("/history" + query)
    assert answer.code == code, why
    assert answer.headers["content-type"] == (JSON if code == 200 else TEXT)
    assert answer.headers["cache-control"] == "no-store"
    if text:
        assert answer.body.decode() == text + "\n"


def ask(endpoint, query=""):
    return json.loads(endpoint.get("/history" + query).body.decode("utf-8", "strict"))


def test_head_has_the_length_of_the_answer_and_no_body(small):
    answer = small.get("/history?limit=3", "HEAD")
    assert (answer.code, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) == len(small.get("/history?limit=3").body)


def test_the_control_socket_answers_the_same(small):
    told = small.get("/history?limit=2", client=small.connect_unix()).body
    assert [entry["number"] for entry in json.loads(told)["history"]] == [N_ENTRIES, N_ENTRIES - 1]


def test_an_entry_has_what_is_known(small):
    page = ask(small, "?limit=1")
    assert page["version"] == 1 and page["next"] == N_ENTRIES and re.fullmatch(r"20\d\d-.*Z", page["time"])
    [entry] = page["history"]
    assert entry == {"number": N_ENTRIES, "time": "2026-11-23T20:46:21Z", "word": "DRIFT", "name": "watch-00000",
                     "verdict": "renamed", "directory": "mms", "changed": {"at": "2026-11-23T20:46:21Z", "by": ""},
                     "sentence": "renamed ", "told": []} | ({"time": entry["time"]})
    second, first = ask(small, "?before=3")["history"]
    assert second["told_as"] == "@mms" and "told_as" not in first
    assert first["told"] == [{"outlet": "syslog"}], "nobody noted when"
    assert second["told"][0]["outlet"] == "syslog" and second["told"][0]["at"].endswith("Z")


def test_pages_follow_one_another_to_the_end(small):
    numbers, before = [], ""
    while before is not None:
        page = ask(small, f"?limit=1000{before}")
        assert len(page["history"]) <= 1000
        numbers += [entry["number"] for entry in page["history"]]
        before = f"&before={page['next']}" if "next" in page else None
    assert numbers == list(range(N_ENTRIES, 0, -1))
    assert len(ask(small)["history"]) == 100


def strings(value):
    if isinstance(value, dict):
        value = value.values()
    return [value] if isinstance(value, str) else [text for item in value for text in strings(item)] \
        if not isinstance(value, (int, float)) else []


def test_hostile_texts_come_as_clean_ones(hostile):
    page = ask(hostile, "?limit=1000")
    unclean = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
    assert [text for text in strings(page) if unclean.search(text)] == []
    assert any("\\xff" in text for text in strings(page))


# --- a store that does not answer


def test_a_client_that_the_store_keeps_waiting_is_cut_off_and_nobody_else_waits(small):
    done = []

    def wait():
        begun = time.monotonic()
        raw = small.raw(b"GET /history?watch=hanging HTTP/1.1\r\nHost: localhost\r\n\r\n")
        done.append((raw, time.monotonic() - begun))

    clients = [threading.Thread(target=wait) for _ in range(60)]
    for client in clients:
        client.start()
    time.sleep(0.5)
    begun = time.monotonic()
    assert small.get("/livez").code == 200 and ask(small, "?limit=1")["history"]
    assert time.monotonic() - begun < 2
    for client in clients:
        client.join()
    assert {raw for raw, _ in done} == {b""}
    assert min(took_s for _, took_s in done) > DEADLINE_S / 2
    assert small.get("/livez").code == 200


def test_clients_that_wait_at_the_end_of_the_endpoint_and_an_answer_after_it_do_no_harm():
    with Endpoint().start() as endpoint:
        gone, waiting = endpoint.connect(), endpoint.connect()
        for client in (gone, waiting):
            client.sendall(b"GET /history?watch=hanging HTTP/1.1\r\nHost: localhost\r\n\r\n")
        gone.close()
        wait_until(lambda: endpoint.get("/livez").code == 200, "an answer")
        assert endpoint.stop() == 0, endpoint.stderr()
        waiting.close()


def ask_and_go(endpoint, n_clients):
    for _ in range(n_clients):
        with endpoint.connect() as client:
            client.sendall(b"GET /history?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    wait_until(lambda: endpoint.get("/history?limit=1").code == 200, "an answer")


def test_clients_that_ask_for_long_pages_and_go_leave_nothing_behind(hostile):
    ask_and_go(hostile, 300)
    before_kib = hostile.rss_kib("VmHWM")
    ask_and_go(hostile, 600)
    grown_kib = hostile.rss_kib("VmHWM") - before_kib
    print(f"600 more clients that went: RSS +{grown_kib} KiB at most")
    assert grown_kib < 100_000


def test_livez_answers_while_long_pages_are_made(hostile):
    """A loop that makes one in one go answers once before it and once after."""
    delays_s, is_over = [], threading.Event()

    def look():
        while not is_over.is_set():
            begun = time.monotonic()
            assert hostile.get("/livez").code == 200
            delays_s.append(time.monotonic() - begun)

    looker = threading.Thread(target=look)
    looker.start()
    meanwhile = []
    for _ in range(20):
        before = len(delays_s)
        assert len(ask(hostile, "?limit=1000")["history"]) == 1000
        meanwhile.append(len(delays_s) - before)
    is_over.set()
    looker.join()
    print(f"/livez answered {meanwhile} times meanwhile, greatest delay {max(delays_s) * 1000:.1f} ms")
    assert max(meanwhile) > 3
