"""A private name server (nsd) with one zone, and a program that sees it in place of the host's own."""

import os
import random
import socket
import struct

from .process import Process

ZONE = """$ORIGIN {zone}.
$TTL 60
@ SOA ns root 1 60 60 60 60
@ NS ns
ns A {address}
{records}
"""

CONFIG = """server:
  ip-address: {address}
  port: 53
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: ""
  xfrdfile: ""
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: {zone}
  zonefile: zone
"""

IS_ALLOWED = os.geteuid() == 0  # to serve port 53, and to show a program another /etc/resolv.conf


def free_address():
    """One of 127.0.0.0/8 whose port 53 was free a moment ago."""
    while True:
        address = "127.{}.{}.{}".format(*(random.randint(1, 254) for _ in range(3)))
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.bind((address, 53))
            return address
        except OSError:
            continue


def seeing(address, folder, *options):
    """The command to put in front of a program: a mount namespace in which that name server is the only one."""
    file = os.path.join(folder, "resolv.conf")
    with open(file, "w", encoding="ascii") as conf:
        conf.write(f"nameserver {address}\n" + "".join(f"options {option}\n" for option in options))
    return ["unshare", "-m", "sh", "-c", f'mount --bind {file} /etc/resolv.conf && exec "$@"', "sh"]


def srv(host, port, priority=0, weight=0, name="_ldap._tcp"):
    """One SRV record, as a zone file has it."""
    return f"{name} SRV {priority} {weight} {port} {host}"


class Dns(Process):
    """nsd with the zone example.com. `records` are lines of its zone file."""

    name = "nsd"
    zone = "example.com"
    uri = "ldap:///dc=example,dc=com"

    def __init__(self, *records, folder=None):
        super().__init__(folder)
        self.address = free_address()
        with open(self.path("nsd.conf"), "w", encoding="ascii") as file:
            file.write(CONFIG.format(address=self.address, folder=self.folder, zone=self.zone))
        self.write_zone(*records)

    def write_zone(self, *records):
        with open(self.path("zone"), "w", encoding="ascii") as file:
            file.write(ZONE.format(zone=self.zone, address=self.address, records="\n".join(records)))

    def change(self, *records):
        """Serves these from now on."""
        self.write_zone(*records)
        self.restart()

    def command(self):
        return ["/usr/sbin/nsd", "-d", "-c", self.path("nsd.conf")]

    def is_up(self):
        question = b"".join(bytes([len(label)]) + label.encode() for label in self.zone.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(1)
            try:
                asker.connect((self.address, 53))
                asker.send(struct.pack(">6H", 1, 0, 1, 0, 0, 0) + question + struct.pack(">2H", 6, 1))
                return struct.unpack(">6H", asker.recv(512)[:12])[3] > 0
            except OSError:
                return False

    def seen_by(self, folder, *options):
        return seeing(self.address, folder, *options)


class SilentDns:
    """A name server that takes every question and answers none. `questions` are those that came."""

    def __init__(self):
        self.address = free_address()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, 53))
        self.socket.setblocking(False)

    def questions(self):
        """How many came since the last call."""
        count = 0
        while True:
            try:
                self.socket.recv(512)
                count += 1
            except BlockingIOError:
                return count

    def close(self):
        self.socket.close()

    def report(self):
        return ""
