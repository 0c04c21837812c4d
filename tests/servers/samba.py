"""A private Samba: a domain controller of Active Directory's kind that holds the tree of the article."""

import contextlib
import fcntl
import hashlib
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

import ldap
from ldap.controls import LDAPControl

from . import samba_domain
from .ldap_server import LdapServer, split

PROGRAM = "/usr/sbin/samba"
REALM = "MMS.EXAMPLE"
SUFFIX = "DC=mms,DC=example"
PASSWORD = "The-admin-passw0rd"  # it wants three kinds of letters
MONITOR_PASSWORD = "The-monitor-passw0rd"
CHARLOTTE = "OU=charlotte," + SUFFIX
RECIPIENTS = "CN=recipients," + CHARLOTTE
CUSTOM = "CN=custom," + RECIPIENTS
SERVICES = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration," + SUFFIX

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
ldap server require strong auth = no
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/run
ncalrpc dir = {folder}/run/ncalrpc
binddns dir = {folder}/bind-dns
log file = {folder}/samba.log
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

# Rights and flags of an ACE (MS-DTYP 2.4.4.1), and the control that asks for the DACL alone (MS-ADTS 3.1.1.3.4.1.11).
LIST_CHILDREN, READ_PROPERTIES, LIST_OBJECT = 0x4, 0x10, 0x80
HIDING = LIST_CHILDREN | READ_PROPERTIES | LIST_OBJECT
DENIED, INHERITED_BY_CONTAINERS = 0x1, 0x2
DACL = LDAPControl("1.2.840.113556.1.4.801", True, encodedControlValue=b"\x30\x03\x02\x01\x04")


def free_address():
    """An address of the loopback network on which nobody serves LDAP: Samba has no other port for it."""
    for _ in range(1000):
        address = f"127.77.{random.randrange(256)}.{random.randrange(1, 255)}"
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((address, 389))
            return address
    raise AssertionError("no address of 127.77.0.0/16 has port 389 free")


def denial(sid, rights, flags=0):
    """An ACE that denies."""
    return struct.pack("<BBHI", DENIED, flags, 8 + len(sid), rights) + sid


def with_ace(descriptor, ace):
    """A security descriptor that holds but a DACL, with one more ACE in front."""
    at = struct.unpack_from("<I", descriptor, 16)[0]
    revision, size, count = struct.unpack_from("<HHH", descriptor, at)
    return descriptor[:at] + struct.pack("<HHH", revision, size + len(ace), count + 1) + \
        descriptor[at + 6:at + 8] + ace + descriptor[at + 8:]


def without_ace(descriptor, ace):
    at = struct.unpack_from("<I", descriptor, 16)[0]
    revision, size, count = struct.unpack_from("<HHH", descriptor, at)
    assert ace in descriptor, "not denied"
    rest = descriptor[at + 6:].replace(ace, b"", 1)
    return descriptor[:at] + struct.pack("<HHH", revision, size - len(ace), count - 1) + rest


def smb_conf(folder, address="127.0.0.1", services="ldap", tls="tls enabled = no"):
    os.makedirs(os.path.join(folder, "etc"), exist_ok=True)
    with open(os.path.join(folder, "etc", "smb.conf"), "w", encoding="utf-8") as file:
        file.write(CONFIG.format(folder=folder, address=address, services=services, tls=tls, realm=REALM,
                                 workgroup=REALM.partition(".")[0]))


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

    def __init__(self, tree=ARTICLE, certificates=None, certificate="good", kdc=False, folder=None):
        """tree: list of (dn, attributes). certificates: of class Certificates; certificate: which of its server
        certificates to show."""
        super().__init__(folder)
        self.tree, self.is_filled, self.kdc = tree, False, kdc
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
        smb_conf(self.folder, self.address, "ldap, kdc" if kdc else "ldap", tls)
        with open(self.krb5_conf, "w", encoding="ascii") as file:
            file.write(KERBEROS.format(realm=REALM, address=self.address))

    def command(self):
        return [PROGRAM, "-i", "-M", "single", "-s", self.path("etc", "smb.conf"), "--debuglevel=1"]

    def spawn(self, **options):
        super().spawn(**{"env": {**os.environ, "KRB5_CONFIG": self.krb5_conf}, **options})

    def fill(self):
        for dn, attributes in self.tree:
            self.add(dn, attributes)
        self.add(self.monitor_dn, {
            "objectClass": "user", "sAMAccountName": "monitor", "userPrincipalName": f"monitor@{REALM.lower()}",
            "unicodePwd": f'"{self.monitor_password}"'.encode("utf-16-le"), "userAccountControl": "66048"})
        if self.kdc:
            self.connect().modify_s(f"CN=DC1,OU=Domain Controllers,{SUFFIX}", [
                (ldap.MOD_ADD, "servicePrincipalName", [f"ldap/{self.address}".encode()])])

    def written(self, value):
        return str(uuid.UUID(bytes_le=value))

    def change_dacl(self, dn, change, rights, flags=0):
        connection = self.connect()
        [(_, monitor)] = connection.search_s(self.monitor_dn, ldap.SCOPE_BASE, attrlist=["objectSid"])
        [(_, entry)] = connection.search_ext_s(dn, ldap.SCOPE_BASE, attrlist=["nTSecurityDescriptor"],
                                               serverctrls=[DACL])
        changed = change(entry["nTSecurityDescriptor"][0], denial(monitor["objectSid"][0], rights, flags))
        connection.modify_ext_s(dn, [(ldap.MOD_REPLACE, "nTSecurityDescriptor", [changed])], serverctrls=[DACL])

    def deny(self, dn, rights, flags=0):
        """Takes rights to the entry from the ordinary account. Without READ_PROPERTIES it is there, and empty."""
        self.change_dacl(dn, with_ace, rights, flags)

    def allow(self, dn, rights, flags=0):
        """Takes a denial back."""
        self.change_dacl(dn, without_ace, rights, flags)

    def hide(self, dn):
        # Who may not list what is below an entry sees there what it may list by itself, if the forest has that
        # turned on (MS-ADTS 5.1.3.2); so one entry can be hidden, and the ones beside it not.
        self.modify(SERVICES, dSHeuristics="001")
        self.deny(dn, HIDING, INHERITED_BY_CONTAINERS)
        self.deny(split(dn)[1], LIST_CHILDREN)

    def unhide(self, dn):
        self.allow(dn, HIDING, INHERITED_BY_CONTAINERS)
        self.allow(split(dn)[1], LIST_CHILDREN)
