"""Those who are told by the outlets: each can be killed, stalled and brought back, and says which alerts it got. A new kind
is a new row of KINDS."""

import contextlib
import json
import os
import re
import signal

from servers import RemoteSyslogNg, SyslogNg

ALERT = re.compile(r"([A-Z]+) ([@\w.-]+): .*[,;] alert='[0-9a-f]+-(\d+)'")


class LocalLog(SyslogNg):
    """syslog-ng behind a socket as /dev/log is one."""

    outlet = "syslog"

    def settings(self):
        return {"syslog": self.socket}

    def told(self):
        """[(number, word, name)] in the order of arrival."""
        found = (ALERT.match(line.text) for line in self.lines())
        return [(int(match[3]), match[1], match[2]) for match in found]


class RemoteLog(RemoteSyslogNg):
    """syslog-ng on the network, over tcp."""

    @property
    def outlet(self):
        return self.uri

    def settings(self):
        return {"more_syslog": f"remote = {self.uri}"}

    def told(self):
        return [(int(event["_SDATA"]["dndrift@32473"]["alert"].split("-")[1]), event["MSGID"],
                 event["MESSAGE"].split(" ")[1].rstrip(":")) for event in self.events()]


class Program:
    """The program of [exec], which appends the event to a file. Stalled, it comes to no end; gone, it fails."""

    outlet = name = "exec"
    TEXTS = {"up": 'echo $$ >"{folder}/running"; exec cat >>"{folder}/events"', "stalled": "exec sleep 1000", "gone": "exit 1"}

    def __init__(self, folder):
        self.folder, self.path = folder, os.path.join(folder, "tell")
        os.makedirs(folder)
        self.write("gone")

    def settings(self):
        return {"sections": f"\n[exec]\nprogram = {self.path}\ntimeout = 2s\n"}

    def write(self, state):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + self.TEXTS[state].format(folder=self.folder) + "\n")
        os.chmod(self.path + ".new", 0o755)
        os.replace(self.path + ".new", self.path)

    def start(self):
        self.write("up")
        return self

    def pause(self):
        self.write("stalled")

    def resume(self):
        self.write("up")

    def stop(self):
        self.write("gone")

    def kill(self):
        """The run that is under way, if one is."""
        self.write("gone")
        with contextlib.suppress(OSError, ValueError):
            with open(os.path.join(self.folder, "running"), encoding="ascii") as file:
                os.kill(int(file.read()), signal.SIGKILL)

    def told(self):
        with open(os.path.join(self.folder, "events"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        return [(int(event["alert"].split("-")[1]), event["word"], event["name"]) for event in events]

    def report(self):
        return ""

    def close(self):
        pass
