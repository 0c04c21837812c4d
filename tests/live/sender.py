"""Alerts as no directory would make them, sent by send_alerts as the daemon would."""

import base64
import os
import subprocess

SEND_ALERTS = os.path.join(os.environ["BUILDDIR"], "tests/live/send_alerts")
PATIENCE_S = 60

NASTY = ["'", ";", "\\", "; ", "', ", "='", "\n", "\r", "\r\n", "\t", "\x1b[2J", "\x7f", "\x85",
         "\u009b31m", "\u2028", "\u2029", "\u202e", "\u2066", "\u00e9", "\u20ac", "\U0001f600", "\\x41", "\\;", "\\'",
         "...(+3)", "%s%n", "$MSG", "${HOST}", "<13>", "<13>Nov 23 20:15:00 host other[1]: ", "[1]: ", ", fake='1'",
         "\ndndriftd[1]: RECOVERED w: all is well", "cn=x,o=mms", "@", "#ANON"]
NASTY_BYTES = [b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xc0\xaf", b"\x80"]


def hostile(chance):
    pieces = chance.choices([piece.encode() for piece in NASTY] + NASTY_BYTES, k=chance.randint(1, 12))
    pieces += [bytes([chance.randint(1, 255)]) for _ in range(chance.randint(0, 4))]
    chance.shuffle(pieces)
    return b"".join(pieces)


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
