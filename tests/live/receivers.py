"""Those who are told by the outlets: each can be struck and helped up again, and says which alerts it got."""

import contextlib
import json
import os
import re
import signal

from servers import Alertmanager, RemoteSyslogNg, SyslogNg

ALERT = re.compile(r"([A-Z]+) ([@\w.-]+): .*[;,] alert='[0-9a-f]+-(\d+)'")


class LocalLog(SyslogNg):
    """syslog-ng behind a socket as /dev/log is one."""

    outlet = "syslog"

    def settings(self):
        """What the daemon needs to know of it, as options of Daemon."""
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
        data = ((event, event["_SDATA"]["dndrift@32473"]) for event in self.events())
        return [(int(tags["alert"].split("-")[1]), event["MSGID"], event["MESSAGE"].split(":")[0].split(" ")[1])
                for event, tags in data]


class Program:
    """The program of [exec], which appends the event to a file. Stalled, it comes to no end; stopped, it fails."""

    outlet = name = "exec"
    UP = """echo $$ >"{0}/running"; IFS= read -r event; printf '%s\\n' "$event" >>"{0}/events\""""
    STALLED, STOPPED = "exec sleep 1000", "exit 1"

    def __init__(self, folder):
        self.folder, self.path = str(folder), os.path.join(folder, "tell")
        self.write(self.STOPPED)

    def settings(self):
        return {"sections": f"\n[exec]\nprogram = {self.path}\ntimeout = 2s\n"}

    def write(self, text):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n" + text.format(self.folder) + "\n")
        os.chmod(self.path + ".new", 0o755)
        os.replace(self.path + ".new", self.path)

    def start(self):
        self.write(self.UP)
        return self

    resume = start

    def pause(self):
        self.write(self.STALLED)

    def stop(self):
        self.write(self.STOPPED)

    def kill(self):
        """With the run that is under way, if one is."""
        self.stop()
        with contextlib.suppress(OSError, ValueError):
            with open(os.path.join(self.folder, "running"), encoding="ascii") as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                is_ours = file.read().strip() == "tell"
            if is_ours:
                os.kill(pid, signal.SIGKILL)

    def told(self):
        with open(os.path.join(self.folder, "events"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        return [(int(event["alert"].split("-")[1]), event["word"], event["name"]) for event in events]

    def close(self):
        pass

    def report(self):
        return ""


class Manager(Alertmanager):
    """An Alertmanager, which is told not events but what is open: it forgets all of that when it ends."""

    @property
    def outlet(self):
        return self.uri

    def settings(self):
        return {"sections": f"\n[alertmanager]\nuri = {self.uri}\ninterval = 5s\n"}

    def firing(self):
        """The watches that it has an alert of."""
        return [alert["labels"]["watch"] for alert in self.alerts() if "watch" in alert["labels"]]


# A new kind of receiver is a new row: makes one, given a folder of its own.
KINDS = (lambda folder: LocalLog(), lambda folder: RemoteLog(), Program)
