"""The programs that have a preset, each asked which bases it takes from a file: a list of them, None where it refuses
the file or has no base that is a DN."""

import concurrent.futures
import os
import re
import socket
import subprocess

from servers import Process, free_port, wait_until

# What a thread of slapd says of a search at log level `args`: the base, octet by octet; in a line more, the filter.
SEARCH = re.compile(rb'(0x\w+) (?:SRCH "(.*)" \d+ \d+ +\d+ \d+ \d+|    filter: \(cn=file-(\d+)\))\n')


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, timeout=60, **options)


def in_its_own_mounts(script, *arguments):
    """Runs a shell script that may mount what it likes; answers its output."""
    return run("unshare", "-m", "sh", "-ec", script, "sh", *arguments).stdout


def at_once(ask, many, width=4):
    with concurrent.futures.ThreadPoolExecutor(width) as pool:
        return list(pool.map(ask, many))


def searches(slapd, count):
    """What was searched for with (cn=file-N) since the server started, by N. An empty base is no DN."""
    base_of, found = {}, {}
    with open(slapd.stderr_file, "rb") as file:
        for thread, base, number in SEARCH.findall(file.read()):
            if number:
                found[int(number)] = base_of[thread]
            else:
                base_of[thread] = base
    return [[found[number]] if found.get(number) else None for number in range(count)]


def ask_postfix(folder, slapd, files):
    """postmap(1) looks something up in each."""
    with open(os.path.join(folder, "main.cf"), "w", encoding="ascii") as file:
        file.write("compatibility_level = 3.6\n")
    # It sleeps for a second where the base does not exist.
    at_once(lambda file: run("/usr/sbin/postmap", "-c", folder, "-q", "x", f"ldap:{file}"), files, 32)
    return searches(slapd, len(files))


class Dovecot(Process):
    """An authentication server that looks for a user in each of the files."""

    name = "dovecot"

    def __init__(self, files):
        super().__init__()
        lines = [f"base_dir = {self.path('run')}", f"state_dir = {self.path('state')}", "protocols =", "ssl = no",
                 "log_path = /dev/stderr", "passdb {", "driver = static", "args = password=x", "}"]
        for file in files:
            lines += ["userdb {", "driver = ldap", f"args = {file}", "result_internalfail = continue", "}"]
        with open(self.path("dovecot.conf"), "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")

    def command(self):
        return ["/usr/sbin/dovecot", "-F", "-c", self.path("dovecot.conf")]

    def is_up(self):
        return os.path.exists(self.path("run", "auth-userdb"))

    def look_up(self):
        """Looks for a user. Answers the numbers of the files that it does not take, or the server as no DN."""
        answer = run("/usr/bin/doveadm", "-c", self.path("dovecot.conf"), "user", "x").stdout
        if b"Disconnected" in answer:  # what it has to say comes later, through another process
            wait_until(lambda: "Fatal: " in self.stderr(), "dovecot to say why it ended")
        found = re.findall(r"Fatal: .*/file-(\d+)|filter=\(cn=file-(\d+)\)\) failed: Invalid DN", self.stderr())
        return {int(refused or invalid) for refused, invalid in found}


def ask_dovecot(folder, slapd, files):
    def ask(numbers):
        left = list(numbers)
        while left:
            with Dovecot([files[number] for number in left]) as dovecot:
                done = dovecot.start().look_up()
            answers = searches(slapd, len(files))
            still = [number for number in left if number not in done and not answers[number]]
            # A mistake may end the look-up without a word.
            left = still if len(still) < len(left) else left[1:]
    at_once(ask, [range(n, len(files), 12) for n in range(12)])
    return searches(slapd, len(files))


NSLCD = """
mount --bind "$1" /etc/nslcd.conf
mount -t tmpfs tmpfs /run
exec nslcd -d
"""


MAP = rb"^(aliases|ethers|group|hosts|netgroup|networks|passwd|protocols|rpc|services|shadow) "


def ask_nslcd(folder, slapd, files):
    """nslcd prints its settings when it starts. They come map by map."""
    def ask(file):
        os.chmod(file, 0o600)
        with subprocess.Popen(["unshare", "-m", "sh", "-ec", NSLCD, "sh", file], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as nslcd:
            lines = []
            for line in nslcd.stderr:
                lines.append(line.rstrip(b"\n"))
                if b"starting" in line:
                    break
            nslcd.terminate()
        if b"starting" not in lines[-1]:
            return None
        settings = [line.partition(b"CFG: base ")[2] for line in lines if b"CFG: base " in line]
        return sorted({re.sub(MAP, b"", base) for base in settings}) or None
    return at_once(ask, files)


SSSD = """
mount -t tmpfs -o mode=711 tmpfs /etc/sssd
mkdir /etc/sssd/conf.d
install -m 600 "$1" /etc/sssd/sssd.conf
shift
mount -t tmpfs tmpfs /var/lib/sss
mkdir -p /var/lib/sss/db /var/lib/sss/pipes/private /var/lib/sss/mc
mount -t tmpfs tmpfs /var/log/sssd
exec "$@"
"""
# The configuration database made from the file, and what a provider of the domain makes of that.
PROVIDER = """
sssd --genconf
exec timeout -s KILL 20 /usr/libexec/sssd/sssd_be --domain example -d 0x3ff0 --logger=stderr
"""


def with_sssd_conf(file, *command):
    """The output of a command to which the file is /etc/sssd/sssd.conf."""
    return in_its_own_mounts(SSSD, file, *command)


def ask_sssd(folder, slapd, files):
    def ask(file):
        output = with_sssd_conf(file, "sh", "-ec", PROVIDER)
        # It stops at a base that is none; the one for users comes when all of the domain are fine.
        is_taken = b"Search base added: [USER]" in output
        return re.findall(rb"Search base added: \[DEFAULT\]\[(.*)\]\[\w+\]\[.*\]\n", output) if is_taken else None
    return at_once(ask, files)


RADIUSD = """prefix = /usr
logdir = {folder}
run_dir = {folder}
libdir = /usr/lib/freeradius
modules {{
$INCLUDE {file}
}}
client localhost {{
ipaddr = 127.0.0.1
secret = secret
require_message_authenticator = no
}}
server default {{
listen {{
type = auth
ipaddr = 127.0.0.1
port = {port}
}}
authorize {{
ldap
}}
}}
thread pool {{
}}
"""
# Access-Request (RFC 2865 4.1) for the user x.
ACCESS_REQUEST = bytes([1, 1, 0, 23]) + bytes(16) + bytes([1, 3]) + b"x"


class FreeRadius(Process):
    """A server that looks for a user by the module `ldap` of the file."""

    name = "freeradius"

    def __init__(self, file):
        super().__init__()
        self.port = free_port()
        with open(self.path("radiusd.conf"), "w", encoding="utf-8") as out:
            out.write(RADIUSD.format(folder=self.folder, file=file, port=self.port))

    def command(self):
        return ["/usr/sbin/freeradius", "-X", "-d", self.folder]

    def is_up(self):
        return "Ready to process requests" in self.stderr()

    def search(self):
        self.spawn()
        wait_until(lambda: self.is_up() or not self.is_running(), "freeradius to be up or to refuse the file")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(30)
            client.connect(("127.0.0.1", self.port))
            if self.is_running():
                client.send(ACCESS_REQUEST)
                client.recv(4096)


def ask_freeradius(folder, slapd, files):
    def ask(file):
        with FreeRadius(file) as server:
            server.search()
    at_once(ask, files)
    return searches(slapd, len(files))
