"""What tests do to a directory, whichever server holds it."""

import os
import re

import ldap
import ldap.dn

from .process import Process


def encode(attributes):
    """{"cn": "x"} or {"cn": ["x", "y"]} as python-ldap wants it."""
    encoded = {}
    for name, values in attributes.items():
        values = values if isinstance(values, (list, tuple)) else [values]
        encoded[name] = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return encoded


def split(dn):
    """(RDN, DN of the entry above), letter by letter as given."""
    rdn = re.match(r"(?:\\.|[^\\,])*", dn, re.DOTALL)[0]
    return rdn, dn[len(rdn) + 1:]


class LdapServer(Process):
    """An LDAP server in a folder of its own that holds the tree of the article below `suffix`: `charlotte`, below it
    `recipients`, below it `custom` with three contacts. `admin_dn` may all; `monitor_dn` is an ordinary account, which
    may read. `uri`, `ldaps_uri` and `ldapi_uri` lead to it; what it does not offer is None."""

    suffix = admin_dn = password = monitor_dn = monitor_password = None
    charlotte = recipients = custom = None
    id_attribute = None
    uri = ldaps_uri = ldapi_uri = None
    start_errors = (ldap.SERVER_DOWN,)
    is_filled = True

    def is_up(self):
        try:
            self.connect().unbind_s()
            return True
        except self.start_errors:
            return False

    def start(self, **options):
        """Starts it; what cannot take its tree before it runs takes it now."""
        super().start(**options)
        if not self.is_filled:
            self.fill()
            self.is_filled = True
        return self

    def fill(self):
        """Puts the tree in."""
        raise NotImplementedError

    def connect(self, dn=None, password=None):
        """A new python-ldap connection over the socket, bound; as the administrator, if nobody else is named."""
        connection = ldap.initialize(self.ldapi_uri)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_TIMEOUT, 30)
        connection.simple_bind_s(dn or self.admin_dn, password or self.password)
        return connection

    def connect_as_monitor(self):
        return self.connect(self.monitor_dn, self.monitor_password)

    @property
    def reader_bind(self):
        """Settings of a [directory] by which the daemon binds as the ordinary account."""
        file = self.path("monitor.password")
        if not os.path.exists(file):
            with open(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as out:
                out.write(self.monitor_password + "\n")
        return {"bind": "simple", "bind_dn": self.monitor_dn, "password_file": file, "cleartext": "allow"}

    def add(self, dn, attributes):
        self.connect().add_s(dn, list(encode(attributes).items()))

    def add_container(self, dn, **attributes):
        """An entry of class container, named by its first RDN (cn)."""
        names = {name.lower(): value for name, value, _ in ldap.dn.str2dn(dn)[0]}
        self.add(dn, {"objectClass": "container", **names, **attributes})

    def rename(self, dn, new_rdn, new_parent=None):
        """Renames, and moves as well if new_parent is given. Answers the new DN."""
        parent = new_parent or split(dn)[1]
        self.connect().rename_s(dn, new_rdn, new_parent, delold=1)
        return f"{new_rdn},{parent}"

    def move(self, dn, new_parent):
        return self.rename(dn, split(dn)[0], new_parent)

    def delete(self, dn):
        """Deletes the entry and all below it."""
        connection = self.connect()
        found = connection.search_s(dn, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
        for below in sorted((below for below, _ in found if below), key=lambda below: -len(ldap.dn.str2dn(below))):
            connection.delete_s(below)

    def modify(self, dn, **attributes):
        """Replaces the named attributes."""
        changes = [(ldap.MOD_REPLACE, name, values) for name, values in encode(attributes).items()]
        self.connect().modify_s(dn, changes)

    def identity(self, dn):
        """`ATTRIBUTE:VALUE` of an entry, as the daemon writes it."""
        [(_, found)] = self.connect().search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", [self.id_attribute])
        return f"{self.id_attribute}:{self.written(found[self.id_attribute][0])}"

    def written(self, value):
        """A value of the id attribute as text."""
        return value.decode()

    def hide(self, dn):
        """From now on the entry and all below it does not exist for the ordinary account."""
        raise NotImplementedError

    def unhide(self, dn):
        raise NotImplementedError
