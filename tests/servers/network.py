"""Two network namespaces with one link between them, for programs that are to lose sight of each other. Needs root."""

import os
import subprocess

NEAR_ADDRESS, FAR_ADDRESS = "198.51.100.1", "198.51.100.2"  # of TEST-NET-2, RFC 5737: in these namespaces alone

LINK = "wire"


def ip(*arguments):
    subprocess.run(["/usr/sbin/ip", *arguments], check=True, capture_output=True, stdin=subprocess.DEVNULL)


class Network:
    """`near` and `far` are commands to put in front of a program's own; files and Unix sockets are common to both."""

    def __init__(self):
        self.names = [f"dndrift-{os.getpid()}-{side}" for side in ("near", "far")]
        self.near, self.far = (["/usr/sbin/ip", "netns", "exec", name] for name in self.names)
        for name in self.names:
            ip("netns", "add", name)
        ip("-n", self.names[0], "link", "add", LINK, "type", "veth", "peer", "name", LINK, "netns", self.names[1])
        for name, address in zip(self.names, (NEAR_ADDRESS, FAR_ADDRESS)):
            ip("-n", name, "address", "add", f"{address}/24", "dev", LINK)
            ip("-n", name, "link", "set", "lo", "up")
        self.up()

    @staticmethod
    def is_possible():
        """Whether this process may make one: root, and not shut in where namespaces are refused."""
        done = subprocess.run(["/usr/bin/unshare", "--net", "--mount", "true"], check=False, capture_output=True)
        return os.geteuid() == 0 and done.returncode == 0

    def up(self):
        for name in self.names:
            ip("-n", name, "link", "set", LINK, "up")

    def down(self):
        """The near end: as when the cable is pulled, or the interface of this machine is taken down."""
        ip("-n", self.names[0], "link", "set", LINK, "down")

    def close(self):
        for name in self.names:
            ip("netns", "del", name)

    def report(self):
        return ""
