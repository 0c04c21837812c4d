"""A bound datagram socket in the place of /dev/log: reads what comes, or does not."""

import os
import re
import shutil
import socket
import tempfile
import threading

from .process import wait_until

PACKET = re.compile(r"<(\d+)>\w{3} [ \d]\d \d\d:\d\d:\d\d dndriftd\[(\d+)\]: (.*)", re.DOTALL)
NUMBER = re.compile(r"alert='([0-9a-f]+)-(\d+)'")


class LogSocket:
    """Reads from start() until stall() or remove(). Everything that arrived is in `texts`, oldest first."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="dndrift-log-", dir="/tmp")
        self.socket = os.path.join(self.folder, "log")
        self.texts = []
        self.reader = self.bound = None
        self.bind()

    def bind(self):
        self.bound = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.bound.settimeout(0.05)
        self.bound.bind(self.socket)

    def start(self):
        self.is_reading = True
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        return self

    def read(self):
        while self.is_reading:
            try:
                packet = self.bound.recv(65536).decode(errors="surrogateescape")
            except TimeoutError:
                continue
            self.texts.append(PACKET.fullmatch(packet)[3])

    def stall(self):
        """Leaves what comes in the queue of the kernel, which is short."""
        if self.reader:
            self.is_reading = False
            self.reader.join()
            self.reader = None

    def remove(self):
        """As when the syslog server ends; what it did not read is lost with it."""
        self.stall()
        self.bound.close()
        os.unlink(self.socket)

    def matching(self, pattern):
        return [text for text in list(self.texts) if re.search(pattern, text)]

    def wait_for(self, pattern, count=1, timeout_s=60):
        """The count-th text that matches the regular expression, once it is there."""
        def found():
            texts = self.matching(pattern)
            return texts[count - 1] if len(texts) >= count else None
        return wait_until(found, lambda: f"alert {count} of /{pattern}/; there are {len(self.texts)}, the last:\n"
                          + "\n".join(self.texts[-20:]), timeout_s, pause_s=0.005)

    def alerts(self):
        """[(id of the store, number)] in the order of arrival."""
        return [(found[1], int(found[2])) for found in map(NUMBER.search, list(self.texts))]

    def close(self):
        self.stall()
        self.bound.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def report(self):
        return "--- log socket\n" + "\n".join(self.texts[-100:]) + "\n"
