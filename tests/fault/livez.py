"""An outside client: asks http://127.0.0.1:PORT/livez every 10 ms until its stdin ends, each time on a connection
of its own, then prints as JSON how long the answers took, and how late its own timer was: what the machine adds."""

import http.client
import json
import select
import sys
import time

PERIOD_S = 0.010


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/livez")
    code = connection.getresponse().status
    connection.close()
    return code


def main():
    took_ms, late_ms, refused, due = [], 0, 0, time.monotonic()
    while not select.select([sys.stdin], [], [], max(due - time.monotonic(), 0))[0]:
        start = time.monotonic()
        late_ms = max(late_ms, (start - due) * 1000)
        try:
            refused += ask(int(sys.argv[1])) != 200
        except OSError:
            refused += 1
        took_ms.append((time.monotonic() - start) * 1000)
        due = max(due + PERIOD_S, time.monotonic())
    took_ms.sort()
    print(json.dumps({"asked": len(took_ms), "refused": refused, "own_late_ms": late_ms,
                      "median_ms": took_ms[len(took_ms) // 2],
                      "p999_ms": took_ms[int(len(took_ms) * 0.999)], "worst_ms": took_ms[-1]}))


if __name__ == "__main__":
    main()
