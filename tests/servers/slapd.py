"""A private slapd holding the tree of the article (Microsoft KB Q260907)."""

import base64
import os
import subprocess
import urllib.parse

import ldap

from .process import Process, free_port

SUFFIX = "o=mms"
ADMIN = "cn=admin,o=mms"
PASSWORD = "the-admin-password"
RECIPIENTS = "cn=recipients,ou=charlotte,o=mms"
CUSTOM = "cn=custom," + RECIPIENTS

# The class that Exchange and Active Directory use for a folder of entries.
SCHEMA = """
attributetype ( 1.2.840.113556.1.2.194 NAME 'adminDisplayName' EQUALITY caseIgnoreMatch
    SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.3.23 NAME 'container' SUP top STRUCTURAL
    MUST cn MAY ( displayName $ adminDisplayName $ description ) )
"""

ARTICLE = [
    (SUFFIX, {"objectClass": "organization", "o": "mms"}),
    ("ou=charlotte,o=mms", {"objectClass": "organizationalUnit", "ou": "charlotte"}),
    (RECIPIENTS, {"objectClass": "container", "cn": "recipients", "displayName": "Recipients"}),
    (CUSTOM, {"objectClass": "container", "cn": "custom", "displayName": "Custom Recipients"}),
] + [
    (f"cn={name},{CUSTOM}", {"objectClass": "inetOrgPerson", "cn": name, "sn": name, "mail": mail})
    for name, mail in (("fabrikam orders", "orders@fabrikam.example"), ("contoso desk", "desk@contoso.example"),
                       ("northwind sales", "sales@northwind.example"))
]


def encode(attributes):
    """{"cn": "x"} or {"cn": ["x", "y"]} as python-ldap wants it."""
    encoded = {}
    for name, values in attributes.items():
        values = values if isinstance(values, (list, tuple)) else [values]
        encoded[name] = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return encoded


class Slapd(Process):
    """slapd with one back-mdb database, suffix o=mms, on ldap://127.0.0.1:port and an ldapi socket, with ldaps
    as well if it got certificates. It listens as soon as start() returns. Anybody may read, `ADMIN` may all."""

    name = "slapd"

    def __init__(self, tree=ARTICLE, extra_global=(), extra_database=(), access=("to * by * read",),
                 certificates=None, certificate="good", log="stats", threads=4, indexes=("entryUUID eq",),
                 modules=(), environment=None, folder=None):
        """tree: list of (dn, attributes). extra_*: lines of slapd.conf. certificates: of class Certificates;
        certificate: which of its server certificates to show. environment: further variables."""
        super().__init__(folder)
        self.environment = environment or {}
        self.extra_global, self.extra_database, self.access = extra_global, extra_database, access
        self.certificates, self.certificate = certificates, certificate
        self.log, self.threads, self.indexes, self.modules = log, threads, indexes, modules
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
        lines += list(self.extra_database)
        with open(self.path("slapd.conf"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def load(self, tree):
        """Puts entries into the database of a slapd that is not running."""
        with open(self.path("tree.ldif"), "wb") as file:
            for dn, attributes in tree:
                file.write(ldif(dn, encode(attributes)))
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", self.path("slapd.conf"), "-l", self.path("tree.ldif")],
                       check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def command(self):
        listeners = [self.uri, self.ldapi_uri] + ([self.ldaps_uri] if self.ldaps_uri else [])
        return ["/usr/sbin/slapd", "-f", self.path("slapd.conf"), "-h", " ".join(listeners), "-d", self.log]

    def spawn(self, **options):
        super().spawn(env={**os.environ, **self.environment}, **options)

    def is_up(self):
        try:
            self.connect().unbind_s()
            return True
        except ldap.SERVER_DOWN:
            return False

    def connect(self, dn=ADMIN, password=PASSWORD):
        """A new python-ldap connection over the socket, bound."""
        connection = ldap.initialize(self.ldapi_uri)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_TIMEOUT, 30)
        connection.simple_bind_s(dn, password)
        return connection

    def add(self, dn, attributes):
        self.connect().add_s(dn, list(encode(attributes).items()))

    def add_container(self, dn, **attributes):
        """An entry of class container, named by its first RDN (cn)."""
        self.add(dn, {"objectClass": "container", **attributes})

    def rename(self, dn, new_rdn, new_parent=None):
        """Renames, and moves as well if new_parent is given. Answers the new DN."""
        parent = new_parent or dn.partition(",")[2]
        self.connect().rename_s(dn, new_rdn, new_parent, delold=1)
        return f"{new_rdn},{parent}"

    def move(self, dn, new_parent):
        return self.rename(dn, dn.partition(",")[0], new_parent)

    def delete(self, dn):
        """Deletes the entry and all below it."""
        connection = self.connect()
        found = connection.search_s(dn, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
        for below, _ in sorted(found, key=lambda entry: -entry[0].count(",")):
            connection.delete_s(below)

    def modify(self, dn, **attributes):
        """Replaces the named attributes."""
        changes = [(ldap.MOD_REPLACE, name, values) for name, values in encode(attributes).items()]
        self.connect().modify_s(dn, changes)

    def identity(self, dn):
        """`entryUUID:...` of an entry."""
        [(_, found)] = self.connect().search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", ["entryUUID"])
        return "entryUUID:" + found["entryUUID"][0].decode()

    def set_access(self, *rules):
        """Changes the access rules while it runs, e.g. 'to dn.subtree="ou=x,o=mms" by * none'."""
        changes = [(ldap.MOD_REPLACE, "olcAccess", [f"{{{n}}}{rule}".encode() for n, rule in enumerate(rules)])]
        self.connect("cn=config").modify_s("olcDatabase={1}mdb,cn=config", changes)

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
