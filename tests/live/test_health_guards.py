"""What HTTP clients can and cannot do to the endpoint: the real one, on a view of made-up watches."""

import http.client
import json
import os
import re
import resource
import socket
import stat
import subprocess
import threading
import time

import pytest
from endpoint import Answer, Endpoint, read_all, serving
from servers.process import free_port, wait_until

DEADLINE_S = 5
MANY = 10_000
SAFE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}

small = serving()
hostile = serving(texts="hostile", n_watches=200)
large = serving(n_watches=MANY)

PATHS = [
    ("/livez", 200, "text/plain; charset=utf-8"),
    ("/readyz", 200, "text/plain; charset=utf-8"),
    ("/health", 503, "application/health+json"),
    ("/health?watch=watch-00000", 200, "application/health+json"),
    ("/health?watch=watch-00001", 503, "application/health+json"),
    ("/health?watch=nobody", 404, "text/plain; charset=utf-8"),
    ("/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"),
    ("/watches", 200, "application/json"),
    ("/watches/watch-00000", 200, "application/json"),
    ("/watches/nobody", 404, "text/plain; charset=utf-8"),
    ("/watches/", 404, "text/plain; charset=utf-8"),
    ("/", 200, "text/html; charset=utf-8"),
    ("/nothing", 404, "text/plain; charset=utf-8"),
    ("/livez/", 404, "text/plain; charset=utf-8"),
    ("/%2e%2e/etc/passwd", 404, "text/plain; charset=utf-8"),
    ("/watches/%00", 400, "text/plain; charset=utf-8"),
]


def safe(path, code):
    """A health check may be kept for a moment, as its draft wants; nothing else may."""
    return {**SAFE, "cache-control": "private, max-age=1"} if path.startswith("/health") and code != 404 else SAFE


@pytest.mark.parametrize("path, code, kind", PATHS)
def test_each_path_answers_with_its_code_type_and_the_safe_headers(small, path, code, kind):
    answer = small.get(path)
    assert (answer.code, answer.headers["content-type"]) == (code, kind)
    assert safe(path, code).items() <= answer.headers.items()
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert int(answer.headers["content-length"]) == len(answer.body) > 0


@pytest.mark.parametrize("path, code, kind", PATHS)
def test_head_has_the_headers_and_no_body(small, path, code, kind):
    answer = small.get(path, "HEAD")
    assert (answer.code, answer.headers["content-type"], answer.body) == (code, kind, b"")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize("method", ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"))
def test_other_methods_are_refused_and_told_what_is_allowed(small, method):
    for client in (None, small.connect_unix(small.unix)):
        answer = small.get("/livez", method, client=client)
        assert (answer.code, answer.headers["allow"]) == (405, "GET, HEAD")


REFUSED = [
    (b"FROB /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", {501, 400}, "an unknown method"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", {413}, "a body"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", {413},
     "a body in chunks"),
    (b"POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\nExpect: 100-continue\r\n\r\n", {413},
     "a body announced"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 5000 + b"\r\n\r\n", {400}, "5 KiB of headers"),
    (b"GET /" + b"y" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", {400}, "a path of 5 KiB"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\n: empty\r\n\r\n", {400}, "a header without name"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", {400}, "two hosts"),
    (b"GET /live\0z HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404}, "a NUL in the path"),
    (b"GET /livez\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404}, "a NUL behind the path"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\0.evil.example\r\n\r\n", {421, 400}, "a NUL in the host"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400, 501}, "TLS"),
    (b"GET \xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", {400, 404}, "bytes that are no path"),
    (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", {400, 505}, "a version that is not"),
]


@pytest.mark.parametrize("request_bytes, codes, why", REFUSED, ids=[why for _, _, why in REFUSED])
def test_what_is_no_decent_request_is_refused_with_the_safe_headers(small, request_bytes, codes, why):
    answer = Answer(small.raw(request_bytes))
    assert answer.code in codes, why
    assert SAFE.items() <= answer.headers.items(), answer.headers
    assert b"<" not in answer.body
    assert small.get("/livez").code == 200


HOSTS = [
    ("localhost", 200), ("LOCALHOST:1", 200), ("127.0.0.1", 200), ("127.9.8.7:80", 200), ("[::1]", 200), ("[::1]:80", 200),
    ("mon.example.com", 200), ("mon.example.com:19389", 200), ("evil.example", 421), ("localhost.evil.example", 421),
    ("127.0.0.1.evil.example", 421), ("mon.example.com.evil.example", 421), ("10.0.0.1", 421), ("[::2]", 421), ("", 421),
    ("localhost:evil", 421), ("[::1", 421), ("localhost@evil", 421),
]


@pytest.mark.parametrize("host, code", HOSTS)
def test_only_known_host_names_are_served(small, host, code):
    answer = small.get("/livez", host=host)
    assert answer.code == code
    assert code == 200 or b"allow_host" in answer.body


def test_a_foreign_host_in_the_uri_is_not_served_either(small):
    assert Answer(small.raw(b"GET http://evil.example/livez HTTP/1.1\r\nHost: localhost\r\n\r\n")).code == 421


def test_a_unix_socket_does_not_ask_for_the_host(small):
    assert small.get("/livez", host="whatever", client=small.connect_unix(small.unix)).code == 200
    assert small.get("/livez", host="whatever", client=small.connect_unix()).code == 200


def test_a_request_of_http_1_0_without_host_is_served(small):
    answer = Answer(small.raw(b"GET /livez HTTP/1.0\r\n\r\n"))
    assert (answer.code, answer.body) == (200, b"ok\n")


def trickle(sock, first, rest, pause_s=0.2):
    """Sends first, then a byte now and then; how long until the endpoint closes, and what it said."""
    begun = time.monotonic()
    sock.sendall(first)
    sock.settimeout(pause_s)
    said = b""
    while time.monotonic() - begun < 4 * DEADLINE_S:
        try:
            sock.sendall(rest)
            chunk = sock.recv(65536)
        except TimeoutError:
            continue
        except ConnectionError:
            return time.monotonic() - begun, said
        if not chunk:
            return time.monotonic() - begun, said
        said += chunk
    pytest.fail("the endpoint never closed")


@pytest.mark.parametrize("first, rest", (
    (b"", b"G"),
    (b"GET /livez HTTP/1.1\r\n", b"X"),
    (b"GET /livez HTTP/1.1\r\nHost: localhost\r\n", b"a: b\r\n"),
))
def test_a_trickling_client_is_closed_at_the_deadline(small, first, rest):
    with small.connect() as sock:
        took_s, said = trickle(sock, first, rest)
    print(f"closed after {took_s:.2f} s")
    assert DEADLINE_S - 0.5 < took_s < DEADLINE_S + 1.5 or said.startswith(b"HTTP/1.1 400"), said


def test_a_client_that_keeps_the_connection_loses_it_all_the_same(small):
    with small.connect() as sock:
        begun = time.monotonic()
        assert read_all(sock) == b""
        took_s = time.monotonic() - begun
    assert DEADLINE_S - 0.5 < took_s < DEADLINE_S + 1.5


def test_a_client_that_reads_slowly_is_cut_off_at_the_deadline(large):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(30)
        sock.connect(("127.0.0.1", large.port))
        sock.sendall(b"GET /watches HTTP/1.1\r\nHost: localhost\r\n\r\n")
        begun, n_read = time.monotonic(), 0
        while time.monotonic() - begun < 4 * DEADLINE_S:
            try:
                chunk = sock.recv(1024)
            except ConnectionError:
                break
            if not chunk:
                break
            n_read += len(chunk)
            time.sleep(0.02)
        took_s = time.monotonic() - begun
    print(f"{n_read} bytes read, cut off after {took_s:.2f} s")
    assert took_s < DEADLINE_S + 1.5


def test_a_client_in_no_hurry_gets_the_whole_page(large):
    whole = len(large.get("/watches").body)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        sock.settimeout(30)
        sock.connect(("127.0.0.1", large.port))
        sock.sendall(b"GET /watches HTTP/1.1\r\nHost: localhost\r\n\r\n")
        body = b""
        while chunk := sock.recv(1 << 18):
            body += chunk
            time.sleep(0.002)
    answer = Answer(body)
    assert len(answer.body) == int(answer.headers["content-length"]) >= whole - 100
    assert len(json.loads(answer.body)["watches"]) == MANY


def test_the_65th_connection_is_accepted_and_closed(small):
    crowd = [small.connect() for _ in range(64)]
    try:
        begun = time.monotonic()
        assert small.raw(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n") == b""
        assert time.monotonic() - begun < 2
        answer = small.raw(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", small.connect_unix())
        assert answer.startswith(b"HTTP/1.1 200 "), "the operator gets in however many listen"
        crowd.pop().close()
        wait_until(lambda: small.raw(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"), "a free place")
    finally:
        for sock in crowd:
            sock.close()
    wait_until(lambda: small.raw(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"), "a free place")


def test_it_outlives_a_lack_of_descriptors_without_spinning_or_flooding_the_log():
    with Endpoint() as endpoint:
        endpoint.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)))
        said = endpoint.stderr()
        crowd = [endpoint.connect() for _ in range(60)]
        time.sleep(1)
        cpu_s = endpoint.cpu_s()
        time.sleep(1)
        cpu_s = endpoint.cpu_s() - cpu_s
        for sock in crowd:
            sock.close()
        begun = time.monotonic()
        wait_until(lambda: endpoint.raw(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"), "an answer")
        print(f"{cpu_s:.2f} s of CPU in a second out of descriptors; back {time.monotonic() - begun:.2f} s after")
        assert cpu_s < 0.2
        assert endpoint.stderr() == said


def test_a_flood_of_pipelined_requests_gets_one_answer_and_takes_no_memory(large):
    flood = b"GET /watches HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200_000
    before_kib = large.rss_kib()
    said = large.raw(flood)
    print(f"{len(flood)} bytes sent, RSS +{large.rss_kib() - before_kib} KiB")
    assert said.count(b"HTTP/1.1 ") <= 1
    assert large.rss_kib() - before_kib < 40_000
    assert large.get("/livez").code == 200


def test_slow_readers_share_one_page():
    with Endpoint(n_watches=MANY).start() as endpoint:
        page_kib = len(endpoint.get("/watches").body) // 1024
        before_kib = endpoint.rss_kib()
        crowd = []
        for _ in range(60):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", endpoint.port))
            sock.sendall(b"GET /watches HTTP/1.1\r\nHost: localhost\r\n\r\n")
            crowd.append(sock)
        time.sleep(2)
        grown_kib = endpoint.rss_kib("VmHWM") - before_kib
        for sock in crowd:
            sock.close()
        print(f"a page of {page_kib} KiB, 60 slow readers: RSS +{grown_kib} KiB at most")
        assert grown_kib < 8 * page_kib + 10_000


@pytest.mark.parametrize("path", ("/watches", "/metrics", "/health", "/"))
def test_livez_answers_while_a_large_page_is_rendered(large, path):
    """A loop that renders in one go answers once before it and once after."""
    delays_s, is_over = [], threading.Event()

    def ask():
        while not is_over.is_set():
            begun = time.monotonic()
            assert large.get("/livez").code == 200
            delays_s.append(time.monotonic() - begun)
            time.sleep(0.001)

    asker = threading.Thread(target=ask)
    asker.start()
    sizes, meanwhile = [], []
    for _ in range(5):
        before = len(delays_s)
        done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{size_download}",
                               f"http://127.0.0.1:{large.port}{path}"], capture_output=True, text=True, check=True)
        meanwhile.append(len(delays_s) - before)
        sizes.append(int(done.stdout))
        time.sleep(0.5)
    is_over.set()
    asker.join()
    print(f"{path} of {MANY} watches: {max(sizes)} bytes; /livez answered {meanwhile} times meanwhile, "
          f"greatest delay {max(delays_s) * 1000:.1f} ms")
    assert max(meanwhile) > 3


@pytest.mark.parametrize("fixture", ("small", "hostile", "large"))
def test_promtool_accepts_the_metrics(request, fixture):
    text = request.getfixturevalue(fixture).get("/metrics").body
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), text[:3000]
    assert text.endswith(b"\n")


def strings(value):
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("path", ("/watches", "/watches/watch-00001", "/health", "/health?watch=watch-00003"))
def test_json_of_hostile_texts_is_valid_and_clean(hostile, path):
    value = json.loads(hostile.get(path).body.decode("utf-8", "strict"))
    assert [text for text in strings(value) if UNCLEAN.search(text)] == []
    assert any("\\xff" in text for text in strings(value))


def test_the_page_of_hostile_texts_holds_no_markup_of_theirs(hostile):
    page = hostile.get("/").body.decode("utf-8", "strict")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not UNCLEAN.search(page.replace("\n", ""))


def test_the_control_socket_is_its_owners_alone(small):
    assert stat.S_IMODE(os.stat(small.control).st_mode) == 0o600


@pytest.mark.parametrize("path, code, ok, sentence", (
    ("/watches/watch-00000/adopt", 200, True, "adopted"),
    ("/watches/watch-00001/adopt", 409, False, "there is nothing to adopt: "),
    ("/watches/nobody/adopt", 404, False, "there is no watch nobody"),
    ("/watches/watch-00001/compare", 200, True, "watch-00001 will be compared now"),
    ("/compare", 200, True, "every watch will be compared now"),
    ("/reload", 409, False, "dndriftd.conf:3: not a key"),
    ("/frobnicate", 404, False, "there is no verb /frobnicate"),
))
def test_the_control_socket_takes_orders(small, path, code, ok, sentence):
    answer = small.get(path, "POST", client=small.connect_unix())
    body = json.loads(answer.body)
    assert (answer.code, body["ok"]) == (code, ok)
    assert body["sentence"].startswith(sentence)


def test_a_socket_left_by_a_dead_daemon_is_taken_over_but_not_that_of_a_live_one():
    with Endpoint().start() as endpoint:
        endpoint.kill()
        assert os.path.exists(endpoint.control)
        endpoint.start()
        with Endpoint(folder=endpoint.folder, listen=[f"127.0.0.1:{free_port()}"]) as second:
            second.name = "second"
            second.stderr_file = endpoint.path("second.stderr")
            second.spawn()
            assert second.wait() == 3
            assert second.stderr() == (f"cannot listen on unix:{endpoint.control}: Address already in use "
                                       "(key control in [daemon])\n")
        assert endpoint.get("/livez", client=endpoint.connect_unix()).code == 200
        endpoint.stop()
        assert not os.path.exists(endpoint.control) and not os.path.exists(endpoint.unix)


def refused(listen, control=None):
    with Endpoint(listen=listen) as endpoint:
        endpoint.control = control or endpoint.control
        endpoint.spawn()
        assert endpoint.wait() == 3
        return endpoint.stderr().replace(endpoint.folder, "FOLDER")


def test_an_address_that_is_taken_is_told_with_its_key():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"127.0.0.1:{other.getsockname()[1]}"
        assert refused([address]) == f"cannot listen on {address}: Address already in use (key listen in [health])\n"


def test_a_file_that_is_no_socket_is_left_alone(tmp_path):
    file = tmp_path / "precious"
    file.write_text("data")
    assert refused([f"unix:{file}"]).endswith("(key listen in [health])\n")
    assert file.read_text() == "data"


def test_python_s_own_client_understands_it(small):
    connection = http.client.HTTPConnection("127.0.0.1", small.port, timeout=30)
    for _ in range(3):
        connection.request("GET", "/livez")
        assert connection.getresponse().read() == b"ok\n"
    connection.close()
