"""A private KDC of Kerberos (MIT krb5kdc) with a realm of its own."""

import os
import subprocess

from .process import Process, free_port

REALM = "MMS.EXAMPLE"
SERVICE = "ldap/127.0.0.1"  # all servers of the tests are called so

CLIENT = """[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
{more}
[realms]
    {realm} = {{
        kdc = 127.0.0.1:{port}
    }}
"""
SERVER = """[kdcdefaults]
    kdc_listen = 127.0.0.1:{port}
    kdc_tcp_listen = 127.0.0.1:{port}
[realms]
    {realm} = {{
        database_name = {folder}/principals
        key_stash_file = {folder}/stash
        acl_file = {folder}/acl
        max_life = {max_life}
        default_principal_flags = +preauth
        supported_enctypes = aes256-cts-hmac-sha1-96:normal
    }}
[logging]
    kdc = FILE:{folder}/kdc.log
    default = FILE:{folder}/other.log
"""


def write_client(file, port, more="", realm=REALM):
    """A krb5.conf that names one KDC; `more` are further lines of [libdefaults]."""
    with open(file, "w", encoding="utf-8") as out:
        out.write(CLIENT.format(realm=realm, port=port, more=more))
    return str(file)


class Kdc(Process):
    """krb5kdc on UDP and TCP port `port`. krb5_conf is for its clients, server_conf for servers of its realm, which know
    themselves as 127.0.0.1."""

    name = "krb5kdc"

    def __init__(self, max_life="10h", arguments=(), folder=None):
        super().__init__(folder)
        self.port, self.arguments = free_port(), list(arguments)
        self.krb5_conf = write_client(self.path("krb5.conf"), self.port)
        self.server_conf = write_client(self.path("server.conf"), self.port, "    dns_canonicalize_hostname = false\n")
        with open(self.path("kdc.conf"), "w", encoding="utf-8") as file:
            file.write(SERVER.format(realm=REALM, port=self.port, folder=self.folder, max_life=max_life))
        self.run("/usr/sbin/kdb5_util", "create", "-s", "-r", REALM, "-P", "the-master-password")
        self.add(SERVICE)
        self.service_keytab = self.keytab(self.path("service.keytab"), SERVICE)

    def environment(self):
        return {**os.environ, "KRB5_CONFIG": self.krb5_conf, "KRB5_KDC_PROFILE": self.path("kdc.conf")}

    def run(self, *command):
        done = subprocess.run(command, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode(errors="replace")
        assert done.returncode == 0, f"{command}: {text}"
        return text

    def command(self):
        return ["/usr/sbin/krb5kdc", "-n", "-r", REALM, "-P", self.path("pid")] + self.arguments

    def spawn(self, **options):
        self.started_before = self.log().count("commencing operation")
        super().spawn(env=self.environment(), **options)

    def is_up(self):
        return self.log().count("commencing operation") > self.started_before

    def log(self):
        try:
            with open(self.path("kdc.log"), encoding="utf-8", errors="backslashreplace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def admin(self, query):
        """One command of kadmin; answers what it prints."""
        text = self.run("/usr/sbin/kadmin.local", "-r", REALM, "-q", query)
        assert "while" not in text, text  # its exit status is 0 whatever happens
        return text

    def add(self, name, options=""):
        """A new principal with a random key. Answers NAME@REALM."""
        self.admin(f"addprinc -randkey {options} {name}")
        return f"{name}@{REALM}"

    def keytab(self, file, *names):
        """Adds the keys of these principals to a file, in this order. Answers its name."""
        for name in names:
            self.admin(f"ktadd -norandkey -k {file} {name}")
        os.chmod(file, 0o600)
        return str(file)

    def for_server(self):
        """The environment of a server that takes its tickets."""
        return {"KRB5_CONFIG": self.server_conf, "KRB5_KTNAME": self.service_keytab}

    def for_slapd(self, *more):
        """Options of a Slapd that takes its tickets; NAME@REALM is cn=NAME,o=mms there. more: lines of slapd.conf."""
        return {"environment": self.for_server(),
                "extra_global": ["sasl-host 127.0.0.1",
                                 "authz-regexp uid=([^,]*),cn=gssapi,cn=auth cn=$1,o=mms", *more]}

    def failed_logins(self, name):
        """How many wrong keys the KDC has counted for an account."""
        [line] = [line for line in self.admin(f"getprinc {name}").splitlines() if line.startswith("Failed password")]
        return int(line.partition(": ")[2])

    def issued(self, what):
        """How many tickets for `what` (a part of NAME@REALM) it has given out."""
        return sum(1 for line in self.log().splitlines()
                   if ("AS_REQ" in line or "TGS_REQ" in line) and "ISSUE" in line and f" for {what}" in line)

    def report(self):
        return super().report() + f"--- {self.name}: log\n{self.log()[-20000:]}"
