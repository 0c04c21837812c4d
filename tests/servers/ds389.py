"""A private 389 Directory Server holding the same tree as slapd."""

import base64
import hashlib
import os
import pwd
import re
import subprocess
import urllib.parse

import ldap

from .ldap_server import LdapServer, split
from .process import free_port, wait_until
from .slapd import ACCOUNT, ARTICLE, CHARLOTTE, CUSTOM, MONITOR, MONITOR_PASSWORD, PASSWORD, RECIPIENTS, SUFFIX

PROGRAM = "/usr/sbin/ns-slapd"
TEMPLATE = "/usr/share/dirsrv/data/template-dse.ldif"
FOLDERS = {name + "_dir": name for name in ("bak", "cert", "db", "inst", "ldif", "lock", "log", "run", "schema", "tmp")}

SCHEMA = """dn: cn=schema
objectClass: top
objectClass: ldapSubentry
objectClass: subschema
cn: schema
attributeTypes: ( 1.2.840.113556.1.2.194 NAME 'adminDisplayName' EQUALITY caseIgnoreMatch
  SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE X-ORIGIN 'user defined' )
attributeTypes: ( 1.2.840.113556.1.4.655 NAME 'legacyExchangeDN' EQUALITY caseIgnoreMatch
  SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE X-ORIGIN 'user defined' )
objectClasses: ( 1.2.840.113556.1.3.23 NAME 'container' SUP top STRUCTURAL MUST cn
  MAY ( displayName $ adminDisplayName $ description $ legacyExchangeDN ) X-ORIGIN 'user defined' )
"""
# What dscreate has besides the template: a second identity, entryUUID.
MORE = "".join(f"""
dn: cn={name},cn=plugins,cn=config
objectClass: top
objectClass: nsSlapdPlugin
cn: {name}
nsslapd-pluginPath: lib{name.replace("_", "-")}-plugin
nsslapd-pluginInitfunc: {name}_plugin_init
nsslapd-pluginType: {kind}
nsslapd-pluginEnabled: on
nsslapd-pluginId: {name}
nsslapd-pluginVersion: none
nsslapd-pluginVendor: 389 Project
nsslapd-pluginDescription: {name}
""" for name, kind in (("entryuuid", "betxnpreoperation"), ("entryuuid_syntax", "syntax"))) + """
dn: cn=entryUUID,cn=default indexes,cn=config,cn=ldbm database,cn=plugins,cn=config
objectClass: top
objectClass: nsIndex
cn: entryUUID
nsSystemIndex: false
nsIndexType: eq
nsIndexType: pres
"""
MAPPING = f"""
dn: cn=principal,cn=mapping,cn=sasl,cn=config
objectClass: top
objectClass: nsSaslMapping
cn: principal
nsSaslMapRegexString: \\([^@]*\\).*
nsSaslMapBaseDNTemplate: {SUFFIX}
nsSaslMapFilterTemplate: (cn=\\1)
nsSaslMapPriority: 1
"""
READABLE = """(targetattr != "userPassword || aci")(version 3.0; acl "anybody may read";
 allow (read, search, compare) userdn = "ldap:///anyone";)"""
HIDDEN = '(targetattr != "aci")(version 3.0; acl "hidden"; deny (all) userdn = "ldap:///anyone";)'


def hashed(password):
    """As the server wants it in its configuration."""
    salt = os.urandom(8)
    return "{SSHA}" + base64.b64encode(hashlib.sha1(password.encode() + salt).digest() + salt).decode()


class Ds389(LdapServer):
    """ns-slapd with one database, suffix o=mms, on ldap://127.0.0.1:port and an ldapi socket, with ldaps as well if it
    got certificates. Anybody may read, its directory manager may all."""

    name = "ns-slapd"
    suffix, admin_dn, password = SUFFIX, "cn=Directory Manager", PASSWORD
    monitor_dn, monitor_password = MONITOR, MONITOR_PASSWORD
    charlotte, recipients, custom = CHARLOTTE, RECIPIENTS, CUSTOM
    id_attribute = "nsUniqueId"
    start_errors = LdapServer.start_errors + (ldap.UNAVAILABLE, ldap.BUSY)

    def __init__(self, tree=ARTICLE, certificates=None, certificate="good", keeps_deleted=False, kdc=None, folder=None):
        """tree: list of (dn, attributes). certificates: of class Certificates; certificate: which of its server
        certificates to show. keeps_deleted: a replica, which has tombstones. kdc: of class Kdc, whose tickets it takes;
        NAME@REALM is cn=NAME below the suffix."""
        super().__init__(folder)
        self.tree, self.is_filled, self.keeps_deleted, self.kdc = tree, False, keeps_deleted, kdc
        self.port = free_port()
        self.tls_port = free_port() if certificates else None
        self.socket = self.path("ldapi")
        self.uri = f"ldap://127.0.0.1:{self.port}"
        self.ldaps_uri = f"ldaps://127.0.0.1:{self.tls_port}" if certificates else None
        self.ldapi_uri = "ldapi://" + urllib.parse.quote(self.socket, safe="")
        for folder_name in FOLDERS.values():
            os.makedirs(self.path(folder_name), exist_ok=True)
        if certificates:
            self.take_certificates(certificates.ca, *certificates.server(certificate))
        self.write_config()

    def write_config(self):
        values = {key: self.path(name) for key, name in FOLDERS.items()}
        values |= {"db_home_dir": self.path("db"), "db_lib": "bdb", "config_dir": self.folder, "ds_suffix": SUFFIX,
                   "ds_user": pwd.getpwuid(os.geteuid()).pw_name, "ds_port": str(self.port), "fqdn": "127.0.0.1",
                   "rootdn": self.admin_dn, "ds_passwd": hashed(self.password),
                   "ldapi": self.socket, "ldapi_enabled": "on", "ldapi_autobind": "on"}
        with open(TEMPLATE, encoding="utf-8") as file:
            text = re.sub(r"%(\w+)%", lambda place: values[place[1]], file.read())
        general = "nsslapd-listenhost: 127.0.0.1\nnsslapd-accesslog-logbuffering: off\n"
        if self.tls_port:
            general += (f"nsslapd-security: on\nnsslapd-securePort: {self.tls_port}\n"
                        "nsslapd-securelistenhost: 127.0.0.1\n")
        text = text.replace("nsslapd-localhost:", general + "nsslapd-localhost:")
        # It would take a quarter of the machine's memory, and wait for the disk.
        text = text.replace("nsslapd-db-home-directory:", "nsslapd-cache-autosize: 0\nnsslapd-dbcachesize: 8000000\n"
                            "nsslapd-db-durable-transaction: off\nnsslapd-db-home-directory:")
        for name, content in (("dse.ldif", text.rstrip("\n") + "\n" + MORE + (MAPPING if self.kdc else "")), ("schema/99user.ldif", SCHEMA),
                              ("certmap.conf", "certmap default default\n"), ("slapd-collations.conf", "")):
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(content)

    def take_certificates(self, ca, certificate, key):
        """Into the database where NSS looks for them."""
        folder, bundle = f"sql:{self.path('cert')}", self.path("server.p12")
        for command in (
                ["openssl", "pkcs12", "-export", "-name", "Server-Cert", "-in", certificate, "-inkey", key,
                 "-passout", "pass:", "-out", bundle],
                ["certutil", "-N", "--empty-password", "-d", folder],
                ["certutil", "-A", "-n", "ca", "-t", "CT,,", "-i", ca, "-d", folder],
                ["pk12util", "-i", bundle, "-W", "", "-d", folder]):
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def command(self):
        return [PROGRAM, "-D", self.folder, "-i", self.path("pid"), "-d", "0"]

    def spawn(self, **options):
        super().spawn(**{"env": {**os.environ, **(self.kdc.for_server() if self.kdc else {})}, **options})

    def fill(self):
        self.add("cn=userRoot,cn=ldbm database,cn=plugins,cn=config", {
            "objectClass": ["extensibleObject", "nsBackendInstance"], "nsslapd-suffix": SUFFIX})
        self.add(f'cn="{SUFFIX}",cn=mapping tree,cn=config', {
            "objectClass": ["extensibleObject", "nsMappingTree"], "nsslapd-state": "backend",
            "nsslapd-backend": "userRoot"})
        for dn, attributes in [*self.tree, ACCOUNT]:
            self.add(dn, {**attributes, **({"aci": READABLE} if dn == SUFFIX else {})})
        if self.keeps_deleted:
            self.add(f'cn=replica,cn="{SUFFIX}",cn=mapping tree,cn=config', {
                "objectClass": ["nsDS5Replica", "extensibleObject"], "nsDS5ReplicaRoot": SUFFIX,
                "nsDS5ReplicaId": "1", "nsDS5ReplicaType": "3", "nsDS5Flags": "1",
                "nsDS5ReplicaBindDN": "cn=replication manager,cn=config"})

    def change_access(self, dn, change):
        """The server says that it has changed a rule, and only then follows it."""
        administrator, monitor = self.connect(), self.connect_as_monitor()
        administrator.modify_s(dn, [(change, "aci", [HIDDEN.encode()])])
        is_hidden, entry = False, dn
        while entry:
            [(_, found)] = administrator.search_s(entry, ldap.SCOPE_BASE, attrlist=["aci"])
            is_hidden = is_hidden or HIDDEN.encode() in found.get("aci", [])
            entry = split(entry)[1]
        wait_until(lambda: bool(monitor.search_s(dn, ldap.SCOPE_BASE, attrlist=["1.1"])) != is_hidden,
                   f"{dn} to be {'hidden' if is_hidden else 'shown'}")

    def hide(self, dn):
        """From anybody who is not the directory manager."""
        self.change_access(dn, ldap.MOD_ADD)

    def unhide(self, dn):
        self.change_access(dn, ldap.MOD_DELETE)

    def conflict(self, dn):
        """Makes of the entry what replication makes of the one of two that has to give way. Answers its DN."""
        value = self.identity(dn).partition(":")[2]
        self.connect().modify_s(dn, [
            (ldap.MOD_ADD, "nsds5ReplConflict", [f"namingConflict (ADD) {dn}".encode()]),
            (ldap.MOD_ADD, "objectClass", [b"ldapSubEntry"])])
        self.connect().rename_s(dn, f"{split(dn)[0]}+nsuniqueid={value}", delold=0)
        return f"{split(dn)[0]}+nsuniqueid={value},{split(dn)[1]}"

    def report(self):
        try:
            with open(self.path("log", "access"), encoding="utf-8", errors="backslashreplace") as file:
                access = file.read()
        except FileNotFoundError:
            access = ""
        return super().report() + f"--- {self.name}: access\n{access[-20000:]}"
