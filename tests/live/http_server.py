"""A web server in the place of an Alertmanager that answers as badly as a test wants."""

import contextlib
import http.server
import json
import threading
import time

DRIP_S = 0.01


class BadAlertmanager:
    """answer: a status, or "never", "endless" or "away" (a redirection), "odd" (503 to every second), "once" (200, and then
    it closes the connection without a word), "raw" (the bytes of raw, and the end) or "flood" (raw for ever); type: of what it says. posts: the bodies that came, as JSON; those of
    it that name a watch: of(watch)."""

    def __init__(self):
        self.answer, self.type, self.raw = 200, "application/json", b""
        self.posts, self.paths, self.headers = [], [], []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802  (the name that the library calls)
                owner.take(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.uri = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, request):
        self.paths.append(request.path)
        self.headers.append(request.headers)
        self.posts.append(json.loads(request.rfile.read(int(request.headers["Content-Length"]))))
        getattr(self, f"answer_{self.answer}", self.answer_status)(request)

    def answer_status(self, request):
        body = b"a \x1b[2Jbad\r\nanswer"
        request.send_response(self.answer)
        request.send_header("Content-Length", str(len(body)))
        request.send_header("Content-Type", self.type)
        request.end_headers()
        request.wfile.write(body)

    def answer_away(self, request):
        request.send_response(307)
        request.send_header("Location", self.uri + "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def answer_odd(self, request):
        body = b"odd"
        request.send_response(200 if len(self.posts) % 2 else 503)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def answer_once(self, request):
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()
        request.close_connection = True

    def answer_raw(self, request):
        request.wfile.write(self.raw)
        request.close_connection = True

    def answer_flood(self, request):
        request.close_connection = True
        with contextlib.suppress(OSError):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while self.answer == "flood":
                request.wfile.write(self.raw * 1000)

    def answer_never(self, request):
        while self.answer == "never":
            time.sleep(DRIP_S)
        request.close_connection = True

    def answer_endless(self, request):
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def of(self, watch):
        """The alerts about that watch, in the order of their coming."""
        return [alert for post in list(self.posts) for alert in post if alert["labels"].get("watch") == watch]

    def close(self):
        self.answer = 200
        self.server.shutdown()
        self.server.server_close()
