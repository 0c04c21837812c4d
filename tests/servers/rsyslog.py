"""A private rsyslog that reads a datagram socket and writes a file: from the folder where ./bootstrap unpacked it, for
Debian does not let it be installed beside syslog-ng."""

import glob
import os
import socket

from .process import Process

ASIDE = os.path.join(os.path.abspath(os.environ.get("BUILDDIR", ".")), "aside")
CONFIG = """module(load="imuxsock" SysSock.Use="off")
global(workDirectory="{folder}")
input(type="imuxsock" Socket="{socket}")
include(file="{snippet}")
template(name="fields" type="list") {{ property(name="$!dndrift") constant(value="\\n") }}
action(type="omfile" file="{fields}" template="fields")
template(name="text" type="list") {{ property(name="msg" position.from="2") constant(value="\n") }}
action(type="omfile" file="{log}" template="text")
"""


class Rsyslog(Process):
    """rsyslogd on `socket` with a snippet of configuration. The texts that arrive go to the file `log`, what the snippet
    makes of each, as JSON, to the file `fields`."""

    name = "rsyslog"

    def __init__(self, snippet, folder=None):
        super().__init__(folder)
        self.socket, self.log, self.fields = self.path("log"), self.path("texts"), self.path("fields")
        with open(self.path("rsyslog.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=self.folder, socket=self.socket, log=self.log, fields=self.fields,
                                     snippet=snippet))

    @staticmethod
    def is_there():
        return os.path.exists(os.path.join(ASIDE, "usr/sbin/rsyslogd"))

    def command(self):
        [modules] = glob.glob(os.path.join(ASIDE, "usr/lib/*/rsyslog"))
        return ["env", f"LD_LIBRARY_PATH={os.path.dirname(modules)}", os.path.join(ASIDE, "usr/sbin/rsyslogd"), "-n",
                "-f", self.path("rsyslog.conf"), "-i", self.path("pid"), "-M", modules]

    def is_up(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(self.socket)
                return True
            except OSError:
                return False
