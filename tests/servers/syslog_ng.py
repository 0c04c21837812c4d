"""A private syslog-ng that reads a datagram socket, as /dev/log is one, and writes a file."""

import collections
import re
import socket

from .process import Process, wait_until

CONFIG = """@version: {version}
options {{ stats-freq(0); use-dns(no); keep-hostname(yes); log-msg-size(65536); flush-lines(0); }};
source s_socket {{ unix-dgram("{socket}" perm(0666)); }};
destination d_file {{ file("{log}" template("$ISODATE $FACILITY.$PRIORITY $MSGHDR$MESSAGE\\n")); }};
log {{ source(s_socket); destination(d_file); }};
"""
LINE = re.compile(r"(\S+) (\w+)\.(\w+) ([^\[:\s]+)(?:\[(\d+)\])?: (.*)")

Line = collections.namedtuple("Line", "time facility severity program pid text")


class SyslogNg(Process):
    """syslog-ng on `socket`. lines() answers what arrived."""

    name = "syslog-ng"

    def __init__(self, folder=None, path=None, more=""):
        """path: the socket, if not in its folder. more: further lines of configuration."""
        super().__init__(folder)
        self.socket = path or self.path("log")
        self.log = self.path("syslog.txt")
        with open(self.path("syslog-ng.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(version="3.38", socket=self.socket, log=self.log) + more)

    def command(self):
        return ["/usr/sbin/syslog-ng", "-F", "--no-caps", "-f", self.path("syslog-ng.conf"),
                "-R", self.path("persist"), "-p", self.path("pid"), "-c", self.path("control")]

    def is_up(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(self.socket)
                return True
            except OSError:
                return False

    def raw(self):
        """The log as it stands in the file."""
        try:
            with open(self.log, encoding="utf-8", errors="surrogateescape") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def lines(self, program="dndriftd"):
        """What arrived from that program (None: from all), oldest first."""
        parsed = (LINE.fullmatch(line) for line in self.raw().splitlines())
        return [Line(*match.groups()) for match in parsed if match and program in (None, match[4])]

    def texts(self, pattern=""):
        """The texts of dndriftd that match the regular expression."""
        return [line.text for line in self.lines() if re.search(pattern, line.text)]

    def wait_for(self, pattern, count=1, timeout_s=60):
        """The count-th text of dndriftd that matches the regular expression, once it is there."""
        def found():
            texts = self.texts(pattern)
            return texts[count - 1] if len(texts) >= count else None
        return wait_until(found, lambda: f"syslog line {count} of /{pattern}/; there is:\n{self.raw()}", timeout_s)

    def report(self):
        return super().report() + f"--- {self.name}: log\n{self.raw()[-20000:]}"
