"""watch_directory as a Python object: directories in one event loop, what they were told, how late the loop was."""

import collections
import itertools
import json
import os
import subprocess
import threading

from servers import wait_until

BUILDDIR = os.environ["BUILDDIR"]
FAKE = os.path.join(BUILDDIR, "tests/fault/fake_prober")
REAL = os.path.join(BUILDDIR, "dndrift-prober")
# Conclusive about the entry: an answer that only a complete and successful exchange may give.
CONCLUSIVE = {"ENTRY", "ENTRY_BARE", "ABSENT", "OUTSIDE", "UNMATCHED"}


class Directories:
    """Leads one watch_directory. Rounds are numbered here; observations(round) are in order of arrival."""

    def __init__(self):
        self.child = subprocess.Popen([os.path.join(BUILDDIR, "tests/fault/watch_directory")], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1)
        self.events, self.marks = [], itertools.count()
        self.rounds = itertools.count(1)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.child.stdout:
            self.events.append(json.loads(line))

    def tell(self, *words):
        self.child.stdin.write(" ".join(str(word) for word in words) + "\n")

    def select(self, kind, **values):
        return [event for event in list(self.events) if event["event"] == kind
                and all(event.get(name) == value for name, value in values.items())]

    @staticmethod
    def pairs(uris, settings):
        return [f"uri={uri}" for uri in uris] + [f"{name}={value}" for name, value in settings.items()]

    def add(self, name, *uris, prober=REAL, timeout_ms=1000, **settings):
        self.tell("add", name, *self.pairs(uris, {"prober": prober, "timeout_ms": timeout_ms, **settings}))

    def reload(self, name, *uris, timeout_ms=1000, **settings):
        self.tell("reload", name, *self.pairs(uris, {"timeout_ms": timeout_ms, **settings}))

    def retry(self, name):
        self.tell("retry", name)

    def ask(self, name, count=3, prefix="c", limit_ms=10000, is_fresh=False):
        """Asks for cn=PREFIX1,o=mms and so on; answers the number of the round."""
        number = next(self.rounds)
        self.tell("ask", name, number, limit_ms, "fresh" if is_fresh else "kept", count, prefix)
        return number

    def ask_dn(self, name, dn, limit_ms=10000, is_fresh=False):
        number = next(self.rounds)
        self.tell("askdn", name, number, limit_ms, "fresh" if is_fresh else "kept", dn)
        return number

    def observations(self, number):
        return self.select("observation", round=number)

    def wait_end(self, number, timeout_s=60):
        """The observations of a round once it has ended; no question twice, none after the end."""
        wait_until(lambda: self.select("end", round=number), lambda: f"round {number} to end; {self.events[-5:]}",
                   timeout_s, pause_s=0.001)
        observations = self.observations(number)
        asked = collections.Counter(observation["question"] for observation in observations)
        assert not [question for question, count in asked.items() if count > 1], observations
        return observations

    def round(self, name, count=3, **options):
        """Asks and waits: exactly one observation for each question."""
        observations = self.wait_end(self.ask(name, count, **options))
        assert sorted(observation["question"] for observation in observations) == list(range(1, count + 1))
        return observations

    def answer(self, kind, *words):
        """What a command answers at once."""
        before = len(self.select(kind))
        self.tell(*words)
        return wait_until(lambda: self.select(kind)[before:], f"an answer to {words}")[0]

    def sync(self):
        """Every command before this one was obeyed."""
        mark = f"m{next(self.marks)}"
        self.tell("mark", mark)
        wait_until(lambda: self.select("mark", word=mark), "the mark")

    def health(self, name):
        return self.answer("health", "health", name)

    def servers(self, name):
        """The URIs of its servers in order, and of each domain among its words whether the last look-up succeeded."""
        answer = self.answer("servers", "servers", name)
        return answer["uris"], answer["domains_up"]

    def known(self, name):
        """What is known of each server: kind, limits, certificate_expires_s."""
        return self.answer("known", "known", name)["servers"]

    def lag_ms(self):
        return self.answer("lag", "lag")["ms"]

    def probers(self):
        with open(f"/proc/{self.child.pid}/task/{self.child.pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]

    def close(self):
        """Frees all directories in the loop: no child, no descriptor may be left. Answers the last lag."""
        self.child.stdin.close()
        status = self.child.wait(60)
        self.reader.join(10)
        assert status == 0, status
        [goodbye] = self.select("bye")
        assert not goodbye["children_left"] and goodbye["fds_left"] == 0, goodbye
        return goodbye["lag_ms"]

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
