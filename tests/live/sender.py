"""Alerts as no directory would make them, sent by send_alerts as the daemon would."""

import base64
import os
import subprocess

SEND_ALERTS = os.path.join(os.environ["BUILDDIR"], "tests/live/send_alerts")
PATIENCE_S = 60

class Sender:
    """A running send_alerts."""

    def __init__(self, socket, alerts):
        self.child = subprocess.Popen([SEND_ALERTS, socket, str(PATIENCE_S)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
        for sentence, live in alerts:
            self.child.stdin.write(base64.b64encode(sentence) + b"\t" + base64.b64encode(live) + b"\n")
        self.child.stdin.close()

    def taken(self):
        """Waits for it: the numbers that the socket took, in order."""
        numbers = [int(line) for line in self.child.stdout]
        assert self.child.wait() == 0, "not all were taken in time"
        return numbers
