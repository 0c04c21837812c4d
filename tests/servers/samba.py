"""A private Samba: a domain controller of Active Directory's kind that holds the tree of the article."""

import contextlib
import fcntl
import hashlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

import ldap
from ldap.controls import LDAPControl

from . import samba_domain
from .clock import Clock
from .ldap_server import LdapServer, split
from .samba_rights import (DACL_ALONE, DENIED, GRANTED, LIST_CHILDREN, LIST_OBJECT, READ_PROPERTIES, ace, with_ace,
                           without_ace)

PROGRAM = "/usr/sbin/samba"
REALM = "MMS.EXAMPLE"
SUFFIX = "DC=mms,DC=example"
PASSWORD = "The-admin-passw0rd"  # it wants three kinds of letters
MONITOR_PASSWORD = "The-monitor-passw0rd"
CHARLOTTE = "OU=charlotte," + SUFFIX
RECIPIENTS = "CN=recipients," + CHARLOTTE
CUSTOM = "CN=custom," + RECIPIENTS
SERVICES = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration," + SUFFIX
DELETED = "CN=Deleted Objects," + SUFFIX
SHOW_DELETED = LDAPControl("1.2.840.113556.1.4.417", True)
DISABLED, NORMAL, NEVER_EXPIRES = 0x2, 0x200, 0x10000  # of userAccountControl
HIDING = LIST_CHILDREN | READ_PROPERTIES | LIST_OBJECT

ARTICLE = [
    (CHARLOTTE, {"objectClass": "organizationalUnit"}),
    (RECIPIENTS, {"objectClass": "container", "displayName": "Recipients"}),
    (CUSTOM, {"objectClass": "container", "displayName": "Custom Recipients"}),
] + [
    (f"CN={name},{CUSTOM}", {"objectClass": "contact", "mail": mail})
    for name, mail in (("fabrikam orders", "orders@fabrikam.example"), ("contoso desk", "desk@contoso.example"),
                       ("northwind sales", "sales@northwind.example"))
]

CONFIG = """[global]
netbios name = DC1
realm = {realm}
workgroup = {workgroup}
server role = active directory domain controller
server services = {services}
interfaces = {address}/8
bind interfaces only = yes
ldap server require strong auth = {strong_auth}
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/run
ncalrpc dir = {folder}/run/ncalrpc
binddns dir = {folder}/bind-dns
log file = {folder}/samba.log
ldb:nosync = yes
{tls}
[sysvol]
path = {folder}/state/sysvol
[netlogon]
path = {folder}/state/sysvol/scripts
"""
TLS = """tls certfile = {certificate}
tls keyfile = {key}
tls cafile = {ca}
"""
KERBEROS = """[libdefaults]
default_realm = {realm}
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
[realms]
{realm} = {{
kdc = {address}
}}
"""

def written_password(password):
    """As unicodePwd takes it."""
    return f'"{password}"'.encode("utf-16-le")


def free_address():
    """An address of the loopback network on which nobody serves LDAP: Samba has no other port for it."""
    for _ in range(1000):
        address = f"127.77.{random.randrange(256)}.{random.randrange(1, 255)}"
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((address, 389))
            return address
    raise AssertionError("no address of 127.77.0.0/16 has port 389 free")


def smb_conf(folder, address="127.0.0.1", services="ldap", tls="tls enabled = no", strong_auth="no"):
    os.makedirs(os.path.join(folder, "etc"), exist_ok=True)
    with open(os.path.join(folder, "etc", "smb.conf"), "w", encoding="utf-8") as file:
        file.write(CONFIG.format(folder=folder, address=address, services=services, tls=tls, realm=REALM,
                                 workgroup=REALM.partition(".")[0], strong_auth=strong_auth))


def domain():
    """The folder of a domain that never ran. To make one takes ten seconds: once in a build, whoever comes first."""
    version = subprocess.run([PROGRAM, "--version"], check=True, stdout=subprocess.PIPE).stdout
    with open(samba_domain.__file__, "rb") as file:
        digest = hashlib.sha256(version + file.read() + REALM.encode() + PASSWORD.encode()).hexdigest()[:16]
    folder = os.path.join(os.environ["BUILDDIR"], f"samba-domain-{digest}")
    with open(folder + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(folder):
            making = tempfile.mkdtemp(prefix="samba-domain-", dir=os.environ["BUILDDIR"])
            smb_conf(making)
            # -I: its `samba` is the one of the system.
            made = subprocess.run([sys.executable, "-I", samba_domain.__file__, making, REALM, PASSWORD], check=False,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if made.returncode != 0:
                shutil.rmtree(making)
            assert made.returncode == 0, made.stdout.decode(errors="replace")
            os.rename(making, folder)
    return folder


class Samba(LdapServer):
    """samba on ldap://ADDRESS, an address of the loopback network that it has for itself, and an ldapi socket, with
    ldaps as well if it got certificates, and with a KDC if wanted (`krb5_conf` leads to it). Whoever binds may read,
    the administrator may all. It has to be started by root."""

    name = "samba"
    suffix, admin_dn, password = SUFFIX, "CN=Administrator,CN=Users," + SUFFIX, PASSWORD
    monitor_dn, monitor_password = "CN=monitor,CN=Users," + SUFFIX, MONITOR_PASSWORD
    charlotte, recipients, custom = CHARLOTTE, RECIPIENTS, CUSTOM
    id_attribute = "objectGUID"

    def __init__(self, tree=ARTICLE, certificates=None, certificate="good", kdc=False, is_strict=False, folder=None):
        """tree: list of (dn, attributes). certificates: of class Certificates; certificate: which of its server
        certificates to show. is_strict: as it is by default, nobody is let in in clear."""
        super().__init__(folder)
        self.tree, self.is_filled, self.kdc, self.is_strict = tree, False, kdc, is_strict
        self.address = free_address()
        self.uri = f"ldap://{self.address}:389"
        self.ldaps_uri = f"ldaps://{self.address}" if certificates else None
        self.ldapi_uri = "ldapi://" + urllib.parse.quote(self.path("private", "ldapi"), safe="")
        self.krb5_conf = self.path("krb5.conf")
        shutil.copytree(domain(), self.folder, dirs_exist_ok=True)
        tls = "tls enabled = no"
        if certificates:
            file, key = certificates.server(certificate, self.address)
            tls = TLS.format(certificate=file, key=key, ca=certificates.ca)
        smb_conf(self.folder, self.address, "ldap, kdc" if kdc else "ldap", tls, "yes" if is_strict else "no")
        self.clock = Clock(self.path("clock"), FAKETIME_DONT_FAKE_MONOTONIC="1")
        with open(self.krb5_conf, "w", encoding="ascii") as file:
            file.write(KERBEROS.format(realm=REALM, address=self.address))

    def command(self):
        return [PROGRAM, "-i", "-M", "single", "-s", self.path("etc", "smb.conf"), "--debuglevel=1"]

    def spawn(self, **options):
        clock = self.clock.environment if self.kdc else {}
        super().spawn(**{"env": {**os.environ, "KRB5_CONFIG": self.krb5_conf, **clock}, **options})

    def system(self):
        """A connection as the system itself, which may do what no administrator may."""
        connection = ldap.initialize("ldapi://" + urllib.parse.quote(self.path("private", "ldap_priv", "ldapi"), safe=""))
        connection.search_s("", ldap.SCOPE_BASE, attrlist=["1.1"])
        return connection

    def connect(self, dn=None, password=None):
        return self.system() if self.is_strict and not dn else super().connect(dn, password)

    def fill(self):
        for dn, attributes in self.tree:
            self.add(dn, attributes)
        self.add_account("monitor", self.monitor_password)
        if self.kdc:
            self.connect().modify_s(f"CN=DC1,OU=Domain Controllers,{SUFFIX}", [
                (ldap.MOD_ADD, "servicePrincipalName", [f"ldap/{self.address}".encode()])])

    def add_account(self, name, password, flags=NORMAL | NEVER_EXPIRES, **attributes):
        """An ordinary account, also known as NAME@realm; flags: its userAccountControl. Answers its DN."""
        dn = f"CN={name},CN=Users,{SUFFIX}"
        self.add(dn, {"objectClass": "user", "sAMAccountName": name, "userPrincipalName": f"{name}@{REALM.lower()}",
                      "unicodePwd": written_password(password), "userAccountControl": str(flags), **attributes})
        return dn

    def written(self, value):
        return str(uuid.UUID(bytes_le=value))

    def change_dacl(self, connection, dn, change, kind, rights):
        """Changes what the ordinary account may do with the entry."""
        [(_, monitor)] = connection.search_s(self.monitor_dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
        controls = [DACL_ALONE, SHOW_DELETED]
        [(_, entry)] = connection.search_ext_s(dn, ldap.SCOPE_BASE, attrlist=["nTSecurityDescriptor"],
                                               serverctrls=controls)
        changed = change(entry["nTSecurityDescriptor"][0], ace(kind, monitor["objectSid"][0], rights))
        connection.modify_ext_s(dn, [(ldap.MOD_REPLACE, "nTSecurityDescriptor", [changed])], serverctrls=controls)

    def deny(self, dn, rights):
        """Takes rights to the entry from the ordinary account. Without READ_PROPERTIES it is there, and empty."""
        self.change_dacl(self.connect(), dn, with_ace, DENIED, rights)

    def allow(self, dn, rights):
        """Takes a denial back, if there is one."""
        self.change_dacl(self.connect(), dn, without_ace, DENIED, rights)

    def subtree(self, dn):
        found = self.connect().search_s(dn, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
        return [entry for entry, _ in found if entry]

    def hide(self, dn):
        # Who may not list what is below an entry sees there what it may list by itself, if the forest has that
        # turned on; so one entry can be hidden, and the ones beside it not. It is the entry right above that counts,
        # and what an entry says itself goes before what it inherits, so each has to say it (MS-ADTS 5.1.3).
        self.modify(SERVICES, dSHeuristics="001")
        for entry in self.subtree(dn):
            self.deny(entry, HIDING)
        self.deny(split(dn)[1], LIST_CHILDREN)

    def unhide(self, dn):
        for entry in self.subtree(dn):
            self.allow(entry, HIDING)
        self.allow(split(dn)[1], LIST_CHILDREN)

    def grant_deleted(self):
        """Lets the ordinary account see what was deleted, as an administrator may. Only the system may grant that."""
        self.change_dacl(self.system(), DELETED, with_ace, GRANTED, LIST_CHILDREN | READ_PROPERTIES)

    def restore(self, identity, dn):
        """Brings a deleted entry back, with the identity it had (MS-ADTS 3.1.1.5.3.7)."""
        connection = self.connect()
        [(deleted, _)] = connection.search_ext_s(f"<GUID={identity.partition(':')[2]}>", ldap.SCOPE_BASE,
                                                 attrlist=["1.1"], serverctrls=[SHOW_DELETED])
        connection.modify_ext_s(deleted, [(ldap.MOD_DELETE, "isDeleted", None),
                                          (ldap.MOD_REPLACE, "distinguishedName", [dn.encode()])],
                                serverctrls=[SHOW_DELETED])

    def conflict(self, dn):
        """Renames the entry as replication does with the one of two that has to give way. Answers its DN."""
        rdn, _ = split(dn)
        return self.rename(dn, f"{rdn}\\0ACNF:{self.identity(dn).partition(':')[2]}")

    def keytab(self, account="monitor"):
        """A file by which a Kerberos client is that account ($KRB5_CLIENT_KTNAME, with $KRB5_CONFIG = krb5_conf)."""
        file = self.path(f"{account}.keytab")
        with contextlib.suppress(FileNotFoundError):
            os.remove(file)
        subprocess.run(["samba-tool", "domain", "exportkeytab", file, f"--principal={account}",
                        "-s", self.path("etc", "smb.conf")], check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.chmod(file, 0o600)
        return file
