"""A private slapd holding the tree of the article (Microsoft KB Q260907)."""

import base64
import os
import subprocess
import urllib.parse

import ldap

from .ldap_server import LdapServer, encode
from .process import free_port

SUFFIX = "o=mms"
ADMIN = "cn=admin,o=mms"
PASSWORD = "the-admin-password"
MONITOR = "cn=monitor,o=mms"
MONITOR_PASSWORD = "the-monitor-password"
CHARLOTTE = "ou=charlotte,o=mms"
RECIPIENTS = "cn=recipients," + CHARLOTTE
CUSTOM = "cn=custom," + RECIPIENTS

# The class that Exchange and Active Directory use for a folder of entries, and the name that Exchange gives it.
SCHEMA = """
attributetype ( 1.2.840.113556.1.2.194 NAME 'adminDisplayName' EQUALITY caseIgnoreMatch
    SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.655 NAME 'legacyExchangeDN' EQUALITY caseIgnoreMatch
    SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.3.23 NAME 'container' SUP top STRUCTURAL
    MUST cn MAY ( displayName $ adminDisplayName $ description $ legacyExchangeDN ) )
objectclass ( 1.2.840.113556.1.5.48 NAME 'mailRecipient' SUP top AUXILIARY MAY legacyExchangeDN )
"""

ARTICLE = [
    (SUFFIX, {"objectClass": "organization", "o": "mms"}),
    (CHARLOTTE, {"objectClass": "organizationalUnit", "ou": "charlotte"}),
    (RECIPIENTS, {"objectClass": "container", "cn": "recipients", "displayName": "Recipients"}),
    (CUSTOM, {"objectClass": "container", "cn": "custom", "displayName": "Custom Recipients"}),
] + [
    (f"cn={name},{CUSTOM}", {"objectClass": "inetOrgPerson", "cn": name, "sn": name, "mail": mail})
    for name, mail in (("fabrikam orders", "orders@fabrikam.example"), ("contoso desk", "desk@contoso.example"),
                       ("northwind sales", "sales@northwind.example"))
]
# The ordinary account, for those who want one.
ACCOUNT = (MONITOR, {"objectClass": "person", "cn": "monitor", "sn": "monitor", "userPassword": MONITOR_PASSWORD})


class Slapd(LdapServer):
    """slapd with one back-mdb database, suffix o=mms, on ldap://127.0.0.1:port and an ldapi socket, with ldaps
    as well if it got certificates. It listens as soon as start() returns. Anybody may read, `ADMIN` may all."""

    name = "slapd"
    suffix, admin_dn, password = SUFFIX, ADMIN, PASSWORD
    monitor_dn, monitor_password = MONITOR, MONITOR_PASSWORD
    charlotte, recipients, custom = CHARLOTTE, RECIPIENTS, CUSTOM
    id_attribute = "entryUUID"

    def __init__(self, tree=ARTICLE, extra_global=(), extra_database=(), access=("to * by * read",),
                 certificates=None, certificate="good", log="stats", threads=4, indexes=("entryUUID eq",),
                 modules=(), environment=None, server_id=None, providers=(), folder=None):
        """tree: list of (dn, attributes). extra_*: lines of slapd.conf. certificates: of class Certificates;
        certificate: which of its server certificates to show. environment: further variables. server_id: other
        servers may replicate from it. providers: URIs that it replicates from, at once and all the time; with a
        server_id it takes changes of its own as well."""
        super().__init__(folder)
        self.environment = environment or {}
        self.server_id, self.providers = server_id, list(providers)
        self.extra_global, self.extra_database, self.access = extra_global, extra_database, access
        self.certificates, self.certificate = certificates, certificate
        self.log, self.threads, self.indexes, self.modules = log, threads, indexes, modules
        self.hidden = []
        self.port = free_port()
        self.tls_port = free_port() if certificates else None
        self.socket = self.path("ldapi")
        self.uri = f"ldap://127.0.0.1:{self.port}"
        # By address: libldap looks for the name of this machine in the certificate when told "localhost".
        self.ldaps_uri = f"ldaps://127.0.0.1:{self.tls_port}" if certificates else None
        self.ldapi_uri = "ldapi://" + urllib.parse.quote(self.socket, safe="")
        os.makedirs(self.path("db"), exist_ok=True)
        self.write_config()
        if tree:
            self.load(tree)

    def write_config(self):
        lines = [f"include /etc/ldap/schema/{name}.schema" for name in ("core", "cosine", "inetorgperson")]
        lines += [SCHEMA, f"pidfile {self.path('slapd.pid')}", f"threads {self.threads}",
                  "modulepath /usr/lib/ldap", "moduleload back_mdb"]
        lines += [f"moduleload {name}" for name in self.modules]
        if self.server_id:
            lines += ["moduleload syncprov", f"serverID {self.server_id}"]
        if self.certificates:
            certificate, key = self.certificates.server(self.certificate)
            lines += [f"TLSCACertificateFile {self.certificates.ca}", f"TLSCertificateFile {certificate}",
                      f"TLSCertificateKeyFile {key}"]
        lines += list(self.extra_global)
        lines += ["database config", "rootdn cn=config", f"rootpw {PASSWORD}"]
        lines += ["database mdb", f"suffix {SUFFIX}", f"rootdn {ADMIN}", f"rootpw {PASSWORD}",
                  f"directory {self.path('db')}", "maxsize 1073741824", "envflags nosync", "index objectClass eq"]
        lines += [f"index {index}" for index in self.indexes]
        lines += [f"access {rule}" for rule in self.access]
        lines += list(self.extra_database) + self.replication()
        with open(self.path("slapd.conf"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def replication(self):
        """The lines of slapd.conf that make it a provider, a consumer, or both."""
        lines = [f'syncrepl rid={n:03} provider={uri} type=refreshAndPersist retry="1 +" searchbase={SUFFIX} '
                 f"bindmethod=simple binddn={ADMIN} credentials={PASSWORD}" for n, uri in enumerate(self.providers, 1)]
        if self.server_id and self.providers:
            lines += ["multiprovider on"]
        if self.server_id:
            lines += ["overlay syncprov"]
        return lines

    def context_csn(self):
        """What it knows: the latest change of each provider, sorted; nothing while it is empty."""
        try:
            [(_, found)] = self.connect().search_s(SUFFIX, ldap.SCOPE_BASE, "(objectClass=*)", ["contextCSN"])
        except ldap.NO_SUCH_OBJECT:
            return []
        return sorted(value.decode() for value in found.get("contextCSN", []))

    def load(self, tree):
        """Puts entries into the database of a slapd that is not running."""
        with open(self.path("tree.ldif"), "wb") as file:
            for dn, attributes in tree:
                file.write(ldif(dn, encode(attributes)))
        subprocess.run(["/usr/sbin/slapadd", "-q", "-S", str(self.server_id or 0), "-f", self.path("slapd.conf"),
                        "-l", self.path("tree.ldif")],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def command(self):
        listeners = [self.uri, self.ldapi_uri] + ([self.ldaps_uri] if self.ldaps_uri else [])
        return ["/usr/sbin/slapd", "-f", self.path("slapd.conf"), "-h", " ".join(listeners), "-d", self.log]

    def spawn(self, **options):
        super().spawn(env={**os.environ, **self.environment}, **options)

    def set_access(self, *rules):
        """Changes the access rules while it runs, e.g. 'to dn.subtree="ou=x,o=mms" by * none'."""
        changes = [(ldap.MOD_REPLACE, "olcAccess", [f"{{{n}}}{rule}".encode() for n, rule in enumerate(rules)])]
        self.connect("cn=config").modify_s("olcDatabase={1}mdb,cn=config", changes)

    def hide(self, dn):
        """From anybody who is not ADMIN."""
        self.hidden.append(dn)
        self.set_access(*(f'to dn.subtree="{hidden}" by * none' for hidden in self.hidden), *self.access)

    def unhide(self, dn):
        self.hidden.remove(dn)
        self.set_access(*(f'to dn.subtree="{hidden}" by * none' for hidden in self.hidden), *self.access)

    def set_certificate(self, certificate):
        """Shows another server certificate after the next restart."""
        self.certificate = certificate
        self.write_config()


def ldif(dn, attributes):
    """One entry as LDIF, each value in base64."""
    lines = [b"dn:: " + base64.b64encode(dn.encode())]
    for name, values in attributes.items():
        lines += [name.encode() + b":: " + base64.b64encode(value) for value in values]
    return b"\n".join(lines) + b"\n\n"
